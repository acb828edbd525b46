//! What clients send.

use domain::campaign::{
    Doors, Draft, Dweller, Handed, Helper, Item, MAX_DWELLERS, MAX_ITEMS, MAX_PHOTOS, MAX_VISITORS, Outcome, Report,
    Side, Visitor,
};
use domain::ids::{AttachmentId, PartnerId};
use domain::people::mobile;
use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::extract::{needed, one_line, optional, phone_number};

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OpenCampaign {
    /// An order of the community, not a sealed one.
    #[garde(skip)]
    pub order_id: Uuid,
    #[garde(custom(one_line("行动名称", 60)))]
    #[schema(example = "敲门入户送安全")]
    title: String,
    #[garde(custom(needed("行动目的", 1000)))]
    #[schema(example = "走访独居老人，查用火用电隐患，送安全用品")]
    purpose: String,
    #[serde(default)]
    #[garde(custom(at_most("发放的物品", MAX_ITEMS)), dive)]
    items: Vec<ItemBody>,
    #[serde(default)]
    #[garde(skip)]
    partners: Vec<HelperBody>,
}

/// Something to hand out.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct ItemBody {
    #[garde(custom(one_line("物品名称", 30)))]
    #[schema(example = "烟感报警器")]
    name: String,
    #[garde(custom(one_line("单位", 10)))]
    #[schema(example = "个")]
    unit: String,
}

/// Somebody who goes along.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct HelperBody {
    partner_id: Uuid,
    /// `assigned` (where it is left out): the partner knows of the doors that are given to it. `all`: of all.
    #[schema(value_type = Option<String>, example = "assigned")]
    doors: Option<Doors>,
}

impl From<OpenCampaign> for Draft {
    fn from(body: OpenCampaign) -> Self {
        let helper = |HelperBody { partner_id, doors }| Helper {
            partner: PartnerId(partner_id),
            doors: doors.unwrap_or(Doors::Assigned),
        };
        Self {
            title: body.title.trim().to_owned(),
            purpose: body.purpose,
            items: body
                .items
                .into_iter()
                .map(|ItemBody { name, unit }| Item { name: name.trim().to_owned(), unit })
                .collect(),
            partners: body.partners.into_iter().map(helper).collect(),
        }
    }
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AddHousehold {
    /// One of the community's.
    #[garde(custom(needed("小区", 50)))]
    #[schema(example = "西苑小区")]
    pub compound: String,
    #[garde(custom(optional("楼栋", 20)))]
    pub building: Option<String>,
    #[garde(custom(optional("单元", 20)))]
    pub unit: Option<String>,
    #[garde(custom(needed("室", 20)))]
    #[schema(example = "301")]
    pub room: String,
    #[garde(custom(somebody), dive)]
    pub people: Vec<DwellerBody>,
    #[garde(custom(optional("备注", 200)))]
    #[schema(example = "敲门要响一点")]
    pub note: Option<String>,
    /// Of the campaign's.
    #[garde(skip)]
    pub partner_id: Option<Uuid>,
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DwellerBody {
    #[garde(custom(one_line("姓名", 30)))]
    #[schema(example = "张大爷")]
    name: String,
    #[garde(custom(phone_number))]
    #[schema(example = "13800000000")]
    phone: Option<String>,
    #[garde(custom(optional("备注", 200)))]
    #[schema(example = "独居，八十岁以上")]
    note: Option<String>,
}

impl From<DwellerBody> for Dweller {
    fn from(body: DwellerBody) -> Self {
        let phone = body.phone.map(|phone| mobile(&phone).unwrap_or(phone));
        Self { person: None, name: Some(body.name), phone, note: body.note }
    }
}

/// Which homes are enlisted; all verified ones of the community where nothing is said.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChooseHouseholds {
    #[serde(default)]
    #[garde(custom(at_most("小区", 100)))]
    pub compound_ids: Vec<Uuid>,
    #[garde(custom(optional("楼栋", 20)))]
    #[schema(example = "3号楼")]
    pub building: Option<String>,
    /// Of the campaign's.
    #[garde(skip)]
    pub partner_id: Option<Uuid>,
}

/// Either single doors or all of a compound.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AssignHouseholds {
    /// Of the campaign's; null takes the doors back.
    #[garde(skip)]
    pub partner_id: Option<Uuid>,
    /// Up to 500.
    #[garde(custom(some_doors))]
    pub household_ids: Option<Vec<Uuid>>,
    #[garde(skip)]
    pub compound_id: Option<Uuid>,
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordVisit {
    /// From 1. Another round follows only where nobody was let in.
    #[garde(skip)]
    round: u8,
    /// `visited`, `not_at_home` or `refused`.
    #[garde(skip)]
    #[schema(value_type = String, example = "visited")]
    outcome: Outcome,
    #[garde(custom(optional("走访发现", 1000)))]
    #[schema(example = "厨房线路老化，已提醒更换")]
    findings: Option<String>,
    /// Only where somebody was let in.
    #[serde(default)]
    #[garde(custom(at_most("发放的物品", MAX_ITEMS)), dive)]
    handed_out: Vec<HandedBody>,
    #[serde(default)]
    #[garde(custom(at_most("走访人员", MAX_VISITORS)), dive)]
    visitors: Vec<VisitorBody>,
    /// Photos of what was found.
    #[serde(default)]
    #[garde(custom(at_most("照片和签字", MAX_PHOTOS)))]
    attachment_ids: Vec<Uuid>,
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct HandedBody {
    /// The name of one of the campaign's items.
    #[garde(skip)]
    #[schema(example = "烟感报警器")]
    item: String,
    /// 1 to 99.
    #[garde(skip)]
    #[schema(example = 1)]
    quantity: u8,
    /// A signature or a photo. One may stand for several things.
    #[garde(custom(at_most("照片和签字", MAX_PHOTOS)))]
    attachment_ids: Vec<Uuid>,
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct VisitorBody {
    /// `desk`, `grid` or `partner`.
    #[garde(skip)]
    #[schema(value_type = String, example = "partner")]
    from: Whence,
    /// Of a partner: which.
    #[garde(custom(|partner: &Option<Uuid>, (): &()| fits(self.from, *partner)))]
    partner_id: Option<Uuid>,
    #[garde(custom(optional("姓名", 30)))]
    #[schema(example = "消防员小韩")]
    name: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Whence {
    Desk,
    Grid,
    Partner,
}

fn fits(from: Whence, partner: Option<Uuid>) -> Result<(), garde::Error> {
    match (from, partner) {
        (Whence::Partner, None) => Err(garde::Error::new("请写明是哪个参与单位")),
        (Whence::Desk | Whence::Grid, Some(_)) => Err(garde::Error::new("社区和网格的人员不需要填单位")),
        (Whence::Partner, Some(_)) | (Whence::Desk | Whence::Grid, None) => Ok(()),
    }
}

impl From<VisitorBody> for Visitor {
    fn from(body: VisitorBody) -> Self {
        let side = match (body.from, body.partner_id) {
            (Whence::Grid, _) => Side::Grid,
            (Whence::Partner, Some(partner)) => Side::Partner(PartnerId(partner)),
            (Whence::Desk | Whence::Partner, _) => Side::Desk,
        };
        Self { side, name: body.name }
    }
}

impl From<RecordVisit> for Report {
    fn from(body: RecordVisit) -> Self {
        let handed =
            |HandedBody { item, quantity, attachment_ids }| Handed { item, quantity, proof: photos(attachment_ids) };
        Self {
            round: body.round,
            outcome: body.outcome,
            findings: body.findings.filter(|findings| !findings.trim().is_empty()),
            handed_out: body.handed_out.into_iter().map(handed).collect(),
            photos: photos(body.attachment_ids),
            visitors: body.visitors.into_iter().map(Into::into).collect(),
        }
    }
}

fn photos(ids: Vec<Uuid>) -> Vec<AttachmentId> {
    ids.into_iter().map(AttachmentId).collect()
}

fn at_most<T, C>(what: &'static str, most: usize) -> impl FnOnce(&Vec<T>, &C) -> Result<(), garde::Error> {
    move |all, _| match all.len() <= most {
        true => Ok(()),
        false => Err(garde::Error::new(format!("{what}最多 {most} 个"))),
    }
}

fn somebody<C>(people: &Vec<DwellerBody>, context: &C) -> Result<(), garde::Error> {
    if people.is_empty() {
        return Err(garde::Error::new("请填写住在这里的人"));
    }
    at_most("住在这里的人", MAX_DWELLERS)(people, context)
}

fn some_doors<C>(ids: &Option<Vec<Uuid>>, context: &C) -> Result<(), garde::Error> {
    ids.as_ref().map_or(Ok(()), |ids| at_most("一次选择的住户", 500)(ids, context))
}
