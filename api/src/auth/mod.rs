//! Access tokens, refresh tokens, and signed links to photos.

mod links;
mod refresh;
mod tokens;

pub use links::PhotoLinks;
pub use refresh::FreshToken;
pub use tokens::Tokens;
