//! [`WecomMemberStore`] over the table `wecom_members`.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, Func, OnConflict, Query};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

use domain::ids::{PersonId, PlaceId};
use domain::ports::{StoreError, WecomMember, WecomMemberStore};

use super::constraint::WECOM_NAME;
use super::memberships::{at_places, held_at_instant, works_now};
use crate::database::{Database, store_error};
use crate::entity::wecom_member::{Column, Entity, Model};
use crate::entity::{membership, wecom_member};

pub struct WecomMemberRows {
    db: Database,
}

impl WecomMemberRows {
    pub fn new(db: Database) -> Self {
        Self { db }
    }
}

#[async_trait]
impl WecomMemberStore for WecomMemberRows {
    async fn save_member(&self, member: &WecomMember, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let tx = self.db.begin_write().await?;
        // Whose roles have all run out by themselves needs it no more.
        let same = Func::lower(Expr::col(Column::UserId)).eq(member.user_id.to_ascii_lowercase());
        Entity::delete_many()
            .filter(same)
            .filter(Expr::exists(works_now((wecom_member::Entity, Column::PersonId), now)).not())
            .exec(&tx)
            .await
            .map_err(store_error)?;
        let row = Model { person_id: member.person.0, user_id: member.user_id.clone() };
        let saved = Entity::insert(row.into_active_model())
            .on_conflict(OnConflict::column(Column::PersonId).update_column(Column::UserId).to_owned())
            .exec_without_returning(&tx)
            .await;
        match saved {
            Ok(_) => tx.commit().await.map(|()| true).map_err(store_error),
            Err(error) if WECOM_NAME.is_violated_by(&error) => tx.rollback().await.map(|()| false).map_err(store_error),
            Err(error) => Err(store_error(error)),
        }
    }

    async fn remove_member(&self, person: PersonId) -> Result<bool, StoreError> {
        let removed = Entity::delete_by_id(person.0).exec(self.db.writer()).await.map_err(store_error)?;
        Ok(removed.rows_affected > 0)
    }

    async fn members_at(
        &self,
        places: &[PlaceId],
        after: Option<PersonId>,
        limit: u16,
        now: DateTime<Utc>,
    ) -> Result<Vec<WecomMember>, StoreError> {
        let there = Query::select()
            .column(membership::Column::PersonId)
            .from(membership::Entity)
            .cond_where(at_places(membership::Column::PlaceId, places))
            .cond_where(held_at_instant(now))
            .take();
        let rows = Entity::find()
            .filter(Column::PersonId.in_subquery(there))
            .apply_if(after, |rows, after| rows.filter(Column::PersonId.gt(after.0)))
            .order_by_asc(Column::PersonId)
            .limit(u64::from(limit))
            .all(self.db.reader())
            .await
            .map_err(store_error)?;
        Ok(rows.into_iter().map(|row| WecomMember { person: row.person_id.into(), user_id: row.user_id }).collect())
    }
}
