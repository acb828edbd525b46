//! Asks whether a text, and a picture if there is one, may be shown.
//!
//!     WECHAT_APP_ID=… WECHAT_SECRET=… OPENID=… TEXT=… cargo run --example content
//!
//! `OPENID` has opened the mini-program within the last two hours. `IMAGE_URL`,
//! if set, is where WeChat can fetch a picture. `WECHAT_BASE_URL` leads to a
//! sandbox.

mod account;

use std::env;
use std::sync::Arc;

use account::{Outcome, config, wanted};
use wechat_adapter::{ContentScene, MediaCheck, MediaKind, MemoryTokenStore, MiniProgram, Suggest, TextCheck};

#[tokio::main]
async fn main() -> Outcome {
    let wechat = MiniProgram::new(config()?, Arc::new(MemoryTokenStore::default()))?;
    let author = wanted("OPENID")?;
    let verdict = wechat.check_text(&TextCheck::new(&author, ContentScene::Forum, wanted("TEXT")?)).await?;
    let word = match verdict.suggest {
        Suggest::Pass => "show it",
        Suggest::Review => "let a person look at it",
        Suggest::Risky => "refuse it",
    };
    println!("{word}: {:?}, {}", verdict.label, verdict.trace_id);

    if let Ok(url) = env::var("IMAGE_URL") {
        let trace = wechat.check_media(&MediaCheck::new(&author, ContentScene::Forum, MediaKind::Image, url)).await?;
        println!("the picture's verdict will be pushed under {trace}");
    }
    Ok(())
}
