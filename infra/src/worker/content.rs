use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::ports::{Clock, ContentCheck, ContentStore, StoreError};
use domain::safety::{CheckState, NotChecked, Verdict, WaitingPhoto, WaitingWords, is_worth_asking_again};
use tokio_util::sync::CancellationToken;

use super::pause;

/// Texts or photos lent to one worker at a time.
const BATCH: u16 = 20;
/// A worker that died gives them back after this long.
const LEASE: TimeDelta = TimeDelta::minutes(5);
/// The first pause after a check that did not answer; each one after it is twice as long.
const FIRST_PAUSE: TimeDelta = TimeDelta::minutes(1);
/// WeChat's verdict on a photo comes within half an hour, or not at all.
const VERDICT_WITHIN: TimeDelta = TimeDelta::minutes(31);
/// After so many tries a person decides.
const MAX_TRIES: u32 = 6;
/// How often is looked for what is due.
const POLL: Duration = Duration::from_secs(2);

/// Has photos checked, and words that could not be checked when they came. Any number of these may run at once.
pub struct ContentWorker {
    pub store: Arc<dyn ContentStore>,
    pub check: Arc<dyn ContentCheck>,
    pub clock: Arc<dyn Clock>,
}

/// What becomes of something that was asked about.
enum Next {
    Settled(CheckState),
    AskAgain(DateTime<Utc>),
}

impl ContentWorker {
    /// Works until told to stop.
    pub async fn run(self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            match self.step().await {
                Ok(0) => pause(POLL, &stop).await,
                Ok(_) => {}
                Err(error) => {
                    tracing::warn!(error = &error as &dyn std::error::Error, "content.step failed");
                    pause(POLL, &stop).await;
                }
            }
        }
    }

    /// Asks about what is due; says how much that was. No database connection is held while WeChat is asked.
    pub async fn step(&self) -> Result<usize, StoreError> {
        let now = self.clock.now();
        let words = self.store.claim_words(now, now + LEASE, BATCH).await?;
        for some in &words {
            self.check_words(some).await?;
        }
        let photos = self.store.claim_photos(now, now + LEASE, BATCH).await?;
        for photo in &photos {
            self.check_photo(photo).await?;
        }
        Ok(words.len() + photos.len())
    }

    async fn check_words(&self, words: &WaitingWords) -> Result<(), StoreError> {
        let found = self.check.words(words.author, &words.text).await;
        let (state, again_at) = match self.next(found.map(verdict_on_words), words.tries) {
            Next::Settled(state) => (state, None),
            Next::AskAgain(at) => (CheckState::Waiting, Some(at)),
        };
        self.store.settle_words(words.order, words.seq, state, again_at).await
    }

    async fn check_photo(&self, photo: &WaitingPhoto) -> Result<(), StoreError> {
        let handed_over = if photo.tries > MAX_TRIES {
            // Handed over again and again, and never judged.
            Err(NotChecked::Inactive)
        } else {
            self.check.photo(photo.uploader, photo.id).await
        };
        match handed_over {
            Ok(trace) => self.store.photo_handed_over(photo.id, &trace, self.clock.now() + VERDICT_WITHIN).await,
            Err(why) => match self.next(Err(why), photo.tries) {
                Next::Settled(state) => self.store.settle_photo(photo.id, state, None).await,
                Next::AskAgain(at) => self.store.settle_photo(photo.id, CheckState::Waiting, Some(at)).await,
            },
        }
    }

    fn next(&self, found: Result<CheckState, NotChecked>, tries: u32) -> Next {
        match found {
            Ok(state) => Next::Settled(state),
            Err(why) if is_worth_asking_again(why) && tries < MAX_TRIES => {
                let pause = FIRST_PAUSE * 2i32.saturating_pow(tries.saturating_sub(1));
                Next::AskAgain(self.clock.now() + pause)
            }
            Err(why) => {
                let why: &'static str = why.into();
                metrics::counter!("hgj_content_left_to_people_total", "why" => why).increment(1);
                Next::Settled(CheckState::Review)
            }
        }
    }
}

/// What was taken in stays; what should not have been is for a person to decide.
fn verdict_on_words(verdict: Verdict) -> CheckState {
    match verdict {
        Verdict::Pass => CheckState::Passed,
        Verdict::Review | Verdict::Risky => CheckState::Review,
    }
}
