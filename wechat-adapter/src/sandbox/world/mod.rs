//! What WeChat and the phones remember.

pub(super) mod codes;
pub(super) mod phones;
pub(super) mod tokens;
pub(super) mod unexpected;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use secrecy::SecretString;

use self::codes::OneUseCodes;
use self::phones::Phones;
use self::tokens::TokenLedger;
use self::unexpected::UnexpectedCall;
use super::{Fault, SandboxOptions, SandboxTemplate};
use crate::clock::BEIJING;
use crate::endpoint::Endpoint;

/// Real message ids exceed 2^53; so do these, to catch whoever uses a float.
const FIRST_MSGID: i64 = 1_864_323_726_461_255_681;

pub(super) struct World {
    pub(super) app_id: String,
    pub(super) secret: SecretString,
    pub(super) templates: Vec<SandboxTemplate>,
    /// Each code stands for an openid.
    pub(super) login_codes: OneUseCodes<String>,
    /// Each code stands for an openid and the number it shared.
    pub(super) phone_codes: OneUseCodes<(String, String)>,
    pub(super) tokens: TokenLedger,
    pub(super) phones: Phones,
    pub(super) faults: Vec<Fault>,
    pub(super) unexpected: Vec<UnexpectedCall>,
    pub(super) calls: HashMap<Endpoint, u64>,
    last_msgid: i64,
}

impl World {
    pub(super) fn new(options: SandboxOptions) -> Self {
        Self {
            app_id: options.app_id,
            secret: options.secret,
            templates: options.templates,
            login_codes: OneUseCodes::default(),
            phone_codes: OneUseCodes::default(),
            tokens: TokenLedger::default(),
            phones: Phones::new(options.phones),
            faults: Vec::new(),
            unexpected: Vec::new(),
            calls: HashMap::new(),
            last_msgid: FIRST_MSGID,
        }
    }

    pub(super) fn template(&self, id: &str) -> Option<&SandboxTemplate> {
        self.templates.iter().find(|template| template.id == id)
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
