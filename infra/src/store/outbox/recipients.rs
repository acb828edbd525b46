//! Whom a notice is for.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, Func, Query, SelectStatement, UnionType};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use domain::ids::PersonId;
use domain::notice::NoticeKind;
use domain::people::Role;
use domain::ports::StoreError;

use crate::database::store_error;
use crate::entity::{former_self, membership, order, order_event, outbox, person};
use crate::store::mediations::case_of_other_party;

#[derive(FromQueryResult)]
struct Row {
    notice: Uuid,
    person: Uuid,
}

/// The recipients of each of these notices; one person once, even where several memberships lead to the same partner or
/// desk. Nobody is told what they did themselves, but that their own order has arrived.
pub(super) async fn of(
    db: &impl ConnectionTrait,
    notices: &[Uuid],
    now: DateTime<Utc>,
) -> Result<HashMap<Uuid, Vec<PersonId>>, StoreError> {
    let rows = db.query_all(&recipients(notices, now)).await.map_err(store_error)?;
    let mut found: HashMap<Uuid, Vec<PersonId>> = HashMap::new();
    for row in &rows {
        let Row { notice, person } = Row::from_query_result(row, "").map_err(store_error)?;
        found.entry(notice).or_default().push(person.into());
    }
    Ok(found)
}

fn recipients(notices: &[Uuid], now: DateTime<Utc>) -> SelectStatement {
    let to_person = || Expr::col((outbox::Entity, outbox::Column::ToPersonId));
    let now_is = Query::select()
        .column((former_self::Entity, former_self::Column::PersonId))
        .from(former_self::Entity)
        .and_where(Expr::col((former_self::Entity, former_self::Column::FormerId)).eq(to_person()))
        .take();
    // Whoever took the account over is told in its place.
    let addressee = Func::coalesce([Expr::SubQuery(None, Box::new(now_is.into())), to_person()]);
    let itself = Expr::col((person::Entity, person::Column::Id)).eq(addressee);
    let runs_still = || {
        let ends_at = || Expr::col((membership::Entity, membership::Column::EndsAt));
        ends_at().is_null().or(ends_at().gt(now))
    };
    let held = || Expr::col((membership::Entity, membership::Column::EndedAt)).is_null().and(runs_still());
    let is = |role: Role| Expr::col((membership::Entity, membership::Column::Role)).eq(<&str>::from(role));
    let staff = Expr::col((membership::Entity, membership::Column::PartnerId))
        .equals((outbox::Entity, outbox::Column::ToPartnerId))
        .and(is(Role::PartnerStaff))
        .and(held());
    let of_order = || Expr::col((outbox::Entity, outbox::Column::OrderId));
    let of_member = || Expr::col((membership::Entity, membership::Column::PersonId));
    // The secretary reads all matters and the digest, the clerk those that are not sealed; of the own quarrel nobody hears
    // at the desk.
    let is_open = Expr::col((order::Entity, order::Column::Sealed)).eq(false);
    let on_duty = Expr::col((membership::Entity, membership::Column::PlaceId))
        .equals((outbox::Entity, outbox::Column::ToDeskId))
        .and(is(Role::Secretary).or(is(Role::IntakeClerk).and(is_open)))
        .and(held())
        .and(Expr::exists(works_for_the_accused(now)).not())
        .and(case_of_other_party(of_order(), of_member()).is_null());
    let member =
        || Expr::col((person::Entity, person::Column::Id)).equals((membership::Entity, membership::Column::PersonId));

    let persons = among(notices).inner_join(person::Entity, itself).and_where(living()).take();
    let partners = among(notices)
        .inner_join(membership::Entity, staff)
        .inner_join(person::Entity, member())
        .and_where(living())
        .take();
    let desks = among(notices)
        .inner_join(membership::Entity, on_duty)
        .inner_join(person::Entity, member())
        .and_where(living())
        .take();
    persons.clone().union(UnionType::Distinct, partners).union(UnionType::Distinct, desks).take()
}

/// Notice and person, where both tables are joined.
fn among(notices: &[Uuid]) -> SelectStatement {
    use sea_orm::sea_query::JoinType::LeftJoin;
    let same =
        |theirs: (order_event::Entity, order_event::Column), ours| Expr::col(theirs).equals((outbox::Entity, ours));
    let same_order = Expr::col((order::Entity, order::Column::Id)).equals((outbox::Entity, outbox::Column::OrderId));
    let same_event = same((order_event::Entity, order_event::Column::OrderId), outbox::Column::OrderId)
        .and(same((order_event::Entity, order_event::Column::Seq), outbox::Column::Seq));
    let own_doing =
        Expr::col((order_event::Entity, order_event::Column::ById)).equals((person::Entity, person::Column::Id));
    // What the clock brings about was done by nobody.
    let by_nobody = [
        NoticeKind::Received,
        NoticeKind::SeatFree,
        NoticeKind::SeatNotFound,
        NoticeKind::SeatMoved,
        NoticeKind::NearDue,
        NoticeKind::Overdue,
        NoticeKind::CallNeeded,
        NoticeKind::Digest,
        // What is done in a mediation is told beside whatever happened to its order last.
        NoticeKind::Invited,
        NoticeKind::Meeting,
        NoticeKind::MeetingMoved,
        NoticeKind::ConfirmNeeded,
        NoticeKind::FollowUpDue,
        NoticeKind::MediationEnded,
    ];
    let by_nobody = Expr::col((outbox::Entity, outbox::Column::Kind)).is_in(by_nobody.map(<&str>::from));
    let event_by = Expr::col((order_event::Entity, order_event::Column::ById)).is_null();
    Query::select()
        .expr_as(Expr::col((outbox::Entity, outbox::Column::Id)), "notice")
        .expr_as(Expr::col((person::Entity, person::Column::Id)), "person")
        .from(outbox::Entity)
        .join(LeftJoin, order::Entity, same_order)
        .join(LeftJoin, order_event::Entity, same_event)
        .and_where(Expr::col((outbox::Entity, outbox::Column::Id)).is_in(notices.iter().copied()))
        .and_where(by_nobody.or(event_by).or(own_doing.not()))
        .take()
}

/// A closed account is told nothing more.
fn living() -> Expr {
    Expr::col((person::Entity, person::Column::ErasedAt)).is_null()
}

/// A complaint about a partner is not told to those who work there, whatever else they are.
fn works_for_the_accused(now: DateTime<Utc>) -> SelectStatement {
    let of = |column| Expr::col(("works", column));
    let runs_still = of(membership::Column::EndsAt).is_null().or(of(membership::Column::EndsAt).gt(now));
    Query::select()
        .expr(Expr::val(1))
        .from_as(membership::Entity, "works")
        .and_where(of(membership::Column::PersonId).equals((membership::Entity, membership::Column::PersonId)))
        .and_where(of(membership::Column::PartnerId).equals((order::Entity, order::Column::AboutPartnerId)))
        .and_where(of(membership::Column::EndedAt).is_null())
        .and_where(runs_still)
        .take()
}
