//! A campaign and its rows.

use std::collections::HashMap;

use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
};
use uuid::Uuid;

use domain::campaign::{Campaign, Closing, Helper, Item};
use domain::ports::StoreError;

use crate::database::store_error;
use crate::entity::{campaign, campaign_item, campaign_partner};
use crate::store::cell;
use crate::vault::{Cell, Row, Vault};

const WHAT: &str = "campaign";

pub(super) async fn insert(tx: &DatabaseTransaction, vault: &Vault, new: &Campaign) -> Result<(), StoreError> {
    let row = campaign::Model {
        id: new.id.0,
        order_id: new.order.0,
        community_id: new.community.0,
        title: new.title.clone(),
        purpose: cell::lock(vault, purpose_cell(new.id.0), &new.purpose)?,
        households: new.households.into(),
        opened_by: new.opened_by.0,
        opened_at: new.opened_at,
        closed_by: new.closed.map(|closing| closing.by.0),
        closed_at: new.closed.map(|closing| closing.at),
        forgotten: false,
    };
    campaign::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.map_err(store_error)?;
    let item = |(at, item): (usize, &Item)| {
        let (name, unit) = (item.name.clone(), item.unit.clone());
        let position = cell::number(WHAT, at)?;
        Ok(campaign_item::Model { campaign_id: new.id.0, position, name, unit }.into_active_model())
    };
    let items = new.items.iter().enumerate().map(item).collect::<Result<Vec<_>, StoreError>>()?;
    if !items.is_empty() {
        campaign_item::Entity::insert_many(items).exec_without_returning(tx).await.map_err(store_error)?;
    }
    let partner = |(at, helper): (usize, &Helper)| {
        let (partner_id, doors) = (helper.partner.0, helper.doors.to_string());
        let position = cell::number(WHAT, at)?;
        Ok(campaign_partner::Model { campaign_id: new.id.0, position, partner_id, doors }.into_active_model())
    };
    let partners = new.partners.iter().enumerate().map(partner).collect::<Result<Vec<_>, StoreError>>()?;
    if !partners.is_empty() {
        campaign_partner::Entity::insert_many(partners).exec_without_returning(tx).await.map_err(store_error)?;
    }
    Ok(())
}

/// Whole campaigns, in the order of their rows: two more statements, however many there are.
pub(super) async fn whole(
    db: &impl ConnectionTrait,
    vault: &Vault,
    rows: Vec<campaign::Model>,
) -> Result<Vec<Campaign>, StoreError> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids = || rows.iter().map(|row| row.id);
    let items = campaign_item::Entity::find()
        .filter(campaign_item::Column::CampaignId.is_in(ids()))
        .order_by_asc(campaign_item::Column::CampaignId)
        .order_by_asc(campaign_item::Column::Position)
        .all(db)
        .await
        .map_err(store_error)?;
    let partners = campaign_partner::Entity::find()
        .filter(campaign_partner::Column::CampaignId.is_in(ids()))
        .order_by_asc(campaign_partner::Column::CampaignId)
        .order_by_asc(campaign_partner::Column::Position)
        .all(db)
        .await
        .map_err(store_error)?;
    let (mut items_of, mut partners_of) = (HashMap::<Uuid, Vec<Item>>::new(), HashMap::<Uuid, Vec<Helper>>::new());
    for row in items {
        items_of.entry(row.campaign_id).or_default().push(Item { name: row.name, unit: row.unit });
    }
    for row in partners {
        let helper = Helper { partner: row.partner_id.into(), doors: cell::named(WHAT, &row.doors)? };
        partners_of.entry(row.campaign_id).or_default().push(helper);
    }
    let campaign = |row: campaign::Model| {
        let closed = row.closed_by.zip(row.closed_at).map(|(by, at)| Closing { by: by.into(), at });
        Ok(Campaign {
            id: row.id.into(),
            order: row.order_id.into(),
            community: row.community_id.into(),
            purpose: cell::unlock(vault, purpose_cell(row.id), &row.purpose)?,
            title: row.title,
            items: items_of.remove(&row.id).unwrap_or_default(),
            partners: partners_of.remove(&row.id).unwrap_or_default(),
            households: cell::number(WHAT, row.households)?,
            opened_by: row.opened_by.into(),
            opened_at: row.opened_at,
            closed,
        })
    };
    rows.into_iter().map(campaign).collect()
}

fn purpose_cell(id: Uuid) -> Cell<'static> {
    Cell::new("campaigns.purpose", Row::Id(id))
}
