//! What WeChat and the phones remember.

pub(super) mod accounts;
pub(super) mod codes;
pub(super) mod media;
pub(super) mod membership;
pub(super) mod people;
pub(super) mod phones;
pub(super) mod sent_before;
pub(super) mod tokens;
pub(super) mod unexpected;
pub(super) mod usage;

use std::collections::{HashMap, HashSet};
use std::net::IpAddr;

use chrono::{DateTime, Utc};

use self::accounts::{Account, Corp};
use self::media::MediaDesk;
use self::people::People;
use self::phones::{Delivery, PhoneMessage};
use self::sent_before::SentBefore;
use self::unexpected::UnexpectedCall;
use self::usage::Usage;
use super::account::SandboxAccount;
use super::misbehaviour::Mischief;
use super::pending::PushQueue;
use super::rules::Rules;
use super::template::TemplateKind;
use super::{Fault, SandboxOptions};
use crate::callback::Event;
use crate::clock::BEIJING;
use crate::endpoint::Endpoint;

/// Real message ids exceed 2^53; so do these, to catch whoever uses a float.
const FIRST_MSGID: i64 = 1_864_323_726_461_255_681;

pub(super) struct World {
    /// The first is the default one.
    accounts: Vec<Account>,
    pub(super) corp: Option<Corp>,
    pub(super) people: People,
    pub(super) rules: Rules,
    pub(super) usage: Usage,
    pub(super) media: MediaDesk,
    pub(super) sent_before: SentBefore,
    /// Openids that a send is on its way to.
    pub(super) busy_receivers: HashSet<String>,
    pub(super) deliveries: Vec<Delivery>,
    pub(super) pushes: PushQueue,
    pub(super) faults: Vec<Fault>,
    pub(super) mischief: Mischief,
    pub(super) unexpected: Vec<UnexpectedCall>,
    pub(super) calls: HashMap<Endpoint, u64>,
    last_msgid: i64,
}

impl World {
    pub(super) fn new(options: SandboxOptions) -> Self {
        let default = SandboxAccount::mini_program(options.app_id, options.secret)
            .named(options.name)
            .with_templates(options.templates);
        let default = SandboxAccount { pages: options.pages, ..default };
        let mut people = People::new(&default.app_id, options.phones);
        if let Some(corp) = &options.corp {
            for (userid, label) in &corp.members {
                people.add(userid, label, &corp.corp_id);
            }
            for robot in &corp.robots {
                people.add(&robot.group, &robot.group, &corp.corp_id);
            }
        }
        Self {
            accounts: std::iter::once(default).chain(options.accounts).map(Account::new).collect(),
            corp: options.corp.map(Corp::new),
            people,
            rules: options.rules,
            usage: Usage::default(),
            media: MediaDesk::default(),
            sent_before: SentBefore::default(),
            busy_receivers: HashSet::new(),
            deliveries: Vec::new(),
            pushes: PushQueue::default(),
            faults: Vec::new(),
            mischief: Mischief::default(),
            unexpected: Vec::new(),
            calls: HashMap::new(),
            last_msgid: FIRST_MSGID,
        }
    }

    pub(super) fn accounts(&self) -> &[Account] {
        &self.accounts
    }

    pub(super) fn accounts_mut(&mut self) -> &mut [Account] {
        &mut self.accounts
    }

    pub(super) fn account(&self, app_id: &str) -> Option<&Account> {
        self.accounts.iter().find(|account| account.app_id == app_id)
    }

    pub(super) fn account_mut(&mut self, app_id: &str) -> Option<&mut Account> {
        self.accounts.iter_mut().find(|account| account.app_id == app_id)
    }

    /// The list of addresses of an account, or of a corporation.
    pub(super) fn allowed_ips_mut(&mut self, id: &str) -> Option<&mut Option<Vec<IpAddr>>> {
        let corp = self.corp.as_mut().filter(|corp| corp.corp_id == id).map(|corp| &mut corp.allowed_ips);
        let account = self.accounts.iter_mut().find(|account| account.app_id == id);
        corp.or_else(|| account.map(|account| &mut account.allowed_ips))
    }

    /// Puts `message` on the phone and into the log.
    pub(super) fn deliver(&mut self, openid: &str, message: PhoneMessage) {
        self.deliveries.push(Delivery::of(openid, &message));
        self.people.deliver(openid, message);
    }

    pub(super) fn push(&mut self, app_id: &str, now: DateTime<Utc>, event: Event) {
        self.pushes.add(app_id, now, event);
    }

    pub(super) const fn next_msgid(&mut self) -> i64 {
        self.last_msgid += 1;
        self.last_msgid
    }

    pub(super) fn note_unexpected(&mut self, now: DateTime<Utc>, method: &str, path: &str, reason: String) {
        self.unexpected.push(UnexpectedCall {
            at: now.with_timezone(&BEIJING),
            method: method.to_owned(),
            path: path.to_owned(),
            reason,
        });
    }
}

/// What several acts of people begin with.
impl World {
    /// The person is met, and active in the account of this openid, whose app
    /// id it gives.
    pub(super) fn visit(&mut self, openid: &str, now: DateTime<Utc>) -> String {
        self.people.meet(openid);
        self.people.touch(openid, now);
        self.people.membership(openid).map(|membership| membership.app_id.clone()).unwrap_or_default()
    }

    pub(super) fn template_kind(&self, app_id: &str, template_id: &str) -> Option<TemplateKind> {
        Some(self.account(app_id)?.template(template_id)?.kind)
    }
}
