//! What the suites stand on: a server of their own for each test, people who call it, and a phone for each of them.
//!
//! `HGJ_TEST_POSTGRES` and `HGJ_TEST_REDIS` name the servers for the second half of every suite; `tests/run` and
//! `tests/servers run` set both.

mod app;
mod ask;
mod by_hand;
mod database;
mod desk;
mod events;
mod moves;
mod people;
mod pictures;
mod program;
mod sheets;
mod spec;
mod words;

pub use app::{APP_ID, CORP_ID, OTHER_APP_ID, SERVICE_APP_ID, START, TestApp, run_on};
pub use ask::{Ask, Client, Reply, streamed};
pub use database::{Backend, Lease};
pub use desk::{Browser, DEVICE};
pub use events::{Event, EventStream, Heard};
pub use moves::{Cast, id};
pub use people::{Person, community, partner, persona, place_in};
pub use pictures::{Picture, noise, real_photo, shared_data};
pub use program::{Program, binary};
pub use sheets::{HEAD, long_list};
pub use spec::{Moment, MomentAt, Operation, moments, operations};
pub use words::{ACCEPTED, ALARM, DISPATCHED, ORDERED_FOR_YOU, PROGRESS, RESOLVED, TASK, kerb, order_in, task_for};

/// Makes two tests of each function: one on SQLite, one on PostgreSQL with Redis.
///
/// The name of the second argument, where there is one, is a function that changes the settings before the start.
#[macro_export]
macro_rules! on_both {
    ($($(#[$meta:meta])* async fn $name:ident($app:ident: &TestApp) $(with $settings:ident)? $body:block)+) => {
        $($(#[$meta])* async fn $name($app: &$crate::TestApp) $body)+

        mod sqlite {$(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                $crate::run_on($crate::Backend::Sqlite, $crate::settings!($($settings)?), super::$name).await;
            }
        )+}

        mod postgres {$(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                $crate::run_on($crate::Backend::Postgres, $crate::settings!($($settings)?), super::$name).await;
            }
        )+}
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! settings {
    () => {
        |_| {}
    };
    ($settings:ident) => {
        super::$settings
    };
}
