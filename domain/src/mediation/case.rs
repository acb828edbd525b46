use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use super::{Agreement, INVITATION_DAYS, MEDIATOR_SEES_DAYS, Outcome, OutcomeKind, State, Status};
use crate::deadline::start_of_day;
use crate::ids::{CommunityId, MediationId, OrderId, PersonId};

/// One quarrel and what was done about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    pub id: MediationId,
    pub order: OrderId,
    /// Of the order, for people.
    pub number: String,
    pub community: CommunityId,
    pub mediator: PersonId,
    pub opened_at: DateTime<Utc>,
    /// Numbered 1, 2, 3 …; the first one asked for the mediation.
    pub parties: Vec<Party>,
    /// Numbered 1, 2, 3 …
    pub sessions: Vec<Session>,
    pub state: State,
    /// Its order was taken back, ended without a result, or lost its words: nothing is left to do but to close.
    pub order_is_gone: bool,
    /// Grows by one with every change.
    pub version: i64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    pub number: u8,
    /// Empty where it was erased.
    pub name: String,
    pub phone: Option<String>,
    /// Where they use the app.
    pub person: Option<PersonId>,
    pub standing: PartyStanding,
    /// By which somebody with the app takes this party's part.
    pub code: Option<Code>,
    /// In confidence: for the mediator and this party.
    pub statements: Vec<Statement>,
    /// The person closed the account: name, number and statements are gone.
    pub erased: bool,
}

#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Display, EnumString, IntoStaticStr, EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum PartyStanding {
    /// Asked, by the app or by word of mouth.
    Invited,
    /// Takes part in the app.
    Joined,
    /// Does not want to.
    Declined,
}

impl PartyStanding {
    /// For people.
    pub fn text(self) -> &'static str {
        match self {
            Self::Invited => "已邀请",
            Self::Joined => "已加入",
            Self::Declined => "不参加",
        }
    }
}

/// What the mediator tells a party, by which the party joins. Works once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Code {
    pub code: String,
    pub expires_at: DateTime<Utc>,
}

impl Code {
    pub fn new(code: String, now: DateTime<Utc>) -> Self {
        Self { code, expires_at: now + TimeDelta::days(INVITATION_DAYS) }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    pub at: DateTime<Utc>,
    /// Written down by the mediator, not by the party in the app.
    pub by_mediator: bool,
    pub text: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    pub number: u8,
    pub at: DateTime<Utc>,
    pub place: String,
    /// Where it took place.
    pub held: Option<Held>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// Parties by number.
    pub attended: Vec<u8>,
    /// For the mediator alone.
    pub notes: String,
    /// What those who were there agreed on.
    pub agreed: Option<String>,
}

impl Case {
    pub fn status(&self) -> Status {
        self.state.status()
    }

    pub fn party(&self, number: u8) -> Option<&Party> {
        self.parties.iter().find(|party| party.number == number)
    }

    /// Those whose word an agreement needs: whoever was asked and did not decline.
    pub fn bound(&self) -> impl Iterator<Item = &Party> {
        self.parties.iter().filter(|party| party.standing != PartyStanding::Declined)
    }

    pub fn agreement(&self) -> Option<&Agreement> {
        self.state.agreement()
    }

    pub fn outcome(&self) -> Option<&Outcome> {
        self.state.closing().map(|closing| &closing.outcome)
    }

    /// It ended with an agreement about all or a part of it.
    pub fn is_settled(&self) -> bool {
        self.outcome().is_some_and(|outcome| OutcomeKind::from(outcome).is_settled())
    }

    /// The next one that was planned and has not been held.
    pub fn next_session(&self) -> Option<&Session> {
        let is_open = self.status() != Status::Closed;
        self.sessions.iter().filter(|session| session.held.is_none() && is_open).min_by_key(|session| session.at)
    }

    /// The day on which somebody is to ask how things went, where nobody has yet.
    pub fn follow_up_on(&self) -> Option<NaiveDate> {
        self.state.closing()?.follow_up.as_ref().filter(|up| up.result.is_none()).map(|up| up.on)
    }

    /// When the mediator's sight ends; never while the case is open.
    pub fn mediator_until(&self) -> Option<DateTime<Utc>> {
        let closing = self.state.closing()?;
        let follow_up = closing.follow_up.as_ref().map(|up| start_of_day(up.on));
        let last = follow_up.map_or(closing.at, |day| day.max(closing.at));
        Some(last + TimeDelta::days(MEDIATOR_SEES_DAYS))
    }
}
