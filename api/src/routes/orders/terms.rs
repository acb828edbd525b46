//! What a service asks of an order before it is taken: who places it, how many photos, the answers to its form.

use domain::ids::CommunityId;
use domain::people::{Actor, Role};
use domain::service::{Answers, Orderer, Service};
use serde_json::{Map, Value};

use crate::problem::{Code, Problem};

/// The part of an order that its service has a say in.
pub(super) struct Asked<'a> {
    /// The version of the service that was shown.
    pub version: Option<u32>,
    pub photos: usize,
    pub form: Option<&'a Map<String, Value>>,
}

impl Asked<'_> {
    pub(super) fn under(&self, service: &Service, actor: &Actor, community: CommunityId) -> Result<Answers, Problem> {
        let offer = &service.offer;
        if self.version.is_some_and(|seen| seen != service.version) {
            return Err(Problem::new(Code::ServiceChanged, "这项服务刚刚有了变化，请重新打开后再填写"));
        }
        if !orderers(actor, community).any(|orderer| offer.orderers.contains(&orderer)) {
            return Err(Problem::new(Code::NotForYou, "这项服务由社区工作人员下单，请联系社区"));
        }
        if self.photos < offer.photos {
            return Err(Problem::field("/attachment_ids", format!("请至少上传 {} 张照片", offer.photos)));
        }
        match &offer.form {
            Some(form) => {
                form.answered(self.form.unwrap_or(&Map::new())).map_err(|faults| Problem::form("/form", faults))
            }
            None if self.form.is_none_or(Map::is_empty) => Ok(Answers::default()),
            None => Err(Problem::field("/form", "该服务没有附加表单，请去掉 form")),
        }
    }
}

/// As what the actor may order there.
fn orderers(actor: &Actor, community: CommunityId) -> impl Iterator<Item = Orderer> {
    let is = |role| actor.is(role, community);
    let staff = is(Role::IntakeClerk) || is(Role::Secretary);
    let worker = is(Role::GridWorker).then_some(Orderer::GridWorker);
    [Some(Orderer::Resident), worker, staff.then_some(Orderer::Staff)].into_iter().flatten()
}
