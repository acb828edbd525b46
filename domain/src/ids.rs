//! Typed identifiers, so that an order's id can never be passed where a person's is wanted.
//!
//! All are UUIDs; new ones are version 7 and come from the [`Ids`](crate::ports::Ids) port.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map($name)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                $name(id)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    )+};
}

id! {
    /// A resident, a member of staff or a partner's worker.
    PersonId,
    /// A neighbourhood with its elected committee (社区). Also the id of its place in the tree.
    CommunityId,
    /// A node of the tree of places: a city, a district, a street, a community, a grid, a compound.
    PlaceId,
    /// A property company, contractor, fire brigade … that takes dispatches.
    PartnerId,
    /// A building, a unit or a room that a community knows.
    AddressId,
    /// What a resident asked for.
    OrderId,
    /// One handler's share of an order.
    DispatchId,
    /// A date that may be booked.
    SlotId,
    /// A code on a wall.
    EntranceId,
    /// A photo.
    AttachmentId,
    /// One notice on its way out of the transaction that wrote it.
    OutboxId,
    /// One notice on its way to one person by one channel.
    DeliveryId,
    /// One look at somebody's full data.
    DisclosureId,
    /// A role that somebody holds at a place.
    MembershipId,
    /// A role that waits for whoever brings the code.
    InvitationId,
    /// A line of the audit log.
    AuditId,
    /// One run of the program, from its start to its end.
    RunId,
    /// One address of one person; another address is another residence.
    ResidenceId,
    /// One person's consent that another orders for them.
    DelegationId,
    /// One thing that somebody agreed to.
    ConsentId,
    /// All refresh tokens that descend from one sign-in.
    SessionId,
    /// A browser's wish to be signed in, which a phone scans.
    TicketId,
    /// A drive from door to door (专项行动).
    CampaignId,
    /// One door of a campaign.
    HouseholdId,
    /// One knock at one door.
    VisitId,
    /// One look at a household in full.
    LookId,
    /// A quarrel that somebody mediates.
    MediationId,
    /// One row of a community's rota.
    DutyId,
    /// What a volunteer gave to one order.
    CreditId,
}

impl From<CommunityId> for PlaceId {
    fn from(community: CommunityId) -> Self {
        Self(community.0)
    }
}
