use std::time::Duration;

use serde_json::{Value, json};
use wechat_adapter::Endpoint;
use wechat_adapter::sandbox::CallLimit;

use crate::stage::{APP_ID, RESIDENT, SECRET};
use crate::wire::{ALWAYS, ONCE, OTHER_APP, Wire, once};

async fn limited(endpoint: Endpoint, limit: CallLimit) -> Wire {
    Wire::set_with(|options| {
        options.rules.limits.insert(endpoint, limit);
    })
    .await
}

#[tokio::test]
async fn a_full_day_refuses_until_midnight_in_beijing() {
    let wire = limited(Endpoint::SubscribeSend, CallLimit::day(2)).await;
    for _ in 0..3 {
        wire.wechat().grant(RESIDENT, ONCE);
    }
    for errcode in [0, 0, 45009] {
        assert_eq!(wire.post(Endpoint::SubscribeSend, &once()).await["errcode"], errcode);
    }
    // It is nine in the morning.
    wire.clock.advance_seconds(15 * 3600);
    assert_eq!(wire.post(Endpoint::SubscribeSend, &once()).await["errcode"], 0);
}

#[tokio::test]
async fn a_full_minute_has_its_own_code_at_content_checks() {
    let wire = limited(Endpoint::TextCheck, CallLimit::minute(1)).await;
    let _ = wire.wechat().login(RESIDENT);
    let body = json!({ "content": "字", "version": 2, "scene": 2, "openid": RESIDENT });
    for errcode in [0, 44991] {
        assert_eq!(wire.post(Endpoint::TextCheck, &body).await["errcode"], errcode);
    }
    wire.clock.advance_seconds(60);
    assert_eq!(wire.post(Endpoint::TextCheck, &body).await["errcode"], 0);
}

#[tokio::test]
async fn limits_may_be_set_over_http_and_count_by_app() {
    let wire = Wire::set().await;
    let rules = json!({ "limits": { "/wxa/getwxacodeunlimit": { "per_minute": 1 } } });
    assert_eq!(wire.ask("/sandbox/rules", &rules).await.0, 204);
    let body = json!({ "scene": "a" });
    assert!(wire.send(APP_ID, Endpoint::UnlimitedCode, &body).await.unwrap().headers()["content-type"] == "image/png");
    assert_eq!(wire.post(Endpoint::UnlimitedCode, &body).await["errcode"], 45011);
    let other = wire.send(OTHER_APP, Endpoint::UnlimitedCode, &body).await.unwrap();
    assert_eq!(other.headers()["content-type"], "image/png");
    assert_eq!(wire.ask("/sandbox/rules", &json!({ "limits": { "/no/such": {} } })).await.0, 400);
}

#[tokio::test]
async fn one_person_logs_in_a_hundred_times_a_minute() {
    let wire = Wire::set().await;
    let login = async |openid: &str| {
        let code = wire.wechat().login(openid);
        let query = [("appid", APP_ID), ("secret", SECRET), ("js_code", &code), ("grant_type", "authorization_code")];
        let request = wire.http.get(wire.url(Endpoint::CodeToSession.path())).query(&query);
        request.send().await.unwrap().json::<Value>().await.unwrap()
    };
    for _ in 0..100 {
        assert_eq!(login(RESIDENT).await["openid"], RESIDENT);
    }
    assert_eq!(login(RESIDENT).await["errcode"], 45011);
    assert_eq!(login("neighbour").await["openid"], "neighbour");
}

#[tokio::test]
async fn a_quota_tells_what_is_left() {
    let wire = limited(Endpoint::SubscribeSend, CallLimit { per_minute: Some(9), ..CallLimit::day(5) }).await;
    wire.wechat().grant(RESIDENT, ONCE);
    wire.post(Endpoint::SubscribeSend, &once()).await;
    let ask = async |path: &str| wire.post(Endpoint::Quota, &json!({ "cgi_path": path })).await;

    let quota = ask("/cgi-bin/message/subscribe/send").await;
    assert_eq!(quota["quota"], json!({ "daily_limit": 5, "used": 1, "remain": 4 }));
    assert_eq!(quota["rate_limit"], json!({ "call_count": 9, "refresh_second": 60 }));
    assert_eq!(ask("/sns/jscode2session").await["errcode"], 76022);
    assert_eq!(ask("cgi-bin/message/subscribe/send").await["errcode"], 76021);
    assert_eq!(ask("/cgi-bin/webhook/send").await["errcode"], 76021);
}

#[test]
fn the_table_has_the_numbers_of_the_pages() {
    assert_eq!(CallLimit::of(Endpoint::SubscribeSend).per_day, Some(10_000_000));
    assert_eq!(CallLimit::of(Endpoint::StableToken), CallLimit { per_day: Some(500_000), ..CallLimit::minute(10_000) });
    assert_eq!(CallLimit::of(Endpoint::MediaCheck), CallLimit { per_day: Some(200_000), ..CallLimit::minute(2_000) });
    assert_eq!(CallLimit::of(Endpoint::UrlLink).per_second, Some(100));
    assert_eq!(CallLimit::of(Endpoint::WecomRobot), CallLimit::minute(20));
}

#[tokio::test]
async fn two_sends_at_once_to_one_person_do_not_both_pass() {
    let wire = Wire::set_with(|options| options.rules.send_moment = Duration::from_millis(80)).await;
    wire.wechat().subscribe(RESIDENT, ALWAYS, wechat_adapter::sandbox::Choice::Accept).unwrap();
    let message = |openid: &str| json!({ "touser": openid, "template_id": ALWAYS, "data": { "thing1": { "value": "停水通知" } } });
    wire.wechat().grant("neighbour", ALWAYS);
    let (same, neighbour) = (message(RESIDENT), message("neighbour"));
    // Signed before, so that nothing else comes between the sends.
    let url = wire.signed(APP_ID, Endpoint::SubscribeSend).await;
    let send =
        async |body: &Value| wire.http.post(&url).json(body).send().await.unwrap().json::<Value>().await.unwrap();
    let (first, second, other) = tokio::join!(send(&same), send(&same), send(&neighbour));
    let mut errcodes = [first["errcode"].as_i64().unwrap(), second["errcode"].as_i64().unwrap()];
    errcodes.sort_unstable();
    assert_eq!((errcodes, &other["errcode"]), ([0, 43108], &json!(0)));
    assert_eq!(wire.post(Endpoint::SubscribeSend, &same).await["errcode"], 0);
}

#[tokio::test]
async fn a_frozen_secret_stops_tokens_but_not_calls() {
    let wire = Wire::set().await;
    let token = wire.token_of(APP_ID).await;
    let change = json!({ "app_id": APP_ID, "frozen_secret": true });
    assert_eq!(wire.ask("/sandbox/accounts", &change).await.0, 204);
    assert_eq!(wire.token_of(APP_ID).await["errcode"], 40243);
    assert!(wire.token_of(OTHER_APP).await["access_token"].is_string());

    let path = format!("{}?access_token={}", Endpoint::TemplateList.path(), token["access_token"].as_str().unwrap());
    assert_eq!(wire.look(&path).await["errcode"], 0);
    wire.wechat().freeze_secret(APP_ID, false).unwrap();
    assert!(wire.token_of(APP_ID).await["access_token"].is_string());
}

#[tokio::test]
async fn an_address_off_the_list_gets_no_token() {
    let wire = Wire::set().await;
    let list = json!({ "app_id": APP_ID, "allowed_ips": ["10.0.0.1"] });
    assert_eq!(wire.ask("/sandbox/accounts", &list).await.0, 204);
    let refused = wire.token_of(APP_ID).await;
    assert_eq!(refused["errcode"], 40164);
    assert!(refused["errmsg"].as_str().unwrap().contains("127.0.0.1"));

    wire.wechat().allow_ips(APP_ID, Some(vec!["127.0.0.1".parse().unwrap()])).unwrap();
    assert!(wire.token_of(APP_ID).await["access_token"].is_string());
    assert_eq!(wire.ask("/sandbox/accounts", &json!({ "app_id": "wx-none", "any_ip": true })).await.0, 400);
}
