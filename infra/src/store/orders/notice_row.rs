use domain::notice::{Audience, Notice};
use domain::order::Event;

use crate::clock::uuid_at;
use crate::entity::outbox;

/// A notice of this event, due at once.
pub(super) fn row(event: &Event, notice: &Notice) -> outbox::Model {
    let (to_person_id, to_partner_id, to_desk_id) = match notice.audience {
        Audience::Person(person) => (Some(person.0), None, None),
        Audience::Partner(partner) => (None, Some(partner.0), None),
        Audience::Desk(community) => (None, None, Some(community.0)),
    };
    outbox::Model {
        id: uuid_at(event.at),
        order_id: event.order.0,
        seq: event.seq,
        kind: notice.kind.to_string(),
        to_person_id,
        to_partner_id,
        to_desk_id,
        about_partner_id: notice.partner.map(Into::into),
        at: event.at,
        due_at: event.at,
        attempts: 0,
    }
}
