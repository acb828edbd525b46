//! Photos: upload, and open by a signed link.

use actix_multipart::Multipart;
use actix_web::http::header::CACHE_CONTROL;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};
use domain::attachment::{Attachment, MAX_UPLOAD_BYTES, PhotoRefusal, Variant};
use domain::ids::AttachmentId;
use domain::order::usecase::{Asking, Key};
use domain::place::coordinates::{Gcj02, Wgs84};
use domain::ports::{Answer as SavedAnswer, Commit, DevelopError, Developed, PhotoStoreError};
use domain::safety::CheckState;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::app::App;
use crate::extract::{Caller, Query, Wanted, file_in, key};
use crate::problem::{Answer, Code, Problem, ProblemBody};
use crate::view::{PhotoView, photo_view};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(upload).service(open);
}

/// A photo that was taken in.
#[derive(Serialize, ToSchema)]
struct Uploaded {
    #[serde(flatten)]
    photo: PhotoView,
    /// Where the photo says it was taken, said this once and kept nowhere. Ask the person before using it.
    suggested_place: Option<SuggestedPlace>,
}

#[derive(Serialize, ToSchema)]
struct SuggestedPlace {
    /// Degrees in GCJ-02.
    latitude: f64,
    longitude: f64,
    #[schema(example = "gcj02")]
    coord_sys: &'static str,
}

/// For the documentation of the form.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the multipart form")]
struct UploadForm {
    /// JPEG, PNG or WebP, up to 20 MB and 50 megapixels.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

const PHOTO: Wanted = Wanted { what: "照片", most: MAX_UPLOAD_BYTES, too_large: || PhotoRefusal::TooLarge.into() };

/// Upload one photo.
///
/// It is turned upright and encoded anew; nothing that the camera wrote into it is kept. Photos that no order uses
/// are removed after a day.
#[utoipa::path(
    tag = "attachments", security(("token" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "the same key and photo give the same answer")),
    request_body(content = UploadForm, content_type = "multipart/form-data"),
    responses((status = 201, body = Uploaded), (status = 413, body = ProblemBody), (status = 415, body = ProblemBody),
        (status = 422, body = ProblemBody), (status = 503, body = ProblemBody))
)]
#[post("/attachments")]
async fn upload(app: Data<App>, request: HttpRequest, caller: Caller, form: Multipart) -> Answer {
    let turn = app.uploads.turn(caller.person.id).await.map_err(Problem::internal)?;
    let bytes = file_in(form, &PHOTO).await?;
    let asking = Asking { actor: caller.actor.clone(), key: key(&request, &bytes)?, if_match: None, words: None };
    if let Some(answer) = app.replay(&asking).await? {
        return Ok(answer);
    }
    let developed = app.darkroom.develop(bytes).await?;
    drop(turn);
    let photo = describe(&app, &caller, &developed);
    app.stores.attachments.insert(&photo).await?;
    if let Err(error) = app.photos.save(photo.id, &developed).await {
        discard(&app, photo.id).await;
        return Err(error.into());
    }
    // Where it was taken is said this once: an answer that is kept does not hold it.
    let (kept, body) = (body(&app, &photo, None)?, body(&app, &photo, developed.taken_at_place)?);
    if let Some(answer) = saved_answer(&asking, &photo, &kept)
        && app.stores.answers.keep_answer(&answer).await? != Commit::Done
    {
        // Another upload with this key was faster: its photo is the one.
        discard(&app, photo.id).await;
        return app.replay(&asking).await?.ok_or_else(|| Problem::new(Code::Contended, "请稍后再试"));
    }
    Ok(HttpResponse::Created().content_type("application/json").body(body))
}

fn saved_answer(asking: &Asking, photo: &Attachment, body: &str) -> Option<SavedAnswer> {
    let Key { key, fingerprint } = asking.key.clone()?;
    let (person, at) = (asking.actor.person, photo.created_at);
    Some(SavedAnswer { person, key, fingerprint, status: 201, body: body.to_owned(), at })
}

fn describe(app: &App, caller: &Caller, developed: &Developed) -> Attachment {
    let now = app.clock.now();
    Attachment {
        id: AttachmentId(app.ids.at(now)),
        uploader: caller.person.id,
        media_type: developed.full.media_type.into(),
        width: developed.full.width,
        height: developed.full.height,
        bytes: developed.full.bytes.len() as u64,
        order_id: None,
        created_at: now,
        check: match app.reader {
            // Staff answer for what they photograph.
            Some(_) if caller.actor.is_staff() => CheckState::Cleared,
            Some(_) => CheckState::Waiting,
            None => CheckState::Passed,
        },
    }
}

fn body(app: &App, photo: &Attachment, place: Option<Wgs84>) -> Result<String, Problem> {
    let suggested_place =
        place.map(Gcj02::from).map(|at| SuggestedPlace { latitude: at.lat(), longitude: at.lon(), coord_sys: "gcj02" });
    let uploaded = Uploaded { photo: photo_view(photo, &app.links, photo.created_at), suggested_place };
    serde_json::to_string(&uploaded).map_err(Problem::internal)
}

async fn discard(app: &App, id: AttachmentId) {
    if let Err(error) = app.photos.delete(id).await {
        tracing::warn!(%id, error = &error as &dyn std::error::Error, "photo.delete failed");
    }
    if let Err(error) = app.stores.attachments.delete(&[id]).await {
        tracing::warn!(%id, error = &error as &dyn std::error::Error, "attachment.delete failed");
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Signature {
    /// Seconds since 1970.
    expires: i64,
    signature: String,
}

/// Open a photo by its signed link.
#[utoipa::path(
    tag = "attachments", params(("id" = Uuid, Path), ("variant" = String, Path, example = "thumbnail"), Signature),
    responses((status = 200, content_type = "image/jpeg"), (status = 403, description = "link_expired", body = ProblemBody),
        (status = 404, body = ProblemBody))
)]
#[get("/attachments/{id}/{variant}")]
async fn open(app: Data<App>, path: actix_web::web::Path<(String, String)>, Query(link): Query<Signature>) -> Answer {
    let (id, variant) = path.into_inner();
    let id: AttachmentId = id.parse().map_err(|_| Problem::not_found())?;
    let variant: Variant = variant.parse().map_err(|_| Problem::not_found())?;
    if !app.links.verify(id, variant, link.expires, &link.signature, app.clock.now()) {
        return Err(Problem::new(Code::LinkExpired, "照片链接已失效，请回到订单重新打开"));
    }
    let bytes = app.photos.open(id, variant).await?;
    Ok(HttpResponse::Ok()
        .content_type("image/jpeg")
        .insert_header((CACHE_CONTROL, "private, max-age=600"))
        .insert_header(("X-Content-Type-Options", "nosniff"))
        .insert_header(("Content-Security-Policy", "default-src 'none'"))
        .body(bytes))
}

impl From<DevelopError> for Problem {
    fn from(error: DevelopError) -> Self {
        match error {
            DevelopError::Refused(refusal) => refusal.into(),
            DevelopError::Unavailable(_) => unavailable().because(error),
        }
    }
}

impl From<PhotoStoreError> for Problem {
    fn from(error: PhotoStoreError) -> Self {
        match error {
            PhotoStoreError::Missing => Self::not_found(),
            other => unavailable().because(other),
        }
    }
}

fn unavailable() -> Problem {
    let mut problem = Problem::new(Code::PhotosUnavailable, "暂时不能上传或查看照片；您可以先提交文字，稍后再补照片");
    problem.retry_after = Some(60);
    problem
}
