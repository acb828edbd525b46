use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::{Set, Unchanged};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, DatabaseConnection, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, Select,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use domain::ids::PersonId;
use domain::notice::NoticeLevel;
use domain::people::{AgeBand, Person};
use domain::ports::{Holder, Newcomer, ProfileChange, StoreError};

use crate::database::store_error;
use crate::entity::{former_self, membership, person, subscription};
use crate::store::cell;
use crate::store::memberships::{is_held, to_membership};
use crate::store::write::ROWS_PER_STATEMENT;
use crate::vault::{Cell, Row, Vault};

/// What is stored locked.
#[derive(Default, Serialize, Deserialize)]
pub(in crate::store) struct Profile {
    pub nickname: Option<String>,
    pub phone: Option<String>,
    #[serde(default)]
    pub age_band: Option<AgeBand>,
    /// Of accounts that staff keep.
    pub note: Option<String>,
}

/// A person with all that is read together.
pub(super) struct Whole {
    pub person: person::Model,
    memberships: Vec<membership::Model>,
    former: Vec<PersonId>,
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
            Ok(person::Model { profile, ..empty(id, created_at) })
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

pub(super) async fn find(
    db: &DatabaseConnection,
    vault: &Vault,
    id: PersonId,
    now: DateTime<Utc>,
) -> Result<Option<Person>, StoreError> {
    one(db, vault, person::Entity::find_by_id(id.0), now).await
}

pub(super) async fn find_by_phone(
    db: &DatabaseConnection,
    vault: &Vault,
    phone: &str,
    now: DateTime<Utc>,
) -> Result<Vec<Person>, StoreError> {
    let rows = person::Entity::find()
        .filter(person::Column::PhoneIndex.eq(phone_index(vault, phone)))
        .filter(person::Column::KeptBy.is_null());
    wholes(db, rows).await?.into_iter().map(|whole| whole.into_person(vault, now)).collect()
}

pub(super) async fn nicknames(
    db: &DatabaseConnection,
    vault: &Vault,
    people: &[PersonId],
) -> Result<Vec<(PersonId, String)>, StoreError> {
    let wanted = people.iter().map(|person| person.0);
    let rows = person::Entity::find().filter(person::Column::Id.is_in(wanted)).all(db).await.map_err(store_error)?;
    let name = |row: person::Model| Ok(to_profile(vault, &row)?.nickname.map(|name| (row.id.into(), name)));
    rows.into_iter().filter_map(|row| name(row).transpose()).collect()
}

pub(super) async fn holders(
    db: &DatabaseConnection,
    vault: &Vault,
    people: &[PersonId],
) -> Result<Vec<Holder>, StoreError> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let wanted = people.iter().map(|person| person.0);
    let rows = person::Entity::find().filter(person::Column::Id.is_in(wanted)).all(db).await.map_err(store_error)?;
    let holder = |row: person::Model| {
        let Profile { nickname: name, phone, age_band, note: _ } = to_profile(vault, &row)?;
        Ok(Holder { person: row.id.into(), name, phone, age_band })
    };
    rows.into_iter().map(holder).collect()
}

async fn one(
    db: &DatabaseConnection,
    vault: &Vault,
    rows: Select<person::Entity>,
    now: DateTime<Utc>,
) -> Result<Option<Person>, StoreError> {
    let found = wholes(db, rows).await?.into_iter().next();
    found.map(|whole| whole.into_person(vault, now)).transpose()
}

/// One round trip: a person comes once for each membership and former self, and there are few of both.
pub(super) async fn wholes(db: &DatabaseConnection, rows: Select<person::Entity>) -> Result<Vec<Whole>, StoreError> {
    let rows = rows
        .find_also_related(membership::Entity)
        .find_also(person::Entity, former_self::Entity)
        .order_by_asc(person::Column::Id)
        .order_by_asc(membership::Column::GrantedAt)
        .order_by_asc(membership::Column::Id)
        .order_by_asc(former_self::Column::FormerId)
        .all(db)
        .await
        .map_err(store_error)?;
    Ok(gather(rows))
}

type Joined = (person::Model, Option<membership::Model>, Option<former_self::Model>);

/// Rows of one person stand together.
fn gather(rows: impl IntoIterator<Item = Joined>) -> Vec<Whole> {
    let mut all: Vec<Whole> = Vec::new();
    for (person, membership, former) in rows {
        let mut whole = match all.pop_if(|last| last.person.id == person.id) {
            Some(whole) => whole,
            None => Whole { person, memberships: Vec::new(), former: Vec::new() },
        };
        whole.memberships.extend(membership.filter(|new| whole.memberships.iter().all(|known| known.id != new.id)));
        let former = former.map(|row| PersonId(row.former_id));
        whole.former.extend(former.filter(|new| !whole.former.contains(new)));
        all.push(whole);
    }
    all
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
            columns.phone_index = Set(Some(phone_index(vault, phone)));
            profile.phone = Some(phone.clone());
        }
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

pub(in crate::store) fn phone_index(vault: &Vault, phone: &str) -> Vec<u8> {
    vault.blind(PHONE, phone).to_vec()
}

/// Somebody of whom nothing is known.
pub(in crate::store) fn empty(id: Uuid, created_at: DateTime<Utc>) -> person::Model {
    person::Model {
        id,
        unionid: None,
        profile: None,
        phone_index: None,
        kept_by: None,
        wrong_names: 0,
        notice_level: NoticeLevel::default().to_string(),
        created_at,
        erased_at: None,
    }
}

pub(in crate::store) fn to_profile(vault: &Vault, row: &person::Model) -> Result<Profile, StoreError> {
    open_profile(vault, row.id, row.profile.as_deref())
}

pub(super) fn open_profile(vault: &Vault, id: Uuid, locked: Option<&[u8]>) -> Result<Profile, StoreError> {
    locked.map_or_else(|| Ok(Profile::default()), |locked| cell::unlock(vault, profile_cell(id), locked))
}

pub(in crate::store) fn profile_cell(id: Uuid) -> Cell<'static> {
    Cell::new("persons.profile", Row::Id(id))
}

impl Whole {
    pub fn into_person(self, vault: &Vault, now: DateTime<Utc>) -> Result<Person, StoreError> {
        let Profile { nickname, phone, age_band, note: _ } = to_profile(vault, &self.person)?;
        let held = self.memberships.iter().filter(|membership| is_held(membership, now));
        let memberships = held.map(to_membership).collect::<Result<_, _>>()?;
        let (id, created_at) = (self.person.id.into(), self.person.created_at);
        Ok(Person { id, former: self.former, nickname, phone, age_band, memberships, created_at })
    }
}
