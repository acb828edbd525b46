//! WeChat: what it tells us is taken in once, and what people write passes its check.

mod callbacks;
mod content;
mod entrances;
mod mischief;
mod rights;
mod several;
mod sharing;
