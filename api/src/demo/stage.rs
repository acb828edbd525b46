use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};

use anyhow::{Context, bail};
use chrono::NaiveDate;
use domain::deadline::day_in_shanghai;
use domain::people::Role;
use secrecy::SecretString;
use tokio::task::JoinHandle;
use wechat_adapter::Suggest;
use wechat_adapter::callback::CallbackConfig;
use wechat_adapter::sandbox::push::PushTarget;
use wechat_adapter::sandbox::{Courier, RunningSandbox, Sandbox, SandboxOptions};

use super::cast::Cast;
use super::client::Client;
use crate::command::{Running, ledger};
use crate::config::{CallbackSettings, Settings, WechatSettings, address};
use crate::seed::seed;
use crate::wiring::Seams;

pub const APP_ID: &str = "wx-hongguanjia-demo";
/// Opens nothing but the sandbox, which lives in this process.
const SECRET: &str = "only-the-sandbox-knows-it";

/// Both servers, answering, with everybody in place.
pub struct Stage {
    /// Addresses without a slash at the end.
    pub api: String,
    pub sandbox: String,
    pub cast: Cast,
    /// Default addresses that were taken by somebody else.
    pub taken: Vec<SocketAddr>,
    pub client: Client,
    /// For people: where the data lies.
    pub data: String,
    running: Running,
    wechat: RunningSandbox,
    /// Carries what happens on the phones to our server, as WeChat does.
    courier: JoinHandle<()>,
}

impl Stage {
    pub async fn set(mut settings: Settings) -> anyhow::Result<Self> {
        let api = Seat::find("listen", &settings.listen)?;
        let phones = Seat::find("sandbox_listen", &settings.sandbox_listen)?;
        let taken = [&api, &phones].iter().filter_map(|seat| seat.instead_of).collect();

        let cast = Cast::default();
        let wechat = open_sandbox(phones.leave(), &cast).await?;
        let sandbox = url(wechat.addr());
        let app_id = APP_ID.to_owned();
        let templates = Settings::default().wechat.templates;
        let (base_url, callback) = (sandbox.clone(), callback());
        settings.wechat =
            WechatSettings { base_url, app_id, secret: secret(), templates, callback, ..Settings::default().wechat };
        settings.listen = api.leave().to_string();

        let running = Running::start(&settings, Seams::default(), true).await?;
        seed(&running.app.stores, APP_ID, running.app.clock.now()).await.context("写入演示数据失败")?;
        running.app.names.forget();
        read_books(&running).await.context("写入演示台账失败")?;
        let api = url(running.address);
        let courier = tokio::spawn(courier(&api)?.run(wechat.state().clone()));
        let client = Client::new(api.clone(), sandbox.clone())?;
        client.both_answer().await?;
        agree_to_alarms(&client, &cast, &settings.wechat.templates.alarm).await?;
        Ok(Self { data: data(&settings), api, sandbox, cast, taken, client, running, wechat, courier })
    }

    /// In Shanghai.
    pub fn today(&self) -> NaiveDate {
        day_in_shanghai(self.running.app.clock.now())
    }

    /// Lets requests in flight end, then stops both.
    pub async fn strike(self) -> anyhow::Result<()> {
        self.courier.abort();
        self.running.stop().await?;
        self.wechat.stop().await;
        Ok(())
    }
}

/// What was done before there was this system, as the communities wrote it into their books; invented, but for the sums.
const BOOKS: [(&str, &str); 2] =
    [("XY", include_str!("../../seed/ledger-XY.csv")), ("RY", include_str!("../../seed/ledger-RY.csv"))];

/// Nothing comes twice.
async fn read_books(running: &Running) -> anyhow::Result<()> {
    let app = &running.app;
    let directory = app.stores.directory.directory().await?;
    for (prefix, book) in BOOKS {
        let Some(community) = directory.communities.iter().find(|c| c.prefix == prefix) else { continue };
        let outcome = ledger::bring(&app.stores, &directory, community, book.as_bytes(), app.clock.now()).await?;
        if let Some((line, why)) = outcome.faults.first() {
            bail!("{prefix} 第 {line} 行：{why}");
        }
    }
    Ok(())
}

async fn open_sandbox(listen: SocketAddr, cast: &Cast) -> anyhow::Result<RunningSandbox> {
    let mut options = SandboxOptions { listen, phones: cast.phones(), ..SandboxOptions::new(APP_ID, secret()) };
    // Nobody sits there and judges photos.
    options.rules.unmarked_media = Some(Suggest::Pass);
    Ok(Sandbox::start(options).await?)
}

/// Those on duty agree to one alarm each, as they would when they come to work.
async fn agree_to_alarms(client: &Client, cast: &Cast, template: &str) -> anyhow::Result<()> {
    for person in cast.personas.iter().filter(|person| matches!(person.role, Role::IntakeClerk | Role::Secretary)) {
        client.subscribe(person.openid, template).await?;
    }
    Ok(())
}

fn callback() -> CallbackSettings {
    CallbackSettings { token: SECRET.into(), encoding_aes_key: SecretString::default() }
}

fn courier(api: &str) -> anyhow::Result<Courier> {
    let config = CallbackConfig {
        app_id: APP_ID.to_owned(),
        token: SECRET.into(),
        encoding_aes_key: None,
        require_encryption: false,
    };
    let target = PushTarget::new(format!("{api}/wechat/{APP_ID}/callback"), config);
    Ok(Courier::new(vec![target])?)
}

fn secret() -> SecretString {
    SECRET.into()
}

/// An address to listen on. Held until the server takes it, so that the second server does not choose the same.
struct Seat {
    address: SocketAddr,
    held: TcpListener,
    instead_of: Option<SocketAddr>,
}

impl Seat {
    /// An address that somebody asked for is taken or refused; the default one makes way for any free port.
    fn find(key: &str, wanted: &str) -> anyhow::Result<Self> {
        let address = address(wanted)?;
        match TcpListener::bind(address) {
            Ok(held) => Ok(Self { address, held, instead_of: None }),
            Err(error) if error.kind() != ErrorKind::AddrInUse => {
                Err(error).with_context(|| format!("不能监听 {wanted}"))
            }
            Err(_) if Settings::is_given(key) => {
                bail!("{wanted} 已被别的程序占用，请换一个地址（HGJ_{}）", key.to_uppercase())
            }
            Err(_) => {
                let free = SocketAddr::new(address.ip(), 0);
                Ok(Self { address: free, held: TcpListener::bind(free)?, instead_of: Some(address) })
            }
        }
    }

    fn leave(self) -> SocketAddr {
        drop(self.held);
        self.address
    }
}

/// How somebody on this machine reaches a server.
fn url(mut listening: SocketAddr) -> String {
    if listening.ip().is_unspecified() {
        listening.set_ip(match listening.ip() {
            IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    format!("http://{listening}")
}

fn data(settings: &Settings) -> String {
    let folder = settings.data_dir.display();
    match &settings.database_url {
        None => format!("{folder}/（SQLite 数据库和照片）"),
        Some(url) if url.starts_with("sqlite:") => format!("{folder}/（照片），数据库 {url}"),
        // The address may carry a password.
        Some(_) => format!("{folder}/（照片），订单在 PostgreSQL"),
    }
}
