//! [`FigureStore`] over the table `figure_counts`.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::NaiveDate;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, FromQueryResult, IntoActiveModel, Iterable, QueryFilter, QueryOrder,
    QuerySelect, TryGetable,
};
use uuid::Uuid;

use domain::ids::CommunityId;
use domain::ports::{Change, FigurePart, FigureQuery, FigureStore, FigureSum, StoreError};

use super::cell;
use crate::database::{Database, store_error};
use crate::entity::figure_count::{Column, Entity, Model};

const WHAT: &str = "figure";
/// In the column for a matter that counts in none of the published figures.
const NONE: &str = "none";
/// In the column for a time that nobody knows.
const NOT_KNOWN: i32 = -1;

pub struct FigureRows {
    db: Database,
}

impl FigureRows {
    pub fn new(db: Database) -> Self {
        Self { db }
    }
}

/// A sum whose part is a day, a text or an id.
#[derive(FromQueryResult)]
struct Summed<Part: TryGetable> {
    figure: String,
    part: Part,
    hours: i32,
    count: i64,
}

#[async_trait]
impl FigureStore for FigureRows {
    async fn sums(&self, query: &FigureQuery, by: Option<FigurePart>) -> Result<Vec<FigureSum>, StoreError> {
        let text = |part: String| part;
        match by {
            None => self.summed(query, Expr::val(""), text).await,
            Some(FigurePart::Day) => self.summed(query, Expr::col(Column::Day), |day: NaiveDate| day.to_string()).await,
            Some(FigurePart::Service) => self.summed(query, Expr::col(Column::ServiceKey), text).await,
            Some(FigurePart::Channel) => self.summed(query, Expr::col(Column::Channel), text).await,
            Some(FigurePart::Compound) => {
                let name = |id: Uuid| if id.is_nil() { String::new() } else { id.to_string() };
                self.summed(query, Expr::col(Column::CompoundId), name).await
            }
        }
    }

    async fn registered(&self, community: CommunityId) -> Result<u64, StoreError> {
        use crate::entity::residence::{Column, Entity};
        let people = Expr::col(Column::PersonId).count_distinct();
        let query = Entity::find().select_only().expr_as(people, "people").filter(Column::CommunityId.eq(community.0));
        let people: Option<i64> = query.into_tuple().one(self.db.reader()).await.map_err(store_error)?;
        cell::number(WHAT, people.unwrap_or(0))
    }
}

impl FigureRows {
    async fn summed<Part: TryGetable + Send>(
        &self,
        query: &FigureQuery,
        part: Expr,
        name: impl Fn(Part) -> String,
    ) -> Result<Vec<FigureSum>, StoreError> {
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
        let sums = wanted.select_only().column(Column::Figure).expr_as(part, "part").column(Column::Hours);
        let sums = ["figure", "part", "hours"].into_iter().fold(sums.expr_as(count, "count"), |sums, column| {
            sums.group_by(Expr::col(column)).order_by_asc(Expr::col(column))
        });
        let rows = sums.into_model::<Summed<Part>>().all(self.db.reader()).await.map_err(store_error)?;
        let sum = |row: Summed<Part>| {
            let figure = (row.figure != NONE).then(|| cell::named(WHAT, &row.figure)).transpose()?;
            Ok(FigureSum { figure, part: name(row.part), hours: u32::try_from(row.hours).ok(), count: row.count })
        };
        rows.into_iter().map(sum).collect()
    }
}

/// Rows are taken by their key: two transactions never wait for each other.
pub(super) async fn count(tx: &DatabaseTransaction, changes: &[&Change]) -> Result<(), StoreError> {
    let mut sums: BTreeMap<_, i64> = BTreeMap::new();
    for figure in changes.iter().filter_map(|change| change.figure.as_ref()) {
        let key = (
            figure.community.0,
            figure.day,
            figure.figure.map_or(NONE, Into::into),
            figure.service_key.as_str(),
            figure.compound.map_or(Uuid::nil(), Into::into),
            <&str>::from(figure.channel),
            figure.hours.map_or(Ok(NOT_KNOWN), |hours| cell::number(WHAT, hours))?,
        );
        *sums.entry(key).or_default() += figure.more;
    }
    if sums.is_empty() {
        return Ok(());
    }
    let rows =
        sums.into_iter().map(|((community_id, day, figure, service_key, compound_id, channel, hours), count)| {
            let (figure, service_key, channel) = (figure.to_owned(), service_key.to_owned(), channel.to_owned());
            Model { community_id, day, figure, service_key, compound_id, channel, hours, count }.into_active_model()
        });
    let add = Expr::col((Entity, Column::Count)).add(Expr::col(("excluded", Column::Count)));
    let key = Column::iter().filter(|column| !matches!(column, Column::Count));
    Entity::insert_many(rows)
        .on_conflict(OnConflict::columns(key).value(Column::Count, add).to_owned())
        .exec_without_returning(tx)
        .await
        .map(drop)
        .map_err(store_error)
}
