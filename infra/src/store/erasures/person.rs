use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::{Set, Unchanged};
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};

use domain::erasure::{Begun, Stage};
use domain::ids::PersonId;
use domain::ports::StoreError;

use crate::database::store_error;
use crate::entity::{answer, delivery, erasure, membership, outbox, person, refresh_token, session, subscription};
use crate::store::consents;
use crate::store::memberships::is_held;

/// Makes a tombstone of the person and notes the request.
pub(super) async fn bury(tx: &DatabaseTransaction, person: PersonId, now: DateTime<Utc>) -> Result<Begun, StoreError> {
    let living = person::Entity::find_by_id(person.0).filter(person::Column::ErasedAt.is_null());
    if living.lock_exclusive().one(tx).await.map_err(store_error)?.is_none() {
        return Ok(Begun::Gone);
    }
    let roles = membership::Entity::find().filter(membership::Column::PersonId.eq(person.0)).all(tx).await;
    if roles.map_err(store_error)?.iter().any(|role| is_held(role, now)) {
        return Ok(Begun::HoldsRole);
    }
    let tombstone = person::ActiveModel {
        id: Unchanged(person.0),
        openid: Set(None),
        unionid: Set(None),
        profile: Set(None),
        phone_index: Set(None),
        erased_at: Set(Some(now)),
        ..Default::default()
    };
    person::Entity::update(tombstone).exec_without_returning(tx).await.map_err(store_error)?;
    let stage = Stage::Begun.to_string();
    let request = erasure::Model { person_id: person.0, requested_at: now, stage, since: now };
    erasure::Entity::insert(request.into_active_model()).exec_without_returning(tx).await.map_err(store_error)?;
    Ok(Begun::Begun)
}

/// What lies beside the person's row and the orders. A table that says more about people joins this list.
pub(super) async fn remove_traces(
    tx: &DatabaseTransaction,
    person: PersonId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let id = person.0;
    let own_sessions = Query::select()
        .column(session::Column::Id)
        .from(session::Entity)
        .and_where(session::Column::PersonId.eq(id))
        .take();
    let tokens =
        refresh_token::Entity::delete_many().filter(refresh_token::Column::SessionId.in_subquery(own_sessions));
    tokens.exec(tx).await.map_err(store_error)?;
    let sessions = session::Entity::delete_many().filter(session::Column::PersonId.eq(id));
    sessions.exec(tx).await.map_err(store_error)?;
    let subscriptions = subscription::Entity::delete_many().filter(subscription::Column::PersonId.eq(id));
    subscriptions.exec(tx).await.map_err(store_error)?;
    let answers = answer::Entity::delete_many().filter(answer::Column::PersonId.eq(id));
    answers.exec(tx).await.map_err(store_error)?;
    let notices = outbox::Entity::delete_many().filter(outbox::Column::ToPersonId.eq(id));
    notices.exec(tx).await.map_err(store_error)?;
    let deliveries = delivery::Entity::delete_many().filter(delivery::Column::PersonId.eq(id));
    deliveries.exec(tx).await.map_err(store_error)?;
    consents::end_all(tx, person, now).await
}
