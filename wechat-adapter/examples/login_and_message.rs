//! Logs somebody in and sends them a subscribe message.
//!
//!     WECHAT_APP_ID=… WECHAT_SECRET=… LOGIN_CODE=… TEMPLATE_ID=… cargo run --example login_and_message
//!
//! `LOGIN_CODE` is what `wx.login` gave on the phone within the last five
//! minutes; `PHONE_CODE`, if set, what the phone-number button gave. The
//! template has the keywords `thing2` and `time4`, and its right to send was
//! accepted on the phone. `WECHAT_BASE_URL` leads to a sandbox.

mod account;

use std::env;
use std::sync::Arc;

use account::{Outcome, config, wanted};
use wechat_adapter::{MemoryTokenStore, MiniProgram, SubscribeMessage, Thing, TimeValue, system_clock};

#[tokio::main]
async fn main() -> Outcome {
    let wechat = MiniProgram::new(config()?, Arc::new(MemoryTokenStore::default()))?;
    let session = wechat.code_to_session(&wanted("LOGIN_CODE")?).await?;
    println!("logged in; known across accounts: {}", session.unionid.is_some());

    if let Ok(code) = env::var("PHONE_CODE") {
        let number = wechat.phone_number(&code, &session.openid).await?;
        println!("a number of country {}", number.country_code);
    }

    let now = system_clock()();
    let message = SubscribeMessage::new(session.openid, wanted("TEMPLATE_ID")?)
        .with(Thing::new("楼道灯不亮，已安排师傅上门")?.keyed(2))
        .with(TimeValue::of(now).keyed(4))
        .with_page("pages/order/detail?id=42");
    match wechat.send_subscribe(&message).await {
        Ok(sent) => println!("taken as {}", sent.msgid.as_deref().unwrap_or("a message without a number")),
        Err(error) if error.outcome_unknown() => println!("perhaps sent, so not repeated: {error}"),
        Err(error) if error.retryable() => println!("worth another try in a while: {error}"),
        Err(error) => println!("not sent: {error}"),
    }
    Ok(())
}
