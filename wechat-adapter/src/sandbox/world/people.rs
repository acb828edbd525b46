use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::membership::{Membership, NoRight};
use super::phones::{Phone, PhoneAccount, PhoneMessage};
use crate::sandbox::template::TemplateKind;

/// Content is checked only for people who were here lately.
const LATELY: TimeDelta = TimeDelta::hours(2);

/// The people in the order they became known, and how each stands with each
/// account: an openid belongs to one person in one app.
pub(crate) struct People {
    persons: Vec<Person>,
    memberships: HashMap<String, Membership>,
    default_app: String,
}

struct Person {
    label: String,
    unionid: String,
    /// In the order they became known.
    openids: Vec<String>,
    messages: Vec<PhoneMessage>,
    closed: bool,
}

impl People {
    pub(crate) fn new(default_app: &str, labelled: Vec<(String, String)>) -> Self {
        let mut people = Self { persons: Vec::new(), memberships: HashMap::new(), default_app: default_app.to_owned() };
        for (openid, label) in labelled {
            people.add(&openid, &label, default_app);
        }
        people
    }

    /// Makes `openid` known in `app_id`; does nothing if it is.
    pub(crate) fn add(&mut self, openid: &str, label: &str, app_id: &str) {
        if !self.knows(openid) {
            let membership = Membership::new(self.persons.len(), app_id);
            self.memberships.insert(openid.to_owned(), membership);
            self.persons.push(Person {
                label: label.to_owned(),
                unionid: format!("union-{openid}"),
                openids: vec![openid.to_owned()],
                messages: Vec::new(),
                closed: false,
            });
        }
    }

    /// Makes a stranger known to the first account, labelled with the openid.
    pub(crate) fn meet(&mut self, openid: &str) {
        let app_id = self.default_app.clone();
        self.add(openid, openid, &app_id);
    }

    /// The openid in `app_id` of the person who has `openid` somewhere; made
    /// up at need. A stranger becomes known first.
    pub(crate) fn openid_in(&mut self, openid: &str, app_id: Option<&str>) -> String {
        self.meet(openid);
        let app_id = app_id.unwrap_or(&self.default_app).to_owned();
        match self.known_in(openid, &app_id) {
            Some(known) => known,
            None => {
                let made_up = format!("{openid}@{app_id}");
                self.join(openid, &app_id, &made_up);
                made_up
            }
        }
    }

    /// Gives the person who has `openid` the openid `there` in `app_id`. An
    /// openid that somebody has stays theirs.
    pub(crate) fn join(&mut self, openid: &str, app_id: &str, there: &str) {
        self.meet(openid);
        let Some(place) = self.memberships.get(openid).map(|membership| membership.person) else { return };
        if self.knows(there) {
            return;
        }
        self.memberships.insert(there.to_owned(), Membership::new(place, app_id));
        if let Some(person) = self.persons.get_mut(place) {
            person.openids.push(there.to_owned());
        }
    }

    /// Two who were known apart are one: whoever has `other` becomes the
    /// person who has `openid`, with all that reached their phone.
    pub(crate) fn merge(&mut self, openid: &str, other: &str) {
        self.meet(openid);
        let place = |openid| self.memberships.get(openid).map(|membership| membership.person);
        let (Some(to), Some(from)) = (place(openid), place(other)) else { return };
        if to == from || from >= self.persons.len() {
            return;
        }
        let gone = self.persons.remove(from);
        for membership in self.memberships.values_mut() {
            let place = if membership.person == from { to } else { membership.person };
            membership.person = if place > from { place - 1 } else { place };
        }
        if let Some(person) = self.persons.get_mut(if to > from { to - 1 } else { to }) {
            person.openids.extend(gone.openids);
            person.messages.extend(gone.messages);
            person.messages.sort_by_key(|message| message.msgid);
        }
    }

    fn known_in(&self, openid: &str, app_id: &str) -> Option<String> {
        let belongs = |known: &&String| self.belongs(known, app_id);
        self.person(openid)?.openids.iter().find(belongs).cloned()
    }

    fn person(&self, openid: &str) -> Option<&Person> {
        self.persons.get(self.memberships.get(openid)?.person)
    }

    pub(crate) fn knows(&self, openid: &str) -> bool {
        self.memberships.contains_key(openid)
    }

    /// Whether `openid` is one of `app_id`, of a person who still has WeChat.
    pub(crate) fn belongs(&self, openid: &str, app_id: &str) -> bool {
        let open = self.person(openid).is_some_and(|person| !person.closed);
        open && self.membership(openid).is_some_and(|membership| membership.app_id == app_id)
    }

    pub(crate) fn membership(&self, openid: &str) -> Option<&Membership> {
        self.memberships.get(openid)
    }

    pub(crate) fn membership_mut(&mut self, openid: &str) -> Option<&mut Membership> {
        self.memberships.get_mut(openid)
    }

    pub(crate) fn unionid(&self, openid: &str) -> Option<&str> {
        self.person(openid).map(|person| person.unionid.as_str())
    }

    /// The person does something with the account.
    pub(crate) fn touch(&mut self, openid: &str, now: DateTime<Utc>) {
        if let Some(membership) = self.memberships.get_mut(openid) {
            membership.active_at = Some(now);
        }
    }

    pub(crate) fn was_active(&self, openid: &str, now: DateTime<Utc>) -> bool {
        let at = self.membership(openid).and_then(|membership| membership.active_at);
        at.is_some_and(|at| now - at < LATELY)
    }

    pub(crate) fn grant(&mut self, openid: &str, template_id: &str, kind: TemplateKind) {
        self.meet(openid);
        if let Some(membership) = self.memberships.get_mut(openid) {
            membership.accept(template_id, kind);
        }
    }

    /// Takes the right for one message; without one nothing changes.
    pub(crate) fn spend_right(&mut self, openid: &str, template_id: &str) -> Result<(), NoRight> {
        self.memberships.get_mut(openid).ok_or(NoRight)?.spend(template_id)
    }

    pub(crate) fn deliver(&mut self, openid: &str, message: PhoneMessage) {
        let place = self.memberships.get(openid).map(|membership| membership.person);
        if let Some(person) = place.and_then(|place| self.persons.get_mut(place)) {
            person.messages.push(message);
        }
    }

    /// What reached the phone, from whatever account.
    pub(crate) fn messages_of(&self, openid: &str) -> Vec<PhoneMessage> {
        self.person(openid).map(|person| person.messages.clone()).unwrap_or_default()
    }

    pub(crate) fn read_all(&mut self, openid: &str) {
        let place = self.memberships.get(openid).map(|membership| membership.person);
        if let Some(person) = place.and_then(|place| self.persons.get_mut(place)) {
            person.messages.iter_mut().for_each(|message| message.read = true);
        }
    }

    /// The person leaves WeChat. Gives what the accounts knew of them: app id
    /// and openid.
    pub(crate) fn close(&mut self, openid: &str) -> Vec<(String, String)> {
        let place = self.memberships.get(openid).map(|membership| membership.person);
        let Some(person) = place.and_then(|place| self.persons.get_mut(place)).filter(|person| !person.closed) else {
            return Vec::new();
        };
        person.closed = true;
        let mut left = Vec::new();
        for openid in &person.openids {
            if let Some(membership) = self.memberships.get_mut(openid) {
                membership.leave();
                left.push((membership.app_id.clone(), openid.clone()));
            }
        }
        left
    }

    pub(crate) fn all(&self) -> Vec<Phone> {
        self.persons.iter().map(|person| self.phone(person)).collect()
    }

    fn phone(&self, person: &Person) -> Phone {
        let account = |openid: &String| -> Option<PhoneAccount> { Some(self.membership(openid)?.shown(openid)) };
        Phone {
            openid: person.openids.first().cloned().unwrap_or_default(),
            label: person.label.clone(),
            unionid: person.unionid.clone(),
            closed: person.closed,
            accounts: person.openids.iter().filter_map(account).collect(),
            messages: person.messages.clone(),
        }
    }
}
