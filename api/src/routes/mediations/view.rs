//! What each of those whom a case concerns may read of it. Decided here and nowhere else.

use chrono::{DateTime, FixedOffset, NaiveDate};
use domain::mediation::{
    Agreement, Case, Closing, FollowUp, How, Outcome, OutcomeKind, Party, PartyStanding, Session, Standing, Status,
    allowed_steps,
};
use domain::people::mask_phone;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::names::Book;
use crate::view::{PhotoView, local};

/// All that lists, messages and whoever has not joined are told of the matter.
const MATTER: &str = "社区事项";

/// What a reader of a case brings: what they are to it, and the names around it.
pub struct Onlooker<'a> {
    pub standing: Standing,
    pub book: &'a Book,
    pub mediator_name: Option<String>,
    /// Photos of signatures, for those who may see them.
    pub photos: Vec<PhotoView>,
}

/// One line of a list. It says that there is something, and how far it has come.
#[derive(Serialize, ToSchema)]
pub struct MediationLine {
    pub id: Uuid,
    #[schema(example = "社区事项")]
    pub matter: &'static str,
    /// What the reader is to it: `mediator`, `party` or `office`.
    #[schema(example = "mediator")]
    pub standing: &'static str,
    pub community_id: Uuid,
    #[schema(example = "润园社区")]
    pub community_name: Option<String>,
    /// For the mediator, the office, and whoever placed the order.
    pub order_id: Option<Uuid>,
    #[schema(example = "RY-20261123-0042")]
    pub order_number: Option<String>,
    /// `open`, `proposed`, `agreed` or `closed`; for those who do not take part only whether it is closed.
    #[schema(example = "open")]
    pub status: &'static str,
    #[schema(example = "调解中")]
    pub status_text: &'static str,
    pub opened_at: DateTime<FixedOffset>,
    pub next_session_at: Option<DateTime<FixedOffset>>,
    /// For the mediator.
    pub party_count: Option<usize>,
    /// `agreed`, `partly`, `failed`, `withdrawn` or `referred`; null while it goes on. For those who take part.
    #[schema(example = "agreed")]
    pub outcome: Option<&'static str>,
    #[schema(example = "达成协议")]
    pub outcome_text: Option<&'static str>,
    /// The day on which somebody is to ask how things went, where nobody has yet. For those who take part.
    pub follow_up_on: Option<NaiveDate>,
    /// Of a party: its own number.
    pub my_party: Option<u8>,
    /// Of a party: `invited`, `joined` or `declined`.
    #[schema(example = "joined")]
    pub my_standing: Option<&'static str>,
}

/// A case, as far as the caller may see it.
#[derive(Serialize, ToSchema)]
pub struct MediationView {
    #[serde(flatten)]
    pub line: MediationLine,
    /// Grows by one with every step; also the `ETag`.
    pub version: i64,
    /// For the office, which may appoint another.
    pub mediator_id: Option<Uuid>,
    #[schema(example = "调解员老周")]
    pub mediator_name: Option<String>,
    /// Phone numbers are for the mediator, masked.
    pub parties: Vec<PartyView>,
    pub sessions: Vec<MeetingView>,
    pub agreement: Option<AgreementView>,
    /// Where it went, of an outcome `referred`.
    #[schema(example = "司法所")]
    pub referred_to: Option<String>,
    pub follow_up: Option<FollowUpView>,
    /// Steps that the caller may take now, as they stand in paths.
    #[schema(example = json!(["parties", "sessions", "close"]))]
    pub allowed_actions: Vec<&'static str>,
}

#[derive(Serialize, ToSchema)]
pub struct PartyView {
    pub number: u8,
    /// Empty where the account was closed.
    #[schema(example = "楼上住户李先生")]
    pub name: String,
    /// For the mediator, masked; `reveal` shows it in full.
    #[schema(example = "138****0000")]
    pub phone: Option<String>,
    /// `invited`, `joined` or `declined`.
    #[schema(example = "joined")]
    pub standing: &'static str,
    #[schema(example = "已加入")]
    pub standing_text: &'static str,
    /// For the mediator, until it is used.
    #[schema(example = "7K2MZ-0QX9B")]
    pub code: Option<String>,
    pub code_expires_at: Option<DateTime<FixedOffset>>,
    /// In confidence: for the mediator and this party only.
    pub statements: Vec<StatementView>,
    /// The account was closed, and what it said is gone.
    pub erased: bool,
}

#[derive(Serialize, ToSchema)]
pub struct StatementView {
    pub at: DateTime<FixedOffset>,
    /// Written down by the mediator.
    pub by_mediator: bool,
    pub text: String,
}

#[derive(Serialize, ToSchema)]
pub struct MeetingView {
    pub number: u8,
    pub at: DateTime<FixedOffset>,
    #[schema(example = "社区调解室")]
    pub place: String,
    pub held: bool,
    /// Parties by number, once it was held.
    pub attended: Vec<u8>,
    /// For the mediator only.
    pub notes: Option<String>,
    /// What those who were there agreed on; for them and the mediator.
    #[schema(example = "先请物业查漏点，双方到场")]
    pub agreed: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct AgreementView {
    pub text: String,
    pub at: DateTime<FixedOffset>,
    pub assents: Vec<AssentView>,
}

#[derive(Serialize, ToSchema)]
pub struct AssentView {
    pub party: u8,
    pub at: DateTime<FixedOffset>,
    /// `in_app` or `on_paper`.
    #[schema(example = "in_app")]
    pub how: &'static str,
    /// Of a signature; for the mediator and the party that gave it.
    pub photo: Option<PhotoView>,
}

#[derive(Serialize, ToSchema)]
pub struct FollowUpView {
    pub on: NaiveDate,
    /// `kept`, `broken` or `unclear`; null until somebody asked.
    #[schema(example = "kept")]
    pub result: Option<&'static str>,
    #[schema(example = "已履行")]
    pub result_text: Option<&'static str>,
    /// For the mediator only.
    pub note: Option<String>,
}

impl MediationLine {
    pub fn new(case: &Case, standing: Standing, book: &Book) -> Self {
        let own = own(case, standing);
        // Whoever placed the order knows its number; the others are not led to it.
        let knows_order = own.is_none_or(|party| party.number == 1);
        let reads = Reads::of(case, standing);
        let is_inside = reads.is_inside();
        let outcome = case.outcome().filter(|_| is_inside).map(OutcomeKind::from);
        let status = if is_inside { case.status() } else { outside(case.status()) };
        let next_session = case.next_session().filter(|_| reads != Reads::Nothing);
        Self {
            id: case.id.0,
            matter: MATTER,
            standing: match standing {
                Standing::Mediator => "mediator",
                Standing::Party(_) => "party",
                Standing::Office => "office",
            },
            community_id: case.community.0,
            community_name: book.community_name(case.community),
            order_id: knows_order.then_some(case.order.0),
            order_number: knows_order.then(|| case.number.clone()),
            status: status.into(),
            status_text: status.text(),
            opened_at: local(case.opened_at),
            next_session_at: next_session.map(|session| local(session.at)),
            party_count: (reads == Reads::All).then_some(case.parties.len()),
            outcome: outcome.map(Into::into),
            outcome_text: outcome.map(OutcomeKind::text),
            follow_up_on: case.follow_up_on().filter(|_| is_inside),
            my_party: own.map(|party| party.number),
            my_standing: own.map(|party| party.standing.into()),
        }
    }
}

/// Whether it goes on: how far it has come is for those who take part.
fn outside(status: Status) -> Status {
    match status {
        Status::Open | Status::Proposed | Status::Agreed => Status::Open,
        Status::Closed => Status::Closed,
    }
}

fn own(case: &Case, standing: Standing) -> Option<&Party> {
    match standing {
        Standing::Party(number) => case.party(number),
        Standing::Mediator | Standing::Office => None,
    }
}

/// How much of what is said somebody reads.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reads {
    All,
    /// What was said to all, and the own words. By number.
    AsParty(u8),
    /// When and where they are asked to come.
    Appointments,
    Nothing,
}

impl Reads {
    fn of(case: &Case, standing: Standing) -> Self {
        match (standing, own(case, standing).map(|party| party.standing)) {
            (Standing::Mediator, _) => Self::All,
            (Standing::Party(number), Some(PartyStanding::Joined)) => Self::AsParty(number),
            (Standing::Party(_), Some(PartyStanding::Invited)) => Self::Appointments,
            (Standing::Party(_), Some(PartyStanding::Declined) | None) | (Standing::Office, _) => Self::Nothing,
        }
    }

    fn is_own(self, number: u8) -> bool {
        self == Self::All || self == Self::AsParty(number)
    }

    fn is_inside(self) -> bool {
        match self {
            Self::All | Self::AsParty(_) => true,
            Self::Appointments | Self::Nothing => false,
        }
    }
}

impl MediationView {
    pub fn new(case: &Case, onlooker: &Onlooker<'_>) -> Self {
        let (standing, reads) = (onlooker.standing, Reads::of(case, onlooker.standing));
        let closing = case.state.closing().filter(|_| reads.is_inside());
        let is_office = standing == Standing::Office;
        Self {
            line: MediationLine::new(case, standing, onlooker.book),
            version: case.version,
            mediator_id: is_office.then_some(case.mediator.0),
            mediator_name: onlooker.mediator_name.clone(),
            parties: case.parties.iter().filter(|_| reads.is_inside()).map(|p| party(p, reads)).collect(),
            sessions: case.sessions.iter().filter_map(|s| session(s, case.status(), reads)).collect(),
            agreement: case.agreement().filter(|_| reads.is_inside()).map(|a| agreement(a, reads, &onlooker.photos)),
            referred_to: closing.and_then(referred_to),
            follow_up: closing.and_then(|closing| closing.follow_up.as_ref()).map(|up| follow_up(up, reads)),
            allowed_actions: allowed_steps(case, standing).into_iter().map(Into::into).collect(),
        }
    }
}

fn party(party: &Party, reads: Reads) -> PartyView {
    let (is_mediator, is_own) = (reads == Reads::All, reads.is_own(party.number));
    let code = party.code.as_ref().filter(|_| is_mediator);
    let statements = party.statements.iter().filter(|_| is_own);
    PartyView {
        number: party.number,
        name: party.name.clone(),
        phone: party.phone.as_deref().filter(|_| is_own).map(mask_phone),
        standing: party.standing.into(),
        standing_text: party.standing.text(),
        code: code.map(|code| code.code.clone()),
        code_expires_at: code.map(|code| local(code.expires_at)),
        statements: statements
            .map(|s| StatementView { at: local(s.at), by_mediator: s.by_mediator, text: s.text.clone() })
            .collect(),
        erased: party.erased,
    }
}

/// Whoever has not joined is told of appointments that are still to come.
fn session(session: &Session, status: Status, reads: Reads) -> Option<MeetingView> {
    let is_to_come = session.held.is_none() && status != Status::Closed;
    if !(reads.is_inside() || (reads == Reads::Appointments && is_to_come)) {
        return None;
    }
    let held = session.held.as_ref();
    let was_there = held.is_some_and(|held| held.attended.iter().any(|number| reads.is_own(*number)));
    Some(MeetingView {
        number: session.number,
        at: local(session.at),
        place: session.place.clone(),
        held: held.is_some(),
        attended: held.map(|held| held.attended.clone()).unwrap_or_default(),
        notes: held.filter(|_| reads == Reads::All).map(|held| held.notes.clone()),
        agreed: held.filter(|_| reads == Reads::All || was_there).and_then(|held| held.agreed.clone()),
    })
}

fn agreement(agreement: &Agreement, reads: Reads, photos: &[PhotoView]) -> AgreementView {
    let photo = |party, how| match how {
        How::OnPaper { photo } if reads.is_own(party) => photos.iter().find(|view| view.id == photo.0).cloned(),
        How::OnPaper { .. } | How::InApp => None,
    };
    let assents = agreement.assents.iter();
    AgreementView {
        text: agreement.text.clone(),
        at: local(agreement.at),
        assents: assents
            .map(|a| AssentView { party: a.party, at: local(a.at), how: a.how.into(), photo: photo(a.party, a.how) })
            .collect(),
    }
}

fn referred_to(closing: &Closing) -> Option<String> {
    match &closing.outcome {
        Outcome::Referred { to } => Some(to.clone()),
        Outcome::Agreed | Outcome::Partly | Outcome::Failed | Outcome::Withdrawn => None,
    }
}

fn follow_up(up: &FollowUp, reads: Reads) -> FollowUpView {
    FollowUpView {
        on: up.on,
        result: up.result.map(Into::into),
        result_text: up.result.map(domain::mediation::FollowUpResult::text),
        note: up.note.clone().filter(|_| reads == Reads::All),
    }
}
