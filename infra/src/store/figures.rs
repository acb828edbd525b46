//! [`FigureStore`] over the table `figure_counts`.

use std::collections::BTreeMap;

use async_trait::async_trait;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, FromQueryResult, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

use domain::ports::{Change, FigurePart, FigureQuery, FigureStore, FigureSum, StoreError};

use super::cell;
use crate::database::{Database, store_error};
use crate::entity::figure_count::{Column, Entity, Model};

const WHAT: &str = "figure";

pub struct FigureRows {
    db: Database,
}

impl FigureRows {
    pub fn new(db: Database) -> Self {
        Self { db }
    }
}

#[derive(FromQueryResult)]
struct OfDay {
    figure: String,
    part: chrono::NaiveDate,
    count: i64,
}

#[derive(FromQueryResult)]
struct OfService {
    figure: String,
    part: String,
    count: i64,
}

#[derive(FromQueryResult)]
struct OfCompound {
    figure: String,
    part: Uuid,
    count: i64,
}

#[derive(FromQueryResult)]
struct Whole {
    figure: String,
    count: i64,
}

#[async_trait]
impl FigureStore for FigureRows {
    async fn sums(&self, query: &FigureQuery, by: Option<FigurePart>) -> Result<Vec<FigureSum>, StoreError> {
        let db = self.db.reader();
        let mut wanted = Entity::find()
            .filter(Column::CommunityId.eq(query.community.0))
            .filter(Column::Day.between(query.from, query.until));
        if let Some(compound) = query.compound {
            wanted = wanted.filter(Column::CompoundId.eq(compound.0));
        }
        if let Some(services) = &query.services {
            wanted = wanted.filter(Column::ServiceKey.is_in(services.iter().map(String::as_str)));
        }
        // PostgreSQL sums BIGINTs up to NUMERIC.
        let count = Expr::col(Column::Count).sum().cast_as("BIGINT");
        let sums = wanted.select_only().column(Column::Figure).expr_as(count, "count").group_by(Column::Figure);
        let parted = |column: Column| {
            sums.clone()
                .expr_as(Expr::col(column), "part")
                .group_by(column)
                .order_by_asc(Column::Figure)
                .order_by_asc(column)
        };
        match by {
            None => {
                let rows = sums.order_by_asc(Column::Figure).into_model::<Whole>().all(db).await;
                rows.map_err(store_error)?.into_iter().map(|row| sum(&row.figure, String::new(), row.count)).collect()
            }
            Some(FigurePart::Day) => {
                let rows = parted(Column::Day).into_model::<OfDay>().all(db).await.map_err(store_error)?;
                rows.into_iter().map(|row| sum(&row.figure, row.part.to_string(), row.count)).collect()
            }
            Some(FigurePart::Service) => {
                let rows = parted(Column::ServiceKey).into_model::<OfService>().all(db).await.map_err(store_error)?;
                rows.into_iter().map(|row| sum(&row.figure, row.part, row.count)).collect()
            }
            Some(FigurePart::Compound) => {
                let rows = parted(Column::CompoundId).into_model::<OfCompound>().all(db).await.map_err(store_error)?;
                let name = |id: Uuid| if id.is_nil() { String::new() } else { id.to_string() };
                rows.into_iter().map(|row| sum(&row.figure, name(row.part), row.count)).collect()
            }
        }
    }
}

fn sum(figure: &str, part: String, count: i64) -> Result<FigureSum, StoreError> {
    Ok(FigureSum { figure: cell::named(WHAT, figure)?, part, count })
}

/// Rows are taken by their key: two transactions never wait for each other.
pub(super) async fn count(tx: &DatabaseTransaction, changes: &[&Change]) -> Result<(), StoreError> {
    let mut sums: BTreeMap<_, i64> = BTreeMap::new();
    for figure in changes.iter().filter_map(|change| change.figure.as_ref()) {
        let compound = figure.compound.map_or(Uuid::nil(), Into::into);
        let key = (figure.community.0, figure.figure, figure.day, figure.service_key.as_str(), compound);
        *sums.entry(key).or_default() += figure.more;
    }
    if sums.is_empty() {
        return Ok(());
    }
    let row = |((community_id, figure, day, service_key, compound_id), count): (
        (_, domain::service::Figure, _, &str, _),
        _,
    )| {
        Model { community_id, figure: figure.to_string(), day, service_key: service_key.to_owned(), compound_id, count }
    };
    let add = Expr::col((Entity, Column::Count)).add(Expr::col(("excluded", Column::Count)));
    let key = [Column::CommunityId, Column::Figure, Column::Day, Column::ServiceKey, Column::CompoundId];
    let rows = sums.into_iter().map(|sum| row(sum).into_active_model());
    Entity::insert_many(rows)
        .on_conflict(OnConflict::columns(key).value(Column::Count, add).to_owned())
        .exec_without_returning(tx)
        .await
        .map(drop)
        .map_err(store_error)
}
