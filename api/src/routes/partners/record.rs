use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get};
use chrono::{Months, NaiveDate};
use domain::order::{Counts, month_of};
use domain::people::access::Operation;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Named;
use super::view::{average, share};
use crate::app::App;
use crate::extract::{Caller, Query, Timely};
use crate::problem::{Answer, Code, Problem, ProblemBody};

/// Months that one answer tells of: five years.
const MOST_MONTHS: u32 = 60;
/// Where no beginning is named: this month and the eleven before.
const USUAL_MONTHS: u32 = 11;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordQuery {
    /// The first month: `2026-01`. Eleven months before the last one where it is left out.
    #[param(example = "2026-01")]
    from: Option<String>,
    /// The last month; the present one where it is left out.
    #[param(example = "2026-12")]
    until: Option<String>,
}

/// How a partner did. What comes of a dispatch counts in the month in which it was sent.
#[derive(Serialize, ToSchema)]
struct RecordView {
    /// Dispatches that it holds open now.
    open_jobs: u32,
    total: CountsView,
    /// Oldest first; months without a dispatch are left out.
    months: Vec<MonthView>,
}

#[derive(Serialize, ToSchema)]
struct MonthView {
    #[schema(example = "2026-11")]
    month: String,
    #[serde(flatten)]
    counts: CountsView,
}

#[derive(Serialize, ToSchema)]
struct CountsView {
    dispatches: i64,
    /// Open when the resident took the order back: no fault of the partner's.
    withdrawn: i64,
    signed: i64,
    /// Within one working day, or before the day that the desk set.
    signed_in_time: i64,
    /// Of all dispatches but those withdrawn; null where there are none.
    #[schema(example = 0.96)]
    signed_in_time_share: Option<f64>,
    returns: i64,
    reworks: i64,
    completed: i64,
    /// Of rounds in which it led and finished, complaints about it too.
    ratings: i64,
    #[schema(example = 4.8)]
    rating_average: Option<f64>,
    /// Ratings that said the matter was solved.
    solved: i64,
}

impl From<Counts> for CountsView {
    fn from(counts: Counts) -> Self {
        Self {
            dispatches: counts.dispatches,
            withdrawn: counts.withdrawn,
            signed: counts.signed,
            signed_in_time: counts.signed_in_time,
            signed_in_time_share: share(counts.signed_in_time, counts.dispatches - counts.withdrawn),
            returns: counts.returns,
            reworks: counts.reworks,
            completed: counts.completed,
            ratings: counts.ratings,
            rating_average: average(&counts),
            solved: counts.solved,
        }
    }
}

/// How a partner did, by month; for the desk and its own staff.
#[utoipa::path(tag = "partners", security(("token" = [])), params(("id" = Uuid, Path), ("pid" = Uuid, Path), RecordQuery),
    responses((status = 200, body = RecordView), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
#[get("/communities/{id}/partners/{pid}/record")]
pub(super) async fn record(
    app: Data<App>,
    caller: Caller,
    path: Path<(String, String)>,
    Query(query): Query<RecordQuery>,
) -> Answer {
    let named = Named::find(app.names.book().await?, &path)?.for_whom(&caller.actor, Operation::PartnersRecord)?;
    let id = named.partner.id;
    let until = query.until.as_deref().map(month).transpose()?.unwrap_or_else(|| month_of(app.clock.now()));
    let from = query.from.as_deref().map(month).transpose()?;
    let from = from.or_else(|| until.checked_sub_months(Months::new(USUAL_MONTHS))).unwrap_or(until);
    if from > until || from.checked_add_months(Months::new(MOST_MONTHS)).is_none_or(|end| end <= until) {
        return Err(Problem::new(Code::BadRequest, "请选择起止月份：开始不晚于结束，一次最多查 60 个月"));
    }
    let months = app.stores.partners.record_of(id, from, until).await?;
    let open_jobs = app.stores.partners.open_jobs_of(&[id]).await?.remove(&id).unwrap_or_default();
    let mut total = Counts::default();
    months.iter().for_each(|(_, counts)| total += *counts);
    let month = |(month, counts): (NaiveDate, Counts)| MonthView {
        month: month.format("%Y-%m").to_string(),
        counts: counts.into(),
    };
    let months = months.into_iter().map(month).collect();
    Ok(HttpResponse::Ok().json(RecordView { open_jobs, total: total.into(), months }))
}

/// The first day of 「2026-11」.
fn month(text: &str) -> Result<NaiveDate, Problem> {
    let day = NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d").ok();
    let day = day.filter(|day| text.len() == 7 && day.is_timely());
    day.ok_or_else(|| Problem::new(Code::BadRequest, "月份请写成 2026-11 这样的格式"))
}
