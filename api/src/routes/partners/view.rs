use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use domain::deadline::day_in_shanghai;
use domain::ids::CommunityId;
use domain::order::Counts;
use domain::place::{Listing, Particulars, Partner};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::body::{LicenceBody, WareBody};
use super::taker;
use super::week::WeekBody;
use crate::view::local;

/// What everybody may see of a shop, a team or the property company.
#[derive(Serialize, ToSchema)]
pub(super) struct ShopView {
    id: Uuid,
    #[schema(example = "润园便民理发店")]
    name: String,
    #[schema(example = "shop")]
    kind: &'static str,
    #[schema(example = "共建门店")]
    kind_text: &'static str,
    /// Belongs to the 红色联盟 (共建单位).
    alliance: bool,
    #[serde(flatten)]
    listing: ListingView,
    ratings: RatingsView,
}

#[derive(Serialize, ToSchema)]
struct ListingView {
    description: Option<String>,
    #[schema(example = "润园小区东门南侧 20 米")]
    address: Option<String>,
    #[schema(example = "0311-85551234")]
    phone: Option<String>,
    hours: WeekBody,
    closed_days: Vec<NaiveDate>,
    /// Null where nobody said when it opens.
    open_now: Option<bool>,
    offers: Vec<WareBody>,
}

#[derive(Serialize, ToSchema)]
struct RatingsView {
    count: i64,
    /// 1 to 5; null where nobody rated yet.
    #[schema(example = 4.8)]
    average: Option<f64>,
}

/// What the desk sees of a partner, and its own staff.
#[derive(Serialize, ToSchema)]
pub(super) struct PartnerView {
    id: Uuid,
    #[schema(example = "红色物业西苑管理科")]
    name: String,
    #[schema(example = "property_company")]
    kind: &'static str,
    #[schema(example = "物业")]
    kind_text: &'static str,
    /// 统一社会信用代码
    uscc: Option<String>,
    closed: bool,
    alliance: bool,
    #[serde(flatten)]
    listing: ListingView,
    agreement: Option<PartnerAgreementView>,
    licences: Vec<LicenceBody>,
    suspended: Option<SuspendedView>,
    on_duty: bool,
    open_job_limit: Option<u16>,
    open_jobs: u32,
    /// Why nothing is dispatched to it now.
    #[schema(example = "该单位的营业执照已于 2026年11月1日 到期，请先更新证照，或改派其他单位")]
    not_now: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct PartnerAgreementView {
    #[schema(example = "RY-2026-07")]
    number: Option<String>,
    from: NaiveDate,
    /// The last day.
    until: NaiveDate,
}

#[derive(Serialize, ToSchema)]
struct SuspendedView {
    since: DateTime<FixedOffset>,
    #[schema(example = "多次未按时签收，整改中")]
    reason: String,
}

impl ShopView {
    pub(super) fn new(partner: &Partner, particulars: &Particulars, totals: &Counts, now: DateTime<Utc>) -> Self {
        Self {
            id: partner.id.0,
            name: partner.name.clone(),
            kind: partner.kind.into(),
            kind_text: partner.kind.text(),
            alliance: particulars.terms.alliance,
            listing: ListingView::new(&particulars.listing, now),
            ratings: RatingsView { count: totals.ratings, average: average(totals) },
        }
    }
}

impl ListingView {
    fn new(listing: &Listing, now: DateTime<Utc>) -> Self {
        Self {
            description: listing.description.clone(),
            address: listing.address.clone(),
            phone: listing.phone.clone(),
            hours: (&listing.hours).into(),
            closed_days: listing.closed_days.clone(),
            open_now: listing.is_open(now),
            offers: listing.offers.iter().map(Into::into).collect(),
        }
    }
}

impl PartnerView {
    pub(super) fn new(
        community: CommunityId,
        partner: &Partner,
        particulars: &Particulars,
        open_jobs: u32,
        now: DateTime<Utc>,
    ) -> Self {
        let Particulars { listing, terms, on_duty } = particulars;
        let refusal = taker(community, particulars, open_jobs).may_take(false, day_in_shanghai(now)).err();
        Self {
            id: partner.id.0,
            name: partner.name.clone(),
            kind: partner.kind.into(),
            kind_text: partner.kind.text(),
            uscc: partner.uscc.clone(),
            closed: partner.closed,
            alliance: terms.alliance,
            listing: ListingView::new(listing, now),
            agreement: terms.agreement.as_ref().map(|agreement| PartnerAgreementView {
                number: agreement.number.clone(),
                from: agreement.from,
                until: agreement.until,
            }),
            licences: terms.licences.iter().map(Into::into).collect(),
            suspended: terms
                .suspended
                .as_ref()
                .map(|suspension| SuspendedView { since: local(suspension.since), reason: suspension.reason.clone() }),
            on_duty: *on_duty,
            open_job_limit: terms.open_job_limit,
            open_jobs,
            not_now: refusal.map(|refusal| refusal.to_string()),
        }
    }
}

/// With two decimals.
pub(super) fn average(counts: &Counts) -> Option<f64> {
    share(counts.points, counts.ratings)
}

/// With two decimals; `None` of nothing.
pub(super) fn share(part: i64, whole: i64) -> Option<f64> {
    let (part, whole) = (i32::try_from(part).ok()?, i32::try_from(whole).ok()?);
    (whole > 0).then(|| (f64::from(part) / f64::from(whole) * 100.0).round() / 100.0)
}
