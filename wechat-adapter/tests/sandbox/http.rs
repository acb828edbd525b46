//! The phone side, the control side and WeChat's side as bare HTTP, for
//! clients that are not this crate's.

use reqwest::Client;
use serde_json::{Value, json};

use crate::stage::{ACCEPTED, APP_ID, RESIDENT, SECRET, Stage, accepted_message};

struct Browser {
    http: Client,
    base_url: String,
}

impl Browser {
    fn of(stage: &Stage) -> Self {
        Self { http: Client::builder().no_proxy().build().unwrap(), base_url: stage.sandbox.base_url() }
    }

    async fn get(&self, path: &str) -> Value {
        let url = format!("{}{path}", self.base_url);
        self.http.get(url).send().await.unwrap().json().await.unwrap()
    }

    async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        let url = format!("{}{path}", self.base_url);
        let response = self.http.post(url).json(body).send().await.unwrap();
        let status = response.status().as_u16();
        (status, response.json().await.unwrap_or_default())
    }
}

#[tokio::test]
async fn a_phone_logs_in_subscribes_and_reads_its_messages() {
    let stage = Stage::set().await;
    let phone = Browser::of(&stage);

    let (_, login) = phone.post("/phone/login", &json!({ "openid": RESIDENT })).await;
    let code = login["code"].as_str().unwrap();
    assert_eq!(stage.client.code_to_session(code).await.unwrap().openid, RESIDENT);

    let number = json!({ "openid": RESIDENT, "number": "13800000001" });
    let (_, shared) = phone.post("/phone/phone-number", &number).await;
    let code = shared["code"].as_str().unwrap();
    stage.client.phone_number(code, RESIDENT).await.unwrap();

    let prompt = json!({ "openid": RESIDENT, "template_id": ACCEPTED, "result": "accept" });
    assert_eq!(phone.post("/phone/subscribe", &prompt).await.1["accepted"], 1);
    assert_eq!(phone.post("/phone/subscribe", &prompt).await.1["accepted"], 2);

    stage.client.send_subscribe(&accepted_message()).await.unwrap();
    let messages = phone.get(&format!("/phone/messages?openid={RESIDENT}")).await;
    let message = &messages["items"][0];
    assert_eq!(message["template_id"], ACCEPTED);
    assert_eq!(message["data"][2], json!({ "label": "进度", "value": "已接单" }));
}

#[tokio::test]
async fn a_prompt_for_an_unknown_template_is_a_bad_request() {
    let stage = Stage::set().await;
    let prompt = json!({ "openid": RESIDENT, "template_id": "no-such", "result": "accept" });
    let (status, _) = Browser::of(&stage).post("/phone/subscribe", &prompt).await;
    assert_eq!(status, 400);
}

#[tokio::test]
async fn faults_are_scripted_over_http() {
    let stage = Stage::set().await;
    let control = Browser::of(&stage);
    let fault = json!({ "api": "/sns/jscode2session", "errcode": 45011, "times": 1 });
    assert_eq!(control.post("/sandbox/faults", &fault).await.0, 204);
    assert_eq!(control.get("/sns/jscode2session").await["errcode"], 45011);

    let nowhere = json!({ "api": "/no/such", "errcode": -1, "times": 1 });
    assert_eq!(control.post("/sandbox/faults", &nowhere).await.0, 400);
}

#[tokio::test]
async fn mistakes_are_listed() {
    let stage = Stage::set().await;
    let careless = Browser::of(&stage);
    let send = "/cgi-bin/message/subscribe/send";

    assert_eq!(careless.post(send, &json!({})).await.1["errcode"], 41001);
    assert_eq!(careless.get(send).await["errcode"], 43002);
    assert_eq!(careless.get("/sns/jscode2session").await["errcode"], 41002);
    assert_eq!(careless.post("/cgi-bin/stable_token", &json!([])).await.1["errcode"], 47001);
    assert_eq!(careless.post("/cgi-bin/no_such", &json!({})).await.0, 404);

    let listed = careless.get("/sandbox/unexpected").await;
    let paths: Vec<_> = listed["items"].as_array().unwrap().iter().map(|call| call["path"].as_str().unwrap()).collect();
    assert_eq!(paths, [send, send, "/sns/jscode2session", "/cgi-bin/stable_token", "/cgi-bin/no_such"]);
}

#[tokio::test]
async fn a_build_name_is_not_a_state() {
    let stage = Stage::set().await;
    let careless = Browser::of(&stage);
    let credentials = json!({ "grant_type": "client_credential", "appid": APP_ID, "secret": SECRET });
    let (_, token) = careless.post("/cgi-bin/stable_token", &credentials).await;
    let token = token["access_token"].as_str().unwrap();
    let path = format!("/cgi-bin/message/subscribe/send?access_token={token}");

    let body = json!({ "touser": RESIDENT, "template_id": ACCEPTED, "miniprogram_state": "release" });
    assert_eq!(careless.post(&path, &body).await.1["errcode"], 40097);
}

#[tokio::test]
async fn the_page_shows_phones_without_foreign_hosts() {
    let stage = Stage::set().await;
    let browser = Browser::of(&stage);
    let response = browser.http.get(&browser.base_url).send().await.unwrap();
    assert!(response.headers().contains_key("content-security-policy"));
    let page = response.text().await.unwrap();
    assert!(page.contains("微信沙箱") && !page.contains("http://") && !page.contains("https://"));

    let phones = browser.get("/sandbox/phones").await;
    assert_eq!(phones["items"][0]["label"], "居民王阿姨");
    assert!(stage.wechat().unexpected().is_empty());
}
