use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, Iterable, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use domain::ids::{CommunityId, PersonId, PlaceId};
use domain::place::coordinates::Gcj02;
use domain::place::{Border, Bordered, WIDEST_DEGREES, overlaps};
use domain::ports::{Drawn, GridStore, Outlined, StoreError};

use super::cell;
use crate::database::{Database, store_error};
use crate::entity::community;
use crate::entity::grid_border::{self, Column, Entity, PrimaryKey};

const WHAT: &str = "border";
/// Of a degree; coordinates have six decimals.
const MILLIONTHS: f64 = 1e6;

/// [`GridStore`] over the table `grid_borders`.
pub struct GridRows {
    db: Database,
}

impl GridRows {
    pub fn new(db: Database) -> Self {
        Self { db }
    }
}

#[async_trait]
impl GridStore for GridRows {
    async fn bordered(&self, community: CommunityId) -> Result<Vec<(PlaceId, DateTime<Utc>)>, StoreError> {
        let rows: Vec<(Uuid, DateTime<Utc>)> = Entity::find()
            .select_only()
            .columns([Column::GridId, Column::DrawnAt])
            .filter(Column::CommunityId.eq(community.0))
            .into_tuple()
            .all(self.db.reader())
            .await
            .map_err(store_error)?;
        Ok(rows.into_iter().map(|(grid, at)| (grid.into(), at)).collect())
    }

    async fn border_of(&self, grid: PlaceId) -> Result<Option<Drawn>, StoreError> {
        let row = Entity::find_by_id(grid.0).one(self.db.reader()).await.map_err(store_error)?;
        let drawn = |row: grid_border::Model| {
            Ok(Drawn { border: cell::from_json(WHAT, row.outline)?, by: row.drawn_by.into(), at: row.drawn_at })
        };
        row.map(drawn).transpose()
    }

    async fn borders_around(&self, point: Gcj02) -> Result<Vec<Bordered>, StoreError> {
        let (x, y) = (millionths(point.lon()), millionths(point.lat()));
        let rows = Entity::find()
            .filter(Column::West.between(x - millionths(WIDEST_DEGREES), x))
            .filter(Column::East.gte(x))
            .filter(Column::South.lte(y))
            .filter(Column::North.gte(y))
            .order_by_asc(Column::GridId)
            .all(self.db.reader())
            .await
            .map_err(store_error)?;
        rows.into_iter().map(to_bordered).collect()
    }

    async fn draw(
        &self,
        community: CommunityId,
        borders: &[Bordered],
        by: PersonId,
        at: DateTime<Utc>,
    ) -> Result<Outlined, StoreError> {
        let rows = borders.iter().map(|new| to_row(community, new, by, at)).collect::<Result<Vec<_>, _>>()?;
        let tx = self.db.begin_write().await?;
        let known = locked_borders(&tx, community).await?;
        let pairs = overlaps(borders, &known);
        if !pairs.is_empty() {
            tx.rollback().await.map_err(store_error)?;
            return Ok(Outlined::Overlaps(pairs));
        }
        let anew = OnConflict::columns(PrimaryKey::iter()).update_columns(Column::iter()).to_owned();
        // One by one: each may hold two thousand points.
        for row in rows {
            let insert = Entity::insert(row.into_active_model()).on_conflict(anew.clone());
            insert.exec_without_returning(&tx).await.map_err(store_error)?;
        }
        tx.commit().await.map_err(store_error)?;
        Ok(Outlined::Done)
    }

    async fn rub_out(&self, grid: PlaceId) -> Result<bool, StoreError> {
        let gone = Entity::delete_by_id(grid.0).exec(self.db.writer()).await.map_err(store_error)?;
        Ok(gone.rows_affected == 1)
    }
}

/// The borders of the community; of two that draw there at once, the second waits here for the first.
async fn locked_borders(tx: &DatabaseTransaction, community: CommunityId) -> Result<Vec<Bordered>, StoreError> {
    community::Entity::find_by_id(community.0).lock_exclusive().one(tx).await.map_err(store_error)?;
    let rows = Entity::find().filter(Column::CommunityId.eq(community.0)).order_by_asc(Column::GridId).all(tx).await;
    rows.map_err(store_error)?.into_iter().map(to_bordered).collect()
}

fn to_bordered(row: grid_border::Model) -> Result<Bordered, StoreError> {
    Ok(Bordered { grid: row.grid_id.into(), border: cell::from_json(WHAT, row.outline)? })
}

fn to_row(
    community: CommunityId,
    Bordered { grid, border }: &Bordered,
    by: PersonId,
    at: DateTime<Utc>,
) -> Result<grid_border::Model, StoreError> {
    let bounds = border.bounds().ok_or_else(|| StoreError::corrupt(WHAT, "it encloses nothing"))?;
    Ok(grid_border::Model {
        grid_id: grid.0,
        community_id: community.0,
        outline: cell::to_json::<Border>(WHAT, border)?,
        west: millionths(bounds.west),
        east: millionths(bounds.east),
        south: millionths(bounds.south),
        north: millionths(bounds.north),
        drawn_by: by.0,
        drawn_at: at,
    })
}

#[expect(clippy::cast_possible_truncation, reason = "at most 180 degrees")]
fn millionths(degrees: f64) -> i32 {
    (degrees * MILLIONTHS).round() as i32
}
