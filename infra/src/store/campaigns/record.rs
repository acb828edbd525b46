//! What was done at a door.

use std::collections::HashMap;

use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use domain::campaign::{Handed, Outcome, Visit, Visitor};
use domain::ids::AttachmentId;
use domain::ports::{Answer, Recorded, StoreError};

use crate::database::store_error;
use crate::entity::campaign_visit::{Column, Entity, Model};
use crate::entity::{attachment, campaign, campaign_item, handed_out, household};
use crate::store::cell;
use crate::store::write::{Halt, insert_answer};
use crate::vault::{Cell, Row, Vault};

const WHAT: &str = "visit";

/// The part of a visit that lies locked.
#[derive(Serialize, Deserialize)]
struct Body {
    findings: Option<String>,
    handed_out: Vec<Handed>,
    photos: Vec<AttachmentId>,
    visitors: Vec<Visitor>,
}

/// The campaign stays open until the end of the transaction, and the household's round is claimed first.
pub(super) async fn write(
    tx: &DatabaseTransaction,
    vault: &Vault,
    visit: &Visit,
    answer: Option<&Answer>,
) -> Result<Recorded, StoreError> {
    if let Some(answer) = answer {
        match insert_answer(tx, vault, answer, None).await {
            Ok(()) => {}
            Err(Halt::Ended(_)) => return Ok(Recorded::KeyTaken),
            Err(Halt::Failed(error)) => return Err(error),
        }
    }
    let campaign = campaign::Entity::find_by_id(visit.campaign.0).lock_shared().one(tx).await.map_err(store_error)?;
    if campaign.is_none_or(|campaign| campaign.closed_at.is_some()) {
        return Ok(Recorded::Closed);
    }
    if !claim_round(tx, visit).await? {
        return Ok(Recorded::Taken);
    }
    Entity::insert(to_row(vault, visit)?.into_active_model()).exec_without_returning(tx).await.map_err(store_error)?;
    hand_out(tx, visit).await?;
    attach_photos(tx, visit).await
}

async fn claim_round(tx: &DatabaseTransaction, visit: &Visit) -> Result<bool, StoreError> {
    let visited: &str = Outcome::Visited.into();
    let claimed = household::Entity::update_many()
        .col_expr(household::Column::Rounds, Expr::val(i16::from(visit.round)))
        .col_expr(household::Column::Outcome, Expr::val(visit.outcome.to_string()))
        .filter(household::Column::Id.eq(visit.household.0))
        .filter(household::Column::Rounds.eq(i16::from(visit.round) - 1))
        .filter(household::Column::Door.is_not_null())
        .filter(Condition::any().add(household::Column::Outcome.is_null()).add(household::Column::Outcome.ne(visited)));
    claimed.exec(tx).await.map(|done| done.rows_affected == 1).map_err(store_error)
}

async fn hand_out(tx: &DatabaseTransaction, visit: &Visit) -> Result<(), StoreError> {
    if visit.handed_out.is_empty() {
        return Ok(());
    }
    let items = campaign_item::Entity::find().filter(campaign_item::Column::CampaignId.eq(visit.campaign.0));
    let items: HashMap<String, i16> =
        items.all(tx).await.map_err(store_error)?.into_iter().map(|item| (item.name, item.position)).collect();
    let row = |handed: &Handed| {
        let item = *items.get(&handed.item).ok_or_else(|| StoreError::corrupt(WHAT, "an item of no campaign"))?;
        let quantity = handed.quantity.into();
        let (visit_id, campaign_id) = (visit.id.0, visit.campaign.0);
        Ok(handed_out::Model { visit_id, campaign_id, item, quantity }.into_active_model())
    };
    let rows = visit.handed_out.iter().map(row).collect::<Result<Vec<_>, StoreError>>()?;
    handed_out::Entity::insert_many(rows).exec_without_returning(tx).await.map(drop).map_err(store_error)
}

/// A photo joins one visit, once, and only by the hand that uploaded it.
async fn attach_photos(tx: &DatabaseTransaction, visit: &Visit) -> Result<Recorded, StoreError> {
    let photos = visit.all_photos();
    if photos.is_empty() {
        return Ok(Recorded::Done);
    }
    let attached = attachment::Entity::update_many()
        .col_expr(attachment::Column::VisitId, visit.id.0.into())
        .filter(attachment::Column::Id.is_in(photos.iter().map(|photo| photo.0)))
        .filter(attachment::Column::UploaderId.eq(visit.by.0))
        .filter(attachment::Column::OrderId.is_null())
        .filter(attachment::Column::VisitId.is_null())
        .exec(tx)
        .await
        .map_err(store_error)?;
    let all = usize::try_from(attached.rows_affected) == Ok(photos.len());
    Ok(if all { Recorded::Done } else { Recorded::PhotoUnavailable })
}

/// By household, the first round first.
pub(super) async fn visits(
    db: &impl ConnectionTrait,
    vault: &Vault,
    households: &[Uuid],
) -> Result<Vec<Visit>, StoreError> {
    if households.is_empty() {
        return Ok(Vec::new());
    }
    let rows = Entity::find()
        .filter(Column::HouseholdId.is_in(households.iter().copied()))
        .order_by_asc(Column::HouseholdId)
        .order_by_asc(Column::Round)
        .all(db)
        .await
        .map_err(store_error)?;
    rows.into_iter().map(|row| to_visit(vault, row)).collect()
}

fn to_row(vault: &Vault, visit: &Visit) -> Result<Model, StoreError> {
    let Visit { findings, handed_out, photos, visitors, .. } = visit.clone();
    Ok(Model {
        id: visit.id.0,
        campaign_id: visit.campaign.0,
        household_id: visit.household.0,
        round: visit.round.into(),
        outcome: visit.outcome.to_string(),
        body: Some(cell::lock(vault, body_cell(visit.id.0), &Body { findings, handed_out, photos, visitors })?),
        by_id: visit.by.0,
        hat: visit.hat.to_string(),
        partner_id: visit.partner.map(Into::into),
        at: visit.at,
    })
}

/// One that was forgotten says when and how it ended, and nothing else.
fn to_visit(vault: &Vault, row: Model) -> Result<Visit, StoreError> {
    let body = row.body.as_deref().map(|locked| cell::unlock::<Body>(vault, body_cell(row.id), locked)).transpose()?;
    let nothing = Body { findings: None, handed_out: Vec::new(), photos: Vec::new(), visitors: Vec::new() };
    let Body { findings, handed_out, photos, visitors } = body.unwrap_or(nothing);
    Ok(Visit {
        id: row.id.into(),
        campaign: row.campaign_id.into(),
        household: row.household_id.into(),
        round: cell::number(WHAT, row.round)?,
        outcome: cell::named(WHAT, &row.outcome)?,
        findings,
        handed_out,
        photos,
        visitors,
        by: row.by_id.into(),
        hat: cell::named(WHAT, &row.hat)?,
        partner: row.partner_id.map(Into::into),
        at: row.at,
    })
}

fn body_cell(id: Uuid) -> Cell<'static> {
    Cell::new("campaign_visits.body", Row::Id(id))
}
