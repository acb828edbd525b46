//! The end report, as a page to print and as a workbook. Names, numbers and rooms stay masked on paper too; who prints one is
//! written down.

mod page;
mod workbook;

use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use chrono::{DateTime, FixedOffset};
use domain::campaign::{Campaign, Handed, Household, Outcome, Totals, Visit};
use domain::ids::CampaignId;
use domain::people::access::Operation;
use domain::people::{mask_name, mask_phone};

use crate::app::App;
use crate::extract::{Caller, Id};
use crate::names::Book;
use crate::problem::{Answer, Problem, ProblemBody};
use crate::routes::export::private;
use crate::view::local;

/// Households read in one go.
const PAGE: u16 = 500;

/// Everything that stands in a report.
struct Report {
    campaign: Campaign,
    community: String,
    order_number: String,
    partners: Vec<String>,
    totals: Totals,
    doors: Vec<DoorLine>,
    printed_by: String,
    printed_at: DateTime<FixedOffset>,
}

/// One household.
struct DoorLine {
    number: u32,
    compound: String,
    building: String,
    unit: String,
    room: String,
    people: String,
    phones: String,
    visits: Vec<VisitLine>,
}

struct VisitLine {
    round: u8,
    outcome: Outcome,
    at: DateTime<FixedOffset>,
    findings: String,
    handed_out: String,
}

/// The end report as a page to print.
#[utoipa::path(tag = "campaigns", security(("token" = [])), params(("id" = Uuid, Path)),
    responses((status = 200, content_type = "text/html", body = String), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody)))]
#[get("/campaigns/{id}/report")]
pub(in crate::routes::campaigns) async fn report(app: Data<App>, caller: Caller, Id(id): Id<CampaignId>) -> Answer {
    let told = app.campaign_report(&caller, Operation::CampaignsReport, id).await?;
    let mut answer = HttpResponse::Ok();
    private(&mut answer);
    Ok(answer.content_type("text/html; charset=utf-8").body(page::page(&told)))
}

/// The end report as a workbook.
#[utoipa::path(tag = "campaigns", security(("token" = [])), params(("id" = Uuid, Path)),
    responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", body = Vec<u8>),
        (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
#[get("/campaigns/{id}/report.xlsx")]
pub(in crate::routes::campaigns) async fn sheet(app: Data<App>, caller: Caller, Id(id): Id<CampaignId>) -> Answer {
    let told = app.campaign_report(&caller, Operation::CampaignsSheet, id).await?;
    let written = tokio::task::spawn_blocking(move || workbook::workbook(&told)).await;
    let file = written.map_err(Problem::internal)?.map_err(Problem::internal)?;
    let mut answer = HttpResponse::Ok();
    private(&mut answer);
    Ok(answer
        .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"campaign.xlsx\""))
        .content_type("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        .body(file))
}

impl App {
    async fn campaign_report(&self, caller: &Caller, operation: Operation, id: CampaignId) -> Result<Report, Problem> {
        let campaign = self.campaign(&caller.actor, operation, id).await?;
        let totals = self.stores.campaigns.totals(&campaign).await?;
        let book = self.names.book().await?;
        let (mut doors, mut after) = (Vec::new(), 0);
        loop {
            let page = self.stores.campaigns.recount(id, after, PAGE).await?;
            let Some((last, _)) = page.last() else { break };
            after = last.number;
            doors.extend(page.iter().map(|(household, visits)| DoorLine::new(&book, &campaign, household, visits)));
        }
        let sight = domain::people::Sight::of(&caller.actor);
        let order = self.stores.orders.find(campaign.order, &sight).await?;
        let partner = |helper: &domain::campaign::Helper| book.partner(helper.partner).map(|p| p.name.clone());
        Ok(Report {
            community: book.community_name(campaign.community).unwrap_or_default(),
            order_number: order.map(|order| order.number).unwrap_or_default(),
            partners: campaign.partners.iter().filter_map(partner).collect(),
            totals,
            doors,
            printed_by: caller.person.nickname.clone().unwrap_or_else(|| "社区工作人员".to_owned()),
            printed_at: local(self.clock.now()),
            campaign,
        })
    }
}

impl DoorLine {
    fn new(book: &Book, campaign: &Campaign, household: &Household, visits: &[Visit]) -> Self {
        let address = household.door.as_ref().map(|door| &door.address);
        let part = |part: Option<&String>| part.cloned().unwrap_or_default();
        let names = household.dwellers.iter().filter_map(|dweller| dweller.name.as_deref()).map(mask_name);
        let phones = household.dwellers.iter().filter_map(|dweller| dweller.phone.as_deref()).map(mask_phone);
        Self {
            number: household.number,
            compound: book.tree().name(household.compound).to_owned(),
            building: part(address.and_then(|address| address.building.as_ref())),
            unit: part(address.and_then(|address| address.unit.as_ref())),
            room: address.and_then(|address| address.room.as_deref()).map(mask_name).unwrap_or_default(),
            people: names.collect::<Vec<_>>().join("、"),
            phones: phones.collect::<Vec<_>>().join("、"),
            visits: visits.iter().map(|visit| VisitLine::new(campaign, visit)).collect(),
        }
    }
}

impl VisitLine {
    fn new(campaign: &Campaign, visit: &Visit) -> Self {
        let handed = |Handed { item, quantity, .. }: &Handed| {
            let unit = campaign.item(item).map_or("", |item| item.unit.as_str());
            format!("{item} {quantity} {unit}")
        };
        Self {
            round: visit.round,
            outcome: visit.outcome,
            at: local(visit.at),
            findings: visit.findings.clone().unwrap_or_default(),
            handed_out: visit.handed_out.iter().map(handed).collect::<Vec<_>>().join("、"),
        }
    }
}
