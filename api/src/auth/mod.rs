//! Access tokens, refresh tokens, one-time codes, and signed links to photos.

mod links;
pub mod one_time;
mod refresh;
pub mod secret;
mod tokens;

pub use links::PhotoLinks;
pub use refresh::FreshToken;
pub use tokens::Tokens;
