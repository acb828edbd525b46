//! How a transaction that may end without effect ends.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter};
use uuid::Uuid;

use domain::ids::OrderId;
use domain::ports::{Answer, Commit, Fulfilled, Promised, StoreError};

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

/// Takes the key for an answer that is not known yet: the first statement of a transaction. `false` where the key is taken.
pub(super) async fn promise<T>(
    tx: &DatabaseTransaction,
    vault: &Vault,
    promised: Option<&Promised<'_, T>>,
) -> Result<bool, StoreError> {
    let Some(Promised { blank, .. }) = promised else { return Ok(true) };
    match insert_answer(tx, vault, blank, None).await {
        Ok(()) => Ok(true),
        Err(Halt::Ended(_)) => Ok(false),
        Err(Halt::Failed(error)) => Err(error),
    }
}

/// Writes what is answered, now that it is done.
pub(super) async fn keep<T>(
    tx: &DatabaseTransaction,
    vault: &Vault,
    promised: Option<&Promised<'_, T>>,
    done: &T,
) -> Result<(), StoreError> {
    let Some(Promised { blank, words }) = promised else { return Ok(()) };
    let body = vault.lock(answer_cell(blank.person.0, &blank.key), words(done)?.as_bytes())?;
    answer::Entity::update_many()
        .col_expr(answer::Column::Body, Expr::value(body))
        .filter(answer::Column::PersonId.eq(blank.person.0))
        .filter(answer::Column::Key.eq(blank.key.as_str()))
        .exec(tx)
        .await
        .map(drop)
        .map_err(store_error)
}

/// Keeps the answer and commits; what was refused is rolled back, and answers nothing for the next time.
pub(super) async fn fulfil<T, R>(
    tx: DatabaseTransaction,
    vault: &Vault,
    promised: Option<&Promised<'_, T>>,
    ended: Result<T, R>,
) -> Result<Result<Fulfilled<T>, R>, StoreError> {
    match ended {
        Ok(done) => {
            keep(&tx, vault, promised, &done).await?;
            tx.commit().await.map_err(store_error)?;
            Ok(Ok(Fulfilled::Done(done)))
        }
        Err(refusal) => {
            tx.rollback().await.map_err(store_error)?;
            Ok(Err(refusal))
        }
    }
}

/// A request with the same key was faster: nothing is done.
pub(super) async fn outrun<T, R>(tx: DatabaseTransaction) -> Result<Result<Fulfilled<T>, R>, StoreError> {
    tx.rollback().await.map_err(store_error)?;
    Ok(Ok(Fulfilled::KeyTaken))
}

pub(super) fn answer_cell(person: Uuid, key: &str) -> Cell<'_> {
    Cell::new("answers.body", Row::Named(person, key))
}
