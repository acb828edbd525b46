//! What strangers may try, and settings that cannot be.

use chrono::TimeDelta;

use super::*;
use crate::callback::{CallbackConfigError, MAX_BODY};

#[test]
fn settings_that_open_the_door_are_refused() {
    let refused = |config| Callback::new(config).err();
    assert_eq!(refused(CallbackConfig { app_id: String::new(), ..config() }), Some(CallbackConfigError::EmptyAppId));
    assert_eq!(refused(CallbackConfig { token: "".into(), ..config() }), Some(CallbackConfigError::EmptyToken));
    let short = Some("A".repeat(42).into());
    assert_eq!(refused(CallbackConfig { encoding_aes_key: short, ..config() }), Some(CallbackConfigError::Key));
    let keyless = CallbackConfig { encoding_aes_key: None, require_encryption: true, ..config() };
    assert_eq!(refused(keyless), Some(CallbackConfigError::KeyMissing));
}

#[test]
fn each_parameter_has_to_be_there() {
    let missing = |name| Some(CallbackError::MissingParameter(name));
    for (mode, signature) in
        [(Mode::Plain, "signature"), (Mode::Compatible, "msg_signature"), (Mode::Safe, "msg_signature")]
    {
        for empty in [None, Some(String::new())] {
            let mut sent = demo(Format::Json, mode);
            sent.query.timestamp.clone_from(&empty);
            assert_eq!(open(&sent).err(), missing("timestamp"));

            let mut sent = demo(Format::Json, mode);
            sent.query.nonce.clone_from(&empty);
            assert_eq!(open(&sent).err(), missing("nonce"));

            let mut sent = demo(Format::Json, mode);
            sent.query.signature.clone_from(&empty);
            sent.query.msg_signature.clone_from(&empty);
            assert_eq!(open(&sent).err(), missing(signature));
        }
    }
    let query = demo(Format::Json, Mode::Plain).query;
    assert_eq!(callback().echo(&query, now()), Err(CallbackError::MissingParameter("echostr")));
}

#[test]
fn each_signed_part_counts() {
    for mode in MODES {
        let change: [fn(&mut CallbackQuery); 4] = [
            |query| query.timestamp = Some((SENT_AT + 1).to_string()),
            |query| query.nonce = Some("880012".into()),
            |query| (query.signature, query.msg_signature) = (Some("0".repeat(40)), Some("0".repeat(40))),
            |query| std::mem::swap(&mut query.signature, &mut query.msg_signature),
        ];
        for change in change {
            let mut sent = demo(Format::Xml, mode);
            change(&mut sent.query);
            let error = open(&sent).unwrap_err();
            assert!(
                matches!(error, CallbackError::Signature | CallbackError::MissingParameter("signature")),
                "{error}"
            );
            assert!(!error.is_from_wechat());
        }
    }
    let mut query = demo(Format::Json, Mode::Plain).query;
    query.echostr = Some("<script>".into());
    query.nonce = Some("1".into());
    assert_eq!(callback().echo(&query, now()), Err(CallbackError::Signature));
}

#[test]
fn an_old_push_is_refused_whatever_it_is() {
    for mode in MODES {
        let sent = demo(Format::Json, mode);
        for late in [TimeDelta::seconds(601), TimeDelta::seconds(-601)] {
            let refused = callback().open(&sent.query, sent.body.as_bytes(), now() + late);
            assert_eq!(refused, Err(CallbackError::Timestamp));
        }
    }
}

#[test]
fn any_changed_byte_of_the_ciphertext_is_noticed() {
    for mode in [Mode::Compatible, Mode::Safe] {
        let sent = demo(Format::Json, mode);
        let document: Map<String, Value> = serde_json::from_str(&sent.body).unwrap();
        let sealed = document["Encrypt"].as_str().unwrap();
        for at in 0..sealed.len() {
            let mut changed = sealed.to_owned().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let body = sent.body.replace(sealed, str::from_utf8(&changed).unwrap());
            let refused = callback().open(&sent.query, body.as_bytes(), now());
            assert_eq!(refused, Err(CallbackError::Signature), "{at}");
        }
    }
}

#[test]
fn a_push_for_another_app_is_refused() {
    let other = Callback::new(CallbackConfig { app_id: "wx-other".into(), ..config() }).unwrap();
    let sent = demo(Format::Json, Mode::Safe);
    let refused = other.open(&sent.query, sent.body.as_bytes(), now());
    assert_eq!(refused, Err(CallbackError::OtherApp));
}

#[test]
fn only_encrypted_bodies_are_taken_where_that_is_required() {
    let strict = Callback::new(CallbackConfig { require_encryption: true, ..config() }).unwrap();
    for (mode, expected) in
        [(Mode::Plain, Some(CallbackError::Unencrypted)), (Mode::Compatible, None), (Mode::Safe, None)]
    {
        let sent = demo(Format::Xml, mode);
        assert_eq!(strict.open(&sent.query, sent.body.as_bytes(), now()).err(), expected, "{mode:?}");
    }
}

#[test]
fn without_a_key_what_is_in_clear_can_be_read() {
    let keyless = Callback::new(CallbackConfig { encoding_aes_key: None, ..config() }).unwrap();
    for (mode, expected) in [(Mode::Plain, None), (Mode::Compatible, None), (Mode::Safe, Some(CallbackError::NoKey))] {
        let sent = demo(Format::Json, mode);
        assert_eq!(keyless.open(&sent.query, sent.body.as_bytes(), now()).err(), expected, "{mode:?}");
    }
}

#[test]
fn a_missing_key_is_told_to_wechat_only() {
    let keyless = Callback::new(CallbackConfig { encoding_aes_key: None, ..config() }).unwrap();
    let mut sent = demo(Format::Json, Mode::Safe);
    sent.query.msg_signature = Some("0".repeat(40));
    assert_eq!(keyless.open(&sent.query, sent.body.as_bytes(), now()), Err(CallbackError::Signature));
}

/// The clear fields of the compatible mode are covered by no signature.
#[test]
fn beside_a_ciphertext_what_is_in_clear_does_not_count() {
    for format in FORMATS {
        let mut sent = demo(format, Mode::Compatible);
        assert!(sent.body.contains("demo"));
        sent.body = sent.body.replace("demo", "user_authorization_cancellation");
        assert_eq!(open(&sent).unwrap().event.name(), "demo");
    }
}

#[test]
fn a_large_body_is_refused_unread() {
    let sent = demo(Format::Json, Mode::Plain);
    let body = vec![b'{'; 10 << 20];
    // Even the parameters are not looked at.
    assert_eq!(callback().open(&CallbackQuery::default(), &body, now()), Err(CallbackError::TooLarge));
    let padded = |length: usize| format!("{}{}", sent.body, " ".repeat(length - sent.body.len()));
    assert!(open_plain(&padded(MAX_BODY)).is_ok());
    assert_eq!(open_plain(&padded(MAX_BODY + 1)).err(), Some(CallbackError::TooLarge));
}

#[test]
fn nonsense_is_wechats_only_where_wechat_signed() {
    let bomb = "<!DOCTYPE xml [<!ENTITY a \"ha\">]><xml><Event>&a;</Event></xml>";
    let cases = [
        (bomb.as_bytes(), CallbackError::ForbiddenXml),
        (b"".as_slice(), CallbackError::Syntax),
        (b"[]", CallbackError::Syntax),
        (b"\xff\xfe", CallbackError::Encoding),
        (b"{}", CallbackError::MissingField("MsgType")),
        (br#"{"MsgType":"event"}"#, CallbackError::MissingField("Event")),
    ];
    for (body, expected) in cases {
        let mut query = demo(Format::Json, Mode::Plain).query;
        assert_eq!(callback().open(&query, body, now()), Err(expected));
        assert!(expected.is_from_wechat());
        query.signature = Some("0".repeat(40));
        assert_eq!(callback().open(&query, body, now()), Err(CallbackError::Signature));
    }
}

#[test]
fn errors_have_short_names_and_a_status() {
    assert_eq!(CallbackError::MissingParameter("nonce").name(), "missing_parameter");
    assert_eq!(CallbackError::OtherApp.http_status(), 403);
    assert_eq!(CallbackError::ForbiddenXml.name(), "forbidden_xml");
    assert_eq!(CallbackError::Padding.http_status(), 400);
}

#[test]
fn debug_shows_no_secret() {
    let printed = format!("{:?} {:?}", config(), callback());
    assert!(!printed.contains("community-token") && !printed.contains("abcdefgh"), "{printed}");
}
