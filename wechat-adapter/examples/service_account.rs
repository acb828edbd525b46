//! Sends a template message to a follower of a service account.
//!
//!     WECHAT_APP_ID=… WECHAT_SECRET=… OPENID=… TEMPLATE_ID=… cargo run --example service_account
//!
//! All of them are the service account's, not the mini-program's. The template
//! has the keywords `thing2` and `phrase3`. `WECHAT_BASE_URL` leads to a
//! sandbox.

mod account;

use std::sync::Arc;

use account::{Outcome, config, wanted};
use wechat_adapter::{MemoryTokenStore, Phrase, ServiceAccount, TemplateMessage, Thing};

#[tokio::main]
async fn main() -> Outcome {
    let account = ServiceAccount::new(config()?, Arc::new(MemoryTokenStore::default()))?;
    let openid = wanted("OPENID")?;
    let follower = account.follower(&openid).await?;
    if !follower.subscribed {
        println!("this person does not follow the account");
        return Ok(());
    }
    println!("follows since {:?}; known across accounts: {}", follower.subscribed_at, follower.unionid.is_some());

    let message = TemplateMessage::new(openid, wanted("TEMPLATE_ID")?)
        .with(Thing::new("楼道灯不亮")?.keyed(2))
        .with(Phrase::new("已派单")?.keyed(3))
        .with_client_msg_id("order-42-dispatched");
    let sent = match account.send_template(&message).await {
        // Harmless within ten minutes: the id is the same.
        Err(error) if error.outcome_unknown() => account.send_template(&message).await?,
        outcome => outcome?,
    };
    println!("taken as {:?}", sent.msgid);
    Ok(())
}
