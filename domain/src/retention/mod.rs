//! How long each kind of data is kept, and what happens then (PIPL, article 19: the shortest time that is needed).

mod keeper;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoEnumIterator, IntoStaticStr};
use thiserror::Error;

pub use keeper::{Keeper, KeeperError};

/// Data that has its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Display, EnumString, IntoStaticStr, EnumIter)]
#[strum(serialize_all = "snake_case")]
pub enum Kind {
    /// Answers saved under an idempotency key.
    Answers,
    RefreshTokens,
    /// Sign-ins that ended.
    ClosedSessions,
    /// Photos that no order ever used.
    UnattachedPhotos,
    /// How notices reached people.
    Deliveries,
    /// Who saw whose data.
    Disclosures,
    WithdrawnConsents,
    /// The words of orders in which nothing happens any more.
    ClosedOrders,
    /// Who lives behind the doors of closed campaigns, and what was found there.
    ClosedCampaigns,
    AuditLog,
}

/// What happens when the time is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Display, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Fate {
    Delete,
    /// Words, photos and whom to call go; number, service, times and marks stay for the statistics.
    Deidentify,
}

/// Days, counted from the instant that `from` names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    pub days: u32,
    /// A setting below this is refused.
    pub at_least: u32,
    pub fate: Fate,
}

const YEAR: u32 = 365;

impl Kind {
    /// The table. Where no source is named, the number is a proposal of ours.
    #[rustfmt::skip]
    pub const fn rule(self) -> Rule {
        use Fate::{Deidentify, Delete};
        match self {
            // From the answer. A phone that comes back after a day asks anew.
            Self::Answers           => Rule { days: 1,        at_least: 1,        fate: Delete },
            // From the end of the token.
            Self::RefreshTokens     => Rule { days: 0,        at_least: 0,        fate: Delete },
            // From the end of the session: people may look back at where they were signed in.
            Self::ClosedSessions    => Rule { days: 180,      at_least: 0,        fate: Delete },
            // From the upload.
            Self::UnattachedPhotos  => Rule { days: 1,        at_least: 1,        fate: Delete },
            // From the delivery.
            Self::Deliveries        => Rule { days: 180,      at_least: 0,        fate: Delete },
            // From the look. Records of handling are kept for three years: PIPL, article 56.
            Self::Disclosures       => Rule { days: 3 * YEAR, at_least: 3 * YEAR, fate: Delete },
            // From the withdrawal. Proof that it was given, while a claim may be brought: Civil Code, article 188.
            Self::WithdrawnConsents => Rule { days: 3 * YEAR, at_least: 3 * YEAR, fate: Delete },
            // From the last event. Below half a year a reopened or disputed matter would lose its words.
            Self::ClosedOrders      => Rule { days: 3 * YEAR, at_least: 180,      fate: Deidentify },
            // From the close. The list is needed for the drive and for questions about what was handed out.
            Self::ClosedCampaigns   => Rule { days: YEAR,     at_least: 30,       fate: Deidentify },
            // From the entry. Network logs are kept for six months at least: Cybersecurity Law.
            Self::AuditLog          => Rule { days: YEAR,     at_least: 184,      fate: Delete },
        }
    }

    /// For the operator.
    pub fn text(self) -> &'static str {
        match self {
            Self::Answers => "saved answers",
            Self::RefreshTokens => "expired refresh tokens",
            Self::ClosedSessions => "ended sign-ins",
            Self::UnattachedPhotos => "photos of no order",
            Self::Deliveries => "deliveries of notices",
            Self::Disclosures => "looks at people's data",
            Self::WithdrawnConsents => "withdrawn consents",
            Self::ClosedOrders => "words of closed orders",
            Self::ClosedCampaigns => "households of closed campaigns",
            Self::AuditLog => "audit log",
        }
    }
}

/// Days for which each kind is kept; the settings may say other numbers than the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Periods {
    pub answers: u32,
    pub refresh_tokens: u32,
    pub closed_sessions: u32,
    pub unattached_photos: u32,
    pub deliveries: u32,
    pub disclosures: u32,
    pub withdrawn_consents: u32,
    pub closed_orders: u32,
    pub closed_campaigns: u32,
    pub audit_log: u32,
}

/// A period that the law, or the work, does not allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("retention.{kind} is {days} days; {at_least} is the least that is allowed")]
pub struct TooShort {
    pub kind: Kind,
    pub days: u32,
    pub at_least: u32,
}

impl Default for Periods {
    fn default() -> Self {
        Self {
            answers: Kind::Answers.rule().days,
            refresh_tokens: Kind::RefreshTokens.rule().days,
            closed_sessions: Kind::ClosedSessions.rule().days,
            unattached_photos: Kind::UnattachedPhotos.rule().days,
            deliveries: Kind::Deliveries.rule().days,
            disclosures: Kind::Disclosures.rule().days,
            withdrawn_consents: Kind::WithdrawnConsents.rule().days,
            closed_orders: Kind::ClosedOrders.rule().days,
            closed_campaigns: Kind::ClosedCampaigns.rule().days,
            audit_log: Kind::AuditLog.rule().days,
        }
    }
}

impl Periods {
    pub fn days(&self, kind: Kind) -> u32 {
        match kind {
            Kind::Answers => self.answers,
            Kind::RefreshTokens => self.refresh_tokens,
            Kind::ClosedSessions => self.closed_sessions,
            Kind::UnattachedPhotos => self.unattached_photos,
            Kind::Deliveries => self.deliveries,
            Kind::Disclosures => self.disclosures,
            Kind::WithdrawnConsents => self.withdrawn_consents,
            Kind::ClosedOrders => self.closed_orders,
            Kind::ClosedCampaigns => self.closed_campaigns,
            Kind::AuditLog => self.audit_log,
        }
    }

    /// What is from before this instant is past its time.
    pub fn ends(&self, kind: Kind, now: DateTime<Utc>) -> DateTime<Utc> {
        now - TimeDelta::days(self.days(kind).into())
    }

    pub fn check(&self) -> Result<(), TooShort> {
        let short = |kind: &Kind| self.days(*kind) < kind.rule().at_least;
        Kind::iter()
            .find(short)
            .map_or(Ok(()), |kind| Err(TooShort { kind, days: self.days(kind), at_least: kind.rule().at_least }))
    }
}

/// One kind in one run, as it is noted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    pub kind: Kind,
    /// Counted only; nothing was touched.
    pub is_rehearsal: bool,
    /// Rows that were past their time.
    pub rows: u64,
    /// What is from before this instant was past its time.
    pub before: DateTime<Utc>,
    pub at: DateTime<Utc>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_keeps_its_own_limits_and_shorter_settings_are_refused() {
        assert_eq!(Periods::default().check(), Ok(()));
        let audit = Periods { audit_log: 183, ..Periods::default() };
        assert_eq!(audit.check(), Err(TooShort { kind: Kind::AuditLog, days: 183, at_least: 184 }));
        let disclosures = Periods { disclosures: 1_000, ..Periods::default() };
        assert!(disclosures.check().is_err_and(|short| short.to_string().starts_with("retention.disclosures is 1000")));
        assert_eq!(Periods { closed_orders: 10 * YEAR, ..Periods::default() }.check(), Ok(()));
    }
}
