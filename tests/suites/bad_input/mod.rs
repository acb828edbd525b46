//! Whatever is sent: a sentence that says what to do, a stable code, and nothing changed.

mod bodies;
mod headers;
mod paths;
mod times;
mod wire;

use tests::{Ask, Reply, TestApp};

/// Sends what must be refused, and looks whether anything changed.
async fn refusal(app: &TestApp, ask: Ask) -> Reply {
    let before = app.database.picture().await;
    let reply = ask.await;
    assert!((400..500).contains(&reply.status), "{reply}");
    assert_eq!(app.database.picture().await, before, "{reply}");
    reply
}
