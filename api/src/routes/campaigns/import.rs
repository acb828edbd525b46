use actix_multipart::Multipart;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, post};
use domain::campaign::{Entry, Roll, Target, may_enlist, read_roll};
use domain::ids::{CampaignId, HouseholdId};
use domain::order::usecase::Asking;
use domain::people::access::Operation;
use domain::ports::{Commit, Enlisted};
use domain::sheet::known;
use serde::Serialize;
use utoipa::ToSchema;

use super::not_enlisted;
use crate::app::App;
use crate::extract::{Caller, Id, file_in, key};
use crate::problem::{Answer, Problem, ProblemBody};
use crate::sheet::{SHEET, read_sheet, refused};

/// For the documentation of the form.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the multipart form")]
struct ImportForm {
    /// xlsx, or csv in UTF-8 or GB18030; up to 8 MB and 20,000 rows. The first row names the columns 小区、楼栋、单元、室、姓名、电话、备注.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

#[derive(Serialize, ToSchema)]
struct ImportedView {
    /// Households that joined the campaign: as many as the sheet has rows.
    #[schema(example = 11)]
    added: usize,
    /// All that are in it now.
    households: u32,
    /// Heads of columns that were not read; twenty at most are named.
    ignored_columns: Vec<String>,
}

/// Import doors from a sheet: all of them or none.
///
/// Where something is wrong, `sheet_refused` names up to 100 faults by row and column (`/rows/12/电话`) and says how many
/// there are besides. Formulas, merged cells, doors that stand twice and compounds of other communities are such faults.
#[utoipa::path(tag = "campaigns", security(("token" = [])),
    params(("id" = Uuid, Path),
        ("Idempotency-Key" = Option<String>, Header, description = "the same key and file give the same answer")),
    request_body(content = ImportForm, content_type = "multipart/form-data"),
    responses((status = 201, body = ImportedView), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, description = "campaign_closed, campaign_full", body = ProblemBody),
        (status = 413, body = ProblemBody), (status = 415, description = "sheet_unsupported", body = ProblemBody),
        (status = 422, description = "sheet_refused", body = ProblemBody)))]
#[post("/campaigns/{id}/households/import")]
pub(super) async fn import(
    app: Data<App>,
    request: HttpRequest,
    caller: Caller,
    Id(id): Id<CampaignId>,
    form: Multipart,
) -> Answer {
    let campaign = app.campaign(&caller.actor, Operation::CampaignsImport, id).await?;
    let turn = app.uploads.turn(caller.person.id).await.map_err(Problem::internal)?;
    let file = file_in(form, &SHEET).await?;
    let asking = Asking { actor: caller.actor.clone(), key: key(&request, &file)?, if_match: None, words: None };
    if let Some(answer) = app.replay(&asking).await? {
        return Ok(answer);
    }
    let (book, community) = (app.names.book().await?, campaign.community);
    let read = move |lines: &[_]| read_roll(lines, community, |name| book.tree().compound_named(community, name));
    let Roll { entries, ignored } = read_sheet(file, read).await?;
    drop(turn);
    may_enlist(&campaign, entries.len())?;
    let now = app.clock.now();
    let target = |entry: &Entry| Target {
        id: HouseholdId(app.ids.at(now)),
        compound: entry.compound,
        door: entry.door.clone(),
        dwellers: vec![entry.dweller.clone()],
        partner: None,
    };
    let targets: Vec<_> = entries.iter().map(target).collect();
    let households = campaign.households + u32::try_from(targets.len()).map_err(Problem::internal)?;
    let imported = ImportedView { added: targets.len(), households, ignored_columns: ignored };
    let write = async |answer: Option<&_>| match app.stores.campaigns.enlist(id, &targets, answer).await? {
        Enlisted::Done(_) => Ok(Commit::Done),
        Enlisted::KeyTaken => Ok(Commit::KeyTaken),
        Enlisted::Known(doors) => {
            let rows = entries.iter().zip(&targets).filter(|(_, target)| doors.contains(&target.id));
            Err(refused(&known(rows.map(|(entry, _)| entry.row))))
        }
        ended @ (Enlisted::Closed | Enlisted::Full) => Err(not_enlisted(&campaign, targets.len(), &ended)),
    };
    app.answer_once(&asking, StatusCode::CREATED, &imported, write).await
}
