use std::net::IpAddr;
use std::time::Duration;

use reqwest::{Client, Url, redirect};
use secrecy::ExposeSecret;
use serde_json::Value;

use super::Answer;
use crate::endpoint::Endpoint;
use crate::error::{TransportCause, WechatError};
use crate::token::AccessToken;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// A person may be waiting for a login behind this call.
const TOTAL_TIMEOUT: Duration = Duration::from_secs(5);

/// A connection that nobody used for so long is given up on this side. The other side gives up too, without a word,
/// after a time that WeChat does not tell (UNVERIFIED; 5 s is the shortest that servers have as their default): a call
/// that meets just this moment is lost, and nobody knows whether it was heard.
const IDLE: Duration = Duration::from_secs(3);

/// One call, as it can be repeated with another token.
pub(crate) struct Request<'a> {
    endpoint: Endpoint,
    query: Vec<(&'static str, &'a str)>,
    /// Present = POST, absent = GET.
    body: Option<Value>,
    /// What must not appear in an error even if WeChat repeats it to us.
    private: Vec<&'a str>,
}

impl<'a> Request<'a> {
    pub(crate) const fn get(endpoint: Endpoint) -> Self {
        Self { endpoint, query: Vec::new(), body: None, private: Vec::new() }
    }

    pub(crate) const fn post(endpoint: Endpoint, body: Value) -> Self {
        Self { endpoint, query: Vec::new(), body: Some(body), private: Vec::new() }
    }

    pub(crate) fn query(mut self, name: &'static str, value: &'a str) -> Self {
        self.query.push((name, value));
        self
    }

    /// Keeps `value` out of every error of this call.
    pub(crate) fn hide(mut self, value: &'a str) -> Self {
        self.private.push(value);
        self
    }
}

/// `body` without its nulls: to WeChat a null is not the same as none.
pub(crate) fn present(body: Value) -> Value {
    match body {
        Value::Object(fields) => {
            let fields = fields.into_iter().filter(|(_, value)| !value.is_null());
            Value::Object(fields.map(|(name, value)| (name, present(value))).collect())
        }
        other => other,
    }
}

/// HTTP to one WeChat. Clones share their connections.
#[derive(Clone)]
pub(crate) struct Transport {
    http: Client,
    base_url: String,
}

impl Transport {
    pub(crate) fn new(base_url: &str) -> Result<Self, WechatError> {
        Self::with_idle(base_url, IDLE)
    }

    fn with_idle(base_url: &str, idle: Duration) -> Result<Self, WechatError> {
        check_base_url(base_url)?;
        let http = Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TOTAL_TIMEOUT)
            .pool_idle_timeout(idle)
            // A proxy variable of the host must not see the app's secret, and
            // a redirect must not carry a token elsewhere.
            .no_proxy()
            .redirect(redirect::Policy::none())
            .build()
            .map_err(|_| WechatError::Config("the HTTP client cannot be built"))?;
        Ok(Self { http, base_url: base_url.trim_end_matches('/').to_owned() })
    }

    /// Sends `request`; what came back is read by whoever knows its shape.
    pub(crate) async fn send(&self, request: &Request<'_>, token: Option<&AccessToken>) -> Result<Answer, WechatError> {
        let endpoint = request.endpoint;
        let token = token.map(|token| token.value().expose_secret());
        let broken = |error| broken(endpoint, error);

        let response = self.build(request, token).send().await.map_err(broken)?;
        let status = response.status();
        let body = response.bytes().await.map_err(broken)?;

        let private = request.private.iter().copied().chain(token).map(str::to_owned).collect();
        Ok(Answer { endpoint, status, body, private })
    }

    fn build(&self, request: &Request<'_>, token: Option<&str>) -> reqwest::RequestBuilder {
        let url = format!("{}{}", self.base_url, request.endpoint.path());
        let builder = match &request.body {
            Some(body) => self.http.post(url).json(body),
            None => self.http.get(url),
        };
        let token = token.map(|token| ("access_token", token));
        let query: Vec<_> = request.query.iter().copied().chain(token).collect();
        if query.is_empty() { builder } else { builder.query(&query) }
    }
}

/// Only https leaves this machine; plain http may reach a sandbox on it.
fn check_base_url(base_url: &str) -> Result<(), WechatError> {
    let url = Url::parse(base_url).map_err(|_| WechatError::Config("base_url is not a URL"))?;
    let host = url.host_str().unwrap_or_default();
    let loopback = host == "localhost" || is_loopback_address(host);
    match url.scheme() {
        "https" => Ok(()),
        "http" if loopback => Ok(()),
        _ => Err(WechatError::Config("base_url must be https, or http on the loopback address")),
    }
}

fn is_loopback_address(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    address.is_ok_and(|address| address.is_loopback())
}

fn broken(endpoint: Endpoint, error: reqwest::Error) -> WechatError {
    let cause = if error.is_connect() {
        TransportCause::Connect
    } else if error.is_timeout() {
        TransportCause::Timeout
    } else {
        TransportCause::Interrupted
    };
    WechatError::Transport { endpoint, cause, source: Some(error.without_url()) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;

    #[test]
    fn a_secret_never_leaves_the_machine_in_clear() {
        for good in ["https://api.weixin.qq.com", "http://127.0.0.1:8080/", "http://[::1]:8080"] {
            assert!(Transport::new(good).is_ok(), "{good}");
        }
        for bad in ["http://api.weixin.qq.com", "http://127.0.0.1.example.com", "ftp://127.0.0.1", "api.weixin.qq.com"]
        {
            assert!(Transport::new(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_is_not_said_is_not_sent() {
        let body = json!({ "page": null, "data": { "a": 1, "b": null }, "list": [] });
        assert_eq!(present(body), json!({ "data": { "a": 1 }, "list": [] }));
    }

    /// Answers one request on each connection, and is silent about having closed it.
    async fn forgetful_server(listener: TcpListener) {
        let mut kept = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut read = [0; 4096];
            while !read.windows(4).any(|end| end == b"\r\n\r\n") {
                assert_ne!(stream.read(&mut read).await.unwrap(), 0);
            }
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}").await.unwrap();
            kept.push(stream);
        }
    }

    #[tokio::test]
    async fn a_connection_that_the_other_side_may_have_given_up_is_not_used_again() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let transport = |idle| {
            let address = listener.local_addr().unwrap();
            Transport::with_idle(&format!("http://{address}"), idle).unwrap()
        };
        let (careful, careless) = (transport(Duration::ZERO), transport(Duration::from_secs(3600)));
        let server = tokio::spawn(forgetful_server(listener));
        let ask = async |transport: &Transport| {
            let request = Request::get(Endpoint::TemplateList);
            let answer = transport.send(&request, None);
            tokio::time::timeout(Duration::from_millis(300), answer).await.is_ok_and(|answer| answer.is_ok())
        };
        assert!(ask(&careful).await && ask(&careful).await);
        assert!(ask(&careless).await && !ask(&careless).await, "the server does not hear it");
        server.abort();
    }

    #[tokio::test]
    async fn an_unreachable_wechat_is_an_error_without_its_url() {
        // Port 1 of the loopback address: nothing listens there.
        let transport = Transport::new("http://127.0.0.1:1").unwrap();
        let request = Request::get(Endpoint::CodeToSession).query("js_code", "spent-once");
        let error = transport.send(&request, None).await.err().unwrap();

        assert!(matches!(error, WechatError::Transport { cause: TransportCause::Connect, .. }));
        let printed = format!("{error} {error:?}");
        assert!(!printed.contains("spent-once") && !printed.contains("jscode2session"));
    }
}
