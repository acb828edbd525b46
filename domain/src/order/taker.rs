use chrono::NaiveDate;

use crate::ids::CommunityId;
use crate::order::Refusal;
use crate::place::{Bar, Terms};

/// A partner to whom an order is to be sent, as it stands now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taker {
    /// The community that it works for.
    pub community: CommunityId,
    pub terms: Terms,
    pub on_duty: bool,
    /// Dispatches that it has not finished.
    pub open_jobs: u32,
}

impl Taker {
    /// One who works for the community on no terms at all.
    pub fn of(community: CommunityId) -> Self {
        Self { community, terms: Terms::default(), on_duty: true, open_jobs: 0 }
    }

    /// Whether it may be sent something on this day in Shanghai. The desk may send it something although nobody is there or
    /// its hands are full; papers that ran out, and a suspension, stop everybody.
    pub fn may_take(&self, despite_off_duty: bool, today: NaiveDate) -> Result<(), Refusal> {
        match self.terms.bar(today) {
            Some(Bar::Suspended { since, reason }) => return Err(Refusal::PartnerSuspended { since, reason }),
            Some(Bar::LicenceExpired { kind, until }) => return Err(Refusal::LicenceExpired { kind, until }),
            Some(Bar::AgreementEnded { until }) => return Err(Refusal::AgreementEnded { until }),
            Some(Bar::AgreementNotBegun { from }) => return Err(Refusal::AgreementNotBegun { from }),
            None => {}
        }
        if despite_off_duty {
            return Ok(());
        }
        if !self.on_duty {
            return Err(Refusal::PartnerOffDuty { today });
        }
        match self.terms.open_job_limit {
            Some(limit) if self.open_jobs >= limit.into() => Err(Refusal::PartnerFull { limit, today }),
            Some(_) | None => Ok(()),
        }
    }
}
