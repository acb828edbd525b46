use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::{Set, Unchanged};
use sea_orm::sea_query::{Expr, Func, OnConflict};
use sea_orm::{
    ColumnTrait, DatabaseConnection, EntityTrait, IntoActiveModel, JoinType, QueryFilter, QueryOrder, QuerySelect,
    RelationTrait,
};

use domain::ids::{PersonId, SessionId};
use domain::people::{Membership, Person};
use domain::ports::{Newcomer, ProfileChange, StoreError};

use crate::clock::uuid_at;
use crate::database::store_error;
use crate::entity::{membership, person, session, subscription};
use crate::store::cell;
use crate::store::write::ROWS_PER_STATEMENT;

/// One statement finds or makes the person, so that two sign-ins at once make one person. A unionid is learned when
/// WeChat first tells it, and never unlearned.
pub(super) async fn sign_in(
    db: &DatabaseConnection,
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
        nickname: None,
        phone: None,
        residence: None,
        created_at: now,
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
    to_person(row, memberships)
}

pub(super) async fn insert_missing(db: &DatabaseConnection, newcomers: &[Newcomer]) -> Result<(), StoreError> {
    for some in newcomers.chunks(ROWS_PER_STATEMENT) {
        let rows = some.iter().map(|newcomer| {
            let nickname = Some(newcomer.nickname.clone());
            let (id, created_at) = (newcomer.id.0, newcomer.created_at);
            person::Model { id, openid: None, unionid: None, nickname, phone: None, residence: None, created_at }
        });
        person::Entity::insert_many(rows.map(IntoActiveModel::into_active_model))
            .on_conflict(OnConflict::column(person::Column::Id).do_nothing().to_owned())
            .exec_without_returning(db)
            .await
            .map_err(store_error)?;
    }
    Ok(())
}

/// session ⋈ person ⟕ memberships
pub(super) async fn find_by_session(db: &DatabaseConnection, id: SessionId) -> Result<Option<Person>, StoreError> {
    let found = person::Entity::find()
        .join(JoinType::InnerJoin, person::Relation::Session.def())
        .filter(session::Column::Id.eq(id.0))
        .filter(session::Column::ClosedAt.is_null())
        .find_with_related(membership::Entity)
        .order_by_asc(membership::Column::GrantedAt)
        .order_by_asc(membership::Column::Id)
        .all(db)
        .await
        .map_err(store_error)?;
    found.into_iter().next().map(|(person, memberships)| to_person(person, memberships)).transpose()
}

pub(super) async fn save_profile(
    db: &DatabaseConnection,
    person: PersonId,
    change: &ProfileChange,
) -> Result<(), StoreError> {
    let mut columns = person::ActiveModel { id: Unchanged(person.0), ..Default::default() };
    match change {
        ProfileChange::Nickname(nickname) => columns.nickname = Set(nickname.clone()),
        ProfileChange::Phone(phone) => columns.phone = Set(Some(phone.clone())),
        ProfileChange::Residence(home) => columns.residence = Set(Some(cell::to_json("person", home)?)),
    }
    person::Entity::update(columns).exec_without_returning(db).await.map_err(store_error)?;
    Ok(())
}

pub(super) async fn grant(
    db: &DatabaseConnection,
    person: PersonId,
    membership: &Membership,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let row = membership::Model {
        id: uuid_at(now),
        person_id: person.0,
        community_id: membership.community_id.0,
        role: membership.role.to_string(),
        partner_id: membership.partner_id.map(Into::into),
        granted_at: now,
    };
    membership::Entity::insert(row.into_active_model())
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(db)
        .await
        .map_err(store_error)?;
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

fn to_person(row: person::Model, memberships: Vec<membership::Model>) -> Result<Person, StoreError> {
    Ok(Person {
        id: row.id.into(),
        openid: row.openid,
        nickname: row.nickname,
        phone: row.phone,
        residence: row.residence.map(|home| cell::from_json("person", home)).transpose()?,
        memberships: memberships.into_iter().map(to_membership).collect::<Result<_, _>>()?,
        created_at: row.created_at,
    })
}

fn to_membership(row: membership::Model) -> Result<Membership, StoreError> {
    Ok(Membership {
        community_id: row.community_id.into(),
        role: cell::named("membership", &row.role)?,
        partner_id: row.partner_id.map(Into::into),
    })
}
