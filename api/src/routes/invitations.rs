//! Roles are given by invitation: a code that works once, brought by whoever shall hold the role.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpResponse, delete, get, post};
use chrono::{DateTime, FixedOffset, TimeDelta};
use domain::ids::{InvitationId, PartnerId, PlaceId};
use domain::people::access::Operation;
use domain::people::{
    Actor, CODE_LIVES_AT_MOST_DAYS, GrantRefusal, Guessed, Invitation, Membership, Role, heard_code, may_give,
    spoken_code,
};
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::me::MembershipView;
use super::memberships::{AtPlace, may_end, places_below};
use crate::app::App;
use crate::extract::{Caller, Cursor, Id, Post, Query, needed};
use crate::problem::{Answer, Code, Problem, ProblemBody};
use crate::view::{Page, local};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(issue).service(list).service(withdraw).service(accept);
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct IssueInvitation {
    /// `grid_worker`, `intake_clerk`, `secretary`, `partner_staff`, `volunteer`, `class_monitor`, `matchmaker`,
    /// `supervisor` or `administrator`; which of them the caller may give stands in docs/access.md.
    #[garde(skip)]
    #[schema(value_type = String, example = "intake_clerk")]
    role: Role,
    /// Where the role is held; left out only for administrators of everything.
    #[garde(skip)]
    place_id: Option<Uuid>,
    /// The unit, for `partner_staff`.
    #[garde(skip)]
    partner_id: Option<Uuid>,
    /// Days that the code works: 7 where it is left out, 30 at most.
    #[garde(custom(in_days("邀请码的有效天数", CODE_LIVES_AT_MOST_DAYS)))]
    #[schema(example = 7)]
    days: Option<i64>,
    /// Days after which the role ends by itself, counted from now; it stays where this is left out.
    #[garde(custom(in_days("任期天数", LONGEST_ROLE_DAYS)))]
    role_days: Option<i64>,
}

/// Ten years.
const LONGEST_ROLE_DAYS: i64 = 3660;

fn in_days<C>(what: &'static str, most: i64) -> impl FnOnce(&Option<i64>, &C) -> Result<(), garde::Error> {
    move |days, _| match days {
        Some(days) if !(1..=most).contains(days) => Err(garde::Error::new(format!("{what}应在 1 到 {most} 之间"))),
        _ => Ok(()),
    }
}

#[derive(Serialize, ToSchema)]
struct IssuedInvitation {
    #[serde(flatten)]
    invitation: InvitationView,
    /// Told once, here; nobody can look it up later.
    #[schema(example = "7KQ2M-XHB4R")]
    code: String,
    /// A page of the mini-program that asks to accept it.
    #[schema(example = "pages/invitation/accept?code=7KQ2M-XHB4R")]
    page: String,
}

#[derive(Serialize, ToSchema)]
struct InvitationView {
    id: Uuid,
    #[serde(flatten)]
    membership: MembershipView,
    issued_at: DateTime<FixedOffset>,
    expires_at: DateTime<FixedOffset>,
    role_ends_at: Option<DateTime<FixedOffset>>,
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct AcceptInvitation {
    #[garde(custom(needed("邀请码", 20)))]
    #[schema(example = "7KQ2M-XHB4R")]
    code: String,
}

impl IssueInvitation {
    fn membership(&self) -> Membership {
        let (place, partner_id) = (self.place_id.map(PlaceId), self.partner_id.map(PartnerId));
        Membership { role: self.role, place, partner_id }
    }
}

impl InvitationView {
    fn new(invitation: &Invitation, tree: &domain::place::Tree) -> Self {
        Self {
            id: invitation.id.0,
            membership: MembershipView::new(&invitation.membership, tree),
            issued_at: local(invitation.issued_at),
            expires_at: local(invitation.expires_at),
            role_ends_at: invitation.role_ends_at.map(local),
        }
    }
}

impl From<GrantRefusal> for Problem {
    fn from(refusal: GrantRefusal) -> Self {
        let sentence = refusal.to_string();
        match refusal {
            GrantRefusal::NotYours(_) => Self::new(Code::NotPermitted, sentence),
            GrantRefusal::NoSuchPlace | GrantRefusal::WrongLevel { .. } => Self::field("/place_id", sentence),
            GrantRefusal::PartnerMissing | GrantRefusal::PartnerUnwanted | GrantRefusal::NoSuchPartner => {
                Self::field("/partner_id", sentence)
            }
        }
    }
}

/// Invite somebody to a role.
#[utoipa::path(tag = "invitations", security(("token" = [])), request_body = IssueInvitation,
    params(("Idempotency-Key" = Option<String>, Header, description = "the same key and body give the same answer")),
    responses((status = 201, body = IssuedInvitation), (status = 403, body = ProblemBody), (status = 422, body = ProblemBody)))]
#[post("/invitations")]
async fn issue(app: Data<App>, post: Post<IssueInvitation>) -> Answer {
    if let Some(answer) = app.replay(&post.asking).await? {
        return Ok(answer);
    }
    let (now, book, membership) = (app.clock.now(), app.names.book().await?, post.body.membership());
    let partner = membership.partner_id.and_then(|id| book.partner(id));
    may_give(&post.asking.actor, &membership, partner, book.tree())?;
    let invitation = Invitation {
        id: InvitationId(app.ids.at(now)),
        membership,
        issued_by: Some(post.person.id),
        issued_at: now,
        expires_at: Invitation::expiry(now, post.body.days),
        role_ends_at: post.body.role_days.map(|days| now + TimeDelta::days(days)),
    };
    let code = spoken_code(app.ids.salt());
    let page = format!("pages/invitation/accept?code={code}");
    let view = InvitationView::new(&invitation, book.tree());
    let issued = IssuedInvitation { invitation: view, code: code.clone(), page };
    let write = async |answer: Option<&_>| Ok(app.stores.invitations.invite(&invitation, &code, answer).await?);
    app.answer_once(&post.asking, StatusCode::CREATED, &issued, write).await
}

/// Invitations that wait. Their codes are not told again.
#[utoipa::path(tag = "invitations", security(("token" = [])), params(AtPlace),
    responses((status = 200, body = Page<InvitationView>), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
#[get("/invitations")]
async fn list(app: Data<App>, caller: Caller, Query(query): Query<AtPlace>) -> Answer {
    let book = app.names.book().await?;
    let places = places_below(&caller.actor, Operation::InvitationsList, query.place_id.map(PlaceId), book.tree())?;
    let slice = Cursor::slice::<InvitationId>(query.cursor.as_deref(), query.limit)?;
    let waiting = app.stores.invitations.invitations_at(&places, slice.before, slice.limit, app.clock.now()).await?;
    let (waiting, next_cursor) = Cursor::cut(slice, waiting, |invitation| invitation.id.to_string());
    let items = waiting.iter().map(|invitation| InvitationView::new(invitation, book.tree())).collect();
    Ok(HttpResponse::Ok().json(Page::<InvitationView> { items, next_cursor }))
}

/// Take an invitation back: its code works no more.
#[utoipa::path(tag = "invitations", security(("token" = [])), params(("id" = Uuid, Path)),
    responses((status = 204), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
#[delete("/invitations/{id}")]
async fn withdraw(app: Data<App>, caller: Caller, Id(id): Id<InvitationId>) -> Answer {
    let (now, book) = (app.clock.now(), app.names.book().await?);
    let invitation = app.stores.invitations.find_invitation(id, now).await?.ok_or_else(Problem::not_found)?;
    if !may_end(&caller.actor, &invitation.membership, book.tree()) {
        return Err(Problem::not_found());
    }
    app.stores.invitations.withdraw_invitation(id, now).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Accept an invitation by its code. Needs a phone number that WeChat has verified.
#[utoipa::path(tag = "invitations", security(("token" = [])), request_body = AcceptInvitation,
    params(("Idempotency-Key" = Option<String>, Header, description = "the same key and body give the same answer")),
    responses((status = 200, body = MembershipView), (status = 409, description = "phone_needed", body = ProblemBody),
        (status = 422, description = "verification_failed", body = ProblemBody), (status = 429, description = "locked", body = ProblemBody)))]
#[post("/invitations/accept")]
async fn accept(app: Data<App>, post: Post<AcceptInvitation>) -> Answer {
    if let Some(answer) = app.replay(&post.asking).await? {
        return Ok(answer);
    }
    if post.person.phone.is_none() {
        return Err(Problem::new(Code::PhoneNeeded, "接受邀请前，请先用微信绑定手机号"));
    }
    let waiting = async {
        match heard_code(&post.body.code) {
            Some(code) => waiting(&app, &code).await,
            None => Ok(None),
        }
    };
    let person = post.person.id;
    let invitation = app.attempt(Guessed::InvitationCode, &person.to_string(), waiting).await?;
    let view = MembershipView::new(&invitation.membership, app.names.book().await?.tree());
    let write = async |answer: Option<&_>| {
        let accepted = app.stores.invitations.accept_invitation(&invitation, person, answer, app.clock.now()).await?;
        accepted.ok_or_else(|| Problem::new(Code::VerificationFailed, "邀请码刚刚被用掉了，请联系邀请人重新发一个"))
    };
    app.answer_once(&post.asking, StatusCode::OK, &view, write).await
}

/// The invitation, if whoever issued it might still give the role.
async fn waiting(app: &App, code: &str) -> Result<Option<Invitation>, Problem> {
    let now = app.clock.now();
    let Some(invitation) = app.stores.invitations.find_waiting(code, now).await? else { return Ok(None) };
    let Some(issuer) = invitation.issued_by else { return Ok(Some(invitation)) };
    let book = app.names.book().await?;
    let issuer = app.stores.people.find_person(issuer, now).await?.map(|person| person.actor(book.tree()));
    let partner = invitation.membership.partner_id.and_then(|id| book.partner(id));
    let may = |issuer: &Actor| may_give(issuer, &invitation.membership, partner, book.tree()).is_ok();
    Ok(issuer.as_ref().is_some_and(may).then_some(invitation))
}
