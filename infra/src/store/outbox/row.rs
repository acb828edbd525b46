//! What waits to be passed on, as rows.

use chrono::{DateTime, Utc};

use domain::ids::CommunityId;
use domain::notice::{Audience, Importance, Notice};
use domain::order::{Event, Order};
use domain::ports::{Change, StoreError};

use crate::clock::uuid_at;
use crate::entity::outbox;
use crate::store::cell;

/// What one change passes on: itself, to those who watch, and its notices.
pub(in crate::store) fn of_change(change: &Change) -> Result<Vec<outbox::Model>, StoreError> {
    let (order, event) = (&change.next, &change.chained.event);
    let seen = (!change.quiet).then(|| changed(order, event));
    let told = change.notices.iter().map(|notice| of_notice(order, notice, event.at));
    seen.into_iter().map(Ok).chain(told).collect()
}

/// A notice about the order as it stands.
pub(in crate::store) fn of_notice(
    order: &Order,
    notice: &Notice,
    at: DateTime<Utc>,
) -> Result<outbox::Model, StoreError> {
    let about = outbox::Model { order_id: Some(order.id.0), seq: Some(order.version), ..blank(order.community, at) };
    tell(about, notice)
}

/// A notice about no order.
pub(in crate::store) fn of_community(
    community: CommunityId,
    notice: &Notice,
    at: DateTime<Utc>,
) -> Result<outbox::Model, StoreError> {
    tell(blank(community, at), notice)
}

fn changed(order: &Order, event: &Event) -> outbox::Model {
    let dispatch = event.what.dispatch();
    let partner = dispatch.and_then(|id| order.dispatch(id)).map(|dispatch| dispatch.partner.0);
    outbox::Model {
        order_id: Some(order.id.0),
        seq: Some(event.seq),
        dispatch_id: dispatch.map(Into::into),
        about_partner_id: partner,
        ..blank(order.community, event.at)
    }
}

fn tell(about: outbox::Model, notice: &Notice) -> Result<outbox::Model, StoreError> {
    let (to_person_id, to_partner_id, to_desk_id) = match notice.audience {
        Audience::Person(person) => (Some(person.0), None, None),
        Audience::Partner(partner) => (None, Some(partner.0), None),
        Audience::Desk(community) => (None, None, Some(community.0)),
    };
    Ok(outbox::Model {
        kind: notice.kind.to_string(),
        importance: notice.importance.to_string(),
        to_person_id,
        to_partner_id,
        to_desk_id,
        about_partner_id: notice.partner.map(Into::into),
        facts: notice.facts.as_ref().map(|facts| cell::to_json("notice", facts)).transpose()?,
        ..about
    })
}

/// Due at once, for nobody.
fn blank(community: CommunityId, at: DateTime<Utc>) -> outbox::Model {
    outbox::Model {
        id: uuid_at(at),
        order_id: None,
        seq: None,
        community_id: community.0,
        kind: super::CHANGED.to_owned(),
        importance: Importance::Quiet.to_string(),
        to_person_id: None,
        to_partner_id: None,
        to_desk_id: None,
        about_partner_id: None,
        dispatch_id: None,
        facts: None,
        at,
        due_at: at,
    }
}
