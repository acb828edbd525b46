use anyhow::bail;
use chrono::{DateTime, FixedOffset};
use clap::Args;
use domain::ids::{DeliveryId, OrderId};
use domain::notice::{Channel, DeliveryState, Outcome};
use domain::ports::{Clock, DeliveryLine, DeliveryQuery, Requeue, Slice};
use infra::clock::SystemClock;
use uuid::Uuid;

use super::Desk;
use crate::view::local;

#[derive(Debug, Args)]
pub struct Options {
    /// queued, sending, delivered, unconfirmed, undelivered, no_right, refused, invalid_recipient, rejected_content, operator_needed,
    /// gave_up, expired
    #[arg(long)]
    state: Option<DeliveryState>,
    /// inbox, subscribe, service_account, wecom, call
    #[arg(long)]
    channel: Option<Channel>,
    /// The id of the order
    #[arg(long)]
    order: Option<Uuid>,
    /// How many are listed, newest first
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..=1000))]
    limit: u16,
    /// Send this one again, by its id
    #[arg(long, value_name = "ID", conflicts_with_all = ["state", "channel", "order", "requeue_all"])]
    requeue: Option<Uuid>,
    /// Send all again that ended so and reached nobody; needs --since
    #[arg(long, value_name = "STATE", requires = "since", conflicts_with_all = ["state", "channel", "order"])]
    requeue_all: Option<Outcome>,
    /// At or after this instant: 2026-11-23T08:00:00+08:00
    #[arg(long, requires = "requeue_all")]
    since: Option<DateTime<FixedOffset>>,
}

pub(super) async fn deliveries(desk: &Desk, options: &Options) -> anyhow::Result<()> {
    match (options.requeue, options.requeue_all, options.since) {
        (Some(id), ..) => requeue_one(desk, DeliveryId(id)).await,
        (None, Some(outcome), Some(since)) => requeue_all(desk, outcome, since).await,
        (None, Some(_), None) | (None, None, _) => list(desk, options).await,
    }
}

async fn list(desk: &Desk, options: &Options) -> anyhow::Result<()> {
    let query = DeliveryQuery { state: options.state, channel: options.channel, order: options.order.map(OrderId) };
    let slice = Slice { before: None, limit: options.limit };
    let lines = desk.storage.stores.deliveries.list(&query, slice).await?;
    print!("{}", table(&lines));
    Ok(())
}

async fn requeue_one(desk: &Desk, id: DeliveryId) -> anyhow::Result<()> {
    let requeued = desk.storage.stores.deliveries.requeue(&Requeue::One(id), SystemClock.now()).await?;
    if requeued == 0 {
        match desk.storage.stores.deliveries.find(id).await? {
            None => bail!("there is no such delivery"),
            Some(line) if line.waits_to_be_sent() => {}
            Some(line) => bail!("it is {} and cannot be sent again, or another way reached the person", line.state),
        }
    }
    desk.note("admin_requeue_delivery", Some(id.0)).await?;
    println!("queued again; a running worker sends it within a second, or in the morning");
    Ok(())
}

async fn requeue_all(desk: &Desk, outcome: Outcome, since: DateTime<FixedOffset>) -> anyhow::Result<()> {
    if !outcome.may_be_sent_again() {
        bail!("what is {outcome} may have arrived, or is not true any more: send each again by its id");
    }
    let ended = Requeue::Ended { outcome, since: since.to_utc() };
    let requeued = desk.storage.stores.deliveries.requeue(&ended, SystemClock.now()).await?;
    desk.note("admin_requeue_deliveries", None).await?;
    println!("{requeued} queued again");
    Ok(())
}

fn table(lines: &[DeliveryLine]) -> String {
    let head = format!(
        "{:36}  {:16}  {:15} {:8} {:15} {:17} {:>6} {:>5}  {}\n",
        "id", "at", "kind", "side", "channel", "state", "code", "tries", "order"
    );
    let line = |line: &DeliveryLine| {
        let (id, at) = (line.id.to_string(), local(line.at).format("%Y-%m-%d %H:%M").to_string());
        let (kind, side, channel) = (line.kind.to_string(), line.side.to_string(), line.channel.to_string());
        let (state, code) = (line.state.name(), line.code.map(|code| code.to_string()).unwrap_or_default());
        let (tries, order) = (line.attempts, line.order.map(|order| order.to_string()).unwrap_or_default());
        format!("{id:36}  {at:16}  {kind:15} {side:8} {channel:15} {state:17} {code:>6} {tries:>5}  {order}\n")
    };
    std::iter::once(head).chain(lines.iter().map(line)).collect()
}
