use chrono::{DateTime, NaiveDate, Utc};
use strum::{Display, EnumDiscriminants, EnumIter, IntoStaticStr};

use super::{Code, FollowUpResult, Outcome};
use crate::ids::{AttachmentId, PersonId};

/// What somebody wants done with a case that exists.
#[derive(Clone, Debug, PartialEq, Eq, EnumDiscriminants)]
#[strum_discriminants(
    name(Step),
    derive(Hash, IntoStaticStr, Display, EnumIter),
    strum(serialize_all = "snake_case"),
    doc = "The names of all steps, as they stand in paths and in `allowed_actions`."
)]
pub enum Command {
    /// Somebody typed, and where they use the app, as whom or by which code they join.
    #[strum_discriminants(strum(serialize = "parties"))]
    Invite {
        name: String,
        phone: Option<String>,
        person: Option<PersonId>,
        code: Option<Code>,
    },
    /// By the person who was invited, or by whoever brought the code.
    Join {
        party: u8,
        person: PersonId,
    },
    Decline,
    #[strum_discriminants(strum(serialize = "sessions"))]
    Plan {
        at: DateTime<Utc>,
        place: String,
    },
    Move {
        session: u8,
        at: DateTime<Utc>,
        place: String,
    },
    #[strum_discriminants(strum(serialize = "held"))]
    Hold {
        session: u8,
        attended: Vec<u8>,
        notes: String,
        agreed: Option<String>,
    },
    /// How the others shall call a party, and by which number the mediator reaches it; what is left out stays as it is.
    #[strum_discriminants(strum(serialize = "contact"))]
    Introduce {
        name: Option<String>,
        phone: Option<String>,
    },
    /// `party`: whose words the mediator writes down; `None` of a party that speaks for itself.
    #[strum_discriminants(strum(serialize = "statement"))]
    State {
        party: Option<u8>,
        text: String,
    },
    #[strum_discriminants(strum(serialize = "agreement"))]
    Propose {
        text: String,
    },
    /// `signature`: the party that signed on paper, and the photo; `None` of a party that confirms in the app.
    Agree {
        signature: Option<(u8, AttachmentId)>,
    },
    Close {
        outcome: Outcome,
        follow_up_on: Option<NaiveDate>,
    },
    FollowUp {
        result: FollowUpResult,
        note: Option<String>,
    },
    #[strum_discriminants(strum(serialize = "replace_mediator"))]
    Replace {
        mediator: PersonId,
    },
}

impl Command {
    /// Done for a party by the mediator, where parties may do it themselves as well.
    pub(super) fn is_for_another(&self) -> bool {
        match self {
            Self::State { party, .. } => party.is_some(),
            Self::Agree { signature } => signature.is_some(),
            Self::Invite { .. }
            | Self::Join { .. }
            | Self::Decline
            | Self::Plan { .. }
            | Self::Move { .. }
            | Self::Hold { .. }
            | Self::Introduce { .. }
            | Self::Propose { .. }
            | Self::Close { .. }
            | Self::FollowUp { .. }
            | Self::Replace { .. } => false,
        }
    }

    /// Photos that stay with the case.
    pub fn photos(&self) -> Vec<AttachmentId> {
        match self {
            Self::Agree { signature } => signature.iter().map(|(_, photo)| *photo).collect(),
            Self::Invite { .. }
            | Self::Join { .. }
            | Self::Decline
            | Self::Plan { .. }
            | Self::Move { .. }
            | Self::Hold { .. }
            | Self::Introduce { .. }
            | Self::State { .. }
            | Self::Propose { .. }
            | Self::Close { .. }
            | Self::FollowUp { .. }
            | Self::Replace { .. } => Vec::new(),
        }
    }
}
