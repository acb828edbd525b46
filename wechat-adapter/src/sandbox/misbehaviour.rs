use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde::{Deserialize, Serialize};
use strum::IntoEnumIterator;

use crate::endpoint::Endpoint;

/// One way in which WeChat misbehaves.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, strum::EnumIter, strum::Display,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Harm {
    /// Answered late, but truly; goes together with any other.
    Latency,
    /// Errcode -1.
    Busy,
    /// Status 500, nothing done.
    #[serde(rename = "http_500")]
    #[strum(serialize = "http_500")]
    Http500,
    /// The connection is cut, nothing done.
    CutBefore,
    /// The thing is done, then the connection is cut: the caller cannot know.
    CutAfter,
    /// The token that came along is dead from now on.
    ExpiredToken,
    /// Errcode 40243, where tokens are had.
    FrozenSecret,
    /// Errcode 40164 where tokens are had, 60020 in WeCom.
    IpRefused,
    /// Errcode 45009.
    Quota,
    /// A web page where JSON belongs, nothing done.
    Garbage,
}

impl Harm {
    /// Whether the harm can come to this call at all.
    const fn befalls(self, endpoint: Endpoint) -> bool {
        let token_call = matches!(endpoint, Endpoint::StableToken | Endpoint::WecomToken);
        let bare = matches!(endpoint, Endpoint::CodeToSession | Endpoint::WecomRobot);
        match self {
            Self::Latency
            | Self::Busy
            | Self::Http500
            | Self::CutBefore
            | Self::CutAfter
            | Self::Quota
            | Self::Garbage => true,
            Self::ExpiredToken => !token_call && !bare,
            Self::FrozenSecret => matches!(endpoint, Endpoint::StableToken),
            Self::IpRefused => matches!(endpoint, Endpoint::StableToken | Endpoint::WecomMessage),
        }
    }

    /// The refusal, if the harm is one.
    pub(super) const fn errcode(self, endpoint: Endpoint) -> Option<i64> {
        match (self, endpoint) {
            (Self::Busy, _) => Some(-1),
            (Self::FrozenSecret, _) => Some(40243),
            (Self::IpRefused, Endpoint::WecomMessage) => Some(60020),
            (Self::IpRefused, _) => Some(40164),
            (Self::Quota, _) => Some(45009),
            (
                Self::Latency | Self::Http500 | Self::CutBefore | Self::CutAfter | Self::ExpiredToken | Self::Garbage,
                _,
            ) => None,
        }
    }
}

/// How often WeChat misbehaves, by chance; the same seed and the same calls in
/// the same order make the same harm.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Misbehaviour {
    pub seed: u64,
    /// Of all calls that the harm can befall, from 0 to 1. Those other than
    /// latency exclude each other, so together they are at most 1.
    pub shares: BTreeMap<Harm, f64>,
    /// How late a late answer is, in real time.
    pub latency: Duration,
    /// Only these calls; empty: all.
    pub endpoints: HashSet<Endpoint>,
}

/// A share outside 0 to 1, or shares that are more than the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a share is from 0 to 1, and all but latency together at most 1")]
pub struct BadShares;

impl Misbehaviour {
    pub(super) fn check(&self) -> Result<(), BadShares> {
        let proper = self.shares.values().all(|share| (0.0..=1.0).contains(share));
        let excluding = self.shares.iter().filter(|(harm, _)| **harm != Harm::Latency);
        // Shares are decimal fractions: ten of 0.1 may add up to a little more.
        let fits = excluding.map(|(_, share)| share).sum::<f64>() <= 1.0 + 1e-9;
        if proper && fits { Ok(()) } else { Err(BadShares) }
    }

    fn share(&self, harm: Harm) -> f64 {
        self.shares.get(&harm).copied().unwrap_or(0.0)
    }
}

/// The misbehaviour under way, its dice, and what it did so far.
#[derive(Default)]
pub(super) struct Mischief {
    plan: Misbehaviour,
    dice: Option<StdRng>,
    inflicted: BTreeMap<Harm, u64>,
}

/// What chance has for one call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Fate {
    pub(super) latency: Option<Duration>,
    pub(super) harm: Option<Harm>,
}

impl Mischief {
    /// Starts anew; the counts begin at nought.
    pub(super) fn begin(&mut self, plan: Misbehaviour) {
        self.dice = Some(StdRng::seed_from_u64(plan.seed));
        self.plan = plan;
        self.inflicted.clear();
    }

    pub(super) fn end(&mut self) {
        self.dice = None;
    }

    pub(super) fn inflicted(&self) -> BTreeMap<Harm, u64> {
        self.inflicted.clone()
    }

    /// Draws twice for every call that is meant, so that one call's fate does
    /// not depend on what befell the others.
    pub(super) fn draw(&mut self, endpoint: Endpoint) -> Fate {
        let meant = self.plan.endpoints.is_empty() || self.plan.endpoints.contains(&endpoint);
        let Some(dice) = self.dice.as_mut().filter(|_| meant) else {
            return Fate::default();
        };
        let (lateness, lot) = (dice.random::<f64>(), dice.random::<f64>());
        let late = lateness < self.plan.share(Harm::Latency);
        let harm = self.harm_at(lot).filter(|harm| harm.befalls(endpoint));
        for harm in late.then_some(Harm::Latency).into_iter().chain(harm) {
            *self.inflicted.entry(harm).or_default() += 1;
        }
        Fate { latency: late.then_some(self.plan.latency), harm }
    }

    /// The harms lie side by side between 0 and 1.
    fn harm_at(&self, lot: f64) -> Option<Harm> {
        let mut edge = 0.0;
        Harm::iter().filter(|harm| *harm != Harm::Latency).find(|harm| {
            edge += self.plan.share(*harm);
            lot < edge
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(shares: &[(Harm, f64)]) -> Misbehaviour {
        Misbehaviour { seed: 7, shares: shares.iter().copied().collect(), ..Misbehaviour::default() }
    }

    fn fates(plan: &Misbehaviour, endpoint: Endpoint, calls: usize) -> Vec<Fate> {
        let mut mischief = Mischief::default();
        mischief.begin(plan.clone());
        (0..calls).map(|_| mischief.draw(endpoint)).collect()
    }

    #[test]
    fn a_seed_repeats_its_run() {
        let plan = plan(&[(Harm::Latency, 0.3), (Harm::Busy, 0.2), (Harm::CutAfter, 0.2)]);
        let run = fates(&plan, Endpoint::SubscribeSend, 200);
        assert_eq!(run, fates(&plan, Endpoint::SubscribeSend, 200));
        let other = Misbehaviour { seed: 8, ..plan };
        assert_ne!(run, fates(&other, Endpoint::SubscribeSend, 200));
    }

    #[test]
    fn shares_are_kept_roughly() {
        let run = fates(&plan(&[(Harm::Busy, 0.1), (Harm::Garbage, 0.3)]), Endpoint::TextCheck, 10_000);
        let count = |harm| run.iter().filter(|fate| fate.harm == Some(harm)).count();
        assert!((800..1200).contains(&count(Harm::Busy)));
        assert!((2700..3300).contains(&count(Harm::Garbage)));
    }

    #[test]
    fn a_harm_befalls_only_calls_that_it_can() {
        let frozen = plan(&[(Harm::FrozenSecret, 1.0)]);
        assert!(fates(&frozen, Endpoint::SubscribeSend, 20).iter().all(|fate| fate.harm.is_none()));
        assert!(fates(&frozen, Endpoint::StableToken, 20).iter().all(|fate| fate.harm.is_some()));
    }

    #[test]
    fn shares_beyond_the_whole_are_refused() {
        assert_eq!(plan(&[(Harm::Busy, 0.6), (Harm::Quota, 0.6)]).check(), Err(BadShares));
        assert_eq!(plan(&[(Harm::Busy, -0.1)]).check(), Err(BadShares));
        assert_eq!(plan(&[(Harm::Latency, 1.0), (Harm::Busy, 1.0)]).check(), Ok(()));
    }
}
