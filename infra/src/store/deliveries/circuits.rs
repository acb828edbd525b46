use chrono::{DateTime, Utc};
use sea_orm::sea_query::{LockBehavior, LockType, OnConflict};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseConnection, DatabaseTransaction, EntityTrait, IntoActiveModel,
    QueryFilter, QuerySelect,
};

use domain::notice::{Channel, DeliveryState, Importance};
use domain::ports::{Doors, OpenCircuit, StoreError};

use super::{climb, leaves};
use crate::database::store_error;
use crate::entity::{circuit, delivery};
use crate::store::cell;

/// One that is open already stays open longer.
pub(super) async fn open(db: &DatabaseConnection, opened: &OpenCircuit) -> Result<(), StoreError> {
    let OpenCircuit { channel, app_id, code, since, until } = opened.clone();
    let row = circuit::Model { channel: channel.to_string(), app_id, code, since, until };
    use circuit::Column::{AppId, Channel as Of, Code, Until};
    circuit::Entity::insert(row.into_active_model())
        .on_conflict(OnConflict::columns([Of, AppId]).update_columns([Code, Until]).to_owned())
        .exec_without_returning(db)
        .await
        .map(drop)
        .map_err(store_error)
}

pub(super) async fn close(db: &DatabaseConnection, channel: Channel, app_id: &str) -> Result<(), StoreError> {
    let key = (channel.to_string(), app_id.to_owned());
    circuit::Entity::delete_by_id(key).exec(db).await.map(drop).map_err(store_error)
}

pub(super) async fn all(db: &DatabaseConnection) -> Result<Vec<OpenCircuit>, StoreError> {
    let rows = circuit::Entity::find().all(db).await.map_err(store_error)?;
    let opened = |row: circuit::Model| {
        let circuit::Model { channel, app_id, code, since, until } = row;
        Ok(OpenCircuit { channel: cell::named("circuit", &channel)?, app_id, code, since, until })
    };
    rows.into_iter().map(opened).collect()
}

/// Those that take nothing now.
pub(super) async fn closed(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<Vec<circuit::Model>, StoreError> {
    circuit::Entity::find().filter(circuit::Column::Until.gt(now)).all(db).await.map_err(store_error)
}

pub(super) fn is_among(closed: &[circuit::Model], channel: Channel, app_id: &str) -> bool {
    closed.iter().any(|circuit| circuit.channel == <&str>::from(channel) && circuit.app_id == app_id)
}

/// When the first of them is looked at again.
pub(super) fn first_look(closed: &[circuit::Model]) -> Option<DateTime<Utc>> {
    closed.iter().map(|circuit| circuit.until).min()
}

/// What is due for a closed channel. Danger goes another way, where one is open.
pub(super) async fn pass_round(tx: &DatabaseTransaction, doors: &Doors, now: DateTime<Utc>) -> Result<(), StoreError> {
    let closed = closed(tx, now).await?;
    for circuit in &closed {
        let urgent = delivery::Entity::find()
            .filter(due_for(circuit, now))
            .filter(delivery::Column::Importance.eq(<&str>::from(Importance::Urgent)))
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
            .all(tx)
            .await
            .map_err(store_error)?;
        climb::past_closed(tx, urgent, circuit.code, doors, now).await?;
    }
    postpone(tx, &closed, now).await
}

fn due_for(circuit: &circuit::Model, now: DateTime<Utc>) -> Condition {
    Condition::all()
        .add(delivery::Column::DueAt.lte(now))
        .add(delivery::Column::State.eq(DeliveryState::Queued.name()))
        .add(delivery::Column::Channel.eq(&circuit.channel))
        .add(delivery::Column::AppId.eq(&circuit.app_id))
}

/// The rest waits until the channel is looked at again, danger until any is: nobody has to step over it meanwhile.
async fn postpone(tx: &DatabaseTransaction, closed: &[circuit::Model], now: DateTime<Utc>) -> Result<(), StoreError> {
    let Some(first_look) = first_look(closed) else { return Ok(()) };
    for circuit in closed {
        delivery::Entity::update_many()
            .col_expr(delivery::Column::DueAt, leaves(first_look, circuit.until))
            .filter(due_for(circuit, now))
            .exec(tx)
            .await
            .map_err(store_error)?;
    }
    Ok(())
}
