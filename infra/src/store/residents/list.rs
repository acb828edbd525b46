use std::collections::HashMap;

use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{
    ColumnTrait, Condition, DatabaseConnection, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};
use uuid::Uuid;

use domain::ids::PersonId;
use domain::people::{Residence, Resident};
use domain::ports::{ResidentQuery, StoreError};

use crate::database::store_error;
use crate::entity::{former_self, person, residence};
use crate::store::people::person::{Profile, phone_index, to_profile};
use crate::store::residences::{in_area, to_residence};
use crate::vault::Vault;

/// Two statements: the people, and those of their homes that the reader may see.
pub(super) async fn residents(
    db: &DatabaseConnection,
    vault: &Vault,
    query: &ResidentQuery,
    only: Option<PersonId>,
) -> Result<Vec<Resident>, StoreError> {
    use person::Column;
    let living_here =
        residence::Entity::find().select_only().column(residence::Column::PersonId).filter(here(query)).into_query();
    let rows = person::Entity::find()
        .filter(Column::Id.in_subquery(living_here))
        .filter(is_nobodys_former_self())
        .apply_if(query.phone.as_ref(), |rows, phone| rows.filter(Column::PhoneIndex.eq(phone_index(vault, phone))))
        .apply_if(only, |rows, id| rows.filter(Column::Id.eq(id.0)))
        .apply_if(query.slice.before, |rows, before| rows.filter(Column::Id.lt(before.0)))
        .order_by_desc(Column::Id)
        .limit(u64::from(query.slice.limit))
        .all(db)
        .await
        .map_err(store_error)?;
    let mut homes = homes_of(db, vault, query, rows.iter().map(|row| row.id).collect()).await?;
    let resident = |row: person::Model| {
        let Profile { nickname, phone, note: _, age_band: _ } = to_profile(vault, &row)?;
        let homes = homes.remove(&row.id).unwrap_or_default();
        Ok(Resident { id: row.id.into(), name: nickname, phone, kept_by: row.kept_by.map(Into::into), homes })
    };
    rows.into_iter().map(resident).collect()
}

/// Also where nobody was found: an unknown number takes as many statements as a known one.
async fn homes_of(
    db: &DatabaseConnection,
    vault: &Vault,
    query: &ResidentQuery,
    people: Vec<Uuid>,
) -> Result<HashMap<Uuid, Vec<Residence>>, StoreError> {
    let rows = residence::Entity::find()
        .filter(residence::Column::PersonId.is_in(people))
        .filter(here(query))
        .order_by_desc(residence::Column::IsMain)
        .order_by_asc(residence::Column::Id)
        .all(db)
        .await
        .map_err(store_error)?;
    let mut homes: HashMap<Uuid, Vec<Residence>> = HashMap::new();
    for row in rows {
        homes.entry(row.person_id).or_default().push(to_residence(vault, row)?);
    }
    Ok(homes)
}

fn here(query: &ResidentQuery) -> Condition {
    Condition::all().add(residence::Column::CommunityId.eq(query.community.0)).add(in_area(&query.area))
}

/// Nobody took the account over.
pub(super) fn is_nobodys_former_self() -> Expr {
    let taken = Query::select()
        .expr(Expr::val(1))
        .from(former_self::Entity)
        .and_where(
            Expr::col((former_self::Entity, former_self::Column::FormerId))
                .equals((person::Entity, person::Column::Id)),
        )
        .take();
    Expr::exists(taken).not()
}
