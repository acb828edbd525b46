use sea_orm_migration::prelude::{DbErr, MigrationName, MigrationTrait, SchemaManager, async_trait};
use sea_orm_migration::sea_orm::ConnectionTrait;

use super::dialect::in_words_of;

pub(super) struct FirstSchema;

const UP: [&str; 16] = [
    include_str!("keys.sql"),
    include_str!("places.sql"),
    include_str!("people.sql"),
    include_str!("grids.sql"),
    include_str!("desk.sql"),
    include_str!("residents.sql"),
    include_str!("orders.sql"),
    include_str!("partners.sql"),
    include_str!("bookings.sql"),
    include_str!("campaigns.sql"),
    include_str!("notices.sql"),
    include_str!("audit.sql"),
    include_str!("rights.sql"),
    include_str!("wechat.sql"),
    include_str!("mediations.sql"),
    include_str!("figures.sql"),
];
const DOWN: &str = include_str!("down.sql");

impl MigrationName for FirstSchema {
    fn name(&self) -> &str {
        "m20261124_000001_first_schema"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for FirstSchema {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        for script in UP {
            db.execute_unprepared(&in_words_of(db.get_database_backend(), script)).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared(DOWN).await?;
        Ok(())
    }
}
