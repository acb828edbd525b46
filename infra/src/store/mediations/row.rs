//! Case ↔ rows.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use domain::deadline::start_of_day;
use domain::mediation::{Case, Code, Party, Session, State, Statement, Status};
use domain::ports::StoreError;

use super::{CODE, WHAT};
use crate::entity::{mediation, mediation_party};
use crate::store::cell;
use crate::vault::{Cell, Row, Vault};

/// What all parties may come to know, and the mediator's notes; locked.
#[derive(Serialize, Deserialize)]
struct Body {
    sessions: Vec<Session>,
    state: State,
}

/// What is of one party alone; locked.
#[derive(Serialize, Deserialize)]
struct PartyBody {
    name: String,
    phone: Option<String>,
    code: Option<Code>,
    statements: Vec<Statement>,
}

pub(super) fn row(vault: &Vault, case: &Case) -> Result<mediation::Model, StoreError> {
    let body = Body { sessions: case.sessions.clone(), state: case.state.clone() };
    Ok(mediation::Model {
        id: case.id.0,
        order_id: case.order.0,
        order_number: case.number.clone(),
        community_id: case.community.0,
        mediator_id: case.mediator.0,
        status: case.status().to_string(),
        opened_at: case.opened_at,
        mediator_until: case.mediator_until(),
        follow_up_at: case.follow_up_on().map(start_of_day),
        released: false,
        body: cell::lock(vault, body_cell(case.id.0), &body)?,
        version: case.version,
    })
}

pub(super) fn party_row(vault: &Vault, case: &Case, party: &Party) -> Result<mediation_party::Model, StoreError> {
    let body = PartyBody {
        name: party.name.clone(),
        phone: party.phone.clone(),
        code: party.code.clone(),
        statements: party.statements.clone(),
    };
    let number = party.number.into();
    let locked = || cell::lock(vault, party_cell(case.id.0, number), &body);
    Ok(mediation_party::Model {
        mediation_id: case.id.0,
        number,
        person_id: party.person.map(Into::into),
        standing: party.standing.to_string(),
        code_index: party.code.as_ref().map(|code| vault.blind(CODE, &code.code).to_vec()),
        code_expires_at: party.code.as_ref().map(|code| code.expires_at),
        body: if party.erased { None } else { Some(locked()?) },
    })
}

/// `parties` are the case's, by number.
pub(super) fn to_case(
    vault: &Vault,
    row: mediation::Model,
    parties: Vec<mediation_party::Model>,
    order_is_gone: bool,
) -> Result<Case, StoreError> {
    let Body { sessions, state } = cell::unlock(vault, body_cell(row.id), &row.body)?;
    cell::agree(WHAT, cell::named::<Status>(WHAT, &row.status)?, state.status())?;
    Ok(Case {
        id: row.id.into(),
        order: row.order_id.into(),
        number: row.order_number,
        community: row.community_id.into(),
        mediator: row.mediator_id.into(),
        opened_at: row.opened_at,
        parties: parties.into_iter().map(|party| to_party(vault, party)).collect::<Result<_, _>>()?,
        sessions,
        state,
        order_is_gone,
        version: row.version,
    })
}

fn to_party(vault: &Vault, row: mediation_party::Model) -> Result<Party, StoreError> {
    let cell = party_cell(row.mediation_id, row.number);
    let body: Option<PartyBody> = row.body.as_ref().map(|body| cell::unlock(vault, cell, body)).transpose()?;
    let erased = body.is_none();
    let body = body.unwrap_or(PartyBody { name: String::new(), phone: None, code: None, statements: Vec::new() });
    Ok(Party {
        number: cell::number(WHAT, row.number)?,
        name: body.name,
        phone: body.phone,
        person: row.person_id.map(Into::into),
        standing: cell::named(WHAT, &row.standing)?,
        code: body.code,
        statements: body.statements,
        erased,
    })
}

fn body_cell(id: Uuid) -> Cell<'static> {
    Cell::new("mediations.body", Row::Id(id))
}

fn party_cell(mediation: Uuid, number: i64) -> Cell<'static> {
    Cell::new("mediation_parties.body", Row::Numbered(mediation, number))
}
