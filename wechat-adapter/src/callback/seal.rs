//! What WeChat does before it pushes: for tests, and for the sandbox.

use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value, json};

use super::crypt::MessageKey;
use super::signature::sign;
use super::{CallbackConfig, CallbackConfigError};

pub use super::write::Account;

/// The format that the console is set to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Json,
    Xml,
}

/// The mode that the console is set to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// 明文
    Plain,
    /// 兼容: the message twice, in clear and encrypted.
    Compatible,
    /// 安全
    Safe,
}

/// Signs and encrypts for one callback.
pub struct Sealer {
    app_id: String,
    token: SecretString,
    key: Option<MessageKey>,
}

impl Sealer {
    /// # Errors
    /// [`CallbackConfigError::Key`] if there is a key and it is none.
    pub fn new(config: &CallbackConfig) -> Result<Self, CallbackConfigError> {
        let key = config.encoding_aes_key.as_ref().map(MessageKey::read).transpose()?;
        Ok(Self { app_id: config.app_id.clone(), token: config.token.clone(), key })
    }

    /// The query and the body of a push.
    ///
    /// # Errors
    /// [`CallbackConfigError::KeyMissing`] if the mode needs a key.
    pub fn query_and_body(
        &self,
        message: &Map<String, Value>,
        format: Format,
        mode: Mode,
        now: DateTime<Utc>,
        nonce: &str,
        random16: [u8; 16],
    ) -> Result<(Vec<(String, String)>, String), CallbackConfigError> {
        let text = format.write(message);
        let mut query = self.signed(now, nonce);
        if mode == Mode::Plain {
            return Ok((query, text));
        }
        let key = self.key.as_ref().ok_or(CallbackConfigError::KeyMissing)?;
        let sealed = key.seal(&text, &self.app_id, random16);

        let text_of = |name| message.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let signature = sign([self.token.expose_secret(), &now.timestamp().to_string(), nonce, &sealed]);
        query.push(("openid".into(), text_of("FromUserName")));
        query.push(("encrypt_type".into(), "aes".into()));
        query.push(("msg_signature".into(), signature));

        let mut body = match mode {
            Mode::Compatible => message.clone(),
            Mode::Plain | Mode::Safe => Map::from_iter([("ToUserName".to_owned(), json!(text_of("ToUserName")))]),
        };
        body.insert("Encrypt".into(), sealed.into());
        Ok((query, format.write(&body)))
    }

    /// The query of the console's check of the address.
    #[must_use]
    pub fn echo_query(&self, echostr: &str, now: DateTime<Utc>, nonce: &str) -> Vec<(String, String)> {
        let mut query = self.signed(now, nonce);
        query.push(("echostr".into(), echostr.into()));
        query
    }

    fn signed(&self, now: DateTime<Utc>, nonce: &str) -> Vec<(String, String)> {
        let timestamp = now.timestamp().to_string();
        let signature = sign([self.token.expose_secret(), &timestamp, nonce]);
        vec![("signature".into(), signature), ("timestamp".into(), timestamp), ("nonce".into(), nonce.into())]
    }
}

impl Format {
    /// The message's text.
    #[must_use]
    pub fn write(self, message: &Map<String, Value>) -> String {
        match self {
            Self::Json => Value::Object(message.clone()).to_string(),
            Self::Xml => element("xml", &Value::Object(message.clone())),
        }
    }
}

/// As WeChat writes XML: strings as CDATA, numbers bare, a list as its items.
fn element(name: &str, value: &Value) -> String {
    let content = match value {
        Value::Array(items) => return items.iter().map(|item| element(name, item)).collect(),
        Value::Object(fields) => fields.iter().map(|(name, field)| element(name, field)).collect(),
        Value::String(text) => format!("<![CDATA[{}]]>", text.replace("]]>", "]]]]><![CDATA[>")),
        Value::Number(number) => number.to_string(),
        Value::Bool(truth) => truth.to_string(),
        Value::Null => String::new(),
    };
    format!("<{name}>{content}</{name}>")
}
