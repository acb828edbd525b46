use std::net::SocketAddr;

use tokio::sync::oneshot;
use wechat_adapter::sandbox::{Sandbox, SandboxOptions};

#[tokio::test]
async fn the_program_runs_until_it_is_told_to_stop() {
    let (stop, stopped) = oneshot::channel::<()>();
    let (tell, told) = oneshot::channel::<SocketAddr>();
    let program = tokio::spawn(Sandbox::run_until(
        SandboxOptions::new("wx1", "s".into()),
        async {
            let _ = stopped.await;
        },
        |addr| tell.send(addr).unwrap(),
    ));
    let addr = told.await.unwrap();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    assert!(http.get(format!("http://{addr}/")).send().await.unwrap().status().is_success());

    stop.send(()).unwrap();
    program.await.unwrap().unwrap();
    assert!(http.get(format!("http://{addr}/")).send().await.is_err());
}
