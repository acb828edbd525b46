//! A server that is told to stop, and one whose database goes away.

use serde_json::json;
use tests::{Program, kerb, on_both};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

on_both! {
    async fn what_is_under_way_is_finished_before_the_end(app: &TestApp) {
        let program = Program::serve(&app.environment().await).await;
        let wang = app.sign_in_at(&program, "demo-xy-wang").await;
        let order = kerb().to_string();
        let head = format!(
            "POST /v1/orders HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n",
            program.address(),
            wang.access_token,
            order.len()
        );
        let mut line = TcpStream::connect(program.address()).await.expect("a connection");
        line.write_all(head.as_bytes()).await.expect("sent");
        let mut go_on = [0; 25];
        line.read_exact(&mut go_on).await.expect("an answer");
        assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n", "it waits for the order");

        program.is_told_to_stop().await;
        // Nobody new is let in any more.
        while TcpStream::connect(program.address()).await.is_ok() {}
        line.write_all(order.as_bytes()).await.expect("sent");
        let mut answer = String::new();
        line.read_to_string(&mut answer).await.expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
        assert_eq!(program.ends().await.code(), Some(0));
        assert_eq!(app.database.count("orders").await, 1);
    }

    async fn a_database_that_goes_away_is_said_and_survived(app: &TestApp) {
        let cast = app.xiyuan().await;
        let order = cast.submitted().await;
        app.lose_database().await;
        for ask in [
            cast.wang.get("/v1/orders"),
            cast.wang.get("/v1/me"),
            cast.wang.post("/v1/orders").json(&kerb()),
            cast.clerk.tries("accept", &order, &json!({})),
            app.anonymous().post("/v1/auth/refresh").json(&json!({ "refresh_token": cast.wang.refresh_token })),
        ] {
            ask.await.refused(503, "unavailable");
        }
        app.restart_with(|_| {}).await;
        cast.clerk.makes("accept", &order, &json!({})).await;
    }
}
