use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::{Set, Unchanged};
use sea_orm::sea_query::{Expr, Func, OnConflict};
use sea_orm::{
    ColumnTrait, Condition, DatabaseConnection, DatabaseTransaction, EntityTrait, IntoActiveModel, JoinType,
    QueryFilter, QueryOrder, QuerySelect, RelationTrait,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use domain::ids::{PersonId, SessionId};
use domain::people::{AgeBand, Person, Residence};
use domain::ports::{Newcomer, ProfileChange, StoreError};

use crate::database::store_error;
use crate::entity::{membership, person, session, subscription};
use crate::store::cell;
use crate::store::memberships::{is_held, to_membership};
use crate::store::write::ROWS_PER_STATEMENT;
use crate::vault::{Cell, Row, Vault};

/// What is stored locked.
#[derive(Default, Serialize, Deserialize)]
struct Profile {
    nickname: Option<String>,
    phone: Option<String>,
    residence: Option<Residence>,
    #[serde(default)]
    age_band: Option<AgeBand>,
}

/// One statement finds or makes the person, so that two sign-ins at once make one person. A unionid is learned when
/// WeChat first tells it, and never unlearned.
pub(super) async fn sign_in(
    db: &DatabaseConnection,
    vault: &Vault,
    openid: &str,
    unionid: Option<&str>,
    new_id: PersonId,
    now: DateTime<Utc>,
) -> Result<Person, StoreError> {
    use person::{Column, Entity};
    let newcomer = person::Model {
        id: new_id.0,
        openid: Some(openid.to_owned()),
        unionid: unionid.map(str::to_owned),
        profile: None,
        phone_index: None,
        created_at: now,
        erased_at: None,
    };
    let unionid = Func::coalesce([Expr::col(("excluded", Column::Unionid)), Expr::col((Entity, Column::Unionid))]);
    let known = OnConflict::column(Column::Openid).value(Column::Unionid, unionid).to_owned();
    let row = Entity::insert(newcomer.into_active_model())
        .on_conflict(known)
        .exec_with_returning(db)
        .await
        .map_err(store_error)?;
    let memberships = membership::Entity::find()
        .filter(membership::Column::PersonId.eq(row.id))
        .order_by_asc(membership::Column::GrantedAt)
        .order_by_asc(membership::Column::Id)
        .all(db)
        .await
        .map_err(store_error)?;
    to_person(vault, row, memberships, now)
}

pub(super) async fn insert_missing(
    db: &DatabaseConnection,
    vault: &Vault,
    newcomers: &[Newcomer],
) -> Result<(), StoreError> {
    for some in newcomers.chunks(ROWS_PER_STATEMENT) {
        let row = |newcomer: &Newcomer| {
            let (id, created_at) = (newcomer.id.0, newcomer.created_at);
            let profile = Profile { nickname: Some(newcomer.nickname.clone()), ..Profile::default() };
            let profile = Some(cell::lock(vault, profile_cell(id), &profile)?);
            let (openid, unionid, phone_index, erased_at) = (None, None, None, None);
            Ok(person::Model { id, openid, unionid, profile, phone_index, created_at, erased_at })
        };
        let rows = some.iter().map(row).collect::<Result<Vec<_>, StoreError>>()?;
        person::Entity::insert_many(rows.into_iter().map(IntoActiveModel::into_active_model))
            .on_conflict(OnConflict::column(person::Column::Id).do_nothing().to_owned())
            .exec_without_returning(db)
            .await
            .map_err(store_error)?;
    }
    Ok(())
}

/// session ⋈ person ⟕ memberships
pub(super) async fn find_by_session(
    db: &DatabaseConnection,
    vault: &Vault,
    id: SessionId,
    now: DateTime<Utc>,
) -> Result<Option<Person>, StoreError> {
    let open = Condition::all()
        .add(session::Column::Id.eq(id.0))
        .add(session::Column::ClosedAt.is_null())
        .add(person::Column::ErasedAt.is_null());
    let rows = person::Entity::find().join(JoinType::InnerJoin, person::Relation::Session.def()).filter(open);
    Ok(with_memberships(db, vault, rows, now).await?.into_iter().next())
}

pub(super) async fn find(
    db: &DatabaseConnection,
    vault: &Vault,
    id: PersonId,
    now: DateTime<Utc>,
) -> Result<Option<Person>, StoreError> {
    Ok(with_memberships(db, vault, person::Entity::find_by_id(id.0), now).await?.into_iter().next())
}

pub(super) async fn find_by_phone(
    db: &DatabaseConnection,
    vault: &Vault,
    phone: &str,
    now: DateTime<Utc>,
) -> Result<Vec<Person>, StoreError> {
    let blind = vault.blind(PHONE, phone).to_vec();
    with_memberships(db, vault, person::Entity::find().filter(person::Column::PhoneIndex.eq(blind)), now).await
}

async fn with_memberships(
    db: &DatabaseConnection,
    vault: &Vault,
    rows: sea_orm::Select<person::Entity>,
    now: DateTime<Utc>,
) -> Result<Vec<Person>, StoreError> {
    let found = rows
        .find_with_related(membership::Entity)
        .order_by_asc(person::Column::Id)
        .order_by_asc(membership::Column::GrantedAt)
        .order_by_asc(membership::Column::Id)
        .all(db)
        .await
        .map_err(store_error)?;
    found.into_iter().map(|(person, memberships)| to_person(vault, person, memberships, now)).collect()
}

/// The row is locked from the reading to the writing: of two changes at once, none is lost.
pub(super) async fn save_profile(
    tx: &DatabaseTransaction,
    vault: &Vault,
    person: PersonId,
    change: &ProfileChange,
) -> Result<(), StoreError> {
    let living = person::Entity::find_by_id(person.0).filter(person::Column::ErasedAt.is_null());
    let Some(row) = living.lock_exclusive().one(tx).await.map_err(store_error)? else { return Ok(()) };
    let mut profile = to_profile(vault, &row)?;
    let mut columns = person::ActiveModel { id: Unchanged(person.0), ..Default::default() };
    match change {
        ProfileChange::Nickname(nickname) => profile.nickname.clone_from(nickname),
        ProfileChange::Phone(phone) => {
            columns.phone_index = Set(Some(vault.blind(PHONE, phone).to_vec()));
            profile.phone = Some(phone.clone());
        }
        ProfileChange::Residence(home) => profile.residence.clone_from(home),
        ProfileChange::AgeBand(age_band) => profile.age_band = *age_band,
    }
    columns.profile = Set(Some(cell::lock(vault, profile_cell(person.0), &profile)?));
    person::Entity::update(columns).exec_without_returning(tx).await.map_err(store_error)?;
    Ok(())
}

pub(super) async fn note_subscription(
    db: &DatabaseConnection,
    person: PersonId,
    template_id: &str,
    accepted: bool,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    use subscription::Column;
    let row = subscription::Model { person_id: person.0, template_id: template_id.to_owned(), accepted, at: now };
    let latest = OnConflict::columns([Column::PersonId, Column::TemplateId])
        .update_columns([Column::Accepted, Column::At])
        .to_owned();
    subscription::Entity::insert(row.into_active_model())
        .on_conflict(latest)
        .exec_without_returning(db)
        .await
        .map_err(store_error)?;
    Ok(())
}

/// What the blind index of phones is made for.
const PHONE: &str = "phone";

fn to_profile(vault: &Vault, row: &person::Model) -> Result<Profile, StoreError> {
    let Some(locked) = &row.profile else { return Ok(Profile::default()) };
    cell::unlock(vault, profile_cell(row.id), locked)
}

fn profile_cell(id: Uuid) -> Cell<'static> {
    Cell::new("persons.profile", Row::Id(id))
}

fn to_person(
    vault: &Vault,
    row: person::Model,
    memberships: Vec<membership::Model>,
    now: DateTime<Utc>,
) -> Result<Person, StoreError> {
    let Profile { nickname, phone, residence, age_band } = to_profile(vault, &row)?;
    let held = memberships.iter().filter(|membership| is_held(membership, now));
    let memberships = held.map(to_membership).collect::<Result<_, _>>()?;
    Ok(Person {
        id: row.id.into(),
        openid: row.openid,
        nickname,
        phone,
        residence,
        age_band,
        memberships,
        created_at: row.created_at,
    })
}
