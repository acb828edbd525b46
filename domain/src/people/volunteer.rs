//! 志愿者: what they can do, and the hours that they gave.

use chrono::{DateTime, Datelike, Utc};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};
use thiserror::Error;

use super::access::Operation;
use super::{Actor, Membership, Role};
use crate::deadline::day_in_shanghai;
use crate::ids::{CommunityId, CreditId, OrderId, PartnerId, PersonId};
use crate::order::{DispatchStatus, Order, OrderStatus};

/// Hours of a week that somebody may offer.
pub const MOST_HOURS_A_WEEK: u8 = 60;
/// Minutes that one order may bring to one person: a long day.
pub const MOST_MINUTES: u16 = 16 * 60;

/// What somebody can do for neighbours. A short list, so that the desk finds whom it looks for.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    Display,
    EnumString,
    IntoStaticStr,
    EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Skill {
    Plumbing,
    Electrics,
    Appliances,
    Locks,
    Carpentry,
    Haircut,
    Sewing,
    Phones,
    Health,
    Counselling,
    Law,
    Mediation,
    Teaching,
    Arts,
    Driving,
    Cooking,
    Company,
    Patrol,
}

impl Skill {
    /// For people: 「水暖」.
    pub fn text(self) -> &'static str {
        match self {
            Self::Plumbing => "水暖",
            Self::Electrics => "电工",
            Self::Appliances => "家电维修",
            Self::Locks => "门锁维修",
            Self::Carpentry => "木工",
            Self::Haircut => "理发",
            Self::Sewing => "缝补",
            Self::Phones => "手机电脑",
            Self::Health => "医护",
            Self::Counselling => "心理疏导",
            Self::Law => "法律咨询",
            Self::Mediation => "调解",
            Self::Teaching => "教学辅导",
            Self::Arts => "文艺",
            Self::Driving => "驾驶接送",
            Self::Cooking => "做饭送餐",
            Self::Company => "陪伴照料",
            Self::Patrol => "巡逻值守",
        }
    }
}

/// What somebody offers in one community.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Volunteering {
    pub person: PersonId,
    pub community: CommunityId,
    pub skills: Vec<Skill>,
    pub hours_per_week: u8,
}

/// A volunteer as the desk knows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Volunteer {
    pub person: PersonId,
    pub name: Option<String>,
    pub skills: Vec<Skill>,
    pub hours_per_week: Option<u8>,
    /// The teams that the person belongs to.
    pub teams: Vec<PartnerId>,
    /// Confirmed minutes of the year that was asked for.
    pub minutes: u32,
}

/// Hours that somebody gave to one order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credit {
    pub id: CreditId,
    pub order: OrderId,
    pub community: CommunityId,
    pub person: PersonId,
    pub minutes: u16,
    /// Gone where the words of the order are.
    pub note: Option<String>,
    pub reported_by: PersonId,
    pub reported_at: DateTime<Utc>,
    /// Nothing counts before the desk has said so.
    pub confirmed: Option<Confirmation>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Confirmation {
    pub by: PersonId,
    pub at: DateTime<Utc>,
}

/// On whose word hours are noted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// They count at once.
    Desk,
    /// They wait for the desk.
    Own,
}

/// Why hours are not credited. The sentence is for whoever tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum CreditRefusal {
    #[error("志愿时长由社区工作人员登记，或由办结派单的志愿服务队队员本人填报")]
    NotPermitted,
    #[error("事情还没有办完，请在志愿服务队完工或订单办结后再登记时长")]
    NotDone,
    #[error("这位居民不是本社区的志愿者，请从志愿者名单里选择")]
    NoSuchVolunteer,
}

impl Credit {
    /// The year in Shanghai to which it counts.
    pub fn year(&self) -> i32 {
        day_in_shanghai(self.reported_at).year()
    }
}

/// Whether somebody with these memberships volunteers in the community; `teams` are its volunteer teams.
pub fn volunteers_in(memberships: &[Membership], community: CommunityId, teams: &[PartnerId]) -> bool {
    memberships.iter().any(|membership| match membership.role {
        Role::Volunteer => membership.place == Some(community.into()),
        Role::PartnerStaff => membership.partner_id.is_some_and(|partner| teams.contains(&partner)),
        Role::Resident
        | Role::GridWorker
        | Role::IntakeClerk
        | Role::Secretary
        | Role::ClassMonitor
        | Role::Matchmaker
        | Role::Supervisor
        | Role::Administrator => false,
    })
}

/// Whether `actor` may note hours of `whom` for the order, and on whose word; `volunteers` says whether that person is a
/// volunteer of the order's community. Nobody's own hours count on the own word alone, whatever they are besides.
pub fn may_credit(
    order: &Order,
    actor: &Actor,
    whom: PersonId,
    volunteers: bool,
    teams: &[PartnerId],
) -> Result<Word, CreditRefusal> {
    let finished = || order.dispatches.iter().filter(|d| d.status() == DispatchStatus::Completed);
    if actor.is_self(whom) {
        let is_in_team = teams.iter().any(|team| actor.serves(*team) && order.holds_dispatch(*team));
        let has_finished = finished().any(|d| teams.contains(&d.partner) && actor.serves(d.partner));
        return match (has_finished, is_in_team) {
            (true, _) => Ok(Word::Own),
            (false, true) => Err(CreditRefusal::NotDone),
            (false, false) => Err(CreditRefusal::NotPermitted),
        };
    }
    if !actor.watches(Operation::VolunteersCredit, order) {
        return Err(CreditRefusal::NotPermitted);
    }
    if !volunteers {
        return Err(CreditRefusal::NoSuchVolunteer);
    }
    let is_done = match order.status() {
        OrderStatus::Resolved | OrderStatus::Rated => true,
        OrderStatus::Submitted
        | OrderStatus::Accepted
        | OrderStatus::Dispatched
        | OrderStatus::Refused
        | OrderStatus::Withdrawn
        | OrderStatus::Merged => finished().next().is_some(),
    };
    if is_done { Ok(Word::Desk) } else { Err(CreditRefusal::NotDone) }
}
