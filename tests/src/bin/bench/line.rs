//! One connection to the server that is kept open, as cheap as a client can be: it shares the cores with the server.

use anyhow::{Context, bail};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Request, header};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

pub struct Line {
    sender: SendRequest<Full<Bytes>>,
    address: String,
    /// Whose words these are.
    pub token: String,
}

impl Line {
    pub async fn open(address: &str, token: &str) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await.context("the server cannot be reached")?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Self { sender, address: address.to_owned(), token: token.to_owned() })
    }

    pub async fn get(&mut self, path: &str) -> anyhow::Result<Bytes> {
        let request = Request::get(path).body(Full::default())?;
        self.ask(request).await
    }

    pub async fn post(&mut self, path: &str, key: &str, body: Bytes) -> anyhow::Result<Bytes> {
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/json")
            .header("idempotency-key", key)
            .body(Full::new(body))?;
        self.ask(request).await
    }

    /// The body of a success.
    async fn ask(&mut self, mut request: Request<Full<Bytes>>) -> anyhow::Result<Bytes> {
        let headers = request.headers_mut();
        headers.insert(header::HOST, self.address.parse()?);
        if !self.token.is_empty() {
            headers.insert(header::AUTHORIZATION, format!("Bearer {}", self.token).parse()?);
        }
        self.sender.ready().await?;
        let response = self.sender.send_request(request).await?;
        let status = response.status();
        let body = response.into_body().collect().await?.to_bytes();
        if !status.is_success() {
            bail!("{status}: {}", String::from_utf8_lossy(&body));
        }
        Ok(body)
    }
}
