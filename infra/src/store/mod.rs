//! The ports' rows, one file or folder for each port; a row becomes a domain value beside the store that reads it.

mod answers;
mod attachments;
mod cell;
mod consents;
mod constraint;
mod directory;
mod disclosures;
mod dossiers;
mod erasures;
mod history;
mod memberships;
mod orders;
mod outbox;
mod people;
mod retention;
mod write;

use std::sync::Arc;

use domain::ports::{
    AnswerStore, AttachmentStore, ConsentStore, DirectoryStore, DisclosureStore, DossierStore, ErasureStore,
    HistoryStore, MembershipStore, OrderStore, OutboxStore, PeopleStore, RetentionStore,
};

use crate::database::Database;
use crate::vault::Vault;

pub use answers::AnswerRows;
pub use attachments::AttachmentRows;
pub use consents::ConsentRows;
pub use directory::DirectoryRows;
pub use disclosures::DisclosureRows;
pub use dossiers::DossierRows;
pub use erasures::ErasureRows;
pub use history::HistoryRows;
pub use memberships::MembershipRows;
pub use orders::OrderRows;
pub use outbox::OutboxRows;
pub use people::PeopleRows;
pub use retention::RetentionRows;

/// Every store over one database.
#[derive(Clone)]
pub struct Stores {
    pub orders: Arc<dyn OrderStore>,
    pub answers: Arc<dyn AnswerStore>,
    pub directory: Arc<dyn DirectoryStore>,
    pub people: Arc<dyn PeopleStore>,
    pub memberships: Arc<dyn MembershipStore>,
    pub disclosures: Arc<dyn DisclosureStore>,
    pub outbox: Arc<dyn OutboxStore>,
    pub history: Arc<dyn HistoryStore>,
    pub attachments: Arc<dyn AttachmentStore>,
    pub consents: Arc<dyn ConsentStore>,
    pub dossiers: Arc<dyn DossierStore>,
    pub erasures: Arc<dyn ErasureStore>,
    pub retention: Arc<dyn RetentionStore>,
}

impl Stores {
    pub fn over(db: &Database, vault: &Arc<Vault>) -> Self {
        Self {
            orders: Arc::new(OrderRows::new(db.clone(), vault.clone())),
            answers: Arc::new(AnswerRows::new(db.clone(), vault.clone())),
            directory: Arc::new(DirectoryRows::new(db.clone())),
            people: Arc::new(PeopleRows::new(db.clone(), vault.clone())),
            memberships: Arc::new(MembershipRows::new(db.clone())),
            disclosures: Arc::new(DisclosureRows::new(db.clone())),
            outbox: Arc::new(OutboxRows::new(db.clone())),
            history: Arc::new(HistoryRows::new(db.clone(), vault.clone())),
            attachments: Arc::new(AttachmentRows::new(db.clone())),
            consents: Arc::new(ConsentRows::new(db.clone())),
            dossiers: Arc::new(DossierRows::new(db.clone())),
            erasures: Arc::new(ErasureRows::new(db.clone(), vault.clone())),
            retention: Arc::new(RetentionRows::new(db.clone())),
        }
    }
}
