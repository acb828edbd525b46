//! WeChat on this machine, until Ctrl-C: a mini-program, a service account and
//! a corporation.
//!
//!     cargo run -p wechat-adapter --example sandbox -- 127.0.0.1:8081

use std::error::Error;

use wechat_adapter::Suggest;
use wechat_adapter::sandbox::{
    Sandbox, SandboxAccount, SandboxCorp, SandboxCorpApp, SandboxOptions, SandboxRobot, SandboxTemplate,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let listen = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:8081".to_owned());
    let mut options = SandboxOptions::new("wx-sandbox", "sandbox-secret".into());
    options.listen = listen.parse()?;
    options.phones = vec![("o-wang".into(), "居民王阿姨".into()), ("o-li".into(), "李书记".into())];
    options.accounts = vec![service_account()];
    options.corp = Some(corp());
    options.rules.unmarked_media = Some(Suggest::Pass);

    let stop = async {
        // Without signals there is nothing to wait for: stop at once.
        let _ = tokio::signal::ctrl_c().await;
    };
    Sandbox::run_until(options, stop, |addr| println!("微信沙箱：http://{addr}/")).await?;
    Ok(())
}

fn service_account() -> SandboxAccount {
    let templates = vec![SandboxTemplate::new("gz-notice", "社区通知", &[("thing1", "内容"), ("time2", "时间")])];
    let account = SandboxAccount::service_account("wx-service", "service-secret".into());
    account.named("西苑社区").with_templates(templates)
}

fn corp() -> SandboxCorp {
    SandboxCorp {
        corp_id: "ww-sandbox".into(),
        name: "西苑街道".into(),
        apps: vec![SandboxCorpApp { agent_id: 1_000_002, secret: "corp-secret".into() }],
        members: vec![("li".into(), "李书记（企业微信）".into())],
        robots: vec![SandboxRobot { key: "robot-key".into(), group: "西苑值班群".into() }],
    }
}
