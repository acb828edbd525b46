use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement, SimpleExpr};
use sea_orm::{ColumnTrait, Condition};
use strum::IntoEnumIterator;

use domain::ids::{PartnerId, PersonId};
use domain::order::DispatchStatus;
use domain::people::{Area, Sight};

use crate::entity::{dispatch, order};
use crate::store::mediations::orders_of_other_parties;

/// The part of a WHERE that keeps an order from those who may not see it.
pub(in crate::store) fn in_sight(sight: &Sight) -> Condition {
    let mut any = is_for(&sight.persons);
    if !sight.area.is_empty() {
        any = any.add(in_area(&sight.area));
    }
    if !sight.mediates_in.is_empty() {
        any = any.add(is_entrusted_to(sight).add(is_no_quarrel_of(&sight.persons)));
    }
    if !sight.partners.is_empty() {
        any = any.add(Expr::exists(live_dispatch_here(&sight.partners)));
    }
    any
}

/// One of the accounts was appointed to mediate, and may do so there.
fn is_entrusted_to(sight: &Sight) -> Condition {
    Condition::all()
        .add(order::Column::MediatorId.is_in(sight.persons.iter().map(|person| person.0)))
        .add(order::Column::CommunityId.is_in(sight.mediates_in.iter().map(|id| id.0)))
}

/// Whoever is another party of an order's mediation than whoever asked for it is a stranger to the order. Asked once for the
/// whole statement.
fn is_no_quarrel_of(persons: &[PersonId]) -> SimpleExpr {
    order::Column::Id.not_in_subquery(orders_of_other_parties(persons))
}

/// Placed by one of these accounts or for one of them.
pub(super) fn is_for(persons: &[PersonId]) -> Condition {
    let ids = || persons.iter().map(|person| person.0);
    Condition::any().add(order::Column::RequesterId.is_in(ids())).add(order::Column::BeneficiaryId.is_in(ids()))
}

/// What lies in the area; nothing in an empty one.
pub(in crate::store) fn in_area(area: &Area) -> Condition {
    let mut any = Condition::any();
    if !area.sealed.is_empty() {
        let here = order::Column::CommunityId.is_in(area.sealed.iter().map(|id| id.0));
        any = any.add(Condition::all().add(here).add(is_no_quarrel_of(&area.parties)));
    }
    let open = |reached: SimpleExpr| Condition::all().add(order::Column::Sealed.eq(false)).add(reached);
    if area.everywhere {
        any = any.add(order::Column::Sealed.eq(false));
    } else {
        if !area.communities.is_empty() {
            any = any.add(open(order::Column::CommunityId.is_in(area.communities.iter().map(|id| id.0))));
        }
        if !area.compounds.is_empty() {
            any = any.add(open(order::Column::CompoundId.is_in(area.compounds.iter().map(|id| id.0))));
        }
        if !area.grids.is_empty() {
            any = any.add(open(order::Column::GridId.is_in(area.grids.iter().map(|id| id.0))));
        }
    }
    if any.is_empty() {
        // An empty OR is true in SQL's eyes.
        return any.add(Expr::val(1).eq(0));
    }
    if area.accused.is_empty() {
        return any;
    }
    let about = order::Column::AboutPartnerId;
    let about_others = about.is_null().or(about.is_not_in(area.accused.iter().map(|id| id.0)));
    Condition::all().add(any).add(about_others)
}

/// A dispatch of the order's present round to one of these partners that was neither returned nor recalled, where
/// both tables are joined.
pub(super) fn is_live_at(partners: &[PartnerId]) -> Condition {
    Condition::all()
        .add(dispatch::Column::PartnerId.is_in(partners.iter().map(|id| id.0)))
        .add(dispatch::Column::Status.is_in(live_names()))
        .add(
            Expr::col((dispatch::Entity, dispatch::Column::Round)).eq(Expr::col((order::Entity, order::Column::Round))),
        )
}

/// The same as a subquery, where the table of orders stands outside.
fn live_dispatch_here(partners: &[PartnerId]) -> SelectStatement {
    // Under a name of its own: the query around it may join the same table.
    Query::select()
        .expr(Expr::val(1))
        .from_as(dispatch::Entity, "held")
        .and_where(Expr::col(("held", dispatch::Column::OrderId)).eq(Expr::col((order::Entity, order::Column::Id))))
        .and_where(Expr::col(("held", dispatch::Column::PartnerId)).is_in(partners.iter().map(|id| id.0)))
        .and_where(Expr::col(("held", dispatch::Column::Status)).is_in(live_names()))
        .and_where(Expr::col(("held", dispatch::Column::Round)).eq(Expr::col((order::Entity, order::Column::Round))))
        .take()
}

fn live_names() -> impl Iterator<Item = &'static str> {
    DispatchStatus::iter().filter(|status| status.is_live()).map(<&str>::from)
}
