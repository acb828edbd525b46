//! The sandbox starts beside any runtime and lets go of its port.

use std::net::{Ipv4Addr, TcpListener};

use crate::stage::Stage;

/// Each caller has a loopback address to itself, so that nobody else can have
/// taken the port when it is looked at again.
async fn start_call_and_stop(address: Ipv4Addr) {
    let stage = Stage::set_at(address).await;
    stage.client.templates().await.unwrap();
    let addr = stage.sandbox.addr();
    stage.sandbox.stop().await;
    TcpListener::bind(addr).unwrap();
}

#[actix_web::test]
async fn inside_an_actix_system() {
    start_call_and_stop(Ipv4Addr::new(127, 0, 0, 2)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_plain_multi_thread_runtime() {
    start_call_and_stop(Ipv4Addr::new(127, 0, 0, 3)).await;
}

#[test]
fn across_the_end_of_the_runtime_that_started_it() {
    let runtime = || tokio::runtime::Runtime::new().unwrap();
    let stage = runtime().block_on(Stage::set());
    runtime().block_on(async { stage.client.templates().await.unwrap() });
}
