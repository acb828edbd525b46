//! The same push has the same id; others have others.

use super::*;

fn id(body: &str) -> String {
    open_plain(body).unwrap().id
}

/// An event of one person, at one second, and what follows.
fn popup(openid: &str, second: u32, rest: &str) -> String {
    format!(
        r#"{{"FromUserName":"{openid}","CreateTime":{second},"MsgType":"event","Event":"subscribe_msg_popup_event"{rest}}}"#
    )
}

#[test]
fn repetitions_share_their_id_in_every_mode() {
    let ids = MODES.map(|mode| open(&demo(Format::Json, mode)).unwrap().id);
    assert_eq!(ids[0], ids[1]);
    assert_eq!(ids[0], ids[2]);
    assert_eq!(ids[0].len(), 64);
}

#[test]
fn a_repetition_is_sealed_anew() {
    let message = Event::Unknown { name: "demo".into(), raw: String::new() }.message(&account(), Format::Xml, now());
    let sealer = Sealer::new(&config()).unwrap();
    let ids = [[1; 16], [2; 16]].map(|random| {
        let sealed = sealer.query_and_body(&message, Format::Xml, Mode::Safe, now(), "1", random);
        let (query, body) = sealed.unwrap();
        callback().open(&query.into_iter().collect(), body.as_bytes(), now()).unwrap().id
    });
    assert_eq!(ids[0], ids[1]);
}

#[test]
fn sender_second_and_words_make_the_id() {
    let list = |status| format!(r#","List":{{"TemplateId":"T1","SubscribeStatusString":"{status}"}}"#);
    let first = id(&popup("o1", 7, &list("accept")));
    assert_eq!(first, id(&popup("o1", 7, &list("accept"))));
    assert_ne!(first, id(&popup("o2", 7, &list("accept"))));
    assert_ne!(first, id(&popup("o1", 8, &list("accept"))));
    assert_ne!(first, id(&popup("o1", 7, &list("reject"))));
}

/// What has a number of its own is the same whenever it is told.
#[test]
fn natural_keys_come_first() {
    let media = |trace, second| {
        id(&format!(
            r#"{{"MsgType":"event","Event":"wxa_media_check","CreateTime":{second},"trace_id":"{trace}","errcode":-1008}}"#
        ))
    };
    assert_eq!(media("t1", 1), media("t1", 2));
    assert_ne!(media("t1", 1), media("t2", 1));

    let sent = |msgid, second| {
        id(&format!(
            r#"{{"FromUserName":"o1","MsgType":"event","Event":"subscribe_msg_sent_event","CreateTime":{second},
                "List":{{"TemplateId":"T","MsgID":"{msgid}","ErrorCode":0}}}}"#
        ))
    };
    assert_eq!(sent("7", 1), sent("7", 2));
    assert_ne!(sent("7", 1), sent("8", 1));

    let message =
        |number, text| id(&format!(r#"{{"FromUserName":"o1","MsgType":"text","Content":"{text}","MsgId":{number}}}"#));
    assert_eq!(message(7, "a"), message(7, "b"));
    assert_ne!(message(7, "a"), message(8, "a"));
}

#[test]
fn authorisation_events_tell_people_apart() {
    let revoked = |openid, second, item| {
        id(&format!(
            r#"{{"FromUserName":"platform","MsgType":"event","Event":"user_authorization_revoke",
                "CreateTime":{second},"OpenID":"{openid}","RevokeInfo":"{item}"}}"#
        ))
    };
    let first = revoked("o1", 1, "8");
    assert_eq!(first, revoked("o1", 1, "8"));
    assert_ne!(first, revoked("o2", 1, "8"));
    assert_ne!(first, revoked("o1", 2, "8"));
    assert_ne!(first, revoked("o1", 1, "6"));
}

#[test]
fn nobody_is_known_from_a_push_that_is_logged() {
    for (name, rest) in [
        ("subscribe_msg_popup_event", r#","List":{"TemplateId":"T","SubscribeStatusString":"accept"}"#),
        ("user_authorization_revoke", r#","OpenID":"o-secret","RevokeInfo":"8""#),
        ("user_authorization_cancellation", r#","OpenID":"o-secret""#),
        ("subscribe", r#","EventKey":"qrscene_o-secret""#),
        ("SCAN", r#","EventKey":"o-secret""#),
        ("wxa_punish_event", r#","event_type":"1","detail":"o-secret""#),
        ("brand_new", r#","Who":"o-secret""#),
    ] {
        let body = format!(r#"{{"FromUserName":"o-secret","MsgType":"event","Event":"{name}"{rest}}}"#);
        let printed = format!("{:?}", open_plain(&body).unwrap());
        assert!(printed.contains(name) && !printed.contains("o-secret"), "{printed}");
    }
}
