use actix_web::http::StatusCode;
use actix_web::post;
use actix_web::web::Data;
use domain::ids::{MediationId, PersonId};
use domain::mediation::{CaseError, Code, Command, Refusal};
use domain::people::{heard_code, spoken_code};
use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::reply::Writer;
use super::{MediationView, step};
use crate::app::App;
use crate::extract::{Id, Nothing, Post, digits, needed, one_line, phone_number};
use crate::problem::{Answer, Problem, ProblemBody};

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Invite {
    /// As the others call them.
    #[garde(custom(one_line("当事人的称呼", 30)))]
    #[schema(example = "楼上住户李先生")]
    name: String,
    /// For the mediator alone; other parties never see it.
    #[garde(custom(phone_number))]
    #[schema(example = "13800000000")]
    phone: Option<String>,
    /// Somebody with an account here. Left out, the answer holds a code that the party may join with.
    #[garde(skip)]
    person_id: Option<Uuid>,
}

step! {
    /// Ask another party to the quarrel to take part (邀请当事人); for the mediator.
    "/mediations/{id}/parties", invite(Invite) |app, post, id| {
        let Invite { name, phone, person_id } = post.body;
        let person = person_id.map(PersonId);
        let now = app.clock.now();
        if let Some(person) = person
            && app.stores.people.find_person(person, now).await?.is_none()
        {
            return Err(Problem::field("/person_id", "没有找到这位居民；没有账号的，请去掉 person_id，把邀请码告诉对方"));
        }
        let code = person.is_none().then(|| Code::new(spoken_code(app.ids.salt()), now));
        let phone = phone.map(|phone| digits(&phone).unwrap_or(phone));
        app.step(&post.asking, id, Command::Invite { name, phone, person, code }).await
    }
}

step! {
    /// Take part (加入), where the mediator invited this account.
    "/mediations/{id}/join", join(Nothing) |app, post, id| {
        let Nothing {} = post.body;
        let (case, standing) = app.mediations.seen(&post.asking, id).await?;
        let party = match standing {
            domain::mediation::Standing::Party(number) => number,
            domain::mediation::Standing::Mediator | domain::mediation::Standing::Office => 0,
        };
        // Under the account that was invited, which the person may have taken over since.
        let invited = case.party(party).and_then(|party| party.person);
        let person = invited.unwrap_or(post.asking.actor.person);
        app.step(&post.asking, id, Command::Join { party, person }).await
    }
}

step! {
    /// Do not take part (不参加), or not any more.
    "/mediations/{id}/decline", decline(Nothing) |app, post, id| {
        let Nothing {} = post.body;
        app.step(&post.asking, id, Command::Decline).await
    }
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Introduction {
    /// As the others shall call me.
    #[garde(inner(custom(one_line("称呼", 30))))]
    #[schema(example = "陈女士")]
    name: Option<String>,
    /// For the mediator alone; other parties never see it.
    #[garde(custom(phone_number))]
    #[schema(example = "13800000000")]
    phone: Option<String>,
}

step! {
    /// Say how I am called, and by which number the mediator reaches me (留下称呼和电话); for a party that takes part. What is left
    /// out stays as it is.
    "/mediations/{id}/contact", contact(Introduction) |app, post, id| {
        let Introduction { name, phone } = post.body;
        if name.is_none() && phone.is_none() {
            return Err(Problem::field("", "请填写称呼或电话，至少一项"));
        }
        let phone = phone.map(|phone| digits(&phone).unwrap_or(phone));
        app.step(&post.asking, id, Command::Introduce { name, phone }).await
    }
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Bring {
    #[garde(custom(needed("邀请码", 20)))]
    #[schema(example = "7K2MZ-0QX9B")]
    code: String,
}

/// Take part with the code that the mediator told (凭邀请码加入).
#[utoipa::path(tag = "mediations", security(("token" = [])), request_body = Bring,
    params(("Idempotency-Key" = Option<String>, Header, description = "the same key and body give the same answer")),
    responses((status = 200, body = MediationView), (status = 409, description = "mediation_code_invalid", body = ProblemBody)))]
#[post("/mediations/join")]
pub(super) async fn join_by_code(app: Data<App>, post: Post<Bring>) -> Answer {
    let asking = &post.asking;
    if let Some(answer) = app.replay(asking).await? {
        return Ok(answer);
    }
    // In the same words whether it never was, was used or has expired.
    let code = heard_code(&post.body.code).ok_or(CaseError::Refused(Refusal::InvitationInvalid))?;
    let writer = Writer { app: &app, actor: &asking.actor, status: StatusCode::OK };
    let joined = app.mediations.join_by_code(asking, &code, &writer).await;
    app.finish_step(asking, joined).await
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Statement {
    #[garde(custom(needed("陈述", 5000)))]
    #[schema(example = "每天夜里十一点以后还有拖椅子的声音，已经两个月了")]
    text: String,
    /// Whose words the mediator writes down; left out by a party.
    #[garde(skip)]
    party: Option<u8>,
}

step! {
    /// Say how it was, in confidence (陈述): the mediator reads it, the other parties do not.
    "/mediations/{id}/statement", statement(Statement) |app, post, id| {
        let Statement { text, party } = post.body;
        app.step(&post.asking, id, Command::State { party, text }).await
    }
}
