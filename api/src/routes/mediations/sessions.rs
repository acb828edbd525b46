use actix_web::post;
use actix_web::web::Data;
use chrono::{DateTime, FixedOffset, SubsecRound, Utc};
use domain::ids::MediationId;
use domain::mediation::{Command, MAX_PARTIES};
use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{MediationView, step};
use crate::app::App;
use crate::extract::{Id, Numbered, Post, few, needed, optional, timely};
use crate::problem::{Answer, ProblemBody};

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Meeting {
    /// In the future.
    #[garde(skip)]
    #[serde(deserialize_with = "timely")]
    at: DateTime<FixedOffset>,
    #[garde(custom(needed("地点", 100)))]
    #[schema(example = "社区调解室")]
    place: String,
}

impl Meeting {
    fn instant(&self) -> DateTime<Utc> {
        self.at.with_timezone(&Utc).trunc_subsecs(3)
    }
}

step! {
    /// Make an appointment with all parties (安排调解会); for the mediator. They are told when, and read where.
    "/mediations/{id}/sessions", plan(Meeting) |app, post, id| {
        let at = post.body.instant();
        app.step(&post.asking, id, Command::Plan { at, place: post.body.place }).await
    }
}

/// Meet at another time or place (改期); for the mediator. The parties are told.
#[utoipa::path(tag = "mediations", security(("token" = [])), request_body = Meeting,
    params(("id" = Uuid, Path), ("number" = u8, Path),
        ("Idempotency-Key" = Option<String>, Header, description = "the same key and body give the same answer")),
    responses((status = 200, body = MediationView), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
#[post("/mediations/{id}/sessions/{number}/move")]
pub(super) async fn move_(app: Data<App>, path: Numbered<MediationId>, post: Post<Meeting>) -> Answer {
    let Numbered(id, session) = path;
    let at = post.body.instant();
    app.step(&post.asking, id, Command::Move { session, at, place: post.body.place }).await
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Held {
    /// Parties by number.
    #[garde(custom(few("到场的当事人", MAX_PARTIES)))]
    attended: Vec<u8>,
    /// For the mediator alone.
    #[garde(custom(needed("调解记录", 5000)))]
    #[schema(example = "双方先后说明了情况，情绪平稳")]
    notes: String,
    /// What those who were there agreed on; they read it.
    #[garde(custom(optional("会上商定的事", 2000)))]
    #[schema(example = "先请物业查漏点，双方到场")]
    agreed: Option<String>,
}

/// Write down how a session went (登记调解会); for the mediator.
#[utoipa::path(tag = "mediations", security(("token" = [])), request_body = Held,
    params(("id" = Uuid, Path), ("number" = u8, Path),
        ("Idempotency-Key" = Option<String>, Header, description = "the same key and body give the same answer")),
    responses((status = 200, body = MediationView), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
#[post("/mediations/{id}/sessions/{number}/held")]
pub(super) async fn held(app: Data<App>, path: Numbered<MediationId>, post: Post<Held>) -> Answer {
    let Numbered(id, session) = path;
    let Held { attended, notes, agreed } = post.body;
    let agreed = agreed.filter(|agreed| !agreed.trim().is_empty());
    app.step(&post.asking, id, Command::Hold { session, attended, notes, agreed }).await
}
