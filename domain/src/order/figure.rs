//! The figures that communities publish (办实事、帮办、化解纠纷、义务维修): what each move adds to them. Rows of counts are kept with
//! the moves; nobody counts orders when somebody asks.

use chrono::{DateTime, NaiveDate, Utc};

use crate::deadline::day_in_shanghai;
use crate::ids::{CommunityId, PlaceId};
use crate::order::{Event, Happening, Order, month_of};
use crate::service::Figure;

/// What one move adds to one figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FigureCount {
    pub community: CommunityId,
    pub figure: Figure,
    /// In Shanghai. Of sealed matters the first day of the month: nobody shall read on which day neighbours made peace.
    pub day: NaiveDate,
    pub service_key: String,
    /// Where it was; nothing of sealed matters, whose compound is nobody's business.
    pub compound: Option<PlaceId>,
    /// 1, or -1 where what was counted is open again.
    pub more: i64,
}

/// What `event` adds; `before` is the order as it stood before it.
///
/// A matter counts on the day on which it was resolved, and no longer when it is reopened. A quarrel for which a mediator was
/// appointed counts when its case ends settled, which the order does not know: see [`settled`].
pub fn figures(before: &Order, event: &Event) -> Option<FigureCount> {
    if before.is_mediated() {
        return None;
    }
    let (at, more) = match &event.what {
        Happening::Resolved { .. } => (event.at, 1),
        Happening::Reopened { .. } => (before.resolution()?.at, -1),
        Happening::Submitted { .. }
        | Happening::Accepted { .. }
        | Happening::Refused { .. }
        | Happening::Withdrawn { .. }
        | Happening::Merged { .. }
        | Happening::Absorbed { .. }
        | Happening::Checked { .. }
        | Happening::Located { .. }
        | Happening::Quoted { .. }
        | Happening::QuoteAnswered { .. }
        | Happening::Dispatched { .. }
        | Happening::Signed { .. }
        | Happening::Returned { .. }
        | Happening::Visited { .. }
        | Happening::Completed { .. }
        | Happening::Recalled { .. }
        | Happening::Reworked { .. }
        | Happening::Rated { .. }
        | Happening::Urged
        | Happening::Commented { .. }
        | Happening::Unshared
        | Happening::Mediated { .. } => return None,
    };
    count(before, at, more)
}

/// The quarrel that the order brought was settled.
pub fn settled(order: &Order, at: DateTime<Utc>) -> Option<FigureCount> {
    count(order, at, 1)
}

fn count(order: &Order, at: DateTime<Utc>, more: i64) -> Option<FigureCount> {
    let compound = order.content.place.as_ref().and_then(|place| place.compound_id);
    let (day, compound) = if order.sealed { (month_of(at), None) } else { (day_in_shanghai(at), compound) };
    let (community, service_key) = (order.community, order.service_key.clone());
    Some(FigureCount { community, figure: order.terms.figure?, day, service_key, compound, more })
}
