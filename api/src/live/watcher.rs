use std::sync::Arc;
use std::time::Duration;

use actix_web::web::Data;
use chrono::{DateTime, Utc};
use domain::ids::{PersonId, SessionId};
use domain::ports::{Happened, Stretch};
use strum::IntoStaticStr;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::hub::BATCH;
use super::seats::Seat;
use super::viewer::Viewer;
use crate::app::App;
use crate::extract::Caller;
use crate::problem::Problem;
use crate::view::EventItem;

/// One person who watches, from a position on.
pub struct Watcher {
    app: Data<App>,
    person: PersonId,
    session: SessionId,
    expires_at: DateTime<Utc>,
    viewer: Viewer,
    stretches: broadcast::Receiver<Arc<Stretch>>,
    closing: CancellationToken,
    /// Everything up to here was shown, or is not for this person.
    position: i64,
    /// What lies after the position is read from the database, and not waited for.
    is_behind: bool,
    look_at: Instant,
    _seat: Seat,
}

/// What somebody who watches is told next.
pub enum Moment {
    /// At least one.
    Items(Vec<EventItem>),
    /// What was missed cannot be told one by one: the lists are to be read anew.
    Reset,
    /// Nothing, but everybody is still there.
    Beat,
    Bye(Bye),
}

/// Why nothing more comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Bye {
    TokenExpired,
    /// The session was closed, here or elsewhere.
    SignedOut,
    ServerStopping,
}

impl Watcher {
    /// From after this position; from now on where it is left out.
    pub async fn sit_down(app: &Data<App>, caller: &Caller, after: Option<i64>) -> Result<Self, Problem> {
        let seat = app.hub.take_seat(caller.person.id)?;
        // Before the head is read: what comes after it is not missed.
        let stretches = app.hub.stretches();
        let position = match after {
            Some(after) => after,
            None => app.stores.feed.extent().await?.head,
        };
        let mut watcher = Self {
            app: app.clone(),
            person: caller.person.id,
            session: caller.session,
            expires_at: caller.expires_at,
            viewer: Viewer::of(&caller.actor),
            stretches,
            closing: app.hub.closing(),
            position,
            is_behind: after.is_some(),
            look_at: Instant::now(),
            _seat: seat,
        };
        watcher.put_off();
        Ok(watcher)
    }

    pub fn position(&self) -> i64 {
        self.position
    }

    /// Waits until there is something to tell. Nothing is lost where nobody waits any more.
    pub async fn next(&mut self) -> Result<Moment, Problem> {
        loop {
            if let Some(known) = self.catch_up().await? {
                return Ok(known);
            }
            let heard = tokio::select! {
                biased;
                () = self.closing.cancelled() => return Ok(Moment::Bye(Bye::ServerStopping)),
                () = tokio::time::sleep_until(self.look_at) => return self.look().await,
                heard = self.stretches.recv() => heard,
            };
            match heard {
                // What lies between was not handed to us.
                Ok(stretch) if stretch.after > self.position => self.is_behind = true,
                Ok(stretch) => {
                    if let Some(moment) = self.pass(&stretch) {
                        return Ok(moment);
                    }
                }
                Err(RecvError::Lagged(_)) => self.is_behind = true,
                Err(RecvError::Closed) => return Ok(Moment::Bye(Bye::ServerStopping)),
            }
        }
    }

    /// Reads what this one has not been handed; `None` where nothing of it is to be told.
    pub async fn catch_up(&mut self) -> Result<Option<Moment>, Problem> {
        while self.is_behind {
            if self.closing.is_cancelled() {
                return Ok(Some(Moment::Bye(Bye::ServerStopping)));
            }
            if Instant::now() >= self.look_at {
                return self.look().await.map(Some);
            }
            let feed = &self.app.stores.feed;
            let stretch = feed.since(self.position, BATCH).await?;
            let extent = feed.extent().await?;
            if !extent.leads_on_from(self.position) {
                (self.position, self.is_behind) = (extent.head, false);
                return Ok(Some(Moment::Reset));
            }
            self.is_behind = stretch.goes_on;
            if let Some(moment) = self.pass(&stretch) {
                return Ok(Some(moment));
            }
        }
        Ok(None)
    }

    /// Goes past the stretch; what of it is to be told.
    fn pass(&mut self, stretch: &Stretch) -> Option<Moment> {
        if stretch.until <= self.position {
            return None;
        }
        let is_new = |happened: &&Happened| happened.position > self.position;
        let shown = |happened| self.viewer.shown(happened);
        let items: Vec<_> = stretch.items.iter().filter(is_new).filter_map(shown).collect();
        if !items.is_empty() && self.has_expired() {
            return Some(Moment::Bye(Bye::TokenExpired));
        }
        self.position = stretch.until;
        (!items.is_empty()).then_some(Moment::Items(items))
    }

    /// Whether the session still stands, and what its person may see now.
    async fn look(&mut self) -> Result<Moment, Problem> {
        if self.has_expired() {
            return Ok(Moment::Bye(Bye::TokenExpired));
        }
        let found = self.app.stores.people.find_by_session(self.session, self.app.clock.now()).await?;
        let Some(found) = found.filter(|found| found.person.id == self.person) else {
            return Ok(Moment::Bye(Bye::SignedOut));
        };
        self.viewer = Viewer::of(&found.person.actor(self.app.names.book().await?.tree()));
        self.put_off();
        Ok(Moment::Beat)
    }

    fn has_expired(&self) -> bool {
        self.app.clock.now() >= self.expires_at
    }

    /// The next look: at the next heartbeat, or when the token expires.
    fn put_off(&mut self) {
        let left = (self.expires_at - self.app.clock.now()).to_std().unwrap_or_default();
        let heartbeat = Duration::from_secs(self.app.limits.heartbeat_seconds.into());
        self.look_at = Instant::now() + heartbeat.min(left);
    }
}
