//! Takes steps on behalf of handlers: replays answers, renders views, turns failures into problems.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::ETAG;
use async_trait::async_trait;
use domain::attachment::Attachment;
use domain::ids::{AttachmentId, MediationId, PersonId};
use domain::mediation::{Case, CaseError, Command, How, Refusal, Reply, Sight, Standing, permits};
use domain::order::usecase::{Asking, Written};
use domain::people::Actor;
use domain::ports::StoreError;

use super::view::{MediationView, Onlooker};
use crate::app::App;
use crate::problem::{Answer, Code, Problem};
use crate::view::photo_view;

pub(super) struct Writer<'a> {
    pub app: &'a App,
    pub actor: &'a Actor,
    pub status: StatusCode,
}

#[async_trait]
impl Reply for Writer<'_> {
    async fn write(&self, case: &Case) -> Result<Written, StoreError> {
        // Whoever could take the step sees the case; a secretary who handed it over sees it from the office again.
        let standing = Sight::of(self.actor, self.app.clock.now()).standing(case).unwrap_or(Standing::Office);
        let view = self.app.mediation_view(case, standing).await?;
        let body = serde_json::to_string(&view).map_err(|e| StoreError::corrupt("view", e))?;
        Ok(Written { status: self.status.as_u16(), body, version: case.version })
    }
}

impl App {
    pub(in crate::routes) async fn mediation_view(
        &self,
        case: &Case,
        standing: Standing,
    ) -> Result<MediationView, StoreError> {
        let book = self.names.book().await.map_err(|e| StoreError::unavailable(e.to_string()))?;
        let mediator = self.stores.people.find_person(case.mediator, self.clock.now()).await?;
        let photos = self.signatures(case, standing).await?;
        let photos = photos.iter().map(|photo| photo_view(photo, &self.links, self.clock.now())).collect();
        let mediator_name = mediator.and_then(|person| person.nickname);
        Ok(MediationView::new(case, &Onlooker { standing, book: &book, mediator_name, photos }))
    }

    async fn signatures(&self, case: &Case, standing: Standing) -> Result<Vec<Attachment>, StoreError> {
        let assents = case.agreement().map(|agreement| agreement.assents.as_slice()).unwrap_or_default();
        let photos: Vec<AttachmentId> = assents
            .iter()
            .filter_map(|assent| match assent.how {
                How::OnPaper { photo } => Some(photo),
                How::InApp => None,
            })
            .collect();
        if photos.is_empty() || standing == Standing::Office {
            return Ok(Vec::new());
        }
        self.stores.attachments.find_many(&photos).await
    }

    /// An answer shows the case as it was to whoever took the step: it is repeated to nobody who may not take it any more.
    pub(super) async fn step(&self, asking: &Asking, id: MediationId, command: Command) -> Answer {
        let (_, standing) = self.mediations.seen(asking, id).await?;
        permits(standing, &command).map_err(CaseError::from)?;
        if let Some(answer) = self.replay(asking).await? {
            return Ok(answer);
        }
        let writer = Writer { app: self, actor: &asking.actor, status: StatusCode::OK };
        let taken = self.mediations.step(asking, id, &command, &writer).await;
        self.finish_step(asking, taken).await
    }

    pub(super) async fn finish_step(&self, asking: &Asking, taken: Result<Written, CaseError>) -> Answer {
        if matches!(taken, Err(CaseError::KeyTaken | CaseError::Contended))
            && let Some(answer) = self.replay(asking).await?
        {
            // A request with our key was faster: its answer is ours.
            return Ok(answer);
        }
        let written = taken?;
        self.wake.notify_one();
        let status = StatusCode::from_u16(written.status).unwrap_or(StatusCode::OK);
        let etag = (ETAG, format!("\"{}\"", written.version));
        Ok(HttpResponse::build(status).content_type("application/json").insert_header(etag).body(written.body))
    }

    /// Somebody whom the secretary names, with the roles held today.
    pub(super) async fn candidate(&self, id: PersonId) -> Result<Actor, Problem> {
        let book = self.names.book().await?;
        let person = self.stores.people.find_person(id, self.clock.now()).await?;
        // In the same words whether there is such a person or not.
        person.map(|person| person.actor(book.tree())).ok_or_else(|| CaseError::NotEligible.into())
    }
}

impl From<CaseError> for Problem {
    fn from(error: CaseError) -> Self {
        match error {
            CaseError::NotFound => Self::not_found(),
            CaseError::Refused(refusal) => refusal.into(),
            CaseError::OfTheOrder(refusal) => refusal.into(),
            CaseError::NotEligible => {
                let detail = "请选择本社区的网格员、接访员、书记、承办单位人员或志愿者，且不能与这件事有关";
                Self::field("/mediator_id", detail)
            }
            CaseError::Stale => Self::new(Code::VersionMismatch, "调解刚刚有了变化，请看过最新情况再操作"),
            CaseError::PhotoUnavailable => {
                let detail = "照片不存在、不是您上传的，或已用在别处，请重新上传";
                let problem = Self::field("/attachment_id", detail);
                Self { code: Code::PhotoUnavailable, ..problem }
            }
            CaseError::Contended | CaseError::KeyTaken => {
                Self::new(Code::Contended, "这件调解正在被多人同时操作，请稍后再试")
            }
            CaseError::Store(error) => error.into(),
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        if refusal == Refusal::NoSuchSession {
            return Self::not_found();
        }
        let code = refusal.code().parse().unwrap_or(Code::WrongState);
        let detail = refusal.to_string();
        refusal
            .pointer()
            .map_or_else(|| Self::new(code, detail.clone()), |pointer| Self::field(pointer, detail.clone()))
    }
}
