//! What somebody agreed to, in which words and when; and that it can be taken back as easily (PIPL, articles 14 to 17).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use crate::ids::{ConsentId, OrderId, PersonId};

/// What is agreed to. What duty covers is not asked for.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Display, EnumString, IntoStaticStr, EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ConsentPurpose {
    PrivacyPolicy,
    /// A handler may see name and phone while it works on an order: a consent of its own (article 23).
    ShareContact,
    /// Somebody else may order for me and follow those orders.
    OrderedByOthers,
    /// A guardian agrees for a child under 14 (article 31).
    ChildData,
}

/// The words that are agreed to. Whoever changes them counts the version up: what was given to the old ones stays on
/// record as given to the old ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConsentText {
    pub version: u16,
    pub title: &'static str,
    pub text: &'static str,
    /// What taking it back does.
    pub on_withdrawal: &'static str,
}

impl ConsentPurpose {
    /// The table of texts in force.
    pub fn text(self) -> ConsentText {
        match self {
            Self::PrivacyPolicy => ConsentText {
                version: 1,
                title: "个人信息保护说明",
                text: "为了受理和办理您的订单，我们保存您的称呼、手机号、住址和订单内容，只给办理订单的社区人员查看，\
                       每次查看完整联系方式都会留下记录，您可以随时查阅。您可以查看、更正、导出自己的信息，也可以注销账号。",
                on_withdrawal: "撤回后已有订单继续办理；如不希望我们再保存您的信息，请在「我的」里注销账号。",
            },
            Self::ShareContact => ConsentText {
                version: 1,
                title: "向承办单位提供联系方式",
                text: "为了上门办理，承办单位在办理您的订单期间可以看到您填写的称呼和电话，办完后不再可见。\
                       不同意也可以下单，需要联系您时由社区转达。",
                on_withdrawal: "撤回后，所有承办单位立即看不到您的联系方式，改由社区转达。",
            },
            Self::OrderedByOthers => ConsentText {
                version: 1,
                title: "由他人代我下单",
                text: "您指定的人可以替您下单、查看这些订单的进度并评价。您自己也能看到这些订单。",
                on_withdrawal: "撤回后，对方不能再替您下单；已有订单继续办理。",
            },
            Self::ChildData => ConsentText {
                version: 1,
                title: "未满 14 周岁儿童个人信息（监护人同意）",
                text: "我是孩子的监护人，同意社区为办理订单或组织活动保存孩子的昵称、年龄段和班级。\
                       不收集孩子的证件号码和照片，活动结束 30 天后删除。",
                on_withdrawal: "撤回后，孩子的联系方式不再提供给承办单位；社区仍会受理孩子的求助。",
            },
        }
    }
}

/// How a consent came in.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Display, EnumString, IntoStaticStr, EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ConsentChannel {
    /// In the app, by the person.
    App,
    /// Ticked while placing an order.
    Order,
    /// On paper or in person, entered by the desk.
    Desk,
}

/// One consent. Never changed but by its withdrawal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    pub id: ConsentId,
    /// Whose data it is about.
    pub person: PersonId,
    /// Who agreed: the person, or a guardian.
    pub given_by: PersonId,
    pub purpose: ConsentPurpose,
    pub version: u16,
    pub channel: ConsentChannel,
    /// Where it covers one order only.
    pub order: Option<OrderId>,
    pub given_at: DateTime<Utc>,
    pub withdrawn_at: Option<DateTime<Utc>>,
}

/// Whether units that go from door to door may know the person's name and number: as long as the person agrees that they are
/// shared, and of a child under 14 a guardian too. A consent to the handling of one order is none to this.
pub fn lets_partners_call(person: PersonId, age_band: Option<AgeBand>, consents: &[Consent]) -> bool {
    let stands =
        |consent: &&Consent| consent.person == person && consent.order.is_none() && consent.withdrawn_at.is_none();
    let agrees = |purpose| consents.iter().filter(stands).any(|consent| consent.purpose == purpose);
    let guardian = |consent: &Consent| consent.purpose == ConsentPurpose::ChildData && consent.given_by != person;
    let is_minded = age_band != Some(AgeBand::Under14) || consents.iter().filter(stands).any(guardian);
    agrees(ConsentPurpose::ShareContact) && is_minded
}

/// What people say of their own age. Nobody checks it; it only ever makes us more careful.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Display, EnumString, IntoStaticStr, EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum AgeBand {
    #[serde(rename = "under_14")]
    #[strum(serialize = "under_14")]
    Under14,
    #[serde(rename = "14_to_17")]
    #[strum(serialize = "14_to_17")]
    From14To17,
    Adult,
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use uuid::Uuid;

    use super::*;

    #[test]
    fn partners_call_whoever_agrees_and_no_child_without_a_guardian() {
        let [person, guardian] = [1, 2].map(|n| PersonId(Uuid::from_u128(n)));
        let given = |purpose, given_by| Consent {
            id: ConsentId(Uuid::nil()),
            person,
            given_by,
            purpose,
            version: 1,
            channel: ConsentChannel::App,
            order: None,
            given_at: DateTime::UNIX_EPOCH,
            withdrawn_at: None,
        };
        let shared = given(ConsentPurpose::ShareContact, person);
        let own_word = given(ConsentPurpose::ChildData, person);
        let minded = given(ConsentPurpose::ChildData, guardian);
        let is_called = |age_band, consents: &[&Consent]| {
            let consents: Vec<Consent> = consents.iter().map(|consent| (*consent).clone()).collect();
            lets_partners_call(person, age_band, &consents)
        };
        for age_band in [None, Some(AgeBand::From14To17), Some(AgeBand::Adult)] {
            assert!(is_called(age_band, &[&shared]) && !is_called(age_band, &[]) && !is_called(age_band, &[&minded]));
        }
        let child = Some(AgeBand::Under14);
        assert!(!is_called(child, &[&shared]) && !is_called(child, &[&shared, &own_word]));
        assert!(!is_called(child, &[&minded]) && is_called(child, &[&shared, &minded]));
        let withdrawn = Consent { withdrawn_at: Some(DateTime::UNIX_EPOCH), ..shared.clone() };
        let of_an_order = Consent { order: Some(OrderId(Uuid::nil())), ..shared.clone() };
        let of_another = Consent { person: guardian, ..shared };
        for none in [withdrawn, of_an_order, of_another] {
            assert!(!is_called(None, &[&none]), "{none:?}");
        }
    }

    #[test]
    fn every_text_has_a_version_and_says_what_withdrawal_does() {
        for purpose in ConsentPurpose::iter() {
            let text = purpose.text();
            assert!(text.version >= 1 && !text.title.is_empty(), "{purpose}");
            assert!(text.on_withdrawal.starts_with("撤回后"), "{purpose}");
            assert!(text.text.ends_with('。') && !text.text.contains('\n'), "{purpose}");
        }
    }
}
