//! What a service asks of an order before it is taken: who places it, how many photos, the answers to its form, and whether a
//! certificate is one that the community gives.

use domain::certificate::{Certificate, Ruling};
use domain::ids::CommunityId;
use domain::people::{Actor, Role};
use domain::service::{Answers, Form, Orderer, Service};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::problem::{Code, Problem};
use crate::routes::certificates::must_be_issued;

/// The part of an order that its service has a say in.
pub(super) struct Asked<'a> {
    /// The version of the service that was shown.
    pub version: Option<u32>,
    pub photos: usize,
    pub form: Option<&'a Map<String, Value>>,
    pub slot: Option<Uuid>,
    /// What is given here today, and what is not; few orders ask.
    pub certificates: &'a dyn Fn() -> Vec<Certificate>,
}

/// What an order brings along under its service.
pub(super) struct Brought {
    pub form: Answers,
    /// Of the kind of certificate that was asked for.
    pub papers: Vec<String>,
}

impl Asked<'_> {
    pub(super) fn under(&self, service: &Service, actor: &Actor, community: CommunityId) -> Result<Brought, Problem> {
        let offer = &service.offer;
        if self.version.is_some_and(|seen| seen != service.version) {
            return Err(Problem::new(Code::ServiceChanged, "这项服务刚刚有了变化，请重新打开后再填写"));
        }
        if !orderers(actor, community).any(|orderer| offer.orderers.contains(&orderer)) {
            return Err(Problem::new(Code::NotForYou, "这项服务由社区工作人员下单，请联系社区"));
        }
        if offer.originals_only && self.photos > 0 {
            return Err(Problem::field("/attachment_ids", "办理这件事不收证件照片，请去掉照片，带原件到社区核验"));
        }
        if self.photos < offer.photos {
            return Err(Problem::field("/attachment_ids", format!("请至少上传 {} 张照片", offer.photos)));
        }
        // First what cannot be had at all, then when.
        let brought = self.filled_in(offer.form.as_ref())?;
        match (offer.booking.is_some(), self.slot.is_some()) {
            (true, false) => Err(Problem::field("/slot_id", "这项服务要预约时段，请选择一个")),
            (false, true) => Err(Problem::field("/slot_id", "该服务不需要预约时段，请去掉 slot_id")),
            (true, true) | (false, false) => Ok(brought),
        }
    }

    fn filled_in(&self, form: Option<&Form>) -> Result<Brought, Problem> {
        let Some(form) = form else {
            return match self.form.is_none_or(Map::is_empty) {
                true => Ok(Brought { form: Answers::default(), papers: Vec::new() }),
                false => Err(Problem::field("/form", "该服务没有附加表单，请去掉 form")),
            };
        };
        let nothing = Map::new();
        let given = self.form.unwrap_or(&nothing);
        // Nobody shall fill in the rest for a certificate that is not to be had.
        let papers = self.papers_for(form, given)?;
        let answers = form.answered(given).map_err(|faults| Problem::form("/form", faults))?;
        Ok(Brought { form: answers, papers })
    }

    /// Refused where others give the certificate.
    fn papers_for(&self, form: &Form, given: &Map<String, Value>) -> Result<Vec<String>, Problem> {
        let Some(field) = form.certificate_field() else { return Ok(Vec::new()) };
        let Some(written) = given.get(&field).and_then(Value::as_str) else { return Ok(Vec::new()) };
        let certificates = (self.certificates)();
        let kind = must_be_issued(written, &certificates, format!("/form/{field}"))?;
        Ok(match kind.map(|kind| &kind.line.ruling) {
            Some(Ruling::Issued { papers }) => papers.clone(),
            Some(Ruling::NotIssued { .. }) | None => Vec::new(),
        })
    }
}

/// As what the actor may order there.
fn orderers(actor: &Actor, community: CommunityId) -> impl Iterator<Item = Orderer> {
    let is = |role| actor.is(role, community);
    let staff = is(Role::IntakeClerk) || is(Role::Secretary);
    let worker = is(Role::GridWorker).then_some(Orderer::GridWorker);
    [Some(Orderer::Resident), worker, staff.then_some(Orderer::Staff)].into_iter().flatten()
}
