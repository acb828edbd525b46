use std::sync::Arc;

use serde_json::{Value, json};
use wechat_adapter::{
    Config, Endpoint, MemoryTokenStore, MiniProgram, ServiceAccount, TokenStore, WecomApp, WecomConfig,
};
use wiremock::matchers::{method, path, query_param};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

pub const SECRET: &str = "the-app-secret";
pub const TOKEN: &str = "token-0";

/// WeChat as far as one test needs it.
pub struct Stub {
    pub server: MockServer,
    pub store: Arc<MemoryTokenStore>,
}

impl Stub {
    /// A WeChat that hands out one token.
    pub async fn start() -> Self {
        let stub = Self { server: MockServer::start().await, store: Arc::default() };
        stub.answers("POST", Endpoint::StableToken, json!({ "access_token": TOKEN, "expires_in": 7200 })).await;
        let token = json!({ "errcode": 0, "errmsg": "ok", "access_token": TOKEN, "expires_in": 7200 });
        stub.answers("GET", Endpoint::WecomToken, token).await;
        stub
    }

    pub async fn answers(&self, verb: &str, endpoint: Endpoint, answer: Value) {
        let answer = ResponseTemplate::new(200).set_body_json(answer);
        Mock::given(method(verb)).and(path(endpoint.path())).respond_with(answer).mount(&self.server).await;
    }

    /// Answers only to `token`, and to any other that it is invalid.
    pub async fn answers_to(&self, token: &str, verb: &str, endpoint: Endpoint, answer: Value) {
        let answer = ResponseTemplate::new(200).set_body_json(answer);
        let call = || Mock::given(method(verb)).and(path(endpoint.path()));
        call().and(query_param("access_token", token)).respond_with(answer).mount(&self.server).await;
        let refusal = json!({ "errcode": 40001, "errmsg": "invalid credential rid: 1-2-3" });
        let refusal = ResponseTemplate::new(200).set_body_json(refusal);
        call().respond_with(refusal).with_priority(9).mount(&self.server).await;
    }

    pub fn mini_program(&self) -> MiniProgram {
        let config = Config::new("wx1", SECRET.into()).with_base_url(self.server.uri());
        MiniProgram::new(config, self.store()).unwrap()
    }

    pub fn service_account(&self) -> ServiceAccount {
        let config = Config::new("wx-service", SECRET.into()).with_base_url(self.server.uri());
        ServiceAccount::new(config, self.store()).unwrap()
    }

    pub fn wecom(&self) -> WecomApp {
        let config = WecomConfig::new("ww1", SECRET.into(), 7).with_base_url(self.server.uri());
        WecomApp::new(config, self.store()).unwrap()
    }

    fn store(&self) -> Arc<dyn TokenStore> {
        Arc::clone(&self.store) as Arc<dyn TokenStore>
    }

    /// The calls to `endpoint` in their order.
    pub async fn calls(&self, endpoint: Endpoint) -> Vec<Request> {
        let all = self.server.received_requests().await.unwrap();
        all.into_iter().filter(|request| request.url.path() == endpoint.path()).collect()
    }

    pub async fn bodies(&self, endpoint: Endpoint) -> Vec<Value> {
        self.calls(endpoint).await.iter().map(|call| call.body_json().unwrap()).collect()
    }
}

/// The query of a call, in the order it was sent.
pub fn query(call: &Request) -> Vec<(String, String)> {
    call.url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}

pub fn pair(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}
