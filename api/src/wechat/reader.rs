use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use domain::attachment::Variant;
use domain::ids::{AttachmentId, PersonId};
use domain::ports::{Clock, ContentCheck, WechatStore};
use domain::safety::{NotChecked, Verdict};
use domain::wechat::WechatAccount;
use wechat_adapter::{ContentScene, ErrorClass, MediaCheck, MediaKind, TextCheck, WechatError};

use super::{Apps, MiniProgramOfOurs, in_our_words};
use crate::auth::PhotoLinks;

/// Somebody may be waiting for the answer: what takes longer is checked later.
const PATIENCE: Duration = Duration::from_millis(1500);

/// Asks WeChat about words and photos, in the name of whoever made them.
pub struct WechatReader {
    pub apps: Arc<Apps>,
    pub people: Arc<dyn WechatStore>,
    pub links: PhotoLinks,
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl ContentCheck for WechatReader {
    async fn words(&self, author: PersonId, words: &str) -> Result<Verdict, NotChecked> {
        let mut found = Err(NotChecked::NoAccount);
        for (program, openid) in self.accounts(author).await? {
            let check = TextCheck::new(openid, ContentScene::Forum, words);
            // Asked in a task of its own: a token that is on its way when patience ends still arrives, for everybody.
            let asked = tokio::spawn(async move { program.client.check_text(&check).await });
            let said = tokio::time::timeout(PATIENCE, asked).await.ok().and_then(Result::ok);
            found = said.map_or(Err(NotChecked::Unavailable), |said| said.map_err(|error| why(&error)));
            if !is_unseen(&found) {
                break;
            }
        }
        Ok(in_our_words(found?.suggest))
    }

    async fn photo(&self, author: PersonId, photo: AttachmentId) -> Result<String, NotChecked> {
        let link = self.links.sign(photo, Variant::Original, self.clock.now());
        let mut trace = Err(NotChecked::NoAccount);
        for (program, openid) in self.accounts(author).await? {
            let check = MediaCheck::new(openid, ContentScene::Forum, MediaKind::Image, &link);
            trace = program.client.check_media(&check).await.map_err(|error| why(&error));
            if !is_unseen(&trace) {
                break;
            }
        }
        trace
    }
}

/// WeChat has not seen the author under this account of late: another one may do.
fn is_unseen<T>(found: &Result<T, NotChecked>) -> bool {
    matches!(found, Err(NotChecked::Inactive))
}

impl WechatReader {
    /// The author's openids, each with its mini-program.
    async fn accounts(&self, author: PersonId) -> Result<Vec<(Arc<MiniProgramOfOurs>, String)>, NotChecked> {
        let accounts = self.people.accounts_of(author, &self.apps.ids()).await.map_err(|error| {
            tracing::warn!(error = &error as &dyn std::error::Error, "the author's account was not found out");
            NotChecked::Unavailable
        })?;
        let known = |WechatAccount { app_id, openid }| Some((self.apps.program(Some(&app_id))?.clone(), openid));
        Ok(accounts.into_iter().filter_map(known).collect())
    }
}

fn why(error: &WechatError) -> NotChecked {
    tracing::info!(%error, "wechat.check got no verdict");
    match (error.class(), error.errcode()) {
        (_, Some(61010)) => NotChecked::Inactive,
        (_, Some(40003 | 43104)) => NotChecked::NoAccount,
        (ErrorClass::Quota, _) => NotChecked::Quota,
        _ => NotChecked::Unavailable,
    }
}
