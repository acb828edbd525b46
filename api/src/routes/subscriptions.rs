//! What I answered when the mini-program asked for messages (订阅消息).

use std::collections::BTreeMap;

use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use domain::ids::PersonId;
use domain::wechat::{RightChange, WechatAccount};
use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::app::App;
use crate::extract::{Body, Caller, needed};
use crate::problem::{Answer, Problem, ProblemBody};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(subscriptions);
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct Subscriptions {
    /// What `wx.requestSubscribeMessage` answered.
    #[garde(length(max = 20), dive)]
    results: Vec<Subscription>,
    /// The mini-program that asked; where it is left out, the first that has the template.
    #[garde(skip)]
    app_id: Option<String>,
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct Subscription {
    #[garde(custom(needed("模板编号", 64)))]
    template_id: String,
    #[garde(skip)]
    result: SubscriptionResult,
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq, ToSchema)]
#[serde(rename_all = "snake_case")]
enum SubscriptionResult {
    Accept,
    Reject,
    Ban,
    Filter,
}

/// Tell which messages I agreed to get, so that the next one can leave before WeChat itself says so. WeChat counts.
#[utoipa::path(tag = "me", security(("token" = [])), request_body = Subscriptions,
    responses((status = 204), (status = 422, body = ProblemBody)))]
#[post("/me/subscriptions")]
async fn subscriptions(app: Data<App>, caller: Caller, Body(body): Body<Subscriptions>) -> Answer {
    app.note_answers(caller.person.id, &body).await?;
    Ok(HttpResponse::NoContent().finish())
}

impl App {
    /// Notes what the mini-program says of these templates, where they are ours and the person uses it: nothing else is kept.
    async fn note_answers(&self, person: PersonId, told: &Subscriptions) -> Result<(), Problem> {
        if told.results.is_empty() {
            return Ok(());
        }
        let now = self.clock.now();
        let accounts = self.stores.wechat.accounts_of(person, &self.apps.ids()).await?;
        let asked = |account: &&WechatAccount| told.app_id.as_ref().is_none_or(|app_id| *app_id == account.app_id);
        // The last word on a template stands.
        let answers: BTreeMap<&str, bool> =
            told.results.iter().map(|s| (s.template_id.as_str(), s.result == SubscriptionResult::Accept)).collect();
        for (template, accepted) in answers {
            let has_it = |account: &&WechatAccount| self.apps.has_template(&account.app_id, template);
            let Some(account) = accounts.iter().filter(asked).find(has_it) else { continue };
            self.stores.people.note_subscription(person, template, accepted, now).await?;
            if accepted {
                self.stores.wechat.change_right(account, template, RightChange::Hinted, now).await?;
            }
        }
        Ok(())
    }
}
