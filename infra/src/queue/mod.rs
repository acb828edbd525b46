//! [`NoticeQueue`](domain::ports::NoticeQueue): in process, or a stream in Redis that all processes share.

mod memory;
mod shared;
mod stream;

pub use memory::MemoryQueue;
pub use shared::SharedQueue;
pub use stream::StreamQueue;
