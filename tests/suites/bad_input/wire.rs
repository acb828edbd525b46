//! What is hardly HTTP. The server answers or hangs up, and goes on for everybody else.

use tests::{kerb, on_both};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Sends these bytes, and answers the status line of what comes back until the server hangs up.
async fn say(address: &str, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    // The server may hang up before everything is sent.
    let _ = stream.write_all(bytes).await;
    let _ = stream.shutdown().await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).lines().next().unwrap_or_default().to_owned()
}

on_both! {
    async fn nonsense_on_the_line_hurts_nobody(app: &TestApp) {
        let wang = app.sign_in("demo-xy-wang").await;
        let before = app.database.picture().await;
        let address = wang.address().to_owned();
        let host = format!("Host: {address}\r\n");
        let many_headers: String = (0..200).map(|n| format!("X-{n}: {n}\r\n")).collect();
        let long_header = format!("X-Long: {}\r\n", "a".repeat(300_000));
        for request in [
            "\0\0\0\0\r\n\r\n".to_owned(),
            "\u{16}\u{3}\u{1}\u{2}".to_owned(),
            "GET\r\n\r\n".to_owned(),
            format!("GET /v1/orders HTTP/9.9\r\n{host}\r\n"),
            format!("POST /v1/orders HTTP/1.1\r\n{host}Content-Length: -5\r\n\r\n"),
            format!("POST /v1/orders HTTP/1.1\r\n{host}Content-Length: 99999999999999999999\r\n\r\n"),
            format!("POST /v1/orders HTTP/1.1\r\n{host}Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n"),
            format!("GET /v1/orders HTTP/1.1\r\n{host}{many_headers}\r\n"),
            format!("GET /v1/orders HTTP/1.1\r\n{host}{long_header}\r\n"),
            format!("GET /v1/orders HTTP/1.1\r\n{host}Bad Header\r\n\r\n"),
        ] {
            let answer = say(&address, request.as_bytes()).await;
            let shown: String = request.chars().take(60).collect();
            assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{shown:?} was answered {answer:?}");
        }
        let cut_short = format!("POST /v1/orders HTTP/1.1\r\n{host}Content-Type: application/json\r\n\
            Authorization: Bearer {}\r\nContent-Length: 5000\r\n\r\n{}", wang.access_token, kerb());
        let answer = say(&address, cut_short.as_bytes()).await;
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer:?}");
        assert_eq!(app.database.picture().await, before);
        wang.places(&kerb()).await;
    }
}
