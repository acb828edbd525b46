use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use domain::deadline::day_in_shanghai;
use domain::ids::{CommunityId, PartnerId};
use domain::place::{Partner, PartnerKind};
use serde::Deserialize;
use utoipa::IntoParams;

use super::view::ShopView;
use crate::app::App;
use crate::extract::{Cursor, Id, Limit, Query};
use crate::problem::{Answer, Problem, ProblemBody};
use crate::view::Page;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct ShopsQuery {
    /// `shop`, `volunteer_team` or `property_company`; all three where it is left out.
    #[param(value_type = Option<String>)]
    kind: Option<PartnerKind>,
    /// Only those that belong to the 红色联盟.
    alliance: Option<bool>,
    cursor: Option<String>,
    /// 1 to 100; 20 where it is left out. A page may hold fewer although there are more.
    #[param(value_type = Option<u16>)]
    limit: Option<Limit>,
}

/// The directory of shops, volunteer teams and property companies of the community (周边门店、共建单位), newest first.
///
/// Whoever is suspended, or whose papers have run out, is not recommended to anybody.
#[utoipa::path(tag = "communities", params(("id" = Uuid, Path), ShopsQuery),
    responses((status = 200, body = Page<ShopView>), (status = 404, body = ProblemBody)))]
#[get("/communities/{id}/shops")]
pub(super) async fn shops(app: Data<App>, Id(id): Id<CommunityId>, Query(query): Query<ShopsQuery>) -> Answer {
    let book = app.names.book().await?;
    book.community(id).ok_or_else(Problem::not_found)?;
    let slice = Cursor::slice::<PartnerId>(query.cursor.as_deref(), query.limit)?;
    let is_wanted = |partner: &&Partner| {
        let is_kind = query.kind.is_none_or(|kind| kind == partner.kind);
        !partner.closed && partner.kind.is_listed() && is_kind && slice.before.is_none_or(|before| partner.id < before)
    };
    let mut wanted: Vec<&Partner> = book.partners_of(id).filter(is_wanted).collect();
    wanted.sort_unstable_by_key(|partner| std::cmp::Reverse(partner.id));
    wanted.truncate(slice.limit.into());
    let (page, next_cursor) = Cursor::cut(slice, wanted, |partner| partner.id.to_string());
    let ids: Vec<_> = page.iter().map(|partner| partner.id).collect();
    let (particulars, totals) =
        (app.stores.partners.particulars_of(&ids).await?, app.stores.partners.totals_of(&ids).await?);
    let (now, none) = (app.clock.now(), Default::default());
    let shown = page.into_iter().filter_map(|partner| {
        let kept = particulars.get(&partner.id)?;
        let is_recommended = kept.terms.bar(day_in_shanghai(now)).is_none();
        let is_wanted = query.alliance.is_none_or(|alliance| alliance == kept.terms.alliance);
        let totals = totals.get(&partner.id).unwrap_or(&none);
        (is_recommended && is_wanted).then(|| ShopView::new(partner, kept, totals, now))
    });
    Ok(HttpResponse::Ok().json(Page { items: shown.collect(), next_cursor }))
}
