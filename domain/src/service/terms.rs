use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::offer::lead_in;
use super::{Closing, Figure, Offer, Proof, Service, Texts};
use crate::ids::{PartnerId, PlaceId};

/// Which version of a service; with its key it names one row that never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Edition {
    /// The community, or the place above it whose catalogue it stands in.
    pub place: PlaceId,
    pub version: u32,
}

/// What an order was placed under: the version, and what of it matters as long as the order lives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    pub edition: Edition,
    /// 公共设施报修
    pub name: String,
    #[serde(default, skip_serializing_if = "is_default")]
    pub proof: Proof,
    #[serde(default, skip_serializing_if = "is_default")]
    pub closing: Closing,
    /// Somebody has to be dispatched before it is resolved.
    #[serde(default, skip_serializing_if = "is_default")]
    pub needs_handler: bool,
    /// The resident may be charged for the work itself; else for materials at most.
    #[serde(default, skip_serializing_if = "is_default")]
    pub priced: bool,
    /// It has a booking beside it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub booked: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead: Option<PartnerId>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub grid_leads: BTreeMap<PlaceId, PartnerId>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub texts: Texts,
    /// What the resident was asked to bring, in the order in which it stood there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub papers: Vec<String>,
    /// Papers are looked at and given back: no picture of them is taken in.
    #[serde(default, skip_serializing_if = "is_default")]
    pub originals_only: bool,
    /// In which published figure it counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub figure: Option<Figure>,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl Terms {
    pub(super) fn of(service: &Service) -> Self {
        let Offer {
            name,
            proof,
            closing,
            community_resolves,
            price,
            booking,
            lead,
            grid_leads,
            texts,
            papers,
            originals_only,
            figure,
            ..
        } = &service.offer;
        Self {
            edition: service.edition(),
            name: name.clone(),
            proof: *proof,
            closing: *closing,
            needs_handler: !community_resolves,
            priced: price.is_some(),
            booked: booking.is_some(),
            lead: *lead,
            grid_leads: grid_leads.clone(),
            texts: texts.clone(),
            papers: papers.clone(),
            originals_only: *originals_only,
            figure: *figure,
        }
    }
}

impl Terms {
    /// Whom the desk is offered first for an order that lies in the grid.
    pub fn lead_in(&self, grid: Option<PlaceId>) -> Option<PartnerId> {
        lead_in(&self.grid_leads, self.lead, grid)
    }

    /// With more to bring, nothing twice.
    pub fn with_papers(mut self, more: Vec<String>) -> Self {
        for paper in more {
            if !self.papers.contains(&paper) {
                self.papers.push(paper);
            }
        }
        self
    }
}

impl Default for Terms {
    /// Under no version at all; no order in a database has these.
    fn default() -> Self {
        let edition = Edition { place: PlaceId(Uuid::nil()), version: 0 };
        let (proof, closing) = (Proof::default(), Closing::default());
        Self {
            edition,
            name: String::new(),
            proof,
            closing,
            needs_handler: false,
            priced: false,
            booked: false,
            lead: None,
            grid_leads: BTreeMap::new(),
            texts: Texts::default(),
            papers: Vec::new(),
            originals_only: false,
            figure: None,
        }
    }
}
