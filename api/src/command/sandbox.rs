use anyhow::bail;
use secrecy::ExposeSecret;
use wechat_adapter::Suggest;
use wechat_adapter::callback::CallbackConfig;
use wechat_adapter::sandbox::push::PushTarget;
use wechat_adapter::sandbox::{Courier, Sandbox, SandboxAccount, SandboxOptions};

use super::serve::wait_for_signal;
use crate::config::{CallbackSettings, Environment, Settings, address};

/// A stand-in for WeChat on `sandbox_listen`, with the accounts of the settings, until it is told to stop. What happens on
/// its phones is told to the server of the same settings.
pub(super) async fn sandbox(settings: &Settings) -> anyhow::Result<()> {
    if settings.environment == Environment::Production {
        bail!("the sandbox closes and revokes accounts for whoever asks: not in production");
    }
    let wechat = &settings.wechat;
    let mut options = SandboxOptions::new(&wechat.app_id, wechat.secret.clone());
    options.listen = address(&settings.sandbox_listen)?;
    options.rules.unmarked_media = Some(Suggest::Pass);
    let others = wechat.others.iter().map(|of| SandboxAccount::mini_program(&of.app_id, of.secret.clone()));
    let service = wechat.service_account.iter();
    let service = service.map(|of| SandboxAccount::service_account(&of.app_id, of.secret.clone()));
    options.accounts = others.chain(service).collect();

    let running = Sandbox::start(options).await?;
    let courier = tokio::spawn(Courier::new(targets(settings))?.run(running.state().clone()));
    println!("微信沙箱：{}", running.base_url());
    wait_for_signal().await?;
    courier.abort();
    running.stop().await;
    Ok(())
}

/// Where each account's news goes.
fn targets(settings: &Settings) -> Vec<PushTarget> {
    let wechat = &settings.wechat;
    // Only to a server of this machine: what the sandbox tells is signed, and believed.
    let server = format!("http://{}", settings.listen);
    let others = wechat.others.iter().map(|of| (&of.app_id, &of.callback));
    let service = wechat.service_account.iter().map(|of| (&of.app_id, &of.callback));
    let all = std::iter::once((&wechat.app_id, &wechat.callback)).chain(others).chain(service);
    all.filter_map(|(app_id, callback)| {
        let url = format!("{server}/wechat/{app_id}/callback");
        Some(PushTarget::new(url, config(app_id, callback)?))
    })
    .collect()
}

fn config(app_id: &str, callback: &CallbackSettings) -> Option<CallbackConfig> {
    let key = Some(&callback.encoding_aes_key).filter(|key| !key.expose_secret().is_empty()).cloned();
    (!callback.token.expose_secret().is_empty()).then(|| CallbackConfig {
        app_id: app_id.to_owned(),
        token: callback.token.clone(),
        require_encryption: key.is_some(),
        encoding_aes_key: key,
    })
}
