use actix_multipart::Multipart;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, post};
use domain::ids::{AddressId, CommunityId};
use domain::order::usecase::Asking;
use domain::people::access::Operation;
use domain::place::{Brought, read_register, register};
use serde::Serialize;
use utoipa::ToSchema;

use super::must_cover;
use crate::app::App;
use crate::extract::{Caller, Id, file_in, key};
use crate::problem::{Answer, Problem, ProblemBody};
use crate::sheet::{SHEET, read_sheet};

/// For the documentation of the form.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the multipart form")]
struct AddressSheet {
    /// xlsx, or csv in UTF-8 or GB18030; up to 8 MB and 20,000 rows. The first row names the columns 小区、楼栋、单元、室、网格.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

#[derive(Serialize, ToSchema)]
struct ImportedAddressesView {
    /// Rows of the sheet.
    #[schema(example = 120)]
    rows: usize,
    /// Buildings, units and rooms that were not known before.
    #[schema(example = 139)]
    added: usize,
    /// Heads of columns that were not read.
    ignored_columns: Vec<String>,
}

/// Enter buildings, units and rooms from a sheet: all of them or none. What is known already stays as it is.
///
/// Where something is wrong, `sheet_refused` names up to 100 faults by row and column (`/rows/12/楼栋`) and says how many there are
/// besides.
#[utoipa::path(tag = "addresses", security(("token" = [])),
    params(("id" = Uuid, Path),
        ("Idempotency-Key" = Option<String>, Header, description = "the same key and file give the same answer")),
    request_body(content = AddressSheet, content_type = "multipart/form-data"),
    responses((status = 201, body = ImportedAddressesView), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 413, body = ProblemBody),
        (status = 415, description = "sheet_unsupported", body = ProblemBody),
        (status = 422, description = "sheet_refused", body = ProblemBody)))]
#[post("/communities/{id}/addresses/import")]
pub(super) async fn import(
    app: Data<App>,
    request: HttpRequest,
    caller: Caller,
    Id(community): Id<CommunityId>,
    form: Multipart,
) -> Answer {
    must_cover(&caller.actor, Operation::AddressesImport, community)?;
    let turn = app.uploads.turn(caller.person.id).await.map_err(Problem::internal)?;
    let file = file_in(form, &SHEET).await?;
    let asking = Asking { actor: caller.actor.clone(), key: key(&request, &file)?, if_match: None, words: None };
    if let Some(answer) = app.replay(&asking).await? {
        return Ok(answer);
    }
    let (book, now) = (app.names.book().await?, app.clock.now());
    let read = move |lines: &[_]| {
        let tree = book.tree();
        let grid = |name: &str| tree.grids_of(community).find(|grid| grid.name == name).map(|grid| grid.id);
        read_register(lines, |name| tree.compound_named(community, name), grid)
    };
    let Brought { premises, ignored } = read_sheet(file, read).await?;
    drop(turn);
    let rows = register(&premises, || AddressId(app.ids.at(now)));
    let entered = app.stores.addresses.enter(community, &rows, caller.person.id, now).await?;
    let imported = ImportedAddressesView { rows: premises.len(), added: entered.added, ignored_columns: ignored };
    app.answer_and_keep(&asking, StatusCode::CREATED, &imported).await
}
