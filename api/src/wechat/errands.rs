use std::time::Duration;

use actix_web::web::Data;
use domain::audit::{DONE, Entry};
use domain::erasure::ErasureError;
use domain::ports::StoreError;
use domain::wechat::{Forgetting, Stranger};
use tokio_util::sync::CancellationToken;
use wechat_adapter::{ErrorClass, WechatError};

use super::MiniProgramOfOurs;
use crate::app::App;

const EVERY: Duration = Duration::from_secs(60);
const BATCH: u16 = 50;

/// What is left to do after WeChat told us something is done at once, and by this where it was interrupted. Works until told
/// to stop.
pub async fn run_errands(app: Data<App>, stop: CancellationToken) {
    for program in &app.apps.programs {
        if app.reader.is_some() && program.door.is_none() {
            let app_id = &program.app_id;
            tracing::warn!(app_id, "photos are checked and no verdict can come: set the callback of this mini-program");
        }
        say_what_does_not_fit(program).await;
    }
    while !stop.is_cancelled() {
        app.run_errands().await;
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}

impl App {
    /// Each part is tried, whatever became of the other.
    pub async fn run_errands(&self) {
        let _turn = self.errands.lock().await;
        if let Err(error) = self.forget_what_was_taken_back().await {
            tracing::warn!(error = &error as &dyn std::error::Error, "what was taken back is not gone yet");
        }
        if let Err(error) = self.get_to_know_followers().await {
            tracing::warn!(error = &error as &dyn std::error::Error, "followers were not asked about");
        }
    }

    /// One that fails stops none of the others; the first error is told at the end.
    async fn forget_what_was_taken_back(&self) -> Result<(), ErasureError> {
        let mut forgotten = Ok(());
        for what in self.stores.wechat.to_forget(BATCH).await? {
            forgotten = forgotten.and(self.forget(&what).await);
        }
        forgotten
    }

    async fn forget(&self, what: &Forgetting) -> Result<(), ErasureError> {
        self.eraser.forget(what).await?;
        self.audit.write(line(what)).await;
        Ok(self.stores.wechat.forgotten(what).await?)
    }

    /// Joins followers with people by the name that all apps of one operator share.
    async fn get_to_know_followers(&self) -> Result<(), StoreError> {
        let Some(service) = &self.apps.service_account else { return Ok(()) };
        for Stranger { account, .. } in self.stores.wechat.strangers(&service.app_id, BATCH).await? {
            match service.client.follower(&account.openid).await {
                Ok(follower) => {
                    self.stores.wechat.introduce(&account, follower.unionid.as_deref(), self.clock.now()).await?;
                }
                // Nobody follows under this name any more, or never did.
                Err(error) if matches!(error.class(), ErrorClass::User | ErrorClass::Drop) => {
                    self.stores.wechat.introduce(&account, None, self.clock.now()).await?;
                }
                Err(error) => {
                    tracing::info!(%error, "wechat.follower was not told; asked again later");
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}

/// Who took something back, and never what it was.
fn line(what: &Forgetting) -> Entry {
    Entry {
        at: what.since,
        person: Some(what.person),
        action: what.told.clone(),
        target: Some(what.person.0),
        address: None,
        result: DONE.to_owned(),
    }
}

/// An operator learns when the program starts that a message will not leave, not from the message at night.
async fn say_what_does_not_fit(program: &MiniProgramOfOurs) {
    let misfits: Result<Vec<String>, WechatError> = super::messenger::misfits(program).await;
    match misfits {
        Ok(misfits) => {
            for misfit in misfits {
                tracing::error!(app_id = program.app_id, misfit, "a message does not fit the account's template");
            }
        }
        Err(error) => tracing::warn!(%error, app_id = program.app_id, "the account's templates were not listed"),
    }
}
