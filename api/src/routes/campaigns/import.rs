use actix_multipart::Multipart;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, post};
use domain::campaign::{Campaign, Entry, Faults, Roll, Target, known, may_enlist, read_roll};
use domain::ids::{CampaignId, HouseholdId};
use domain::order::usecase::Asking;
use domain::people::access::Operation;
use domain::ports::{Commit, Enlisted};
use serde::Serialize;
use tokio::sync::Semaphore;
use utoipa::ToSchema;

use super::not_enlisted;
use crate::app::App;
use crate::extract::{Caller, Id, Wanted, file_in, key};
use crate::problem::{Answer, Code, FieldError, Problem, ProblemBody};
use crate::sheet::{MAX_BYTES, Unreadable, lines};

const SHEET: Wanted = Wanted { what: "表格", most: MAX_BYTES, too_large };

/// Sheets that are unpacked at the same time: each may take some hundred megabytes for a moment.
static READING: Semaphore = Semaphore::const_new(2);

fn too_large() -> Problem {
    let detail = format!("表格超过 {} MB，不能导入；请只保留名单本身，或分成几个文件", MAX_BYTES / 1024 / 1024);
    Problem::new(Code::PayloadTooLarge, detail)
}

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
    let Roll { entries, ignored } = app.roll(&campaign, file).await?;
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

impl App {
    /// Read on a thread of its own: it takes a while.
    async fn roll(&self, campaign: &Campaign, file: Vec<u8>) -> Result<Roll, Problem> {
        let (book, community) = (self.names.book().await?, campaign.community);
        let _reading = READING.acquire().await.map_err(Problem::internal)?;
        let read = move || {
            let lines = lines(&file)?;
            read_roll(&lines, community, |name| book.tree().compound_named(community, name)).map_err(|f| refused(&f))
        };
        // A file that confuses its reader altogether is a broken one.
        tokio::task::spawn_blocking(read)
            .await
            .unwrap_or_else(|error| Err(Problem { cause: Some(error.into()), ..Problem::from(Unreadable::Broken) }))
    }
}

/// Each fault at its place. What a cell holds is not repeated.
fn refused(faults: &Faults) -> Problem {
    let (listed, all) = (faults.listed.len(), faults.count());
    let detail = match faults.more {
        0 => format!("表格里有 {all} 处需要修改，没有导入任何一户；请按下面的提示改好后重新导入"),
        more => {
            format!("表格里有 {all} 处需要修改，没有导入任何一户；下面列出前 {listed} 处，其余 {more} 处请一并检查")
        }
    };
    let error = |fault: &domain::campaign::Fault| FieldError {
        pointer: match &fault.column {
            Some(column) => format!("/rows/{}/{column}", fault.row),
            None => format!("/rows/{}", fault.row),
        },
        detail: fault.to_string(),
    };
    Problem { errors: faults.listed.iter().map(error).collect(), ..Problem::new(Code::SheetRefused, detail) }
}

impl From<Unreadable> for Problem {
    fn from(unreadable: Unreadable) -> Self {
        let code = match unreadable {
            Unreadable::NoSheet | Unreadable::OldOrLocked => Code::SheetUnsupported,
            Unreadable::Broken
            | Unreadable::Unpacked
            | Unreadable::SeveralSheets
            | Unreadable::Encoding
            | Unreadable::TooManyRows
            | Unreadable::TooManyCells => Code::SheetRefused,
        };
        Self::new(code, unreadable.to_string())
    }
}
