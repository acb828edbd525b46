//! Tells members of a WeCom corp of a new order, and a group by its robot.
//!
//!     WECOM_CORP_ID=… WECOM_SECRET=… WECOM_AGENT_ID=… WECOM_USER=… cargo run --example wecom
//!
//! `WECOM_ROBOT_KEY`, if set, is the end of a group robot's webhook.
//! `WECOM_BASE_URL` leads to a sandbox.

use std::env;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use wechat_adapter::{
    MemoryTokenStore, RobotText, WECOM_BASE_URL, WecomApp, WecomConfig, WecomReceivers, WecomRobot, WecomText,
};

/// The variable `name`, or an error that names it.
fn wanted(name: &str) -> Result<String, Box<dyn Error>> {
    env::var(name).map_err(|_| format!("set {name}; the head of this example says to what").into())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let base_url = env::var("WECOM_BASE_URL").unwrap_or_else(|_| WECOM_BASE_URL.to_owned());
    let agent_id = wanted("WECOM_AGENT_ID")?.parse()?;
    let config = WecomConfig::new(wanted("WECOM_CORP_ID")?, wanted("WECOM_SECRET")?.into(), agent_id);
    let app = WecomApp::new(config.with_base_url(&base_url), Arc::new(MemoryTokenStore::default()))?;

    let to = WecomReceivers::users([wanted("WECOM_USER")?]);
    let text = WecomText::new(to, "新工单：东门路灯").with_duplicate_check(Duration::from_secs(600));
    let sent = app.send_text(&text).await?;
    println!("reached everyone: {}", sent.reached_everyone());

    if let Ok(key) = env::var("WECOM_ROBOT_KEY") {
        let robot = WecomRobot::at(&base_url, key.into())?;
        robot.send_text(&RobotText::new("新工单，请值班同事签收").with_everyone()).await?;
        robot.send_markdown("**新工单** 东门路灯").await?;
    }
    Ok(())
}
