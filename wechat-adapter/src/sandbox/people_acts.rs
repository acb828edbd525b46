//! What people do with their WeChat, without HTTP.

use super::account::AccountKind;
use super::phone_side::Choice;
use super::state::SandboxState;
use super::world::World;
use super::world::membership::Follow;
use super::world::phones::{Phone, PhoneMessage};
use crate::callback::{Event, RevokedItem, SubscribeResult, SubscribeStatus};

/// A prompt for a template that the person's account does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the sandbox has no such template")]
pub struct UnknownTemplate;

/// An app id that is none of the sandbox's accounts, or of the wrong kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the sandbox has no such account")]
pub struct UnknownAccount;

impl SandboxState {
    /// `wx.login`: any openid may, and is known from then on.
    #[must_use]
    pub fn login(&self, openid: &str) -> String {
        let now = self.now();
        let mut world = self.world();
        let app_id = world.visit(openid, now);
        let account = world.account_mut(&app_id);
        account.map(|account| account.login_codes.issue(openid.to_owned(), now)).unwrap_or_default()
    }

    /// A press on the phone-number button.
    #[must_use]
    pub fn phone_code(&self, openid: &str, number: &str) -> String {
        let now = self.now();
        let mut world = self.world();
        let app_id = world.visit(openid, now);
        let shared = (openid.to_owned(), number.to_owned());
        world.account_mut(&app_id).map(|account| account.phone_codes.issue(shared, now)).unwrap_or_default()
    }

    /// The openid in `app_id` of the person who has `openid`; made up at need.
    ///
    /// # Errors
    /// [`UnknownAccount`].
    pub fn openid_in(&self, openid: &str, app_id: &str) -> Result<String, UnknownAccount> {
        let mut world = self.world();
        world.account(app_id).ok_or(UnknownAccount)?;
        Ok(world.people.openid_in(openid, Some(app_id)))
    }

    /// Lets the person who has `openid` have the openid `there` in `app_id`.
    /// An openid that somebody has stays theirs. In a corporation `there` is
    /// the user id of a member, whose phone and the person's are then one.
    ///
    /// # Errors
    /// [`UnknownAccount`]; also where the corporation has no such member.
    pub fn join(&self, openid: &str, app_id: &str, there: &str) -> Result<(), UnknownAccount> {
        let mut world = self.world();
        if let Some(corp) = world.corp.as_ref().filter(|corp| corp.corp_id == app_id) {
            let member = corp.member(there).ok_or(UnknownAccount)?.clone();
            world.people.merge(openid, &member);
            return Ok(());
        }
        world.account(app_id).ok_or(UnknownAccount)?;
        world.people.join(openid, app_id, there);
        Ok(())
    }

    /// An answer to the subscribe prompt; gives the rights then held, where a
    /// long-term one counts as one.
    ///
    /// # Errors
    /// [`UnknownTemplate`], as the prompt itself would fail.
    pub fn subscribe(&self, openid: &str, template_id: &str, choice: Choice) -> Result<u32, UnknownTemplate> {
        let now = self.now();
        let mut world = self.world();
        let app_id = world.visit(openid, now);
        let kind = world.template_kind(&app_id, template_id).ok_or(UnknownTemplate)?;
        match choice {
            Choice::Accept => world.people.grant(openid, template_id, kind),
            Choice::Reject => {
                world.people.membership_mut(openid).into_iter().for_each(|member| member.decline(template_id));
            }
            Choice::Ban | Choice::Filter => {}
        }
        let results = vec![answered(template_id, choice.into())];
        let popup = Event::SubscribePopup { openid: openid.to_owned(), results };
        world.push(&app_id, now, popup);
        Ok(world.people.membership(openid).map_or(0, |member| member.rights(template_id)))
    }

    /// A refusal in the card's own settings: nothing more may be sent.
    ///
    /// # Errors
    /// [`UnknownTemplate`].
    pub fn withdraw(&self, openid: &str, template_id: &str) -> Result<(), UnknownTemplate> {
        let now = self.now();
        let mut world = self.world();
        let app_id = world.visit(openid, now);
        world.template_kind(&app_id, template_id).ok_or(UnknownTemplate)?;
        if let Some(membership) = world.people.membership_mut(openid) {
            membership.withdraw(template_id);
        }
        let results = vec![answered(template_id, SubscribeStatus::Reject)];
        let refused = Event::SubscribeChange { openid: openid.to_owned(), results };
        world.push(&app_id, now, refused);
        Ok(())
    }

    /// The person asks in WeChat that an item be forgotten; 8 is the phone
    /// number. The list: 授权信息变更 among WeChat's events.
    pub fn revoke(&self, openid: &str, item: u8) {
        let items = vec![RevokedItem::numbered(&item.to_string())];
        self.tell(openid, |openid| Event::AuthorisationRevoked { openid, items });
    }

    /// WeChat cleans the person's risky nickname or picture.
    pub fn clean_profile(&self, openid: &str) {
        self.tell(openid, |openid| Event::ProfileCleaned { openid });
    }

    fn tell(&self, openid: &str, event: impl FnOnce(String) -> Event) {
        let now = self.now();
        let mut world = self.world();
        let app_id = world.visit(openid, now);
        world.push(&app_id, now, event(openid.to_owned()));
    }

    /// The person leaves WeChat: every account that knew them hears of it,
    /// and none can reach them.
    pub fn close_account(&self, openid: &str) {
        let now = self.now();
        let mut world = self.world();
        for (app_id, openid) in world.people.close(openid) {
            world.push(&app_id, now, Event::AccountClosed { openid });
        }
    }

    /// What arrived on the phone of whoever has this openid, user id or
    /// group's name, newest last: from every account, whichever the openid is
    /// of. [`PhoneMessage::channel`] and `app_id` tell them apart.
    #[must_use]
    pub fn messages_of(&self, openid: &str) -> Vec<PhoneMessage> {
        self.world().people.messages_of(openid)
    }

    /// Whether this is an account's app id, or a corporation's.
    pub(super) fn knows_sender(&self, app_id: &str) -> bool {
        let world = self.world();
        world.account(app_id).is_some() || world.corp.as_ref().is_some_and(|corp| corp.corp_id == app_id)
    }

    /// The person looks at everything that arrived.
    pub fn read(&self, openid: &str) {
        self.world().people.read_all(openid);
    }

    /// Every person's phone, those of the options first.
    #[must_use]
    pub fn phones(&self) -> Vec<Phone> {
        self.world().people.all()
    }
}

fn answered(template_id: &str, status: SubscribeStatus) -> SubscribeResult {
    SubscribeResult { template_id: template_id.to_owned(), status, scene: Some(0) }
}

/// What people do with a service account. `openid` may be theirs in any
/// account: without an `app_id` the first service account is meant.
impl SandboxState {
    /// Gives the openid in the service account.
    ///
    /// # Errors
    /// [`UnknownAccount`], also where there is no service account.
    pub fn follow(&self, openid: &str, app_id: Option<&str>) -> Result<String, UnknownAccount> {
        self.follow_by(openid, app_id, None)
    }

    /// The person scans a code of the account: who follows it is announced
    /// with the scene, who did not does so from then on.
    ///
    /// # Errors
    /// As [`follow`](Self::follow).
    pub fn scan(&self, openid: &str, app_id: Option<&str>, scene: &str) -> Result<String, UnknownAccount> {
        self.follow_by(openid, app_id, Some(scene))
    }

    fn follow_by(&self, openid: &str, app_id: Option<&str>, scene: Option<&str>) -> Result<String, UnknownAccount> {
        let now = self.now();
        let mut world = self.world();
        let (app_id, openid) = world.service_openid(openid, app_id)?;
        world.people.touch(&openid, now);
        let membership = world.people.membership_mut(&openid).ok_or(UnknownAccount)?;
        let scene = scene.map(ToOwned::to_owned);
        let event = if membership.follow.is_none() {
            membership.follow = Some(Follow { since: now, scene: scene.clone(), blocking: false });
            Some(Event::Followed { openid: openid.clone(), scene })
        } else {
            scene.map(|scene| Event::Scanned { openid: openid.clone(), scene })
        };
        if let Some(event) = event {
            world.push(&app_id, now, event);
        }
        Ok(openid)
    }

    /// # Errors
    /// As [`follow`](Self::follow).
    pub fn unfollow(&self, openid: &str, app_id: Option<&str>) -> Result<String, UnknownAccount> {
        let now = self.now();
        let mut world = self.world();
        let (app_id, openid) = world.service_openid(openid, app_id)?;
        let membership = world.people.membership_mut(&openid).ok_or(UnknownAccount)?;
        if membership.follow.take().is_some() {
            world.push(&app_id, now, Event::Unfollowed { openid: openid.clone() });
        }
        Ok(openid)
    }

    /// A follower lets no template message through any more (拒收), or does
    /// again. Sends are still taken; their event tells `failed:user block`.
    /// Nothing changes for who does not follow, and unfollowing ends it.
    ///
    /// # Errors
    /// As [`follow`](Self::follow).
    pub fn block(&self, openid: &str, app_id: Option<&str>, blocking: bool) -> Result<String, UnknownAccount> {
        let mut world = self.world();
        let (_, openid) = world.service_openid(openid, app_id)?;
        let membership = world.people.membership_mut(&openid).ok_or(UnknownAccount)?;
        membership.follow.iter_mut().for_each(|follow| follow.blocking = blocking);
        Ok(openid)
    }
}

impl World {
    /// The service account's app id, and the person's openid there.
    fn service_openid(&mut self, openid: &str, app_id: Option<&str>) -> Result<(String, String), UnknownAccount> {
        let own = self.people.membership(openid).map(|membership| membership.app_id.clone());
        let wanted = app_id.map(ToOwned::to_owned).or(own);
        let services = || self.accounts().iter().filter(|account| account.kind == AccountKind::ServiceAccount);
        let meant = services().find(|account| wanted.as_ref() == Some(&account.app_id));
        let meant = if app_id.is_some() { meant } else { meant.or_else(|| services().next()) };
        let app_id = meant.ok_or(UnknownAccount)?.app_id.clone();
        let openid = self.people.openid_in(openid, Some(&app_id));
        Ok((app_id, openid))
    }
}
