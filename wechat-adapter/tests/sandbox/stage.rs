use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::DateTime;
use wechat_adapter::sandbox::{RunningSandbox, Sandbox, SandboxOptions, SandboxState};
use wechat_adapter::{
    Clock, Config, Language, MemoryTokenStore, MiniProgram, MiniProgramState, Refused, SubscribeMessage, WechatError,
};

pub const APP_ID: &str = "wx-hongguanjia";
pub const SECRET: &str = "the-app-secret";
pub const RESIDENT: &str = "openid-resident";
/// Port 1 is nobody's. The port of a stopped sandbox would not do: the next
/// test's sandbox may have taken it.
pub const NOBODY_LISTENS: &str = "http://127.0.0.1:1";
pub const ACCEPTED: &str = "hgj-order-accepted";

/// 2026-11-23 09:00 in Beijing.
const START: i64 = 1_795_395_600;

/// A clock that stands still until it is moved.
#[derive(Clone)]
pub struct HandClock(Arc<AtomicI64>);

impl HandClock {
    pub fn new() -> Self {
        Self(Arc::new(AtomicI64::new(START)))
    }

    pub fn advance_seconds(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }

    pub fn reader(&self) -> Clock {
        let seconds = Arc::clone(&self.0);
        Arc::new(move || DateTime::from_timestamp(seconds.load(Ordering::SeqCst), 0).unwrap())
    }
}

/// A sandbox and a client of it, each with its own clock.
pub struct Stage {
    pub sandbox: RunningSandbox,
    pub client: MiniProgram,
    pub wechat_clock: HandClock,
    pub client_clock: HandClock,
}

impl Stage {
    pub async fn set() -> Self {
        Self::set_at(Ipv4Addr::LOCALHOST).await
    }

    pub async fn set_at(address: Ipv4Addr) -> Self {
        let wechat_clock = HandClock::new();
        let client_clock = HandClock::new();
        let sandbox = Sandbox::start(SandboxOptions {
            listen: SocketAddr::from((address, 0)),
            clock: wechat_clock.reader(),
            phones: vec![(RESIDENT.into(), "居民王阿姨".into())],
            ..SandboxOptions::new(APP_ID, SECRET.into())
        })
        .await
        .unwrap();
        let client = client_of(&sandbox, SECRET).with_clock(client_clock.reader());
        Self { sandbox, client, wechat_clock, client_clock }
    }

    pub fn wechat(&self) -> &SandboxState {
        self.sandbox.state()
    }
}

pub fn client_of(sandbox: &RunningSandbox, secret: &str) -> MiniProgram {
    client_at(&sandbox.base_url(), secret)
}

pub fn client_at(base_url: &str, secret: &str) -> MiniProgram {
    let config = Config { base_url: base_url.into(), app_id: APP_ID.into(), secret: secret.into() };
    MiniProgram::new(config, Arc::new(MemoryTokenStore::default())).unwrap()
}

/// A complete "your order was accepted" to the resident.
pub fn accepted_message() -> SubscribeMessage {
    let data = [
        ("character_string1", "XY-20261123-0042"),
        ("thing2", "东门外的路灯已经坏了三天晚上很黑请尽快派人来看"),
        ("phrase3", "已接单"),
        ("time4", "2026年11月23日 09:00"),
        ("thing5", "社区会尽快联系您"),
    ];
    SubscribeMessage {
        touser: RESIDENT.into(),
        template_id: ACCEPTED.into(),
        page: Some("pages/order/detail?id=42".into()),
        state: MiniProgramState::Formal,
        lang: Language::default(),
        data: data.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect::<BTreeMap<_, _>>(),
    }
}

/// The refusal inside `error`.
pub fn refused(error: WechatError) -> Refused {
    match error {
        WechatError::Refused(refused) => refused,
        other => panic!("not a refusal: {other}"),
    }
}
