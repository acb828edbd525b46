use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::DeliveryId;
use domain::notice::{Importance, MAX_ATTEMPTS, Outcome, after_quiet_hours, next_try};
use domain::ports::{
    Clock, DeliveryStore, Doors, Fate, Messenger, OpenCircuit, Parcel, Prepared, Settled, StoreError, TellError,
    Throttle,
};
use futures_util::StreamExt;
use futures_util::stream::FuturesOrdered;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::pause;

/// Messages lent to one worker at a time, all of them under way together.
const WAVE: u16 = 32;
/// A worker that died gives its messages back after this long: a wave with the slowest WeChat, and a database that is away
/// for a moment.
const LEASE: TimeDelta = TimeDelta::minutes(2);
/// How often is looked for what is due when nobody woke the sender.
const POLL: Duration = Duration::from_secs(1);
/// What comes within so long after a wave is sent together.
const GATHER: Duration = Duration::from_millis(50);
/// Pause before the end of a message is recorded again.
const RECORD_AGAIN: Duration = Duration::from_millis(500);

/// Sends messages and records what became of them. Any number of these may run at once.
pub struct Sender {
    pub store: Arc<dyn DeliveryStore>,
    pub messenger: Arc<dyn Messenger>,
    pub throttle: Arc<dyn Throttle>,
    pub doors: Arc<Doors>,
    pub clock: Arc<dyn Clock>,
    /// Rung where there is something to send.
    pub wake: Arc<Notify>,
    /// Rung where an end leads to new notices.
    pub relay: Arc<Notify>,
}

impl Sender {
    /// Works until told to stop, and then finishes what it holds.
    pub async fn run(self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            match self.step().await {
                Ok(0) => self.rest(&stop).await,
                Ok(sent) if sent >= usize::from(WAVE) => {}
                Ok(_) => pause(GATHER, &stop).await,
                Err(error) => {
                    tracing::warn!(error = &error as &dyn std::error::Error, "sender.step failed");
                    self.rest(&stop).await;
                }
            }
        }
    }

    async fn rest(&self, stop: &CancellationToken) {
        tokio::select! {
            () = stop.cancelled() => {}
            () = self.wake.notified() => {}
            () = tokio::time::sleep(POLL) => {}
        }
    }

    /// Sends a wave of what is due; says how many messages that were. No database connection is held while a channel is
    /// asked.
    pub async fn step(&self) -> Result<usize, StoreError> {
        let now = self.clock.now();
        let lease_until = now + LEASE;
        let parcels = self.store.claim(&self.doors, now, lease_until, WAVE).await?;
        let count = parcels.len();
        if count == 0 {
            return Ok(0);
        }
        let closed = self.store.circuits().await?;
        let (ready, failed) = self.prepare(parcels, &closed).await;
        if !failed.is_empty() {
            self.record(&failed, lease_until).await?;
        }
        let ready = self.begin(ready, lease_until).await?;
        // As tasks of their own: one that is not looked at while an end is recorded must not keep what the record needs.
        let mut under_way: JoinSet<(Parcel, Result<Option<String>, TellError>)> = ready
            .into_iter()
            .map(|(parcel, message)| async move {
                let told = message.send().await;
                (parcel, told)
            })
            .collect();
        while let Some(first) = under_way.join_next().await {
            let mut ended = Vec::new();
            // Ends that came together are recorded together.
            for told in std::iter::once(first).chain(std::iter::from_fn(|| under_way.try_join_next())) {
                match told {
                    Ok((parcel, told)) => ended.push(self.end(&parcel, told, &closed).await),
                    Err(error) => tracing::error!(%error, "a message was not sent to its end; the sweep ends it"),
                }
            }
            self.record(&ended, lease_until).await?;
        }
        Ok(count)
    }

    /// Those that are ours to send. Where preparing took longer than the lease, the sweep gave them to somebody else.
    async fn begin(
        &self,
        ready: Vec<(Parcel, Box<dyn Prepared>)>,
        lease_until: DateTime<Utc>,
    ) -> Result<Vec<(Parcel, Box<dyn Prepared>)>, StoreError> {
        let ids: Vec<DeliveryId> = ready.iter().flat_map(|(parcel, _)| parcel.deliveries.iter().copied()).collect();
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let begun = self.store.begin(&ids, lease_until, self.clock.now()).await?;
        let ours = ready.into_iter().filter_map(|(mut parcel, message)| {
            parcel.deliveries.retain(|id| begun.contains(id));
            (!parcel.deliveries.is_empty()).then_some((parcel, message))
        });
        Ok(ours.collect())
    }

    /// What can be sent, and what became of the rest.
    async fn prepare(
        &self,
        parcels: Vec<Parcel>,
        closed: &[OpenCircuit],
    ) -> (Vec<(Parcel, Box<dyn Prepared>)>, Vec<Settled>) {
        let (mut ready, mut failed) = (Vec::new(), Vec::new());
        let mut prepared: FuturesOrdered<_> = parcels.iter().map(|parcel| self.prepare_one(parcel)).collect();
        let mut messages = Vec::with_capacity(parcels.len());
        while let Some(message) = prepared.next().await {
            messages.push(message);
        }
        drop(prepared);
        for (parcel, message) in parcels.into_iter().zip(messages) {
            match message {
                Ok(message) => ready.push((parcel, message)),
                Err(error) => failed.push(self.end(&parcel, Err(error), closed).await),
            }
        }
        (ready, failed)
    }

    async fn prepare_one(&self, parcel: &Parcel) -> Result<Box<dyn Prepared>, TellError> {
        if parcel.to.is_none() {
            return Err(TellError::Ends(Outcome::InvalidRecipient, None));
        }
        let message = self.messenger.prepare(parcel).await?;
        match self.throttle.not_before(parcel.channel, &parcel.app_id).await {
            Some(at) => Err(TellError::NotBefore(at, None)),
            None => Ok(message),
        }
    }

    /// What a try means for the delivery, and for the channel.
    async fn end(&self, parcel: &Parcel, told: Result<Option<String>, TellError>, closed: &[OpenCircuit]) -> Settled {
        let now = self.clock.now();
        let ended = |outcome, code, message| Fate::Ended { outcome, code, message };
        let fate = match told {
            Ok(message) => {
                self.close_circuit(parcel, closed).await;
                ended(Outcome::Delivered, None, message)
            }
            Err(TellError::Ends(outcome, code)) => ended(outcome, code, None),
            Err(TellError::TryLater(code)) if parcel.attempts >= MAX_ATTEMPTS => ended(Outcome::GaveUp, code, None),
            Err(TellError::TryLater(code)) => Fate::Again { at: self.next_try(parcel, now), code, counts: true },
            Err(TellError::NotBefore(at, code)) => {
                Fate::Again { at: after_quiet_hours(parcel.importance, at), code, counts: false }
            }
            Err(TellError::Closed(until, code)) => {
                self.open_circuit(parcel, until, code, now).await;
                // Somebody in danger does not wait for the operator.
                if parcel.importance == Importance::Urgent {
                    Fate::Detour { at: until, code }
                } else {
                    Fate::Again { at: after_quiet_hours(parcel.importance, until), code, counts: false }
                }
            }
        };
        note(parcel, &fate, now);
        Settled { deliveries: parcel.deliveries.clone(), fate }
    }

    fn next_try(&self, parcel: &Parcel, now: DateTime<Utc>) -> DateTime<Utc> {
        let first = parcel.deliveries.first().copied();
        first.map_or(now, |id| next_try(parcel.attempts, id, parcel.importance, now))
    }

    async fn open_circuit(&self, parcel: &Parcel, until: DateTime<Utc>, code: Option<i64>, now: DateTime<Utc>) {
        let (channel, app_id) = (parcel.channel, parcel.app_id.clone());
        tracing::error!(%channel, app_id, ?code, %until, "the channel takes nothing: somebody must look at its console");
        let circuit = OpenCircuit { channel, app_id, code, since: now, until };
        if let Err(error) = self.store.open_circuit(&circuit).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "circuit.open was not noted");
        }
    }

    /// Something passes again.
    async fn close_circuit(&self, parcel: &Parcel, closed: &[OpenCircuit]) {
        let is_its_own = |circuit: &OpenCircuit| circuit.channel == parcel.channel && circuit.app_id == parcel.app_id;
        if closed.iter().any(is_its_own)
            && let Err(error) = self.store.close_circuit(parcel.channel, &parcel.app_id).await
        {
            tracing::warn!(error = &error as &dyn std::error::Error, "circuit.close was not noted");
        }
    }

    /// Again and again while the lease lasts: what arrived shall not be taken for what may have arrived.
    async fn record(&self, settled: &[Settled], lease_until: DateTime<Utc>) -> Result<(), StoreError> {
        loop {
            match self.store.settle(settled, &self.doors, self.clock.now()).await {
                Ok(()) => break,
                Err(error) if self.clock.now() >= lease_until => return Err(error),
                Err(error) => {
                    tracing::warn!(error = &error as &dyn std::error::Error, "deliveries.settle failed; trying again");
                    tokio::time::sleep(RECORD_AGAIN).await;
                }
            }
        }
        let climbs = settled.iter().any(|one| match one.fate {
            Fate::Ended { outcome, .. } => !outcome.is_reached(),
            Fate::Detour { .. } => true,
            Fate::Again { .. } => false,
        });
        if climbs {
            self.relay.notify_one();
        }
        Ok(())
    }
}

fn note(parcel: &Parcel, fate: &Fate, now: DateTime<Utc>) {
    let Fate::Ended { outcome, .. } = fate else { return };
    let (kind, channel, outcome): (&str, &str, &str) = (parcel.kind.into(), parcel.channel.into(), outcome.into());
    let deliveries = u64::try_from(parcel.deliveries.len()).unwrap_or(u64::MAX);
    metrics::counter!("hgj_deliveries_total", "kind" => kind.to_owned(), "channel" => channel.to_owned(), "outcome" => outcome.to_owned())
        .increment(deliveries);
    if outcome == <&str>::from(Outcome::Delivered) {
        let importance: &str = parcel.importance.into();
        metrics::histogram!("hgj_notice_to_phone_seconds", "importance" => importance.to_owned())
            .record((now - parcel.at).as_seconds_f64().max(0.0));
    }
}
