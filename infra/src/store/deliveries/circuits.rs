use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, SimpleExpr};
use sea_orm::{ColumnTrait, DatabaseConnection, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter};

use domain::notice::{Channel, DeliveryState, Importance, after_quiet_hours};
use domain::ports::{OpenCircuit, StoreError};

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

/// What is due for a closed channel waits until it is looked at again: nobody has to step over it meanwhile.
pub(super) async fn postpone(tx: &DatabaseTransaction, now: DateTime<Utc>) -> Result<(), StoreError> {
    let closed = circuit::Entity::find().filter(circuit::Column::Until.gt(now)).all(tx).await.map_err(store_error)?;
    for circuit in closed {
        let is_urgent = Expr::col(delivery::Column::Importance).eq(<&str>::from(Importance::Urgent));
        // A closed channel may open at night.
        let morning = after_quiet_hours(Importance::Ordinary, circuit.until);
        let until: SimpleExpr = Expr::case(is_urgent, circuit.until).finally(morning).into();
        delivery::Entity::update_many()
            .col_expr(delivery::Column::DueAt, until)
            .filter(delivery::Column::DueAt.lte(now))
            .filter(delivery::Column::State.eq(DeliveryState::Queued.name()))
            .filter(delivery::Column::Channel.eq(circuit.channel))
            .filter(delivery::Column::AppId.eq(circuit.app_id))
            .exec(tx)
            .await
            .map_err(store_error)?;
    }
    Ok(())
}
