//! Who is behind a session. Asked at every request, so it reads no column that not every request needs.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{ExprTrait, IntoCondition};
use sea_orm::{
    ColumnTrait, DatabaseConnection, EntityTrait, FromQueryResult, JoinType, QueryFilter, QuerySelect, RelationTrait,
};
use uuid::Uuid;

use domain::ids::{PersonId, SessionId};
use domain::people::{Membership, Person};
use domain::ports::{SignedIn, StoreError};

use super::person::{Profile, open_profile};
use super::session::kind_of;
use crate::database::store_error;
use crate::entity::{former_self, membership, person, session};
use crate::store::cell;
use crate::vault::Vault;

/// A row for each pair of a role and a former self, of which there are few.
#[derive(FromQueryResult)]
struct Row {
    kind: String,
    idle_minutes: Option<i64>,
    last_seen_at: DateTime<Utc>,
    person_id: Uuid,
    profile: Option<Vec<u8>>,
    created_at: DateTime<Utc>,
    former_id: Option<Uuid>,
    #[sea_orm(nested)]
    post: Option<Post>,
}

#[derive(FromQueryResult)]
struct Post {
    membership_id: Uuid,
    granted_at: DateTime<Utc>,
    role: String,
    place_id: Option<Uuid>,
    partner_id: Option<Uuid>,
}

/// session ⟗ person ⟕ memberships held now ⟕ former selves
pub(super) async fn find(
    db: &DatabaseConnection,
    vault: &Vault,
    id: SessionId,
    now: DateTime<Utc>,
) -> Result<Option<SignedIn>, StoreError> {
    let held = person::Relation::Membership.def().on_condition(move |_, _| is_held(now).into_condition());
    let rows = session::Entity::find_by_id(id.0)
        .select_only()
        .columns([session::Column::Kind, session::Column::IdleMinutes, session::Column::LastSeenAt])
        .column(session::Column::PersonId)
        .columns([person::Column::Profile, person::Column::CreatedAt])
        .column_as(membership::Column::Id, "membership_id")
        .columns([membership::Column::GrantedAt, membership::Column::Role])
        .columns([membership::Column::PlaceId, membership::Column::PartnerId])
        .column(former_self::Column::FormerId)
        .join(JoinType::InnerJoin, session::Relation::Person.def())
        .join(JoinType::LeftJoin, held)
        .join(JoinType::LeftJoin, person::Relation::FormerSelf.def())
        .filter(session::Column::ClosedAt.is_null())
        .filter(person::Column::ErasedAt.is_null())
        .into_model::<Row>()
        .all(db)
        .await
        .map_err(store_error)?;
    gather(vault, rows, now)
}

fn is_held(now: DateTime<Utc>) -> sea_orm::sea_query::SimpleExpr {
    use membership::Column;
    Column::EndedAt.is_null().and(Column::EndsAt.is_null().or(Column::EndsAt.gt(now)))
}

/// The rows are those of one session.
fn gather(vault: &Vault, rows: Vec<Row>, now: DateTime<Utc>) -> Result<Option<SignedIn>, StoreError> {
    let Some(first) = rows.first() else { return Ok(None) };
    let (id, created_at, last_seen_at) = (PersonId(first.person_id), first.created_at, first.last_seen_at);
    let kind = kind_of(&first.kind, first.idle_minutes)?;
    if kind.is_over(last_seen_at, now) {
        return Ok(None);
    }
    let Profile { nickname, phone, age_band, note: _ } = open_profile(vault, id.0, first.profile.as_deref())?;
    let mut former: Vec<PersonId> = rows.iter().filter_map(|row| row.former_id).map(PersonId).collect();
    former.sort_unstable();
    former.dedup();
    let mut posts: Vec<Post> = rows.into_iter().filter_map(|row| row.post).collect();
    posts.sort_unstable_by_key(|post| (post.granted_at, post.membership_id));
    posts.dedup_by_key(|post| post.membership_id);
    let memberships = posts.into_iter().map(Membership::try_from).collect::<Result<_, _>>()?;
    let person = Person { id, former, nickname, phone, age_band, memberships, created_at };
    Ok(Some(SignedIn { person, kind, last_seen_at }))
}

impl TryFrom<Post> for Membership {
    type Error = StoreError;

    fn try_from(post: Post) -> Result<Self, StoreError> {
        Ok(Self {
            role: cell::named("membership", &post.role)?,
            place: post.place_id.map(Into::into),
            partner_id: post.partner_id.map(Into::into),
        })
    }
}
