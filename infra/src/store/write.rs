//! How a transaction that may end without effect ends.

use sea_orm::{DatabaseTransaction, EntityTrait, IntoActiveModel};
use uuid::Uuid;

use domain::ids::OrderId;
use domain::ports::{Answer, Commit, StoreError};

use crate::database::store_error;
use crate::entity::answer;
use crate::store::constraint::ANSWER_KEY;
use crate::vault::{Cell, Row, Vault};

/// SQLite binds at most 32,766 values in a statement, and an order has 40 columns.
pub(super) const ROWS_PER_STATEMENT: usize = 500;

/// Why a transaction writes nothing.
pub(super) enum Halt {
    /// A named end that the caller knows how to go on from.
    Ended(Commit),
    Failed(StoreError),
}

impl From<StoreError> for Halt {
    fn from(error: StoreError) -> Self {
        Self::Failed(error)
    }
}

/// Commits what was written in full and rolls everything else back.
pub(super) async fn finish(tx: DatabaseTransaction, written: Result<(), Halt>) -> Result<Commit, StoreError> {
    let Err(halt) = written else {
        tx.commit().await.map_err(store_error)?;
        return Ok(Commit::Done);
    };
    let rolled_back = tx.rollback().await.map_err(store_error);
    match halt {
        Halt::Ended(end) => rolled_back.map(|()| end),
        Halt::Failed(error) => Err(error),
    }
}

/// The first statement of a transaction: a second request with the same key waits here for the end of the first,
/// and then learns that its answer stands, rather than that the order has moved on.
pub(super) async fn insert_answer(
    tx: &DatabaseTransaction,
    vault: &Vault,
    given: &Answer,
    shows: Option<OrderId>,
) -> Result<(), Halt> {
    let row = answer::Model {
        person_id: given.person.0,
        key: given.key.clone(),
        fingerprint: given.fingerprint.to_vec(),
        status: given.status.into(),
        body: vault.lock(answer_cell(given.person.0, &given.key), given.body.as_bytes())?,
        at: given.at,
        order_id: shows.map(Into::into),
    };
    match answer::Entity::insert(row.into_active_model()).exec_without_returning(tx).await {
        Ok(_) => Ok(()),
        Err(error) if ANSWER_KEY.is_violated_by(&error) => Err(Halt::Ended(Commit::KeyTaken)),
        Err(error) => Err(Halt::Failed(store_error(error))),
    }
}

pub(super) fn answer_cell(person: Uuid, key: &str) -> Cell<'_> {
    Cell::new("answers.body", Row::Named(person, key))
}
