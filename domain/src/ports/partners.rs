use std::collections::HashMap;

use async_trait::async_trait;
use chrono::NaiveDate;

use crate::ids::PartnerId;
use crate::order::Counts;
use crate::place::{Listing, Particulars, Partner, Ware, Week};
use crate::ports::{Answer, Commit, StoreError};

/// What a partner's own staff may change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    pub hours: Week,
    pub closed_days: Vec<NaiveDate>,
    pub offers: Vec<Ware>,
    pub on_duty: bool,
}

/// How the saving of a partner ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum PartnerSaved {
    /// As [`Commit::Done`] or [`Commit::KeyTaken`].
    Ended(Commit),
    /// Another one of the place has the same code (统一社会信用代码). Nothing was written.
    UsccTaken,
}

/// What is kept of partners beside the directory, and how they did.
#[async_trait]
pub trait PartnerStore: Send + Sync {
    /// Writes the partner, what is kept of it, and the answer; its opening only where that is given. From `today` on its papers
    /// are looked after.
    async fn save_partner(
        &self,
        partner: &Partner,
        particulars: &Particulars,
        with_opening: bool,
        today: NaiveDate,
        answer: Option<&Answer>,
    ) -> Result<PartnerSaved, StoreError>;

    /// Writes the opening alone. Ends as [`Commit::Done`] or [`Commit::KeyTaken`].
    async fn save_opening(
        &self,
        partner: PartnerId,
        opening: &Opening,
        answer: Option<&Answer>,
    ) -> Result<Commit, StoreError>;

    /// Of each of these partners; of whom nothing was written down, the default.
    async fn particulars_of(&self, partners: &[PartnerId]) -> Result<HashMap<PartnerId, Particulars>, StoreError>;

    /// How many dispatches each of these holds open; those that hold none may be left out.
    async fn open_jobs_of(&self, partners: &[PartnerId]) -> Result<HashMap<PartnerId, u32>, StoreError>;

    /// By month, the oldest first; `from` and `until` are first days of months, and both belong to it.
    async fn record_of(
        &self,
        partner: PartnerId,
        from: NaiveDate,
        until: NaiveDate,
    ) -> Result<Vec<(NaiveDate, Counts)>, StoreError>;

    /// Everything since the beginning; those of whom nothing was counted may be left out.
    async fn totals_of(&self, partners: &[PartnerId]) -> Result<HashMap<PartnerId, Counts>, StoreError>;
}

impl Opening {
    pub fn of(particulars: &Particulars) -> Self {
        let listing = particulars.listing.clone();
        Self {
            hours: listing.hours,
            closed_days: listing.closed_days,
            offers: listing.offers,
            on_duty: particulars.on_duty,
        }
    }

    /// What is kept, with this opening.
    pub fn laid_over(self, known: Particulars) -> Particulars {
        let Self { hours, closed_days, offers, on_duty } = self;
        Particulars { listing: Listing { hours, closed_days, offers, ..known.listing }, on_duty, ..known }
    }
}
