use std::sync::Arc;
use std::time::Duration;

use domain::ports::{AnswerStore, Clock, PeopleStore};
use domain::retention::{Keeper, KeeperError, Kind};
use tokio_util::sync::CancellationToken;

const EVERY: Duration = Duration::from_secs(600);

/// Removes what nobody needs any more: photos never attached, old answers, expired tokens at once, everything else whose
/// time is over once a day. Finishes erasures that were interrupted.
pub struct Housekeeping {
    pub answers: Arc<dyn AnswerStore>,
    pub people: Arc<dyn PeopleStore>,
    pub keeper: Keeper,
    pub clock: Arc<dyn Clock>,
}

impl Housekeeping {
    /// Works until told to stop.
    pub async fn run(self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            if let Err(error) = self.step().await {
                tracing::warn!(error = &error as &dyn std::error::Error, "housekeeping failed");
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(EVERY) => {}
            }
        }
    }

    /// Each part is tried, whatever became of the ones before it.
    pub async fn step(&self) -> Result<(), KeeperError> {
        let ends = |kind| self.keeper.periods.ends(kind, self.clock.now());
        let erasures = self.keeper.eraser.go_on().await;
        let photos = self.keeper.remove_photos(ends(Kind::UnattachedPhotos)).await;
        let answers = self.answers.sweep_answers(ends(Kind::Answers)).await;
        let tokens = self.people.sweep_tokens(ends(Kind::RefreshTokens)).await;
        let runs = self.keeper.run_daily().await;
        let (erasures, photos, answers, tokens) = (erasures?, photos?, answers?, tokens?);
        if erasures + photos + answers + tokens > 0 {
            tracing::info!(erasures, photos, answers, tokens, "housekeeping removed what nobody needs");
        }
        for run in runs?.iter().filter(|run| run.rows > 0) {
            tracing::info!(kind = %run.kind, rows = run.rows, "retention removed what is past its time");
        }
        Ok(())
    }
}
