//! What the sealer writes is what WeChat writes.

use serde_json::json;

use super::*;
use crate::callback::{CallbackConfigError, RevokedItem};

fn revoked() -> Event {
    Event::AuthorisationRevoked { openid: "o2".into(), items: vec![RevokedItem::PhoneNumber, RevokedItem::Address] }
}

#[test]
fn a_plain_body_has_wechats_words() {
    let sent = seal(&revoked().message(&account(), Format::Json, now()), Format::Json, Mode::Plain);
    let body: Value = serde_json::from_str(&sent.body).unwrap();
    assert_eq!(
        body,
        json!({
            "ToUserName": "gh_1", "FromUserName": "platform", "CreateTime": SENT_AT, "MsgType": "event",
            "Event": "user_authorization_revoke", "OpenID": "o2", "AppID": APP, "RevokeInfo": "8,2",
            "PluginID": "", "OpenPID": "",
        })
    );
}

#[test]
fn the_safe_mode_shows_nothing() {
    for format in FORMATS {
        let sent = seal(&revoked().message(&account(), format, now()), format, Mode::Safe);
        assert!(sent.body.contains("gh_1") && sent.body.contains("Encrypt"));
        assert!(!sent.body.contains("o2") && !sent.body.contains("revoke"), "{}", sent.body);
        assert!(sent.body.starts_with(match format {
            Format::Json => '{',
            Format::Xml => '<',
        }));
    }
}

#[test]
fn nothing_is_sealed_without_a_key() {
    let sealer = Sealer::new(&CallbackConfig { encoding_aes_key: None, ..config() }).unwrap();
    let seal = |mode| sealer.query_and_body(&Map::new(), Format::Json, mode, now(), "1", [0; 16]);
    assert!(seal(Mode::Plain).is_ok());
    assert_eq!(seal(Mode::Compatible), Err(CallbackConfigError::KeyMissing));
    assert_eq!(seal(Mode::Safe), Err(CallbackConfigError::KeyMissing));
}

#[test]
fn the_check_of_the_address_is_answered_by_the_callback() {
    let query = Sealer::new(&config()).unwrap().echo_query("4375120948345356249", now(), "880011");
    let query = query.into_iter().collect();
    assert_eq!(callback().echo(&query, now()).as_deref(), Ok("4375120948345356249"));
}
