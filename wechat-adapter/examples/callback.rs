//! WeChat's callback under any web framework: `answer` is the whole handler.
//!
//! `cargo run -p wechat-adapter --example callback`

use std::error::Error;

use chrono::{DateTime, Utc};
use wechat_adapter::callback::seal::{Account, Format, Mode, Sealer};
use wechat_adapter::callback::{Callback, CallbackConfig, CallbackQuery, Event};
use wechat_adapter::system_clock;

/// Status and body (as `text/plain`) for a GET, which has no body, or a POST.
fn answer(callback: &Callback, query: &str, body: Option<&[u8]>, now: DateTime<Utc>) -> (u16, String) {
    let query = CallbackQuery::parse(query);
    let outcome = match body {
        None => callback.echo(&query, now),
        Some(body) => callback.open(&query, body, now).map(|push| {
            // Store it, once an id, before the answer; work on it afterwards.
            println!("{} {:?}", push.id, push.event);
            "success".to_owned()
        }),
    };
    match outcome {
        Ok(words) => (200, words),
        Err(error) => (error.http_status(), error.name().to_owned()),
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let config = CallbackConfig {
        app_id: "wx0123456789abcdef".into(),
        token: "community-token".into(),
        encoding_aes_key: Some("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG".into()),
        require_encryption: true,
    };
    let (callback, sealer, now) = (Callback::new(config.clone())?, Sealer::new(&config)?, system_clock()());

    // WeChat's side: an account was closed.
    let event = Event::AccountClosed { openid: "openid-1".into() };
    let account = Account { original_id: "gh_1".into(), app_id: config.app_id };
    let message = event.message(&account, Format::Xml, now);
    let (query, body) =
        sealer.query_and_body(&message, Format::Xml, Mode::Safe, now, "880011", *b"0123456789abcdef")?;
    let query: Vec<_> = query.iter().map(|(name, value)| format!("{name}={value}")).collect();

    println!("{:?}", answer(&callback, &query.join("&"), Some(body.as_bytes()), now));
    println!("{:?}", answer(&callback, "echostr=hello", None, now));
    Ok(())
}
