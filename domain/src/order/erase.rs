//! Taking the words out of an order's history (ADR 0009). Times, hats, kinds, codes and numbers stay.

use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use crate::advice::Advice;
use crate::ids::PersonId;
use crate::order::{
    Beneficiary, Content, Dispatch, DispatchState, Event, Happening, Order, Place, Quote, ReplayError, Visit,
    VisitReport,
};
use crate::service::Answers;

/// Why words are gone.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Display, EnumString, IntoStaticStr, EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Erased {
    /// The person closed the account.
    ByRequest,
    /// The time for which they may be kept is over.
    OutOfTime,
}

impl Erased {
    /// Stands where the words stood.
    pub fn text(self) -> &'static str {
        match self {
            Self::ByRequest => "内容已按本人要求删除",
            Self::OutOfTime => "内容已超过保存期限，已经删除",
        }
    }
}

/// How much goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Erasing {
    /// Whatever somebody wrote, drew or attached, and whom to call.
    Words(Erased),
    /// Name and number of this person, for whom somebody else ordered.
    Beneficiary(PersonId),
    /// Whom to call about an order that lives on: whoever placed it is gone, or took the number back.
    Contact,
    /// The number of this person, for whom somebody else ordered; the order stays theirs.
    BeneficiaryPhone(PersonId),
}

/// The whole history with the words taken out, and the order that it makes. An event in which there was nothing to take
/// out comes back as it was.
pub fn erase(events: &[Event], what: Erasing) -> Result<(Order, Vec<Event>), ReplayError> {
    let events: Vec<_> = events.iter().map(|event| Event { what: event.what.without(what), ..event.clone() }).collect();
    Ok((Order::replay(&events)?, events))
}

impl Happening {
    fn without(&self, what: Erasing) -> Self {
        match what {
            Erasing::Words(why) => self.without_words(why),
            Erasing::Beneficiary(person) => self.without_beneficiary(person),
            Erasing::Contact => self.without_contact(),
            Erasing::BeneficiaryPhone(person) => self.without_phone_of(person),
        }
    }

    fn without_contact(&self) -> Self {
        let mut left = self.clone();
        if let Self::Submitted { content, .. } = &mut left {
            content.contact = None;
            content.form.sensitive.clear();
        }
        left
    }

    fn without_phone_of(&self, person: PersonId) -> Self {
        let mut left = self.clone();
        if let Self::Submitted { content, .. } = &mut left
            && let Some(whom) = &mut content.on_behalf_of
            && whom.person == Some(person)
        {
            whom.phone = None;
        }
        left
    }

    fn without_beneficiary(&self, person: PersonId) -> Self {
        let mut left = self.clone();
        if let Self::Submitted { content, .. } = &mut left
            && let Some(whom) = &mut content.on_behalf_of
            && whom.person == Some(person)
        {
            *whom = Beneficiary::nobody();
            content.form.sensitive.clear();
        }
        left
    }

    fn without_words(&self, why: Erased) -> Self {
        let gone = || why.text().to_owned();
        let if_any = |words: &Option<String>| words.as_ref().map(|_| gone());
        match self {
            Self::Submitted { number, community, service_key, terms, sealed, content, due, located, .. } => {
                Self::Submitted {
                    number: number.clone(),
                    community: *community,
                    service_key: service_key.clone(),
                    terms: terms.clone(),
                    sealed: *sealed,
                    content: content.without_words(why),
                    due: due.clone(),
                    // No finer than the compound, which stays too.
                    located: *located,
                    // What danger somebody was in is as personal as the words that told of it.
                    advice: Advice::default(),
                }
            }
            Self::Accepted { note } => Self::Accepted { note: if_any(note) },
            Self::Checked { note, .. } => Self::Checked { missing: Vec::new(), note: if_any(note) },
            Self::Refused { reason, redirect_to } => {
                Self::Refused { reason: *reason, redirect_to: if_any(redirect_to) }
            }
            Self::Withdrawn { reason } => Self::Withdrawn { reason: if_any(reason) },
            Self::Dispatched { dispatch } => Self::Dispatched { dispatch: dispatch.without_words(why) },
            Self::Returned { dispatch, reason, .. } => {
                Self::Returned { dispatch: *dispatch, reason: *reason, note: gone() }
            }
            Self::Visited { dispatch, visit } => Self::Visited { dispatch: *dispatch, visit: visit.without_words(why) },
            Self::Completed { dispatch, charge, .. } => {
                let charge = charge.as_ref().map(|charge| charge.without_words(why.text()));
                Self::Completed { dispatch: *dispatch, result: gone(), proof: Vec::new(), charge }
            }
            Self::Quoted { dispatch, charge } => {
                Self::Quoted { dispatch: *dispatch, charge: charge.without_words(why.text()) }
            }
            Self::Recalled { dispatch, .. } => Self::Recalled { dispatch: *dispatch, reason: gone() },
            Self::Reworked { dispatch, .. } => Self::Reworked { dispatch: *dispatch, reason: gone() },
            Self::Resolved { override_reason, charge, .. } => Self::Resolved {
                result: gone(),
                proof: Vec::new(),
                signature: None,
                override_reason: if_any(override_reason),
                charge: charge.as_ref().map(|charge| charge.without_words(why.text())),
            },
            Self::Rated { solved, satisfaction, comment } => {
                Self::Rated { solved: *solved, satisfaction: *satisfaction, comment: if_any(comment) }
            }
            Self::Reopened { .. } => Self::Reopened { reason: gone() },
            Self::Commented { .. } => Self::Commented { text: gone(), photos: Vec::new() },
            Self::Merged { .. }
            | Self::Absorbed { .. }
            | Self::Signed { .. }
            | Self::QuoteAnswered { .. }
            | Self::Urged
            | Self::Located { .. }
            | Self::Unshared
            | Self::Mediated { .. } => self.clone(),
        }
    }
}

impl Content {
    fn without_words(&self, why: Erased) -> Self {
        Self {
            title: why.text().to_owned(),
            description: why.text().to_owned(),
            // The compound is public; the door is not.
            place: self.place.as_ref().map(Place::without_detail),
            attachments: Vec::new(),
            contact: None,
            // That it was ordered for somebody else still says whose rating it is.
            on_behalf_of: self.on_behalf_of.as_ref().map(|_| Beneficiary::nobody()),
            visibility: self.visibility,
            about_partner: self.about_partner,
            // An import that runs again must find that the letter is here.
            source: self.source.clone(),
            minor: false,
            form: Answers::default(),
            erased: Some(why),
        }
    }
}

impl Place {
    fn without_detail(&self) -> Self {
        let (building, words, point) = (None, None, None);
        Self { compound: self.compound.clone(), compound_id: self.compound_id, building, words, point }
    }
}

impl Beneficiary {
    fn nobody() -> Self {
        Self { name: String::new(), phone: None, person: None }
    }

    /// The name was taken out.
    pub fn is_nobody(&self) -> bool {
        self.name.is_empty()
    }
}

impl Dispatch {
    fn without_words(&self, why: Erased) -> Self {
        let gone = || why.text().to_owned();
        let state = match &self.state {
            DispatchState::Sent => DispatchState::Sent,
            DispatchState::Signed => DispatchState::Signed,
            DispatchState::Completed { at, charge, .. } => {
                let charge = charge.as_ref().map(|charge| charge.without_words(why.text()));
                DispatchState::Completed { at: *at, result: gone(), proof: Vec::new(), charge }
            }
            DispatchState::Returned { at, reason, .. } => {
                DispatchState::Returned { at: *at, reason: *reason, note: gone() }
            }
            DispatchState::Recalled { at, .. } => DispatchState::Recalled { at: *at, reason: gone() },
        };
        let visits = self.visits.iter().map(|visit| visit.without_words(why)).collect();
        let quoted = |quote: &Quote| Quote { charge: quote.charge.without_words(why.text()), ..quote.clone() };
        let quotes = self.quotes.iter().map(quoted).collect();
        Self { task: gone(), visits, quotes, state, ..self.clone() }
    }
}

impl Visit {
    fn without_words(&self, why: Erased) -> Self {
        let report = VisitReport { note: why.text().to_owned(), ..VisitReport::default() };
        Self { at: self.at, by: self.by, report }
    }
}
