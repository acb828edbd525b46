//! The statuses of an order, with the cases inside them that the rules tell apart.

use chrono::TimeDelta;
use domain::ids::DispatchId;
use domain::order::{Command, HandlerRole};

use crate::given::{
    CO_TASK, LEAD_TASK, NEXT_TASK, PROPERTY, Who, accept, complete, give_back, merge_into, quote, rate, refuse, reopen,
    resolve, rework, send, sign, to_co, to_lead, twin, withdraw,
};
use crate::story::Story;

pub struct Situation {
    pub name: &'static str,
    pub story: Story,
    /// What a move on a dispatch is tried on.
    pub task: DispatchId,
}

/// Wherever there is a dispatch, the property company leads and the fire brigade helps.
pub fn all() -> Vec<Situation> {
    use Who::{Co, IntakeClerk, Lead, Requester, Secretary};
    let submitted = Story::begins();
    let accepted = submitted.clone().then(IntakeClerk, accept());
    let sent = accepted.clone().then(IntakeClerk, to_lead()).then(IntakeClerk, to_co());
    let signed = sent.clone().then(Lead, sign(LEAD_TASK));
    let completed = signed.clone().then(Lead, complete(LEAD_TASK));
    let reworked = completed.clone().then(IntakeClerk, rework(LEAD_TASK));
    let co_left = signed.clone().then(Lead, give_back(LEAD_TASK)).then(Co, sign(CO_TASK));
    let returned = co_left.clone().then(Co, give_back(CO_TASK));
    let resolved = completed.clone().then(IntakeClerk, resolve());
    let rated = resolved.clone().then(Requester, rate(2));
    let reopened = rated.clone().then(Requester, reopen());
    let sent_anew = reopened.clone().then(IntakeClerk, send(NEXT_TASK, PROPERTY, HandlerRole::Lead));
    let reopened_twice = reopened.clone().then(IntakeClerk, resolve()).then(Secretary, reopen());
    let resolved_thrice = reopened_twice.clone().then(IntakeClerk, resolve());
    let on = |task, name, story| Situation { name, story, task };
    let on_lead = |name, story| Situation { name, story, task: LEAD_TASK };
    vec![
        on_lead("submitted", submitted.clone()),
        on_lead("submitted, just urged", submitted.clone().then(Requester, Command::Urge)),
        on_lead("accepted", accepted),
        on_lead("accepted, all returned", returned),
        on_lead("dispatched, lead sent", sent),
        on_lead("dispatched, lead signed", signed.clone()),
        on_lead("dispatched, lead quoted", signed.clone().then(Lead, quote(1_250))),
        on_lead("dispatched, lead completed", completed),
        on_lead("dispatched, lead reworks", reworked),
        on(CO_TASK, "dispatched, only a co left", co_left),
        on_lead("resolved now", resolved.clone()),
        on_lead("resolved 16 days ago", resolved.later(TimeDelta::days(16))),
        on_lead("rated", rated),
        on_lead("reopened once", reopened),
        on_lead("reopened, old task", sent_anew.clone()),
        on(NEXT_TASK, "reopened, new task", sent_anew),
        on_lead("reopened twice", reopened_twice),
        on_lead("resolved for the third time", resolved_thrice),
        on_lead("refused", submitted.clone().then(IntakeClerk, refuse())),
        on_lead("withdrawn", signed.then(Requester, withdraw())),
        on_lead("merged", submitted.then(IntakeClerk, merge_into(twin()))),
    ]
}
