//! What a person knows and changes about themselves.

use actix_web::web::Data;
use actix_web::{HttpResponse, get, post, put};
use domain::ids::SessionId;
use domain::order::Command;
use domain::people::{AgeBand, Membership, Person, Residence, mask_phone};
use domain::place::Tree;
use domain::ports::ProfileChange;
use garde::Validate;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::residences::ResidenceView;
use crate::app::App;
use crate::extract::{Body, Caller, needed, optional};
use crate::problem::{Answer, Code, Problem, ProblemBody};
use crate::wechat::sign_in_problem;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(me).service(change_me).service(bind_phone).service(merge);
}

/// The person who is signed in.
#[derive(Serialize, ToSchema)]
pub struct UserView {
    pub id: Uuid,
    #[schema(example = "王女士")]
    pub nickname: Option<String>,
    /// Masked: first three and last four digits.
    #[schema(example = "138****0000")]
    pub phone: Option<String>,
    /// The main one.
    pub residence: Option<ResidenceView>,
    /// What the person says: `under_14`, `14_to_17` or `adult`.
    #[schema(example = "adult")]
    pub age_band: Option<&'static str>,
    /// Roles held besides being a resident.
    pub memberships: Vec<MembershipView>,
}

#[derive(Serialize, ToSchema)]
pub struct MembershipView {
    #[schema(example = "secretary")]
    pub role: &'static str,
    #[schema(example = "书记")]
    pub role_text: &'static str,
    /// The role covers this place and all that lies in it; null is everywhere.
    pub place_id: Option<Uuid>,
    /// The community that the place is or lies in; null above communities.
    pub community_id: Option<Uuid>,
    pub partner_id: Option<Uuid>,
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct Profile {
    /// Taken away where it is null or left out.
    #[garde(custom(optional("称呼", 30)))]
    #[schema(example = "王女士")]
    nickname: Option<String>,
    /// `under_14`, `14_to_17` or `adult`; null takes it away, left out it stays.
    #[serde(default, deserialize_with = "told")]
    #[garde(skip)]
    #[schema(value_type = Option<String>, example = "adult")]
    age_band: Option<Option<AgeBand>>,
}

/// Tells null from nothing.
fn told<'de, D: Deserializer<'de>>(given: D) -> Result<Option<Option<AgeBand>>, D::Error> {
    Deserialize::deserialize(given).map(Some)
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct PhoneCode {
    /// From the phone button of WeChat; not the code of `wx.login`.
    #[garde(custom(needed("手机号授权凭证 code", 128)))]
    code: String,
    /// The mini-program whose button it was; the main one where it is left out.
    #[garde(skip)]
    app_id: Option<String>,
}

/// Who I am after binding a phone.
#[derive(Serialize, ToSchema)]
struct Bound {
    #[serde(flatten)]
    user: UserView,
    /// The community kept an account under this number that may be mine: `POST /v1/me/merge` takes it over.
    mergeable: bool,
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct MergeBody {
    /// As the community wrote it down.
    #[garde(custom(needed("社区登记的姓名", 30)))]
    #[schema(example = "张大爷")]
    name: String,
}

impl UserView {
    fn new(person: &Person, home: Option<&Residence>, tree: &Tree) -> Self {
        Self {
            id: person.id.0,
            nickname: person.nickname.clone(),
            phone: person.phone.as_deref().map(mask_phone),
            residence: home.map(ResidenceView::new),
            age_band: person.age_band.map(Into::into),
            memberships: person.memberships.iter().map(|m| MembershipView::new(m, tree)).collect(),
        }
    }
}

impl MembershipView {
    pub fn new(m: &Membership, tree: &Tree) -> Self {
        Self {
            role: m.role.into(),
            role_text: m.role.text(),
            place_id: m.place.map(Into::into),
            community_id: m.place.and_then(|place| tree.community_of(place)).map(Into::into),
            partner_id: m.partner_id.map(Into::into),
        }
    }
}

/// Who am I?
#[utoipa::path(tag = "me", security(("token" = [])), responses((status = 200, body = UserView), (status = 401, body = ProblemBody)))]
#[get("/me")]
async fn me(app: Data<App>, caller: Caller) -> Answer {
    Ok(HttpResponse::Ok().json(app.view(&caller.person).await?))
}

/// Change how I am called, and how old I say I am.
#[utoipa::path(tag = "me", security(("token" = [])), request_body = Profile,
    responses((status = 200, body = UserView), (status = 422, body = ProblemBody)))]
#[put("/me")]
async fn change_me(app: Data<App>, caller: Caller, Body(body): Body<Profile>) -> Answer {
    if let Some(nickname) = &body.nickname {
        app.read_nickname(caller.person.id, nickname).await?;
    }
    if let Some(age_band) = body.age_band {
        app.stores.people.save_profile(caller.person.id, &ProfileChange::AgeBand(age_band)).await?;
        if age_band == Some(AgeBand::Under14) && !app.stores.consents.has_guardian(caller.person.id).await? {
            app.orders.move_all_own(&caller.person, &Command::Unshare).await?;
        }
    }
    save(&app, caller, ProfileChange::Nickname(body.nickname)).await
}

/// Bind my phone number, as WeChat knows it.
#[utoipa::path(tag = "me", security(("token" = [])), request_body = PhoneCode,
    responses((status = 200, body = Bound), (status = 401, body = ProblemBody)))]
#[post("/me/phone")]
async fn bind_phone(app: Data<App>, caller: Caller, Body(body): Body<PhoneCode>) -> Answer {
    let id = caller.person.id;
    let ids = body.app_id.map_or_else(|| app.apps.ids(), |app_id| vec![app_id]);
    let account = app.stores.wechat.accounts_of(id, &ids).await?.into_iter().next();
    let unbound = || Problem::new(Code::NotPermitted, "您的账号没有绑定微信，请联系社区登记手机号");
    let account = account.ok_or_else(unbound)?;
    let program = app.apps.program(Some(&account.app_id)).ok_or_else(unbound)?;
    let number = program.client.phone_number(&body.code, &account.openid).await.map_err(sign_in_problem)?;
    app.stores.people.save_profile(id, &ProfileChange::Phone(number.pure_number)).await?;
    let mergeable = app.stores.residents.is_mergeable(id).await?;
    Ok(HttpResponse::Ok().json(Bound { user: app.user(caller.session).await?, mergeable }))
}

/// Take over the account that the community kept for me under my verified phone number; its orders become mine.
///
/// The name proves that the number did not just move on from somebody else.
#[utoipa::path(tag = "me", security(("token" = [])), request_body = MergeBody,
    responses((status = 200, body = UserView), (status = 409, description = "nothing_to_merge", body = ProblemBody)))]
#[post("/me/merge")]
async fn merge(app: Data<App>, caller: Caller, Body(body): Body<MergeBody>) -> Answer {
    if app.stores.residents.take_over(caller.person.id, &body.name, app.clock.now()).await? {
        return Ok(HttpResponse::Ok().json(app.user(caller.session).await?));
    }
    Err(Problem::new(Code::NothingToMerge, "没有找到可以合并的账号：请核对社区登记的姓名，或请社区工作人员帮忙"))
}

async fn save(app: &App, caller: Caller, change: ProfileChange) -> Answer {
    app.stores.people.save_profile(caller.person.id, &change).await?;
    Ok(HttpResponse::Ok().json(app.user(caller.session).await?))
}

impl App {
    /// The person as they are after a change.
    pub(super) async fn user(&self, session: SessionId) -> Result<UserView, Problem> {
        let found = self.stores.people.find_by_session(session, self.clock.now()).await?;
        self.view(&found.ok_or_else(Problem::not_found)?.person).await
    }

    pub(super) async fn view(&self, person: &Person) -> Result<UserView, Problem> {
        let (home, book) = (self.main_home(person.id).await?, self.names.book().await?);
        Ok(UserView::new(person, home.as_ref(), book.tree()))
    }
}
