//! WeChat's side as bare HTTP, with a sandbox of several accounts.

use reqwest::{Client, Response};
use serde_json::{Value, json};
use wechat_adapter::Endpoint;
use wechat_adapter::callback::Event;
use wechat_adapter::sandbox::{
    RunningSandbox, Sandbox, SandboxAccount, SandboxCorp, SandboxCorpApp, SandboxOptions, SandboxRobot, SandboxState,
    SandboxTemplate,
};

use crate::stage::{APP_ID, HandClock, RESIDENT, SECRET};

pub const OTHER_APP: &str = "wx-other";
pub const SERVICE: &str = "wx-service";
pub const CORP: &str = "ww-street";
pub const AGENT: i64 = 1_000_002;
pub const ROBOT: &str = "robot-key";
/// One-time, of the first account.
pub const ONCE: &str = "once";
/// Long-term, of the first account.
pub const ALWAYS: &str = "always";
/// Of the service account.
pub const NOTICE: &str = "notice";

pub struct Wire {
    pub sandbox: RunningSandbox,
    pub clock: HandClock,
    pub http: Client,
}

impl Wire {
    pub async fn set() -> Self {
        Self::set_with(|_| {}).await
    }

    pub async fn set_with(change: impl FnOnce(&mut SandboxOptions)) -> Self {
        let clock = HandClock::new();
        let mut options = SandboxOptions::new(APP_ID, SECRET.into());
        options.clock = clock.reader();
        options.phones = vec![(RESIDENT.into(), "居民王阿姨".into())];
        options.templates = vec![
            SandboxTemplate::new(ONCE, "诉求受理通知", &[("thing1", "事项"), ("phrase2", "状态")]),
            SandboxTemplate::new(ALWAYS, "社区公告", &[("thing1", "标题")]).long_term(),
        ];
        options.accounts = vec![
            SandboxAccount::mini_program(OTHER_APP, SECRET.into()).with_pages(&["pages/index"]),
            SandboxAccount::service_account(SERVICE, SECRET.into()).named("西苑社区").with_templates(vec![notices()]),
        ];
        options.corp = Some(corp());
        change(&mut options);
        let sandbox = Sandbox::start(options).await.unwrap();
        Self { sandbox, clock, http: Client::builder().no_proxy().build().unwrap() }
    }

    pub fn wechat(&self) -> &SandboxState {
        self.sandbox.state()
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.sandbox.base_url())
    }

    pub async fn token_of(&self, app_id: &str) -> Value {
        let body = json!({ "grant_type": "client_credential", "appid": app_id, "secret": SECRET });
        json_of(self.http.post(self.url(Endpoint::StableToken.path())).json(&body).send().await.unwrap()).await
    }

    pub async fn signed(&self, app_id: &str, endpoint: Endpoint) -> String {
        let answer = self.token_of(app_id).await;
        let token = answer["access_token"].as_str().unwrap();
        self.url(&format!("{}?access_token={token}", endpoint.path()))
    }

    /// A message of the corporation's app.
    pub async fn signed_by_corp(&self) -> String {
        let query = format!("{}?corpid={CORP}&corpsecret={SECRET}", Endpoint::WecomToken.path());
        let answer = self.look(&query).await;
        let token = answer["access_token"].as_str().unwrap();
        self.url(&format!("{}?access_token={token}", Endpoint::WecomMessage.path()))
    }

    /// A call of the first account, with a body.
    pub async fn post(&self, endpoint: Endpoint, body: &Value) -> Value {
        self.post_as(APP_ID, endpoint, body).await
    }

    pub async fn post_as(&self, app_id: &str, endpoint: Endpoint, body: &Value) -> Value {
        json_of(self.send(app_id, endpoint, body).await.unwrap()).await
    }

    pub async fn send(&self, app_id: &str, endpoint: Endpoint, body: &Value) -> reqwest::Result<Response> {
        let url = self.signed(app_id, endpoint).await;
        self.http.post(url).json(body).send().await
    }

    /// A call with nothing but a query.
    pub async fn get_as(&self, app_id: &str, endpoint: Endpoint, query: &[(&str, &str)]) -> Value {
        let url = self.signed(app_id, endpoint).await;
        json_of(self.http.get(url).query(query).send().await.unwrap()).await
    }

    /// What a phone or a test asks: status and body.
    pub async fn ask(&self, path: &str, body: &Value) -> (u16, Value) {
        let response = self.http.post(self.url(path)).json(body).send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap_or_default())
    }

    pub async fn look(&self, path: &str) -> Value {
        json_of(self.http.get(self.url(path)).send().await.unwrap()).await
    }

    /// What is to be pushed to `app_id`'s server, taken away.
    pub fn pushed_to(&self, app_id: &str) -> Vec<Event> {
        let pushes = self.wechat().take_pushes();
        pushes.into_iter().filter(|push| push.app_id == app_id).map(|push| push.event).collect()
    }
}

async fn json_of(response: Response) -> Value {
    response.json().await.unwrap()
}

/// A message of the first account's one-time template.
pub fn once() -> Value {
    let data = json!({ "thing1": { "value": "楼道灯不亮" }, "phrase2": { "value": "已受理" } });
    json!({ "touser": RESIDENT, "template_id": ONCE, "data": data })
}

/// A message of the service account's template.
pub fn notice(openid: &str) -> Value {
    let data = json!({
        "thing1": { "value": "明日九点至十二点停水" },
        "time2": { "value": "2026年11月24日 09:00" },
        "const3": { "value": "停水" },
    });
    json!({ "touser": openid, "template_id": NOTICE, "data": data })
}

/// A message of the corporation's app.
pub fn text(touser: &str) -> Value {
    json!({ "touser": touser, "msgtype": "text", "agentid": AGENT, "text": { "content": "三号楼漏水" } })
}

fn notices() -> SandboxTemplate {
    let keywords = [("thing1", "内容"), ("time2", "时间"), ("const3", "类别")];
    SandboxTemplate::new(NOTICE, "社区通知", &keywords).listing("const3", &["停水", "停电"])
}

fn corp() -> SandboxCorp {
    SandboxCorp {
        corp_id: CORP.into(),
        name: "西苑街道".into(),
        apps: vec![SandboxCorpApp { agent_id: AGENT, secret: SECRET.into() }],
        members: vec![("Li".into(), "李书记".into()), ("zhao".into(), "赵主任".into())],
        robots: vec![SandboxRobot { key: ROBOT.into(), group: "值班群".into() }],
    }
}
