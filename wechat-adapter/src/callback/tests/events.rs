//! Every event, in both formats, as WeChat's pages and others' records have them.

use super::*;
use crate::Suggest;
use crate::callback::{MediaVerdict, RevokedItem, SentResult, SubscribeResult, SubscribeStatus, TemplateSendStatus};

/// `fields` in JSON (from the second on) and `elements` in XML, with the head that every event has.
fn both(event: &str, fields: &str, elements: &str) -> [Event; 2] {
    let json = format!(
        r#"{{"ToUserName":"gh_1","FromUserName":"o1","CreateTime":"1767225000","MsgType":"event","Event":"{event}"{fields}}}"#
    );
    let xml = format!(
        "<xml><ToUserName><![CDATA[gh_1]]></ToUserName>\n<FromUserName><![CDATA[o1]]></FromUserName>\n\
         <CreateTime>1767225000</CreateTime>\n<MsgType><![CDATA[event]]></MsgType>\n\
         <Event><![CDATA[{event}]]></Event>\n{elements}</xml>"
    );
    [event_of(&json), event_of(&xml)]
}

fn assert_both(event: &str, fields: &str, elements: &str, expected: &Event) {
    for read in both(event, fields, elements) {
        assert_eq!(&read, expected);
        assert_eq!(read.name(), event);
    }
}

fn choice(template_id: &str, status: SubscribeStatus, scene: Option<i64>) -> SubscribeResult {
    SubscribeResult { template_id: template_id.into(), status, scene }
}

#[test]
fn a_prompt_for_one_template() {
    let expected =
        Event::SubscribePopup { openid: "o1".into(), results: vec![choice("T1", SubscribeStatus::Accept, Some(2))] };
    let fields = r#","List":{"TemplateId":"T1","SubscribeStatusString":"accept","PopupScene":2}"#;
    let elements = "<SubscribeMsgPopupEvent><List><TemplateId><![CDATA[T1]]></TemplateId>\
                    <SubscribeStatusString><![CDATA[accept]]></SubscribeStatusString><PopupScene>2</PopupScene>\
                    </List></SubscribeMsgPopupEvent>";
    assert_both("subscribe_msg_popup_event", fields, elements, &expected);
}

#[test]
fn a_prompt_for_several_templates() {
    let statuses = [
        ("accept", SubscribeStatus::Accept),
        ("reject", SubscribeStatus::Reject),
        ("ban", SubscribeStatus::Ban),
        ("filter", SubscribeStatus::Filter),
        ("acceptWithAudio", SubscribeStatus::Other("acceptWithAudio".into())),
    ];
    let entry = |word: &str| format!(r#"{{"TemplateId":"T","SubscribeStatusString":"{word}","PopupScene":"0"}}"#);
    let fields = statuses.clone().map(|(word, _)| entry(word)).join(",");
    let element = |word: &str| {
        format!(
            "<List>\n<TemplateId>T</TemplateId><SubscribeStatusString>{word}</SubscribeStatusString>\
             <PopupScene>0</PopupScene></List>\n"
        )
    };
    let elements = statuses.clone().map(|(word, _)| element(word)).concat();
    let results = statuses.map(|(_, status)| choice("T", status, Some(0))).to_vec();
    assert_both(
        "subscribe_msg_popup_event",
        &format!(r#","List":[{fields}]"#),
        &format!("<SubscribeMsgPopupEvent>{elements}</SubscribeMsgPopupEvent>"),
        &Event::SubscribePopup { openid: "o1".into(), results },
    );
}

#[test]
fn a_changed_subscription() {
    let expected =
        Event::SubscribeChange { openid: "o1".into(), results: vec![choice("T1", SubscribeStatus::Reject, None)] };
    let fields = r#","List":[{"TemplateId":"T1","SubscribeStatusString":"reject"}]"#;
    let elements = "<SubscribeMsgChangeEvent><List><TemplateId>T1</TemplateId>\
                    <SubscribeStatusString>reject</SubscribeStatusString></List></SubscribeMsgChangeEvent>";
    assert_both("subscribe_msg_change_event", fields, elements, &expected);
}

#[test]
fn a_sent_message_keeps_every_digit_of_its_id() {
    let result = SentResult {
        template_id: "T1".into(),
        msgid: "1864323726461255681".into(),
        error_code: 3,
        error_status: "failed: system failed".into(),
    };
    let expected = Event::SubscribeSent { openid: "o1".into(), results: vec![result] };
    let elements = "<SubscribeMsgSentEvent><List><TemplateId>T1</TemplateId><MsgID>1864323726461255681</MsgID>\
                    <ErrorCode>3</ErrorCode><ErrorStatus>failed: system failed</ErrorStatus></List></SubscribeMsgSentEvent>";
    for (id, code) in [("1864323726461255681", "3"), ("\"1864323726461255681\"", "\"3\"")] {
        let fields = format!(
            r#","List":{{"TemplateId":"T1","MsgID":{id},"ErrorCode":{code},"ErrorStatus":"failed: system failed"}}"#
        );
        assert_both("subscribe_msg_sent_event", &fields, elements, &expected);
    }
}

#[test]
fn a_judged_picture() {
    for (word, suggest, label) in [
        ("pass", Suggest::Pass, 100),
        ("review", Suggest::Review, 20001),
        ("risky", Suggest::Risky, 20002),
        ("something new", Suggest::Review, 21000),
    ] {
        let expected =
            Event::MediaChecked { trace_id: "t-1".into(), verdict: Some(MediaVerdict { suggest, label }), errcode: 0 };
        let fields = format!(
            r#","appid":"wx","trace_id":"t-1","version":2,"errcode":0,"errmsg":"ok","result":{{"suggest":"{word}","label":{label}}},
               "detail":[{{"strategy":"content_model","errcode":0,"suggest":"pass","label":100,"prob":90}}]"#
        );
        let elements = format!(
            "<appid>wx</appid><trace_id>t-1</trace_id><version>2</version>\
             <detail><strategy>a</strategy></detail><detail><strategy>b</strategy></detail>\
             <errcode>0</errcode><result><suggest>{word}</suggest><label>{label}</label></result>"
        );
        assert_both("wxa_media_check", &fields, &elements, &expected);
    }
}

#[test]
fn a_picture_that_could_not_be_downloaded_has_no_verdict() {
    let expected = Event::MediaChecked { trace_id: "t-1".into(), verdict: None, errcode: -1008 };
    let fields = r#","trace_id":"t-1","errcode":-1008,"errmsg":"download failed""#;
    assert_both("wxa_media_check", fields, "<trace_id>t-1</trace_id><errcode>-1008</errcode>", &expected);
}

#[test]
fn withdrawn_data_name_the_person_apart() {
    let items = |items: &[RevokedItem]| Event::AuthorisationRevoked { openid: "o2".into(), items: items.to_vec() };
    for (json, xml, expected) in [
        ("\"8\"", "8", items(&[RevokedItem::PhoneNumber])),
        ("8", "<![CDATA[8]]>", items(&[RevokedItem::PhoneNumber])),
        ("\"6,8\"", "6, 8", items(&[RevokedItem::NicknameAndAvatar, RevokedItem::PhoneNumber])),
        ("[2,\"99\"]", "2,99", items(&[RevokedItem::Address, RevokedItem::Other("99".into())])),
        ("\"\"", "", items(&[])),
    ] {
        let fields = format!(r#","OpenID":"o2","AppID":"wx","RevokeInfo":{json},"PluginID":"","OpenPID":"""#);
        let elements = format!("<OpenID>o2</OpenID><RevokeInfo>{xml}</RevokeInfo><PluginID></PluginID>");
        assert_both("user_authorization_revoke", &fields, &elements, &expected);
    }
}

#[test]
fn profiles_that_go_and_accounts_that_close() {
    let fields = r#","OpenID":"o2","AppID":"wx""#;
    let elements = "<OpenID><![CDATA[o2]]></OpenID>";
    assert_both("user_info_modified", fields, elements, &Event::ProfileCleaned { openid: "o2".into() });
    assert_both("user_authorization_cancellation", fields, elements, &Event::AccountClosed { openid: "o2".into() });
}

#[test]
fn followers_come_by_way_of_a_code_or_not() {
    for (key, scene) in [("qrscene_42", Some("42")), ("", None), ("last_trade_no_7", Some("last_trade_no_7"))] {
        assert_both(
            "subscribe",
            &format!(r#","EventKey":"{key}""#),
            &format!("<EventKey><![CDATA[{key}]]></EventKey>"),
            &Event::Followed { openid: "o1".into(), scene: scene.map(Into::into) },
        );
    }
    assert_both("unsubscribe", "", "<EventKey/>", &Event::Unfollowed { openid: "o1".into() });
    let scanned = Event::Scanned { openid: "o1".into(), scene: "42".into() };
    assert_both("SCAN", r#","EventKey":42"#, "<EventKey>42</EventKey>", &scanned);
}

#[test]
fn template_messages_end() {
    for (word, status) in [
        ("success", TemplateSendStatus::Success),
        ("failed:user block", TemplateSendStatus::UserBlocked),
        ("failed: user block", TemplateSendStatus::UserBlocked),
        ("failed: system failed", TemplateSendStatus::SystemFailed),
        ("failed:moon", TemplateSendStatus::Other("failed:moon".into())),
    ] {
        assert_both(
            "TEMPLATESENDJOBFINISH",
            &format!(r#","MsgID":200163836,"Status":"{word}""#),
            &format!("<MsgID>200163836</MsgID><Status><![CDATA[{word}]]></Status>"),
            &Event::TemplateSendFinished { openid: "o1".into(), msgid: "200163836".into(), status },
        );
    }
}

#[test]
fn punishments_are_read_as_far_as_they_can_be() {
    let punished = |detail| Event::Punished {
        event_type: "1".into(),
        punish_id: "7".into(),
        illegal_reason: "违规".into(),
        detail,
    };
    for (json, xml, detail) in [
        (r#""{\"a\":1}""#, r#"<![CDATA[{"a":1}]]>"#, Some(serde_json::json!({ "a": 1 }))),
        ("\"words\"", "words", Some("words".into())),
        ("\"\"", "", None),
    ] {
        assert_both(
            "wxa_punish_event",
            &format!(r#","event_type":1,"punish_id":"7","illegal_reason":"违规","detail":{json}"#),
            &format!(
                "<event_type>1</event_type><punish_id>7</punish_id><illegal_reason>违规</illegal_reason>\
                 <detail>{xml}</detail>"
            ),
            &punished(detail),
        );
    }
}

#[test]
fn what_is_new_is_kept() {
    for event in both("something_new", r#","A":{"B":[1]}"#, "<A><B>1</B></A>") {
        let Event::Unknown { name, raw } = event else { panic!("{event:?}") };
        assert_eq!(name, "something_new");
        assert!(raw.contains("o1") && raw.contains('B'));
    }
    let message = r#"{"FromUserName":"o1","MsgType":"text","Content":"hello","MsgId":42}"#;
    assert_eq!(event_of(message), Event::Unknown { name: "text".into(), raw: message.into() });
}

#[test]
fn a_known_event_without_what_makes_it_one_is_unreadable() {
    for (event, fields, missing) in [
        ("subscribe", "", "FromUserName"),
        ("user_authorization_revoke", r#","FromUserName":"platform","RevokeInfo":"8""#, "OpenID"),
        ("subscribe_msg_sent_event", r#","FromUserName":"o1","List":{"TemplateId":"T1"}"#, "MsgID"),
        ("wxa_media_check", r#","result":{"suggest":"pass","label":100}"#, "trace_id"),
        ("wxa_media_check", r#","trace_id":"t-1""#, "result"),
        ("SCAN", r#","FromUserName":"o1","EventKey":{}"#, "EventKey"),
    ] {
        let body = format!(r#"{{"MsgType":"event","Event":"{event}"{fields}}}"#);
        assert_eq!(open_plain(&body).err(), Some(CallbackError::MissingField(missing)), "{body}");
    }
}
