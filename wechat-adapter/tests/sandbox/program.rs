use std::net::SocketAddr;

use tokio::sync::oneshot;
use wechat_adapter::sandbox::{Sandbox, SandboxOptions};

const HERS: &str = "o-of-this-test-alone";

#[tokio::test]
async fn the_program_runs_until_it_is_told_to_stop() {
    let (stop, stopped) = oneshot::channel::<()>();
    let (tell, told) = oneshot::channel::<SocketAddr>();
    let mut options = SandboxOptions::new("wx1", "s".into());
    options.phones = vec![(HERS.into(), "王阿姨".into())];
    let stopped = async {
        let _ = stopped.await;
    };
    let program = tokio::spawn(Sandbox::run_until(options, stopped, |addr| tell.send(addr).unwrap()));
    let phones = format!("http://{}/sandbox/phones", told.await.unwrap());
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    assert!(http.get(&phones).send().await.unwrap().text().await.unwrap().contains(HERS));
    assert!(!program.is_finished());

    stop.send(()).unwrap();
    program.await.unwrap().unwrap();
    // Nor by the connection that was kept open. Another sandbox may have the port by now; it does not know her.
    if let Ok(answer) = http.get(&phones).send().await {
        assert!(!answer.text().await.unwrap_or_default().contains(HERS));
    }
}
