//! Households and who lives there.

use std::collections::HashMap;

use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use domain::campaign::{Campaign, Door, Dweller, Household, Outcome, Share, Target, Visit};
use domain::ids::{CampaignId, HouseholdId, PersonId};
use domain::ports::{HouseholdQuery, Recount, Stands, StoreError};

use super::sight::in_share;
use super::{record, row};
use crate::database::store_error;
use crate::entity::household::{Column, Entity, Model};
use crate::entity::{campaign, campaign_visit, household_person};
use crate::store::cell;
use crate::vault::{Cell, Row, Vault};

const WHAT: &str = "household";
/// What the blind index of doors is made for.
const DOOR: &str = "campaign door";

/// What is said of somebody who lives there, without the account.
#[derive(Serialize, Deserialize)]
struct Said {
    name: Option<String>,
    phone: Option<String>,
    note: Option<String>,
}

pub(super) async fn page(
    db: &impl ConnectionTrait,
    vault: &Vault,
    query: &HouseholdQuery,
) -> Result<Vec<Household>, StoreError> {
    let rows = Entity::find()
        .filter(Column::CampaignId.eq(query.campaign.0))
        .filter(in_share(&query.share))
        .apply_if(query.stands, |rows, stands| rows.filter(standing(query.campaign, stands)))
        .filter(Column::Number.gt(i64::from(query.after)))
        .order_by_asc(Column::Number)
        .limit(u64::from(query.limit))
        .all(db)
        .await
        .map_err(store_error)?;
    whole(db, vault, rows).await
}

fn standing(campaign: CampaignId, stands: Stands) -> Condition {
    let not_let_in = || {
        let visited: &str = Outcome::Visited.into();
        Condition::any().add(Column::Outcome.is_null()).add(Column::Outcome.ne(visited))
    };
    match stands {
        Stands::Now(outcome) => Condition::all().add(Column::Outcome.eq(outcome.to_string())),
        Stands::Pending => not_let_in(),
        Stands::Before(round) => {
            Condition::all().add(Column::Rounds.eq(i16::from(round.saturating_sub(1)))).add(not_let_in())
        }
        Stands::In(round, outcome) => {
            use campaign_visit::Column as Of;
            let these = Query::select()
                .column(Of::HouseholdId)
                .from(campaign_visit::Entity)
                .and_where(Expr::col(Of::CampaignId).eq(campaign.0))
                .and_where(Expr::col(Of::Round).eq(i16::from(round)))
                .and_where_option(outcome.map(|outcome| Expr::col(Of::Outcome).eq(outcome.to_string())))
                .take();
            Condition::all().add(Column::Id.in_subquery(these))
        }
    }
}

pub(super) async fn one(
    db: &impl ConnectionTrait,
    vault: &Vault,
    id: HouseholdId,
) -> Result<Option<Household>, StoreError> {
    let row = Entity::find_by_id(id.0).one(db).await.map_err(store_error)?;
    Ok(whole(db, vault, row.into_iter().collect()).await?.pop())
}

pub(super) async fn recount(
    db: &impl ConnectionTrait,
    vault: &Vault,
    campaign: CampaignId,
    after: u32,
    limit: u16,
) -> Result<Vec<Recount>, StoreError> {
    let all = HouseholdQuery { campaign, share: Share::All, stands: None, after, limit };
    with_visits(db, vault, page(db, vault, &all).await?).await
}

/// Households that name one of these persons, with their campaigns.
pub(super) async fn naming(
    db: &impl ConnectionTrait,
    vault: &Vault,
    persons: &[PersonId],
    limit: u16,
) -> Result<Vec<(Campaign, Recount)>, StoreError> {
    let these = Query::select()
        .column(household_person::Column::HouseholdId)
        .from(household_person::Entity)
        .and_where(household_person::Column::PersonId.is_in(persons.iter().map(|person| person.0)))
        .take();
    let rows = Entity::find()
        .filter(Column::Id.in_subquery(these))
        .order_by_desc(Column::CampaignId)
        .limit(u64::from(limit))
        .all(db)
        .await
        .map_err(store_error)?;
    let of = campaign::Entity::find().filter(campaign::Column::Id.is_in(rows.iter().map(|row| row.campaign_id)));
    let campaigns = row::whole(db, vault, of.all(db).await.map_err(store_error)?).await?;
    let campaigns: HashMap<CampaignId, Campaign> = campaigns.into_iter().map(|one| (one.id, one)).collect();
    let households = with_visits(db, vault, whole(db, vault, rows).await?).await?;
    let with_campaign = |recount: Recount| Some((campaigns.get(&recount.0.campaign)?.clone(), recount));
    Ok(households.into_iter().filter_map(with_campaign).collect())
}

async fn with_visits(
    db: &impl ConnectionTrait,
    vault: &Vault,
    households: Vec<Household>,
) -> Result<Vec<Recount>, StoreError> {
    let ids: Vec<Uuid> = households.iter().map(|household| household.id.0).collect();
    let mut visits_of = HashMap::<HouseholdId, Vec<Visit>>::new();
    for visit in record::visits(db, vault, &ids).await? {
        visits_of.entry(visit.household).or_default().push(visit);
    }
    let recount = |household: Household| {
        let visits = visits_of.remove(&household.id).unwrap_or_default();
        (household, visits)
    };
    Ok(households.into_iter().map(recount).collect())
}

/// Who lives there takes one more statement, however many households there are.
async fn whole(db: &impl ConnectionTrait, vault: &Vault, rows: Vec<Model>) -> Result<Vec<Household>, StoreError> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let people = household_person::Entity::find()
        .filter(household_person::Column::HouseholdId.is_in(rows.iter().map(|row| row.id)))
        .order_by_asc(household_person::Column::HouseholdId)
        .order_by_asc(household_person::Column::Seq)
        .all(db)
        .await
        .map_err(store_error)?;
    let mut dwellers = HashMap::<Uuid, Vec<Dweller>>::new();
    for row in people {
        let Said { name, phone, note } = cell::unlock(vault, said_cell(row.household_id, row.seq), &row.body)?;
        let dweller = Dweller { person: row.person_id.map(Into::into), name, phone, note };
        dwellers.entry(row.household_id).or_default().push(dweller);
    }
    let household = |row: Model| {
        let door =
            row.door.as_deref().map(|locked| cell::unlock::<Door>(vault, door_cell(row.id), locked)).transpose()?;
        Ok(Household {
            id: row.id.into(),
            campaign: row.campaign_id.into(),
            number: cell::number(WHAT, row.number)?,
            compound: row.compound_id.into(),
            door,
            dwellers: dwellers.remove(&row.id).unwrap_or_default(),
            partner: row.partner_id.map(Into::into),
            rounds: cell::number(WHAT, row.rounds)?,
            outcome: row.outcome.as_deref().map(|name| cell::named(WHAT, name)).transpose()?,
        })
    };
    rows.into_iter().map(household).collect()
}

/// Finds the door again without telling which it is.
pub(super) fn door_index(vault: &Vault, target: &Target) -> Result<Vec<u8>, StoreError> {
    let home = target.door.address.home().ok_or_else(|| StoreError::corrupt(WHAT, "a door without a room"))?;
    Ok(vault.blind(DOOR, &home).to_vec())
}

pub(super) fn to_rows(
    vault: &Vault,
    campaign: CampaignId,
    number: i64,
    door_index: Vec<u8>,
    target: &Target,
) -> Result<(Model, Vec<household_person::Model>), StoreError> {
    let id = target.id.0;
    let person = |(seq, dweller): (usize, &Dweller)| {
        let Dweller { person, name, phone, note } = dweller.clone();
        let seq = cell::number(WHAT, seq)?;
        let body = cell::lock(vault, said_cell(id, seq), &Said { name, phone, note })?;
        Ok(household_person::Model { household_id: id, seq, person_id: person.map(Into::into), body })
    };
    let people = target.dwellers.iter().enumerate().map(person).collect::<Result<_, StoreError>>()?;
    let row = Model {
        id,
        campaign_id: campaign.0,
        number,
        compound_id: target.compound.0,
        door_index: Some(door_index),
        door: Some(cell::lock(vault, door_cell(id), &target.door)?),
        partner_id: target.partner.map(Into::into),
        rounds: 0,
        outcome: None,
    };
    Ok((row, people))
}

fn door_cell(id: Uuid) -> Cell<'static> {
    Cell::new("households.door", Row::Id(id))
}

fn said_cell(household: Uuid, seq: i64) -> Cell<'static> {
    Cell::new("household_people.body", Row::Numbered(household, seq))
}
