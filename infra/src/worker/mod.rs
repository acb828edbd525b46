//! What the program does by itself: sends what waits in the outbox, and tidies.

mod audit;
mod content;
mod housekeeping;
mod outbox;

pub use audit::AuditLog;
pub use content::ContentWorker;
pub use housekeeping::Housekeeping;
pub use outbox::OutboxWorker;
