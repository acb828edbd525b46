use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::{Set, Unchanged};
use sea_orm::sea_query::{ExprTrait, IntoCondition, Query};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
};

use domain::erasure::{Begun, Stage};
use domain::ids::PersonId;
use domain::ports::StoreError;
use domain::safety::CheckState;

use crate::database::store_error;
use crate::entity::{
    answer, delegation, delegation_offer, delivery, desk_ticket, duty_rota, erasure, follower, former_self, identity,
    marked_words, membership, message_right, outbox, person, recovery_code, refresh_token, residence, second_factor,
    session, subscription, to_forget, volunteer, volunteer_hours, volunteer_skill, wecom_member,
};
use crate::store::campaigns;
use crate::store::consents;
use crate::store::mediations;
use crate::store::memberships::is_held;
use crate::store::residents::take_over;

/// Like [`bury`], for somebody whose WeChat account is no more: whatever roles they hold end with it, and nobody can ask
/// for them to be handed over.
pub(in crate::store) async fn bury_with_roles(
    tx: &DatabaseTransaction,
    person: PersonId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    membership::Entity::update_many()
        .col_expr(membership::Column::EndedAt, now.into())
        .filter(membership::Column::PersonId.eq(person.0))
        .filter(membership::Column::EndedAt.is_null())
        .exec(tx)
        .await
        .map_err(store_error)?;
    if bury(tx, person, now).await? == Begun::Begun {
        for own in selves(tx, person).await? {
            remove_traces(tx, own, now).await?;
        }
    }
    Ok(())
}

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
    forget_following(tx, person).await?;
    for own in selves(tx, person).await? {
        // While the number still stands: the delegation goes with the traces, and the person may come again.
        take_over::withhold_from(tx, own).await?;
        let tombstone = person::ActiveModel {
            id: Unchanged(own.0),
            unionid: Set(None),
            profile: Set(None),
            phone_index: Set(None),
            kept_by: Set(None),
            erased_at: Set(Some(now)),
            ..Default::default()
        };
        person::Entity::update(tombstone).exec_without_returning(tx).await.map_err(store_error)?;
        let stage = Stage::Begun.to_string();
        let request = erasure::Model { person_id: own.0, requested_at: now, stage, since: now };
        erasure::Entity::insert(request.into_active_model()).exec_without_returning(tx).await.map_err(store_error)?;
    }
    Ok(Begun::Begun)
}

/// While the unionid still stands, which leads from a follower to the person.
async fn forget_following(tx: &DatabaseTransaction, person: PersonId) -> Result<(), StoreError> {
    let unionid = Query::select()
        .column(person::Column::Unionid)
        .from(person::Entity)
        .and_where(person::Column::Id.eq(person.0))
        .take();
    delete::<follower::Entity>(tx, follower::Column::Unionid.in_subquery(unionid)).await
}

/// The person, and the accounts that the person took over.
pub(super) async fn selves(db: &impl ConnectionTrait, person: PersonId) -> Result<Vec<PersonId>, StoreError> {
    let former = former_self::Entity::find().filter(former_self::Column::PersonId.eq(person.0)).all(db).await;
    let former = former.map_err(store_error)?.into_iter().map(|row| PersonId(row.former_id));
    Ok(std::iter::once(person).chain(former).collect())
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
    delete::<refresh_token::Entity>(tx, refresh_token::Column::SessionId.in_subquery(own_sessions)).await?;
    delete::<session::Entity>(tx, session::Column::PersonId.eq(id)).await?;
    delete::<desk_ticket::Entity>(tx, desk_ticket::Column::ScannedBy.eq(id)).await?;
    delete::<recovery_code::Entity>(tx, recovery_code::Column::PersonId.eq(id)).await?;
    delete::<second_factor::Entity>(tx, second_factor::Column::PersonId.eq(id)).await?;
    delete::<identity::Entity>(tx, identity::Column::PersonId.eq(id)).await?;
    delete::<message_right::Entity>(tx, message_right::Column::PersonId.eq(id)).await?;
    delete::<to_forget::Entity>(tx, to_forget::Column::PersonId.eq(id)).await?;
    // The mark stays as long as the words do; the copy goes.
    let unread = marked_words::ActiveModel {
        words: Set(None),
        due_at: Set(None),
        state: Set(CheckState::Review.to_string()),
        ..Default::default()
    };
    let own = marked_words::Entity::update_many().set(unread).filter(marked_words::Column::AuthorId.eq(id));
    own.exec(tx).await.map_err(store_error)?;
    delete::<residence::Entity>(tx, residence::Column::PersonId.eq(id)).await?;
    delete::<volunteer::Entity>(tx, volunteer::Column::PersonId.eq(id)).await?;
    delete::<volunteer_skill::Entity>(tx, volunteer_skill::Column::PersonId.eq(id)).await?;
    delete::<volunteer_hours::Entity>(tx, volunteer_hours::Column::PersonId.eq(id)).await?;
    // The row says by itself whom to call; whoever is gone is on duty no more.
    delete::<duty_rota::Entity>(tx, duty_rota::Column::PersonId.eq(id)).await?;
    delete::<delegation_offer::Entity>(tx, delegation_offer::Column::PrincipalId.eq(id)).await?;
    let either_side = delegation::Column::PrincipalId.eq(id).or(delegation::Column::DelegateId.eq(id));
    delete::<delegation::Entity>(tx, either_side).await?;
    delete::<subscription::Entity>(tx, subscription::Column::PersonId.eq(id)).await?;
    delete::<answer::Entity>(tx, answer::Column::PersonId.eq(id)).await?;
    delete::<outbox::Entity>(tx, outbox::Column::ToPersonId.eq(id)).await?;
    delete::<delivery::Entity>(tx, delivery::Column::PersonId.eq(id)).await?;
    mediations::forget(tx, person).await?;
    delete::<wecom_member::Entity>(tx, wecom_member::Column::PersonId.eq(id)).await?;
    campaigns::forget_person(tx, id).await?;
    consents::end_all(tx, person, now).await
}

async fn delete<E: EntityTrait>(tx: &DatabaseTransaction, whose: impl IntoCondition) -> Result<(), StoreError> {
    E::delete_many().filter(whose.into_condition()).exec(tx).await.map(drop).map_err(store_error)
}
