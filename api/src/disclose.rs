//! Before a full name or number is shown: a row that the person concerned can read.

use domain::ids::{DisclosureId, PartnerId};
use domain::order::Order;
use domain::people::{Actor, Disclosure, Hat, Purpose};
use domain::ports::StoreError;

use crate::app::App;

impl App {
    /// Where the row cannot be written, nothing is shown.
    pub async fn disclose(
        &self,
        actor: &Actor,
        order: &Order,
        hat: Hat,
        partner: Option<PartnerId>,
        purpose: Purpose,
    ) -> Result<(), StoreError> {
        let at = self.clock.now();
        let row = |subject| Disclosure {
            id: DisclosureId(self.ids.at(at)),
            subject,
            order: order.id,
            viewer: actor.person,
            hat,
            partner,
            purpose,
            at,
        };
        self.stores.disclosures.record(&order.subjects().map(row).collect::<Vec<_>>()).await
    }
}
