//! HTTP as a phone speaks it: to the API, and to the WeChat of the sandbox.

use reqwest::multipart::{Form, Part};
use reqwest::{RequestBuilder, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use uuid::Uuid;

use super::answer::{Code, Message, Page, Photo, SignedIn};

#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    api: String,
    sandbox: String,
}

/// Somebody who signed in.
#[derive(Clone)]
pub struct Session {
    client: Client,
    token: String,
}

#[derive(Debug, thiserror::Error)]
pub enum CallError {
    #[error("{path}: {status} {detail}")]
    Refused { path: String, status: StatusCode, code: String, detail: String },
    #[error("{path}: {source}")]
    Broken { path: String, source: reqwest::Error },
}

impl CallError {
    /// What the server told the person, where it refused for this reason.
    pub fn refusal(&self, reason: &str) -> Option<&str> {
        match self {
            Self::Refused { code, detail, .. } => (code == reason).then_some(detail),
            Self::Broken { .. } => None,
        }
    }

    /// The order is no longer what it was when we looked.
    pub fn is_conflict(&self) -> bool {
        match self {
            Self::Refused { status, .. } => *status == StatusCode::CONFLICT,
            Self::Broken { .. } => false,
        }
    }
}

impl Client {
    pub fn new(api: String, sandbox: String) -> anyhow::Result<Self> {
        Ok(Self { http: reqwest::Client::builder().no_proxy().build()?, api, sandbox })
    }

    pub async fn both_answer(&self) -> Result<(), CallError> {
        self.send(self.http.get(format!("{}/readyz", self.api))).await?;
        self.send(self.http.get(format!("{}/sandbox/phones", self.sandbox))).await.map(|_| ())
    }

    /// Opens the mini-program.
    pub async fn sign_in(&self, openid: &str) -> Result<Session, CallError> {
        let Code { code } = self.on_phone("login", json!({ "openid": openid })).await?;
        let request = self.http.post(format!("{}/v1/auth/wechat", self.api)).json(&json!({ "code": code }));
        let SignedIn { access_token: token } = self.read(request).await?;
        Ok(Session { client: self.clone(), token })
    }

    /// Says yes to one message of this kind.
    pub async fn subscribe(&self, openid: &str, template: &str) -> Result<(), CallError> {
        let prompt = json!({ "openid": openid, "template_id": template, "result": "accept" });
        self.on_phone::<Value>("subscribe", prompt).await.map(|_| ())
    }

    /// What reached the phone, oldest first.
    pub async fn messages(&self, openid: &str) -> Result<Vec<Message>, CallError> {
        let request = self.http.get(format!("{}/phone/messages", self.sandbox)).query(&[("openid", openid)]);
        self.read::<Page<Message>>(request).await.map(|page| page.items)
    }

    /// What everybody may read; `path` begins after `/v1`.
    pub async fn get<T: DeserializeOwned>(&self, path: &str, query: &[(&str, &str)]) -> Result<T, CallError> {
        self.read(self.http.get(format!("{}/v1{path}", self.api)).query(query)).await
    }

    async fn on_phone<T: DeserializeOwned>(&self, what: &str, body: Value) -> Result<T, CallError> {
        self.read(self.http.post(format!("{}/phone/{what}", self.sandbox)).json(&body)).await
    }

    async fn read<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, CallError> {
        let response = self.send(request).await?;
        let path = response.url().path().to_owned();
        response.json().await.map_err(|source| CallError::Broken { path, source: source.without_url() })
    }

    async fn send(&self, request: RequestBuilder) -> Result<reqwest::Response, CallError> {
        let response = request.send().await.map_err(|source| {
            let path = source.url().map(|url| url.path().to_owned()).unwrap_or_default();
            CallError::Broken { path, source: source.without_url() }
        })?;
        if response.status().is_success() {
            return Ok(response);
        }
        let (path, status) = (response.url().path().to_owned(), response.status());
        let problem: Value = response.json().await.unwrap_or_default();
        let said = |name: &str| problem.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        Err(CallError::Refused { path, status, code: said("code"), detail: said("detail") })
    }
}

impl Session {
    /// `path` begins after `/v1`.
    pub async fn get<T: DeserializeOwned>(&self, path: &str, query: &[(&str, &str)]) -> Result<T, CallError> {
        let request = self.client.http.get(self.url(path)).query(query);
        self.client.read(request.bearer_auth(&self.token)).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Result<reqwest::Response, CallError> {
        let request = self.client.http.post(self.url(path)).json(body);
        self.client.send(request.bearer_auth(&self.token)).await
    }

    /// Asked again under the same key, the server gives the answer that it gave before.
    pub async fn post_once(&self, path: &str, body: &Value, key: &str) -> Result<Value, CallError> {
        let request = self.client.http.post(self.url(path)).json(body).header("Idempotency-Key", key);
        self.client.read(request.bearer_auth(&self.token)).await
    }

    pub async fn upload(&self, jpeg: Vec<u8>) -> Result<Uuid, CallError> {
        let form = Form::new().part("file", Part::bytes(jpeg).file_name("photo.jpg"));
        let request = self.client.http.post(self.url("/attachments")).multipart(form);
        self.client.read::<Photo>(request.bearer_auth(&self.token)).await.map(|photo| photo.id)
    }

    fn url(&self, path: &str) -> String {
        format!("{}/v1{path}", self.client.api)
    }
}
