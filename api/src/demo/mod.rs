//! The demo: API and sandbox in one process, four communities of invented people, and stories of 西苑 and 润园 played
//! through HTTP, the way phones would play them; what these did before stands in their books.
//!
//! Nothing remembers how far a story went but the orders themselves: each step looks whether it is done already. So
//! the demo may be killed at any moment and goes on where it was.

mod answer;
mod cast;
mod client;
mod description;
mod mailbox;
mod picture;
mod player;
mod props;
mod screen;
mod script;
mod stage;

pub use description::describe;
pub use player::Player;
pub use screen::Screen;
pub use script::STORIES;
pub use stage::Stage;
