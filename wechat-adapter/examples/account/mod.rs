//! Which account an example speaks for, by environment variables.

use std::env;
use std::error::Error;

use wechat_adapter::{Config, WECHAT_BASE_URL};

pub type Outcome = Result<(), Box<dyn Error>>;

/// The variable `name`, or an error that names it.
pub fn wanted(name: &str) -> Result<String, Box<dyn Error>> {
    env::var(name).map_err(|_| format!("set {name}; the head of this example says to what").into())
}

pub fn config() -> Result<Config, Box<dyn Error>> {
    let base_url = env::var("WECHAT_BASE_URL").unwrap_or_else(|_| WECHAT_BASE_URL.to_owned());
    Ok(Config::new(wanted("WECHAT_APP_ID")?, wanted("WECHAT_SECRET")?.into()).with_base_url(base_url))
}
