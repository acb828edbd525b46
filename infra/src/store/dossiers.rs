use async_trait::async_trait;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use domain::ids::PersonId;
use domain::ports::{Dossier, DossierStore, SessionLine, StoreError, SubscriptionLine};

use super::cell;
use super::deliveries::to_line;
use crate::database::{Database, store_error};
use crate::entity::{delivery, person, session, subscription, wecom_member};

/// [`DossierStore`] over the tables `persons`, `wecom_members`, `sessions`, `subscriptions` and `deliveries`.
pub struct DossierRows {
    db: Database,
}

impl DossierRows {
    pub fn new(db: Database) -> Self {
        Self { db }
    }
}

#[async_trait]
impl DossierStore for DossierRows {
    async fn dossier_of(&self, person: PersonId, limit: u16) -> Result<Dossier, StoreError> {
        let (db, limit) = (self.db.reader(), u64::from(limit));
        let person = person::Entity::find_by_id(person.0).one(db).await.map_err(store_error)?;
        let Some(person) = person else { return Ok(Dossier::default()) };
        let sessions = session::Entity::find()
            .filter(session::Column::PersonId.eq(person.id))
            .order_by_desc(session::Column::OpenedAt)
            .limit(limit)
            .all(db)
            .await
            .map_err(store_error)?;
        let subscriptions = subscription::Entity::find()
            .filter(subscription::Column::PersonId.eq(person.id))
            .order_by_desc(subscription::Column::At)
            .limit(limit)
            .all(db)
            .await
            .map_err(store_error)?;
        let deliveries = delivery::Entity::find()
            .filter(delivery::Column::PersonId.eq(person.id))
            .order_by_desc(delivery::Column::Id)
            .limit(limit)
            .all(db)
            .await
            .map_err(store_error)?;
        let member = wecom_member::Entity::find_by_id(person.id).one(db).await.map_err(store_error)?;
        Ok(Dossier {
            unionid: person.unionid,
            wecom_user_id: member.map(|member| member.user_id),
            notice_level: cell::named("person", &person.notice_level)?,
            sessions: sessions.into_iter().map(to_session).collect(),
            subscriptions: subscriptions.into_iter().map(to_subscription).collect(),
            deliveries: deliveries.into_iter().map(|row| to_line(row, false)).collect::<Result<_, _>>()?,
        })
    }
}

fn to_session(row: session::Model) -> SessionLine {
    SessionLine { id: row.id.into(), opened_at: row.opened_at, closed_at: row.closed_at }
}

fn to_subscription(row: subscription::Model) -> SubscriptionLine {
    SubscriptionLine { template_id: row.template_id, accepted: row.accepted, at: row.at }
}
