//! The schema, step by step. A migration is never edited once it was released.

mod dialect;
mod first_schema;

use sea_orm_migration::{MigrationTrait, MigratorTrait};

pub(crate) struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(first_schema::FirstSchema)]
    }
}
