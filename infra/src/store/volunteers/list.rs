use std::collections::HashMap;

use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, DatabaseConnection, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};
use uuid::Uuid;

use domain::people::{Role, Skill, Volunteer};
use domain::place::PartnerKind;
use domain::ports::{StoreError, VolunteerQuery};

use super::WHAT;
use crate::database::store_error;
use crate::entity::{membership, partner, person, volunteer, volunteer_hours, volunteer_skill};
use crate::store::cell;
use crate::store::memberships::held_at_instant;
use crate::store::people::person::to_profile;
use crate::vault::Vault;

/// Five statements, however many people: who they are, their teams, what they offer, what they can do, what they gave.
pub(super) async fn volunteers(
    db: &DatabaseConnection,
    vault: &Vault,
    query: VolunteerQuery,
) -> Result<Vec<Volunteer>, StoreError> {
    use person::Column;
    let who = membership::Entity::find().select_only().column(membership::Column::PersonId).filter(roles(&query));
    let rows = person::Entity::find()
        .filter(Column::Id.in_subquery(who.into_query()))
        .apply_if(query.skill, |rows, skill| rows.filter(Column::Id.in_subquery(who_can(&query, skill))))
        .apply_if(query.slice.before, |rows, before| rows.filter(Column::Id.lt(before.0)))
        .order_by_desc(Column::Id)
        .limit(u64::from(query.slice.limit))
        .all(db)
        .await
        .map_err(store_error)?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut beside = Beside::of(db, &query, &ids).await?;
    let volunteer = |row: person::Model| {
        let minutes = beside.minutes.remove(&row.id).unwrap_or_default();
        Ok(Volunteer {
            person: row.id.into(),
            name: to_profile(vault, &row)?.nickname,
            skills: beside.skills.remove(&row.id).unwrap_or_default(),
            hours_per_week: beside.hours.remove(&row.id).map(|hours| cell::number(WHAT, hours)).transpose()?,
            teams: beside.teams.remove(&row.id).unwrap_or_default().into_iter().map(Into::into).collect(),
            minutes: cell::number(WHAT, minutes)?,
        })
    };
    rows.into_iter().map(volunteer).collect()
}

/// The roles that make somebody a volunteer here now.
fn roles(query: &VolunteerQuery) -> Condition {
    use membership::Column;
    let own =
        Condition::all().add(Column::Role.eq(Role::Volunteer.to_string())).add(Column::PlaceId.eq(query.community.0));
    let in_team = Condition::all()
        .add(Column::Role.eq(Role::PartnerStaff.to_string()))
        .add(Column::PartnerId.in_subquery(teams(query)));
    Condition::all().add(held_at_instant(query.now)).add(Condition::any().add(own).add(in_team))
}

fn teams(query: &VolunteerQuery) -> SelectStatement {
    Query::select()
        .column(partner::Column::Id)
        .from(partner::Entity)
        .and_where(Expr::col(partner::Column::Kind).eq(PartnerKind::VolunteerTeam.to_string()))
        .and_where(Expr::col(partner::Column::PlaceId).eq(query.community.0))
        .take()
}

fn who_can(query: &VolunteerQuery, skill: Skill) -> SelectStatement {
    Query::select()
        .column(volunteer_skill::Column::PersonId)
        .from(volunteer_skill::Entity)
        .and_where(Expr::col(volunteer_skill::Column::CommunityId).eq(query.community.0))
        .and_where(Expr::col(volunteer_skill::Column::Skill).eq(skill.to_string()))
        .take()
}

/// What stands beside the people of one page.
struct Beside {
    teams: HashMap<Uuid, Vec<Uuid>>,
    hours: HashMap<Uuid, i64>,
    skills: HashMap<Uuid, Vec<Skill>>,
    minutes: HashMap<Uuid, i64>,
}

impl Beside {
    async fn of(db: &DatabaseConnection, query: &VolunteerQuery, people: &[Uuid]) -> Result<Self, StoreError> {
        let people = || people.iter().copied();
        let memberships = membership::Entity::find()
            .filter(membership::Column::PersonId.is_in(people()))
            .filter(membership::Column::PartnerId.is_not_null())
            .filter(roles(query))
            .order_by_asc(membership::Column::Id)
            .all(db);
        let mut teams: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
        for row in memberships.await.map_err(store_error)? {
            teams.entry(row.person_id).or_default().extend(row.partner_id);
        }
        let offered = volunteer::Entity::find()
            .filter(volunteer::Column::PersonId.is_in(people()))
            .filter(volunteer::Column::CommunityId.eq(query.community.0))
            .all(db);
        let hours = offered.await.map_err(store_error)?.into_iter().map(|row| (row.person_id, row.hours_per_week));
        let known = volunteer_skill::Entity::find()
            .filter(volunteer_skill::Column::PersonId.is_in(people()))
            .filter(volunteer_skill::Column::CommunityId.eq(query.community.0))
            .order_by_asc(volunteer_skill::Column::Skill)
            .all(db);
        let mut skills: HashMap<Uuid, Vec<Skill>> = HashMap::new();
        for row in known.await.map_err(store_error)? {
            skills.entry(row.person_id).or_default().push(cell::named(WHAT, &row.skill)?);
        }
        let given: Vec<(Uuid, i64)> = volunteer_hours::Entity::find()
            .select_only()
            .column(volunteer_hours::Column::PersonId)
            .column_as(Expr::col(volunteer_hours::Column::Minutes).sum().cast_as("BIGINT"), "minutes")
            .filter(volunteer_hours::Column::PersonId.is_in(people()))
            .filter(volunteer_hours::Column::CommunityId.eq(query.community.0))
            .filter(volunteer_hours::Column::Year.eq(query.year))
            .filter(volunteer_hours::Column::ConfirmedAt.is_not_null())
            .group_by(volunteer_hours::Column::PersonId)
            .into_tuple()
            .all(db)
            .await
            .map_err(store_error)?;
        Ok(Self { teams, hours: hours.collect(), skills, minutes: given.into_iter().collect() })
    }
}
