use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;

/// The program as it was built, beside this test.
pub fn binary() -> PathBuf {
    let own = std::env::current_exe().expect("this program's file");
    // Tests lie one folder deeper than programs.
    let folder = own.parent().expect("a folder");
    let folder = if folder.ends_with("deps") { folder.parent().expect("a target folder") } else { folder };
    let beside = folder.join("hongguanjia");
    assert!(
        beside.exists(),
        "{} is missing: build it with `cargo build --bin hongguanjia`, or run tests/run",
        beside.display()
    );
    beside
}

/// `hongguanjia serve` as a process of its own.
pub struct Program {
    child: Child,
    pub base_url: String,
    /// What it says after it is ready.
    log: Arc<Mutex<String>>,
    listener: JoinHandle<()>,
}

impl Program {
    /// Starts it with these settings (`HGJ_…`) and waits until it is ready.
    pub async fn serve(settings: &[(String, String)]) -> Self {
        Self::ready(Self::command(settings).arg("serve")).await
    }

    /// The same without workers: others tell what happens here.
    pub async fn serve_alone(settings: &[(String, String)]) -> Self {
        Self::ready(Self::command(settings).args(["serve", "--no-worker"])).await
    }

    /// The same, telling of every request as text, as people read it.
    pub async fn serve_quietly(settings: &[(String, String)]) -> Self {
        Self::ready_with(Self::command(settings).arg("serve"), "info,sqlx=warn,sea_orm=warn").await
    }

    /// The same, after this line of a shell, which may set limits for the process.
    pub async fn serve_under(line: &str, settings: &[(String, String)]) -> Self {
        let script = format!("{line}; exec {} serve", binary().display());
        Self::ready(Self::dressed(Command::new("sh"), settings).args(["-c", &script])).await
    }

    async fn ready(command: &mut Command) -> Self {
        Self::ready_with(command, "warn,api::command=info").await
    }

    async fn ready_with(command: &mut Command, verbosity: &str) -> Self {
        let mut child = command
            .env("HGJ_LISTEN", "127.0.0.1:0")
            .env("HGJ_LOG", "json")
            .env("RUST_LOG", verbosity)
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("a process");
        let mut log = BufReader::new(child.stderr.take().expect("its log")).lines();
        let mut read = Vec::new();
        while let Some(line) = log.next_line().await.expect("a line") {
            let entry: serde_json::Value = serde_json::from_str(&line).unwrap_or_default();
            if let Some(address) = entry["address"].as_str() {
                let base_url = format!("http://{address}");
                let said = Arc::new(Mutex::new(String::new()));
                let heard = said.clone();
                // What else it says is shown where a test fails.
                let listener = tokio::spawn(async move {
                    while let Ok(Some(line)) = log.next_line().await {
                        eprintln!("{line}");
                        let mut said = heard.lock().expect("no test panicked here");
                        said.push_str(&line);
                        said.push('\n');
                    }
                });
                return Self { child, base_url, log: said, listener };
            }
            read.push(line);
        }
        panic!("the program did not start: {read:#?}");
    }

    /// Tells it to stop, waits, and answers all that it said.
    pub async fn log_at_its_end(mut self) -> String {
        self.is_told_to_stop().await;
        self.child.wait().await.expect("an end");
        self.listener.await.expect("its last line");
        self.log.lock().expect("no test panicked here").clone()
    }

    /// One of its other commands, with the same settings, to its end.
    pub async fn run(settings: &[(String, String)], arguments: &[&str]) -> std::process::Output {
        Self::command(settings).args(arguments).output().await.expect("a process")
    }

    /// One of its other commands, left to itself.
    pub fn start(settings: &[(String, String)], arguments: &[&str]) -> Child {
        Self::start_other(&binary(), settings, arguments)
    }

    /// Another program with the same settings, left to itself.
    pub fn start_other(program: &Path, settings: &[(String, String)], arguments: &[&str]) -> Child {
        let mut command = Self::dressed(Command::new(program), settings);
        command.args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
        command.spawn().expect("a process")
    }

    fn command(settings: &[(String, String)]) -> Command {
        Self::dressed(Command::new(binary()), settings)
    }

    fn dressed(mut command: Command, settings: &[(String, String)]) -> Command {
        let own = std::env::vars().filter(|(name, _)| !name.starts_with("HGJ_") && name != "RUST_LOG");
        // In a folder without hongguanjia.toml.
        command.env_clear().envs(own).envs(settings.iter().cloned()).current_dir(std::env::temp_dir());
        command
    }

    pub fn address(&self) -> &str {
        self.base_url.trim_start_matches("http://")
    }

    pub fn id(&self) -> u32 {
        self.child.id().expect("a process that lives")
    }

    /// `kill -9`: nothing is finished, nothing is flushed.
    pub async fn dies(mut self) {
        self.child.kill().await.expect("dead");
    }

    /// `kill -TERM`.
    pub async fn is_told_to_stop(&self) {
        let told =
            Command::new("sh").args(["-c", &format!("kill -TERM {}", self.id())]).status().await.expect("a shell");
        assert!(told.success());
    }

    pub async fn ends(mut self) -> std::process::ExitStatus {
        self.child.wait().await.expect("an end")
    }
}
