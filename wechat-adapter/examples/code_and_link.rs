//! Draws a mini-program code into a file, makes a link, and looks at the quota.
//!
//!     WECHAT_APP_ID=… WECHAT_SECRET=… CODE_FILE=code.png cargo run --example code_and_link
//!
//! `WECHAT_BASE_URL` leads to a sandbox.

mod account;

use std::sync::Arc;

use account::{Outcome, config, wanted};
use wechat_adapter::{Endpoint, EnvVersion, LinkExpiry, MemoryTokenStore, MiniProgram, UnlimitedCode, UrlLink};

#[tokio::main]
async fn main() -> Outcome {
    let wechat = MiniProgram::new(config()?, Arc::new(MemoryTokenStore::default()))?;
    let code = UnlimitedCode::new("p=7").with_env_version(EnvVersion::Trial).with_check_path(false).with_width(430);
    let image = wechat.unlimited_code(&code).await?;
    std::fs::write(wanted("CODE_FILE")?, &image)?;
    println!("{} bytes of code", image.len());

    let link = UrlLink::new().with_query("from=sms").with_expiry(LinkExpiry::AfterDays(7));
    println!("{}", wechat.url_link(&link).await?);

    let quota = wechat.quota(Endpoint::UnlimitedCode).await?;
    println!("{} of {} codes are left today", quota.remain, quota.daily_limit);
    Ok(())
}
