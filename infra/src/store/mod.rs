//! The ports' rows, one file or folder for each port; a row becomes a domain value beside the store that reads it.

mod addresses;
mod answers;
mod attachments;
mod attempts;
mod audit;
mod bookings;
mod calls;
mod campaigns;
mod cell;
mod certificates;
mod consents;
mod constraint;
mod content;
mod delegations;
mod deliveries;
mod directory;
mod disclosures;
mod dossiers;
mod duty;
mod entrances;
mod erasures;
mod feed;
mod figures;
mod grids;
mod history;
mod inbox;
mod invitations;
mod mediations;
mod memberships;
mod orders;
mod outbox;
mod partners;
mod people;
mod reminders;
mod residences;
mod residents;
mod retention;
mod second_factors;
mod services;
mod tickets;
mod volunteers;
mod wechat;
mod wecom;
mod write;

use std::sync::Arc;

use domain::ports::{
    AddressStore, AnswerStore, AttachmentStore, AttemptStore, AuditStore, BookingStore, CallStore, CampaignStore,
    CertificateStore, ConsentStore, ContentStore, DelegationStore, DeliveryStore, DirectoryStore, DisclosureStore,
    DossierStore, DutyStore, EntranceStore, ErasureStore, FeedStore, FigureStore, GridStore, HistoryStore, InboxStore,
    InvitationStore, MediationStore, MembershipStore, NewcomerStore, OrderStore, OutboxStore, PartnerStore,
    PeopleStore, ReminderStore, ResidenceStore, ResidentStore, RetentionStore, SecondFactorStore, ServiceStore,
    TicketStore, VolunteerStore, WechatStore, WecomMemberStore,
};

use crate::database::Database;
use crate::vault::Vault;

pub use addresses::AddressRows;
pub use answers::AnswerRows;
pub use attachments::AttachmentRows;
pub use attempts::AttemptRows;
pub use audit::AuditRows;
pub use bookings::BookingRows;
pub use calls::CallRows;
pub use campaigns::CampaignRows;
pub use certificates::CertificateRows;
pub use consents::ConsentRows;
pub use content::ContentRows;
pub use delegations::DelegationRows;
pub use deliveries::DeliveryRows;
pub use directory::DirectoryRows;
pub use disclosures::DisclosureRows;
pub use dossiers::DossierRows;
pub use duty::DutyRows;
pub use entrances::EntranceRows;
pub use erasures::ErasureRows;
pub use feed::FeedRows;
pub use figures::FigureRows;
pub use grids::GridRows;
pub use history::HistoryRows;
pub use inbox::InboxRows;
pub use invitations::InvitationRows;
pub use mediations::MediationRows;
pub use memberships::MembershipRows;
pub use orders::OrderRows;
pub use outbox::OutboxRows;
pub use partners::PartnerRows;
pub use people::PeopleRows;
pub use reminders::ReminderRows;
pub use residences::ResidenceRows;
pub use residents::ResidentRows;
pub use retention::RetentionRows;
pub use second_factors::SecondFactorRows;
pub use services::ServiceRows;
pub use tickets::TicketRows;
pub use volunteers::VolunteerRows;
pub use wechat::WechatRows;
pub use wecom::WecomMemberRows;

/// Every store over one database.
#[derive(Clone)]
pub struct Stores {
    pub orders: Arc<dyn OrderStore>,
    pub answers: Arc<dyn AnswerStore>,
    pub bookings: Arc<dyn BookingStore>,
    pub directory: Arc<dyn DirectoryStore>,
    pub people: Arc<dyn PeopleStore>,
    pub newcomers: Arc<dyn NewcomerStore>,
    pub grids: Arc<dyn GridStore>,
    pub addresses: Arc<dyn AddressStore>,
    pub residences: Arc<dyn ResidenceStore>,
    pub residents: Arc<dyn ResidentStore>,
    pub delegations: Arc<dyn DelegationStore>,
    pub mediations: Arc<dyn MediationStore>,
    pub memberships: Arc<dyn MembershipStore>,
    pub invitations: Arc<dyn InvitationStore>,
    pub disclosures: Arc<dyn DisclosureStore>,
    pub outbox: Arc<dyn OutboxStore>,
    pub deliveries: Arc<dyn DeliveryStore>,
    pub inbox: Arc<dyn InboxStore>,
    pub feed: Arc<dyn FeedStore>,
    pub calls: Arc<dyn CallStore>,
    pub campaigns: Arc<dyn CampaignStore>,
    pub reminders: Arc<dyn ReminderStore>,
    pub history: Arc<dyn HistoryStore>,
    pub attachments: Arc<dyn AttachmentStore>,
    pub audit: Arc<dyn AuditStore>,
    pub tickets: Arc<dyn TicketStore>,
    pub second_factors: Arc<dyn SecondFactorStore>,
    pub services: Arc<dyn ServiceStore>,
    pub attempts: Arc<dyn AttemptStore>,
    pub consents: Arc<dyn ConsentStore>,
    pub dossiers: Arc<dyn DossierStore>,
    pub erasures: Arc<dyn ErasureStore>,
    pub retention: Arc<dyn RetentionStore>,
    pub content: Arc<dyn ContentStore>,
    pub wechat: Arc<dyn WechatStore>,
    pub wecom_members: Arc<dyn WecomMemberStore>,
    pub entrances: Arc<dyn EntranceStore>,
    pub partners: Arc<dyn PartnerStore>,
    pub volunteers: Arc<dyn VolunteerStore>,
    pub duty: Arc<dyn DutyStore>,
    pub certificates: Arc<dyn CertificateStore>,
    pub figures: Arc<dyn FigureStore>,
}

impl Stores {
    pub fn over(db: &Database, vault: &Arc<Vault>) -> Self {
        Self {
            orders: Arc::new(OrderRows::new(db.clone(), vault.clone())),
            answers: Arc::new(AnswerRows::new(db.clone(), vault.clone())),
            bookings: Arc::new(BookingRows::new(db.clone(), vault.clone())),
            directory: Arc::new(DirectoryRows::new(db.clone())),
            people: Arc::new(PeopleRows::new(db.clone(), vault.clone())),
            newcomers: Arc::new(PeopleRows::new(db.clone(), vault.clone())),
            grids: Arc::new(GridRows::new(db.clone())),
            addresses: Arc::new(AddressRows::new(db.clone(), vault.clone())),
            residences: Arc::new(ResidenceRows::new(db.clone(), vault.clone())),
            residents: Arc::new(ResidentRows::new(db.clone(), vault.clone())),
            delegations: Arc::new(DelegationRows::new(db.clone(), vault.clone())),
            mediations: Arc::new(MediationRows::new(db.clone(), vault.clone())),
            memberships: Arc::new(MembershipRows::new(db.clone())),
            invitations: Arc::new(InvitationRows::new(db.clone(), vault.clone())),
            disclosures: Arc::new(DisclosureRows::new(db.clone())),
            outbox: Arc::new(OutboxRows::new(db.clone())),
            deliveries: Arc::new(DeliveryRows::new(db.clone())),
            inbox: Arc::new(InboxRows::new(db.clone())),
            feed: Arc::new(FeedRows::new(db.clone(), vault.clone())),
            calls: Arc::new(CallRows::new(db.clone())),
            campaigns: Arc::new(CampaignRows::new(db.clone(), vault.clone())),
            reminders: Arc::new(ReminderRows::new(db.clone(), vault.clone())),
            history: Arc::new(HistoryRows::new(db.clone(), vault.clone())),
            attachments: Arc::new(AttachmentRows::new(db.clone())),
            audit: Arc::new(AuditRows::new(db.clone())),
            tickets: Arc::new(TicketRows::new(db.clone(), vault.clone())),
            services: Arc::new(ServiceRows::new(db.clone())),
            second_factors: Arc::new(SecondFactorRows::new(db.clone(), vault.clone())),
            attempts: Arc::new(AttemptRows::new(db.clone(), vault.clone())),
            consents: Arc::new(ConsentRows::new(db.clone())),
            dossiers: Arc::new(DossierRows::new(db.clone())),
            erasures: Arc::new(ErasureRows::new(db.clone(), vault.clone())),
            retention: Arc::new(RetentionRows::new(db.clone())),
            content: Arc::new(ContentRows::new(db.clone(), vault.clone())),
            wechat: Arc::new(WechatRows::new(db.clone(), vault.clone())),
            wecom_members: Arc::new(WecomMemberRows::new(db.clone())),
            entrances: Arc::new(EntranceRows::new(db.clone(), vault.clone())),
            partners: Arc::new(PartnerRows::new(db.clone(), vault.clone())),
            volunteers: Arc::new(VolunteerRows::new(db.clone(), vault.clone())),
            duty: Arc::new(DutyRows::new(db.clone(), vault.clone())),
            certificates: Arc::new(CertificateRows::new(db.clone())),
            figures: Arc::new(FigureRows::new(db.clone())),
        }
    }
}
