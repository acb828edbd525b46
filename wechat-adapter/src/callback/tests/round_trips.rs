//! Whatever is sealed is opened as what it was, in every format and mode.

use proptest::prelude::*;

use super::*;
use crate::Suggest;
use crate::callback::{MediaVerdict, RevokedItem, SentResult, SubscribeResult, SubscribeStatus, TemplateSendStatus};

/// Text that fields are read as: trimmed, and not blank.
fn word() -> impl Strategy<Value = String> {
    "[!-~中-龥]([ -~中-龥]{0,20}[!-~中-龥])?"
}

fn openid() -> impl Strategy<Value = String> {
    "[a-zA-Z0-9_-]{28}"
}

fn choices() -> impl Strategy<Value = Vec<SubscribeResult>> {
    let status = prop_oneof![
        Just(SubscribeStatus::Accept),
        Just(SubscribeStatus::Reject),
        Just(SubscribeStatus::Ban),
        Just(SubscribeStatus::Filter)
    ];
    let choice = (word(), status, prop::option::of(0..3_i64));
    let choice = choice.prop_map(|(template_id, status, scene)| SubscribeResult { template_id, status, scene });
    prop::collection::vec(choice, 0..5)
}

fn results() -> impl Strategy<Value = Vec<SentResult>> {
    let result = (word(), any::<u64>(), any::<i32>(), word());
    let result = result.prop_map(|(template_id, msgid, error_code, error_status)| SentResult {
        template_id,
        msgid: msgid.to_string(),
        error_code: error_code.into(),
        error_status,
    });
    prop::collection::vec(result, 0..5)
}

fn media_checked() -> impl Strategy<Value = Event> {
    let suggest = prop_oneof![Just(Suggest::Pass), Just(Suggest::Review), Just(Suggest::Risky)];
    let verdict = (suggest, 100..21_001_i64).prop_map(|(suggest, label)| (Some(MediaVerdict { suggest, label }), 0));
    let judged = prop_oneof![verdict, Just((None, -1008))];
    (word(), judged).prop_map(|(trace_id, (verdict, errcode))| Event::MediaChecked { trace_id, verdict, errcode })
}

fn of_the_person() -> impl Strategy<Value = Event> {
    let items = prop::collection::vec((1..30_u8).prop_map(|number| RevokedItem::numbered(&number.to_string())), 0..4);
    prop_oneof![
        openid().prop_map(|openid| Event::ProfileCleaned { openid }),
        openid().prop_map(|openid| Event::AccountClosed { openid }),
        (openid(), items).prop_map(|(openid, items)| Event::AuthorisationRevoked { openid, items }),
        openid().prop_map(|openid| Event::Unfollowed { openid }),
        (openid(), prop::option::of(word())).prop_map(|(openid, scene)| Event::Followed { openid, scene }),
        (openid(), word()).prop_map(|(openid, scene)| Event::Scanned { openid, scene }),
    ]
}

fn of_messages() -> impl Strategy<Value = Event> {
    let status = prop_oneof![
        Just(TemplateSendStatus::Success),
        Just(TemplateSendStatus::UserBlocked),
        Just(TemplateSendStatus::SystemFailed)
    ];
    prop_oneof![
        (openid(), choices()).prop_map(|(openid, results)| Event::SubscribePopup { openid, results }),
        (openid(), choices()).prop_map(|(openid, results)| Event::SubscribeChange { openid, results }),
        (openid(), results()).prop_map(|(openid, results)| Event::SubscribeSent { openid, results }),
        (openid(), any::<u64>(), status).prop_map(|(openid, msgid, status)| Event::TemplateSendFinished {
            openid,
            msgid: msgid.to_string(),
            status
        }),
    ]
}

fn punished() -> impl Strategy<Value = Event> {
    let detail = prop::option::of(word().prop_map(Value::String));
    (word(), word(), word(), detail).prop_map(|(event_type, punish_id, illegal_reason, detail)| Event::Punished {
        event_type,
        punish_id,
        illegal_reason,
        detail,
    })
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![of_messages(), media_checked(), of_the_person(), punished()]
}

proptest! {
    #[test]
    fn every_event_comes_through(event in event()) {
        for format in FORMATS {
            for mode in MODES {
                let push = open(&seal(&event.message(&account(), format, now()), format, mode)).unwrap();
                prop_assert_eq!(&push.event, &event);
                prop_assert_eq!(push.created_at, now());
            }
        }
    }

    #[test]
    fn any_text_comes_through(text in "\\PC{0,300}") {
        let message = serde_json::json!({ "MsgType": "text", "Content": text });
        let message = message.as_object().unwrap();
        for mode in MODES {
            let push = open(&seal(message, Format::Json, mode)).unwrap();
            let Event::Unknown { raw, .. } = push.event else { panic!("a text is no event") };
            let read: Map<String, Value> = serde_json::from_str(&raw).unwrap();
            prop_assert_eq!(&read["Content"], &message["Content"]);
        }
    }

    /// Whatever a stranger sends is answered, not crashed on.
    #[test]
    fn no_body_brings_it_down(body in prop::collection::vec(any::<u8>(), 0..200), xml in "[<>/!&;\\[\\]A-Ca-z\"= -]{0,200}") {
        let query = demo(Format::Json, Mode::Plain).query;
        let _ = callback().open(&query, &body, now());
        let _ = callback().open(&query, xml.as_bytes(), now());
    }
}
