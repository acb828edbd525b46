use chrono::TimeDelta;

use domain::ports::{Change, Commit};
use domain::retention::{Keeper, Kind, Periods};

use crate::bed::Bed;
use crate::erasures::eraser;
use crate::story::{Story, minutes, noon};

/// More than the keeper looks at in one go.
const UNREADABLE: i64 = 101;

pub async fn unreadable_orders_keep_nothing_else(bed: &Bed) {
    let story = Story::begin(bed).await;
    let orders: Vec<Change> = (0..=UNREADABLE).map(|n| story.submission(minutes(n))).collect();
    assert_eq!(bed.stores.orders.commit(&orders, None).await.expect("an end"), Commit::Done);
    let newest = orders.last().expect("an order").next.number.clone();
    bed.tamper("UPDATE orders SET status = 'withdrawn'").await;
    let newest_id = format!("(SELECT id FROM orders WHERE number = '{newest}')");
    bed.tamper(&format!("UPDATE order_events SET body = salt WHERE order_id <> {newest_id}")).await;

    let keeper = |days| Keeper {
        periods: Periods::default(),
        store: bed.stores.retention.clone(),
        attachments: bed.stores.attachments.clone(),
        eraser: eraser(bed, noon() + TimeDelta::days(days)),
    };
    assert!(keeper(4 * 365).run(false).await.is_err(), "it is told");
    assert_eq!(bed.texts("SELECT number FROM orders WHERE erased_at IS NOT NULL").await, [newest]);
    let noted = |kind: Kind| format!("SELECT CAST(rows AS TEXT) FROM retention_runs WHERE kind = '{kind}'");
    assert_eq!(bed.texts(&noted(Kind::ClosedOrders)).await, ["1"]);
    assert_eq!(bed.texts(&noted(Kind::AuditLog)).await, ["0"], "the kinds after it had their turn");
    assert!(keeper(4 * 365 + 1).run(false).await.is_err(), "it ends again");
    assert_eq!(bed.texts(&noted(Kind::AuditLog)).await, ["0", "0"]);
}
