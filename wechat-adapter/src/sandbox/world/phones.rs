use std::collections::HashMap;

use chrono::{DateTime, FixedOffset};
use serde::Serialize;

/// A message as the card on the phone shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PhoneMessage {
    pub template_id: String,
    pub title: String,
    pub page: Option<String>,
    pub data: Vec<LabelledValue>,
    pub sent_at: DateTime<FixedOffset>,
}

/// One line of the card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LabelledValue {
    pub label: String,
    pub value: String,
}

/// A person's phone and what reached it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Phone {
    pub openid: String,
    pub label: String,
    pub messages: Vec<PhoneMessage>,
}

/// The phones in the order they became known, and what each allows.
pub(crate) struct Phones {
    phones: Vec<Phone>,
    /// Rights to send, by openid and template: one per accepted prompt.
    rights: HashMap<(String, String), u32>,
}

impl Phones {
    pub(crate) fn new(labelled: Vec<(String, String)>) -> Self {
        let phones = labelled.into_iter().map(|(openid, label)| Phone { openid, label, messages: Vec::new() });
        Self { phones: phones.collect(), rights: HashMap::new() }
    }

    /// Makes `openid` known; a stranger's label is the openid itself.
    pub(crate) fn meet(&mut self, openid: &str) {
        if !self.knows(openid) {
            self.phones.push(Phone { openid: openid.to_owned(), label: openid.to_owned(), messages: Vec::new() });
        }
    }

    pub(crate) fn knows(&self, openid: &str) -> bool {
        self.phones.iter().any(|phone| phone.openid == openid)
    }

    pub(crate) fn grant(&mut self, openid: &str, template_id: &str) {
        self.meet(openid);
        *self.rights_mut(openid, template_id) += 1;
    }

    pub(crate) fn rights(&self, openid: &str, template_id: &str) -> u32 {
        let key = (openid.to_owned(), template_id.to_owned());
        self.rights.get(&key).copied().unwrap_or(0)
    }

    /// Delivers `message` for one right; without one nothing changes.
    pub(crate) fn deliver(&mut self, openid: &str, message: PhoneMessage) -> Result<(), NoRight> {
        let left = self.rights(openid, &message.template_id).checked_sub(1).ok_or(NoRight)?;
        *self.rights_mut(openid, &message.template_id) = left;
        if let Some(phone) = self.phones.iter_mut().find(|phone| phone.openid == openid) {
            phone.messages.push(message);
        }
        Ok(())
    }

    pub(crate) fn messages_of(&self, openid: &str) -> Vec<PhoneMessage> {
        let phone = self.phones.iter().find(|phone| phone.openid == openid);
        phone.map(|phone| phone.messages.clone()).unwrap_or_default()
    }

    pub(crate) fn all(&self) -> Vec<Phone> {
        self.phones.clone()
    }

    fn rights_mut(&mut self, openid: &str, template_id: &str) -> &mut u32 {
        let key = (openid.to_owned(), template_id.to_owned());
        self.rights.entry(key).or_default()
    }
}

/// The person has not subscribed, or the right is used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NoRight;
