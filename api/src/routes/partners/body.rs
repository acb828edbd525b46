//! What is written down of a partner.

use chrono::{DateTime, NaiveDate, Utc};
use domain::place::{Agreement, Licence, Listing, Particulars, PartnerKind, Price, Suspension, Terms, Ware, is_uscc};
use domain::ports::Opening;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::week::WeekBody;
use crate::extract::{needed, one_line, optional, phone_number, timely};
use crate::problem::Problem;

const MOST_OFFERS: usize = 50;
const MOST_CLOSED_DAYS: usize = 100;
const MOST_LICENCES: usize = 20;

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PartnerBody {
    /// `property_company`, `contractor`, `fire_brigade`, `shop`, `volunteer_team`, `community_office` or `party_branch`.
    /// Said when a partner is added; it stays.
    #[garde(skip)]
    #[schema(value_type = Option<String>, example = "shop")]
    pub kind: Option<PartnerKind>,
    #[garde(custom(one_line("单位名称", 50)))]
    #[schema(example = "润园便民理发店")]
    pub name: String,
    /// 统一社会信用代码
    #[garde(custom(right_code))]
    #[schema(example = "91350100M000100Y43")]
    pub uscc: Option<String>,
    /// A closed one takes no more dispatches and no more people; what it did stays.
    #[garde(skip)]
    #[serde(default)]
    pub closed: bool,
    #[garde(custom(optional("简介", 300)))]
    #[schema(example = "老手艺理发，行动不便的老人可预约上门")]
    pub description: Option<String>,
    #[garde(custom(optional("地址", 100)))]
    #[schema(example = "润园小区东门南侧 20 米")]
    pub address: Option<String>,
    /// For everybody: of the business, not of a person.
    #[garde(custom(phone_number))]
    #[schema(example = "0311-85551234")]
    pub phone: Option<String>,
    /// Belongs to the 红色联盟 (共建单位).
    #[garde(skip)]
    #[serde(default)]
    pub alliance: bool,
    #[garde(dive)]
    pub agreement: Option<AgreementBody>,
    #[garde(custom(few("证照", MOST_LICENCES)), dive)]
    #[serde(default)]
    pub licences: Vec<LicenceBody>,
    /// Takes nothing for a while; what it holds goes on.
    #[garde(dive)]
    pub suspended: Option<SuspendedBody>,
    /// Dispatches that it may hold open at the same time; no limit where it is left out.
    #[garde(custom(some_jobs))]
    #[schema(example = 5)]
    pub open_job_limit: Option<u16>,
    /// Left out: stays as it is.
    #[garde(dive)]
    pub opening: Option<OpeningBody>,
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AgreementBody {
    #[garde(custom(optional("协议编号", 40)))]
    #[schema(example = "RY-2026-07")]
    number: Option<String>,
    #[garde(skip)]
    #[serde(deserialize_with = "timely")]
    from: NaiveDate,
    /// The last day.
    #[garde(skip)]
    #[serde(deserialize_with = "timely")]
    until: NaiveDate,
}

#[derive(Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LicenceBody {
    #[garde(custom(one_line("证照名称", 30)))]
    #[schema(example = "卫生许可证")]
    pub kind: String,
    #[garde(custom(one_line("证照编号", 50)))]
    #[schema(example = "冀卫公证字〔2026〕第 0107 号")]
    pub number: String,
    /// The last day on which it is valid; left out where it has no end (长期).
    #[garde(skip)]
    #[serde(default, deserialize_with = "timely")]
    pub valid_until: Option<NaiveDate>,
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SuspendedBody {
    #[garde(custom(needed("暂停原因", 100)))]
    #[schema(example = "多次未按时签收，整改中")]
    reason: String,
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OpeningBody {
    #[garde(skip)]
    #[serde(default)]
    hours: WeekBody,
    /// Closed on these days whatever the week says.
    #[garde(custom(few("休息日", MOST_CLOSED_DAYS)))]
    #[serde(default, deserialize_with = "timely")]
    closed_days: Vec<NaiveDate>,
    #[garde(custom(few("服务项目", MOST_OFFERS)), dive)]
    #[serde(default)]
    offers: Vec<WareBody>,
    /// Takes dispatches now.
    #[garde(skip)]
    on_duty: bool,
}

/// Either free or at a price in words.
#[derive(Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WareBody {
    #[garde(custom(one_line("服务名称", 30)))]
    #[schema(example = "上门理发")]
    name: String,
    #[garde(custom(optional("价格", 30)))]
    #[schema(example = "10 元")]
    price: Option<String>,
    #[garde(skip)]
    #[serde(default)]
    free: bool,
}

fn right_code<C>(code: &Option<String>, _: &C) -> Result<(), garde::Error> {
    match code {
        Some(code) if !is_uscc(code) => Err(garde::Error::new("统一社会信用代码不对，请对照营业执照核对 18 位代码")),
        _ => Ok(()),
    }
}

fn few<T, C>(what: &'static str, most: usize) -> impl FnOnce(&Vec<T>, &C) -> Result<(), garde::Error> {
    move |all, _| {
        if all.len() > most { Err(garde::Error::new(format!("{what}最多 {most} 项"))) } else { Ok(()) }
    }
}

fn some_jobs<C>(limit: &Option<u16>, _: &C) -> Result<(), garde::Error> {
    if limit == &Some(0) {
        return Err(garde::Error::new("在办上限至少为 1；暂不派单请改为不在岗或暂停"));
    }
    Ok(())
}

impl PartnerBody {
    /// What is kept from now on; a suspension that goes on began when it began.
    pub(super) fn particulars(self, known: &Particulars, now: DateTime<Utc>) -> Result<Particulars, Problem> {
        let since = known.terms.suspended.as_ref().map_or(now, |suspension| suspension.since);
        let terms = Terms {
            agreement: self.agreement.map(AgreementBody::agreement).transpose()?,
            licences: self.licences.into_iter().map(LicenceBody::licence).collect(),
            alliance: self.alliance,
            suspended: self.suspended.map(|suspended| Suspension { since, reason: suspended.reason }),
            open_job_limit: self.open_job_limit,
        };
        let opening = match self.opening {
            Some(opening) => opening.opening("/opening")?,
            None => Opening::of(known),
        };
        let Opening { hours, closed_days, offers, on_duty } = opening;
        let (description, address, phone) = (self.description, self.address, self.phone);
        let listing = Listing { description, address, phone, hours, closed_days, offers };
        Ok(Particulars { listing, terms, on_duty })
    }
}

impl AgreementBody {
    fn agreement(self) -> Result<Agreement, Problem> {
        let Self { number, from, until } = self;
        if until < from {
            return Err(Problem::field("/agreement/until", "协议到期日不能早于开始日"));
        }
        Ok(Agreement { number, from, until })
    }
}

impl LicenceBody {
    fn licence(self) -> Licence {
        Licence { kind: self.kind, number: self.number, valid_until: self.valid_until }
    }
}

impl From<&Licence> for LicenceBody {
    fn from(licence: &Licence) -> Self {
        Self { kind: licence.kind.clone(), number: licence.number.clone(), valid_until: licence.valid_until }
    }
}

impl OpeningBody {
    /// `at`: where it stands in the body.
    pub(super) fn opening(self, at: &str) -> Result<Opening, Problem> {
        let Self { hours, mut closed_days, offers, on_duty } = self;
        closed_days.sort_unstable();
        closed_days.dedup();
        let offer = |(n, offer): (usize, WareBody)| offer.offer(&format!("{at}/offers/{n}"));
        let offers = offers.into_iter().enumerate().map(offer).collect::<Result<_, _>>()?;
        Ok(Opening { hours: hours.week(&format!("{at}/hours"))?, closed_days, offers, on_duty })
    }
}

impl WareBody {
    fn offer(self, at: &str) -> Result<Ware, Problem> {
        let price = match (self.price.filter(|price| !price.trim().is_empty()), self.free) {
            (None, true) => Price::Free,
            (Some(words), false) => Price::Words(words),
            (None, false) => return Err(Problem::field(format!("{at}/price"), "请填写价格，免费的请填 free: true")),
            (Some(_), true) => return Err(Problem::field(format!("{at}/price"), "免费的服务请去掉价格")),
        };
        Ok(Ware { name: self.name, price })
    }
}

impl From<&Ware> for WareBody {
    fn from(offer: &Ware) -> Self {
        let (price, free) = match &offer.price {
            Price::Free => (None, true),
            Price::Words(words) => (Some(words.clone()), false),
        };
        Self { name: offer.name.clone(), price, free }
    }
}
