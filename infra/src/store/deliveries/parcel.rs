//! What a worker needs to send a message: its words' parts and how the channel calls the person.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::JoinType::{InnerJoin, LeftJoin};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ConnectionTrait, DatabaseConnection, FromQueryResult};
use uuid::Uuid;

use domain::deadline::day_in_shanghai;
use domain::notice::Channel;
use domain::ports::{Address, Doors, Parcel, StoreError};
use domain::wechat::WechatAccount;

use super::claim::Claimed;
use crate::database::store_error;
use crate::entity::{delivery, follower, identity, order, partner, person, service_version, wecom_member};
use crate::store::cell;
use crate::store::mediations::case_of_other_party;
use crate::store::memberships::works_now;

/// What the words of a delivery are made of, besides its own row.
#[derive(FromQueryResult)]
pub(in crate::store) struct Parts {
    delivery: Uuid,
    pub number: Option<String>,
    pub service_name: Option<String>,
    pub sealed: Option<bool>,
    pub partner_name: Option<String>,
    /// Where the person is another party of the order's mediation than whoever asked.
    pub mediation: Option<Uuid>,
}

impl Parts {
    /// The number tells the day on which somebody complained: it is for those who know of the order.
    pub fn known_number(&mut self) -> Option<String> {
        self.number.take().filter(|_| self.mediation.is_none())
    }
}

#[derive(FromQueryResult)]
struct Named {
    delivery: Uuid,
    /// By the mini-program.
    openid: Option<String>,
    /// By the service account.
    follower: Option<String>,
    user_id: Option<String>,
}

/// Two statements whatever was claimed. The rows are lent to us, so nobody changes them meanwhile.
pub(super) async fn pack(
    db: &DatabaseConnection,
    doors: &Doors,
    claimed: Vec<Claimed>,
    now: DateTime<Utc>,
) -> Result<Vec<Parcel>, StoreError> {
    if claimed.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = claimed.iter().map(Claimed::latest).map(|row| row.id).collect();
    let mut parts = parts_of(db, &ids).await?;
    let heads: Vec<Uuid> = claimed.iter().map(|one| one.head.id).collect();
    let mut named = HashMap::new();
    for row in &db.query_all(&names(&heads, doors, now)).await.map_err(store_error)? {
        let row = Named::from_query_result(row, "").map_err(store_error)?;
        named.insert(row.delivery, row);
    }
    let parcel = |one: Claimed| {
        let parts = parts.remove(&one.latest().id);
        let named = named.remove(&one.head.id);
        to_parcel(one, parts, named)
    };
    claimed.into_iter().map(parcel).collect()
}

impl Claimed {
    /// The message speaks of this one.
    fn latest(&self) -> &delivery::Model {
        self.folded.last().unwrap_or(&self.head)
    }
}

fn to_parcel(one: Claimed, parts: Option<Parts>, named: Option<Named>) -> Result<Parcel, StoreError> {
    const WHAT: &str = "delivery";
    let mut parts = parts.ok_or_else(|| StoreError::corrupt(WHAT, "its row is missing"))?;
    let channel: Channel = cell::named(WHAT, &one.head.channel)?;
    let to = named.and_then(|named| address(channel, &one.head.app_id, named));
    let latest = one.latest();
    let deliveries = std::iter::once(&one.head).chain(&one.folded).map(|row| row.id.into()).collect();
    Ok(Parcel {
        deliveries,
        person: one.head.person_id.into(),
        channel,
        app_id: one.head.app_id.clone(),
        to,
        kind: cell::named(WHAT, &one.head.kind)?,
        side: cell::named(WHAT, &one.head.side)?,
        importance: cell::named(WHAT, &one.head.importance)?,
        order: latest.order_id.map(Into::into),
        mediation: parts.mediation.map(Into::into),
        number: parts.known_number().unwrap_or_else(|| day_in_shanghai(latest.at).to_string()),
        service_name: parts.service_name.unwrap_or_default(),
        sealed: parts.sealed.unwrap_or_default(),
        partner_name: parts.partner_name,
        facts: latest.facts.clone().map(|facts| cell::from_json(WHAT, facts)).transpose()?,
        at: latest.at,
        attempts: cell::number(WHAT, one.head.attempts)?,
    })
}

fn address(channel: Channel, app_id: &str, named: Named) -> Option<Address> {
    let account = |openid| Address::Wechat(WechatAccount { app_id: app_id.to_owned(), openid });
    match channel {
        Channel::Subscribe => named.openid.map(account),
        Channel::ServiceAccount => named.follower.map(account),
        Channel::Wecom => named.user_id.map(Address::Wecom),
        Channel::Inbox | Channel::Call => None,
    }
}

/// By delivery.
pub(in crate::store) async fn parts_of(
    db: &impl ConnectionTrait,
    deliveries: &[Uuid],
) -> Result<HashMap<Uuid, Parts>, StoreError> {
    let mut found = HashMap::new();
    if deliveries.is_empty() {
        return Ok(found);
    }
    for row in &db.query_all(&parts(deliveries)).await.map_err(store_error)? {
        let row = Parts::from_query_result(row, "").map_err(store_error)?;
        found.insert(row.delivery, row);
    }
    Ok(found)
}

/// A digest has no order; its service is the community, which is known by the reader.
fn parts(deliveries: &[Uuid]) -> SelectStatement {
    let own = |column| Expr::col((delivery::Entity, column));
    let same_order = own(delivery::Column::OrderId).equals((order::Entity, order::Column::Id));
    let of_version = |theirs, orders| Expr::col((service_version::Entity, theirs)).equals((order::Entity, orders));
    let same_service = of_version(service_version::Column::PlaceId, order::Column::ServicePlaceId)
        .and(of_version(service_version::Column::Key, order::Column::ServiceKey))
        .and(of_version(service_version::Column::Version, order::Column::ServiceVersion));
    let same_partner = own(delivery::Column::AboutPartnerId).equals((partner::Entity, partner::Column::Id));
    Query::select()
        .expr_as(own(delivery::Column::Id), "delivery")
        .expr_as(Expr::col((order::Entity, order::Column::Number)), "number")
        .expr_as(Expr::col((service_version::Entity, service_version::Column::Name)), "service_name")
        .expr_as(Expr::col((order::Entity, order::Column::Sealed)), "sealed")
        .expr_as(Expr::col((partner::Entity, partner::Column::Name)), "partner_name")
        .expr_as(case_of_other_party(own(delivery::Column::OrderId), own(delivery::Column::PersonId)), "mediation")
        .from(delivery::Entity)
        .join(LeftJoin, order::Entity, same_order)
        .join(LeftJoin, service_version::Entity, same_service)
        .join(LeftJoin, partner::Entity, same_partner)
        .and_where(own(delivery::Column::Id).is_in(deliveries.iter().copied()))
        .take()
}

fn names(heads: &[Uuid], doors: &Doors, now: DateTime<Utc>) -> SelectStatement {
    let own = |column| Expr::col((delivery::Entity, column));
    let itself = own(delivery::Column::PersonId).equals((person::Entity, person::Column::Id));
    let is_called = own(delivery::Column::PersonId)
        .equals((identity::Entity, identity::Column::PersonId))
        .and(own(delivery::Column::AppId).equals((identity::Entity, identity::Column::AppId)));
    let service = doors.service_account.clone().unwrap_or_default();
    let follows = Expr::col((person::Entity, person::Column::Unionid))
        .equals((follower::Entity, follower::Column::Unionid))
        .and(Expr::col((follower::Entity, follower::Column::AppId)).eq(service));
    let is_member = own(delivery::Column::PersonId)
        .equals((wecom_member::Entity, wecom_member::Column::PersonId))
        .and(Expr::exists(works_now((person::Entity, person::Column::Id), now)));
    Query::select()
        .expr_as(own(delivery::Column::Id), "delivery")
        .expr_as(Expr::col((identity::Entity, identity::Column::Openid)), "openid")
        .expr_as(Expr::col((follower::Entity, follower::Column::Openid)), "follower")
        .expr_as(Expr::col((wecom_member::Entity, wecom_member::Column::UserId)), "user_id")
        .from(delivery::Entity)
        .join(InnerJoin, person::Entity, itself)
        .join(LeftJoin, identity::Entity, is_called)
        .join(LeftJoin, follower::Entity, follows)
        .join(LeftJoin, wecom_member::Entity, is_member)
        .and_where(own(delivery::Column::Id).is_in(heads.iter().copied()))
        .take()
}
