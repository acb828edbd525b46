//! The figures that a community publishes (办结件数；办实事、帮办、化解纠纷、义务维修).

use std::collections::BTreeMap;

use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use chrono::{Months, NaiveDate};
use domain::deadline::day_in_shanghai;
use domain::ids::{CommunityId, PlaceId};
use domain::order::median_hours;
use domain::ports::{FigurePart, FigureQuery, FigureSum};
use domain::service::Figure;
use serde::{Deserialize, Serialize};
use strum::IntoEnumIterator;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::app::App;
use crate::extract::{Id, Query, timely};
use crate::names::Book;
use crate::problem::{Answer, Code, Problem, ProblemBody};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(figures);
}

/// Years that one answer tells of.
const MOST_YEARS: u32 = 20;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// The first day; the first day of this year where it is left out.
    #[param(example = "2020-01-01")]
    #[serde(default, deserialize_with = "timely")]
    from: Option<NaiveDate>,
    /// The last day; today where it is left out.
    #[serde(default, deserialize_with = "timely")]
    until: Option<NaiveDate>,
    /// Only what was in this compound. Sealed matters are in none.
    compound_id: Option<Uuid>,
    /// Only services of this category of the service list, and those below it: `帮办` counts `帮办/医保`.
    #[param(example = "帮办")]
    category: Option<String>,
    /// Parts the sums.
    #[param(inline)]
    by: Option<By>,
}

#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum By {
    Month,
    Category,
    Compound,
    Channel,
}

#[derive(Serialize, ToSchema)]
struct FiguresView {
    from: NaiveDate,
    until: NaiveDate,
    /// 办结件数: all matters that were resolved, those of no published figure too.
    resolved: ResolvedCountView,
    /// The published figures, each.
    items: Vec<FigureView>,
    /// How many people have said by now that they live here.
    #[schema(example = 852)]
    registered: u64,
}

/// Matters that were resolved, and not reopened since.
#[derive(Serialize, ToSchema)]
struct ResolvedCountView {
    #[schema(example = 155)]
    count: i64,
    /// Half of them were resolved within so many hours, as far as that is known: begun hours up to 72, days beyond.
    /// Sealed matters and those brought over from elsewhere are left out.
    #[schema(example = 26)]
    median_hours: Option<u32>,
    /// With `by`.
    parts: Vec<PartView>,
}

/// One of the published figures.
#[derive(Serialize, ToSchema)]
struct FigureView {
    /// `matter`, `errand`, `dispute` or `repair`.
    #[schema(example = "errand")]
    figure: &'static str,
    #[schema(example = "帮办日常事务")]
    text: &'static str,
    #[serde(flatten)]
    counted: ResolvedCountView,
}

#[derive(Serialize, ToSchema)]
struct PartView {
    /// The month, the category, the compound, or the channel (`mini_program`, `on_behalf`, `import`); empty where it was in
    /// no compound.
    #[schema(example = "2026-11")]
    name: String,
    count: i64,
}

/// What the community did, counted: each matter on the day on which it was resolved, sealed ones by the month.
#[utoipa::path(tag = "communities", params(("id" = Uuid, Path), Wanted),
    responses((status = 200, body = FiguresView), (status = 400, body = ProblemBody), (status = 404, body = ProblemBody)))]
#[get("/communities/{id}/figures")]
async fn figures(app: Data<App>, Id(id): Id<CommunityId>, Query(wanted): Query<Wanted>) -> Answer {
    let book = app.names.book().await?;
    book.community(id).ok_or_else(Problem::not_found)?;
    let (from, until) = wanted.days(day_in_shanghai(app.clock.now()))?;
    let compound = wanted.compound_id.map(PlaceId);
    if compound.is_some_and(|compound| book.tree().community_of(compound) != Some(id)) {
        return Err(Problem::new(Code::BadRequest, "本社区没有这个小区，请从社区的小区里选择"));
    }
    let services = wanted.category.as_deref().map(|category| services_of(&book, id, category));
    let part = wanted.by.map(|by| match by {
        By::Month => FigurePart::Day,
        By::Category => FigurePart::Service,
        By::Compound => FigurePart::Compound,
        By::Channel => FigurePart::Channel,
    });
    let query = FigureQuery { community: id, from, until, compound, services };
    let sums = app.stores.figures.sums(&query, part).await?;
    let name = |part: &str| wanted.by.map_or_else(String::new, |by| by.name(part, &book, id));
    let figure = |figure: Figure| {
        let counted = ResolvedCountView::of(sums.iter().filter(|sum| sum.figure == Some(figure)), name);
        FigureView { figure: figure.into(), text: figure.text(), counted }
    };
    let (resolved, items) = (ResolvedCountView::of(&sums, name), Figure::iter().map(figure).collect());
    let registered = app.stores.figures.registered(id).await?;
    Ok(HttpResponse::Ok().json(FiguresView { from, until, resolved, items, registered }))
}

impl Wanted {
    fn days(&self, today: NaiveDate) -> Result<(NaiveDate, NaiveDate), Problem> {
        let until = self.until.unwrap_or(today);
        let new_year = || chrono::Datelike::with_ordinal(&until, 1).unwrap_or(until);
        let from = self.from.unwrap_or_else(new_year);
        let last = from.checked_add_months(Months::new(12 * MOST_YEARS));
        if from > until || last.is_none_or(|last| until > last) {
            return Err(Problem::new(Code::BadRequest, "请选择起止日期：开始不晚于结束，一次最多查 20 年"));
        }
        Ok((from, until))
    }
}

/// Closed ones count as well: what was done was done.
fn services_of(book: &Book, community: CommunityId, category: &str) -> Vec<String> {
    let (category, below) = (category.trim(), format!("{}/", category.trim()));
    let services = book.services_of(community);
    let is_in = |named: &str| named == category || named.starts_with(&below);
    services.filter(|service| is_in(&service.offer.category)).map(|service| service.key.clone()).collect()
}

impl By {
    /// Several parts may have one name: days of a month, services of a category.
    fn name(self, part: &str, book: &Book, community: CommunityId) -> String {
        match self {
            Self::Channel => part.to_owned(),
            Self::Month => part.get(..7).unwrap_or(part).to_owned(),
            Self::Category => {
                book.service(community, part).map_or_else(|| part.to_owned(), |line| line.offer.category.clone())
            }
            Self::Compound => part.parse().map_or_else(|_| String::new(), |id| book.tree().name(id).to_owned()),
        }
    }
}

impl ResolvedCountView {
    fn of<'a>(sums: impl IntoIterator<Item = &'a FigureSum>, name: impl Fn(&str) -> String) -> Self {
        let mut parts: BTreeMap<String, i64> = BTreeMap::new();
        let mut hours: BTreeMap<u32, i64> = BTreeMap::new();
        let mut count = 0;
        for sum in sums {
            count += sum.count;
            *parts.entry(name(&sum.part)).or_default() += sum.count;
            if let Some(took) = sum.hours {
                *hours.entry(took).or_default() += sum.count;
            }
        }
        let is_whole = parts.keys().all(String::is_empty);
        let parts = parts.into_iter().filter(|(_, count)| *count != 0 && !is_whole);
        let parts = parts.map(|(name, count)| PartView { name, count }).collect();
        Self { count, median_hours: median_hours(hours), parts }
    }
}
