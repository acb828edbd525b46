use serde_json::{Value, json};
use wechat_adapter::Endpoint;
use wechat_adapter::sandbox::UnknownAccount;

use crate::stage::{APP_ID, RESIDENT, SECRET};
use crate::wire::{ALWAYS, OTHER_APP, SERVICE, Wire, once};

async fn session(wire: &Wire, app_id: &str, code: &str) -> Value {
    let query = [("appid", app_id), ("secret", SECRET), ("js_code", code), ("grant_type", "authorization_code")];
    let request = wire.http.get(wire.url(Endpoint::CodeToSession.path())).query(&query);
    request.send().await.unwrap().json().await.unwrap()
}

async fn login(wire: &Wire, body: &Value) -> String {
    wire.ask("/phone/login", body).await.1["code"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_person_has_an_openid_in_each_app_and_one_unionid() {
    let wire = Wire::set().await;
    let here = login(&wire, &json!({ "openid": RESIDENT })).await;
    let there = login(&wire, &json!({ "openid": RESIDENT, "app_id": OTHER_APP })).await;

    let here = session(&wire, APP_ID, &here).await;
    let there = session(&wire, OTHER_APP, &there).await;

    assert_eq!(here["openid"], RESIDENT);
    assert_ne!(here["openid"], there["openid"]);
    assert_eq!(here["unionid"], there["unionid"]);
    assert_eq!(wire.wechat().phones()[0].accounts.len(), 2);
}

#[tokio::test]
async fn an_openid_may_be_chosen_but_not_taken_from_another() {
    let wire = Wire::set().await;
    wire.wechat().join(RESIDENT, OTHER_APP, "o-there").unwrap();
    assert_eq!(wire.wechat().openid_in(RESIDENT, OTHER_APP).unwrap(), "o-there");

    wire.wechat().join("somebody", OTHER_APP, "o-there").unwrap();
    assert_ne!(wire.wechat().openid_in("somebody", OTHER_APP).unwrap(), "o-there");
    assert_eq!(wire.wechat().openid_in(RESIDENT, "wx-none"), Err(UnknownAccount));
}

#[tokio::test]
async fn codes_work_in_their_own_app_alone() {
    let wire = Wire::set().await;
    let code = login(&wire, &json!({ "openid": RESIDENT })).await;
    assert_eq!(session(&wire, OTHER_APP, &code).await["errcode"], 40029);
    assert_eq!(session(&wire, APP_ID, &code).await["openid"], RESIDENT);
    assert_eq!(session(&wire, "wx-none", &code).await["errcode"], 40013);
}

#[tokio::test]
async fn people_and_templates_of_another_app_are_unknown() {
    let wire = Wire::set().await;
    let there = wire.wechat().openid_in(RESIDENT, OTHER_APP).unwrap();
    let mut message = once();
    assert_eq!(wire.post_as(OTHER_APP, Endpoint::SubscribeSend, &message).await["errcode"], 40003);
    message["touser"] = json!(there);
    assert_eq!(wire.post_as(OTHER_APP, Endpoint::SubscribeSend, &message).await["errcode"], 40037);
    assert_eq!(wire.post(Endpoint::SubscribeSend, &message).await["errcode"], 40003);

    let prompt = json!({ "openid": RESIDENT, "app_id": OTHER_APP, "template_id": ALWAYS, "result": "accept" });
    assert_eq!(wire.ask("/phone/subscribe", &prompt).await.0, 400);
}

#[tokio::test]
async fn a_kind_of_account_has_its_own_calls() {
    let wire = Wire::set().await;
    assert_eq!(wire.post_as(SERVICE, Endpoint::SubscribeSend, &once()).await["errcode"], 45103);
    assert_eq!(wire.get_as(SERVICE, Endpoint::TemplateList, &[]).await["errcode"], 200_100);
    assert_eq!(wire.post(Endpoint::ServiceTemplateSend, &once()).await["errcode"], 45103);
}

#[tokio::test]
async fn an_app_that_is_no_account_is_a_bad_request() {
    let wire = Wire::set().await;
    let (status, _) = wire.ask("/phone/login", &json!({ "openid": RESIDENT, "app_id": "wx-none" })).await;
    assert_eq!(status, 400);
}
