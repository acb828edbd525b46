use serde_json::{Value, json};
use wechat_adapter::Endpoint;
use wechat_adapter::Suggest;
use wechat_adapter::callback::{Event, MediaVerdict as Judged};
use wechat_adapter::sandbox::{MediaVerdict, UnknownTrace};

use crate::stage::{APP_ID, RESIDENT};
use crate::wire::{OTHER_APP, Wire};

fn text(content: &str) -> Value {
    json!({ "content": content, "version": 2, "scene": 2, "openid": RESIDENT })
}

fn picture(url: &str) -> Value {
    json!({ "media_url": url, "media_type": 2, "version": 2, "scene": 1, "openid": RESIDENT })
}

async fn set_with_author() -> Wire {
    let wire = Wire::set().await;
    let _ = wire.wechat().login(RESIDENT);
    wire
}

#[tokio::test]
async fn marks_in_a_text_make_its_verdict_which_is_no_error() {
    let wire = set_with_author().await;
    for (content, suggest, label) in
        [("楼道灯不亮", "pass", 100), ("【待审】", "review", 21000), ("广告【违规】", "risky", 21000)]
    {
        let answer = wire.post(Endpoint::TextCheck, &text(content)).await;
        assert_eq!(answer["errcode"], 0);
        assert_eq!(answer["result"], json!({ "suggest": suggest, "label": label }));
        assert!(answer["trace_id"].is_string());
    }
    let mut titled = text("正文");
    titled["title"] = json!("【违规】");
    assert_eq!(wire.post(Endpoint::TextCheck, &titled).await["result"]["suggest"], "risky");
}

#[tokio::test]
async fn an_escaped_text_passes_unread_and_is_noted() {
    let wire = set_with_author().await;
    let body = text("【违规】").to_string().replace("违规", "\\u8fdd\\u89c4");
    let url = wire.signed(APP_ID, Endpoint::TextCheck).await;
    let answer: Value = wire.http.post(url).body(body).send().await.unwrap().json().await.unwrap();
    assert_eq!(answer["result"]["suggest"], "pass");
    assert_eq!(wire.wechat().unexpected()[0].reason, "the text is escaped");
}

#[tokio::test]
async fn a_check_out_of_shape_is_refused() {
    let wire = set_with_author().await;
    let changed = |key: &str, value: Value| {
        let mut body = text("字");
        body[key] = value;
        body
    };
    let longest = "字".repeat(2500);
    assert_eq!(wire.post(Endpoint::TextCheck, &text(&longest)).await["errcode"], 0);
    let cases = [
        (text(&format!("{longest}字")), 40097),
        (text(""), 40097),
        (changed("version", json!(1)), 40097),
        (changed("scene", json!(5)), 40129),
        (changed("openid", json!("nobody")), 40003),
    ];
    for (body, errcode) in cases {
        assert_eq!(wire.post(Endpoint::TextCheck, &body).await["errcode"], errcode);
    }
}

#[tokio::test]
async fn the_author_was_here_within_two_hours() {
    let wire = Wire::set().await;
    assert_eq!(wire.post(Endpoint::TextCheck, &text("字")).await["errcode"], 61010);
    let _ = wire.wechat().login(RESIDENT);
    wire.clock.advance_seconds(7199);
    assert_eq!(wire.post(Endpoint::TextCheck, &text("字")).await["errcode"], 0);
    wire.clock.advance_seconds(1);
    assert_eq!(wire.post(Endpoint::TextCheck, &text("字")).await["errcode"], 61010);

    // Anything that the person does with the app counts.
    let _ = wire.wechat().phone_code(RESIDENT, "13800000001");
    assert_eq!(wire.post(Endpoint::TextCheck, &text("字")).await["errcode"], 0);
    assert_eq!(wire.post_as(OTHER_APP, Endpoint::TextCheck, &text("字")).await["errcode"], 43104);
}

#[tokio::test]
async fn a_picture_waits_until_it_is_judged() {
    let wire = set_with_author().await;
    let answer = wire.post(Endpoint::MediaCheck, &picture("https://photos.test/1.jpg")).await;
    let trace_id = answer["trace_id"].as_str().unwrap();
    assert_eq!(wire.look("/sandbox/media").await["items"][0]["trace_id"], trace_id);
    assert!(wire.pushed_to(APP_ID).is_empty());

    let judgement = json!({ "trace_id": trace_id, "verdict": "risky" });
    assert_eq!(wire.ask("/sandbox/judge", &judgement).await.0, 204);
    let verdict = Some(Judged { suggest: Suggest::Risky, label: 21000 });
    assert_eq!(wire.pushed_to(APP_ID), [Event::MediaChecked { trace_id: trace_id.into(), verdict, errcode: 0 }]);

    assert_eq!(wire.ask("/sandbox/judge", &judgement).await.0, 400);
    assert_eq!(wire.wechat().judge(trace_id, MediaVerdict::Pass), Err(UnknownTrace));
}

#[tokio::test]
async fn a_url_or_the_rules_may_bring_the_verdict() {
    let wire = set_with_author().await;
    wire.post(Endpoint::MediaCheck, &picture("https://photos.test/1.jpg?verdict=unreachable")).await;
    wire.wechat().change_rules(|rules| rules.unmarked_media = Some(Suggest::Pass));
    wire.post(Endpoint::MediaCheck, &picture("https://photos.test/2.jpg")).await;

    let verdicts = wire.pushed_to(APP_ID).into_iter().map(|event| match event {
        Event::MediaChecked { verdict, errcode, .. } => (verdict.map(|verdict| verdict.suggest), errcode),
        other => panic!("{other:?}"),
    });
    assert!(verdicts.eq([(None, -1008), (Some(Suggest::Pass), 0)]));
    assert!(wire.wechat().pending_media().is_empty());
}

#[tokio::test]
async fn media_out_of_shape_is_refused() {
    let wire = set_with_author().await;
    let mut film = picture("https://photos.test/1.mp4");
    film["media_type"] = json!(3);
    assert_eq!(wire.post(Endpoint::MediaCheck, &film).await["errcode"], 40004);
    assert_eq!(wire.post(Endpoint::MediaCheck, &picture("C:\\1.jpg")).await["errcode"], 40097);
}
