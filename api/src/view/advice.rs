use domain::advice::{Advice, Call, Danger, Matter, NOT_AN_EMERGENCY_CHANNEL, REMINDER, REMINDER_CALLS, REMINDER_TEXT};
use serde::Serialize;
use utoipa::ToSchema;

/// A number to call with one tap.
#[derive(Debug, Serialize, ToSchema)]
pub struct CallView {
    #[schema(example = "119")]
    pub number: &'static str,
    #[schema(example = "消防救援")]
    pub text: &'static str,
    #[schema(example = "tel:119")]
    pub tel: String,
}

/// Somebody may be in danger: to be shown before anything else.
#[derive(Debug, Serialize, ToSchema)]
pub struct EmergencyView {
    /// `fire`, `gas`, `trapped`, `violence`, `suicide`, `injury` or `traffic`; before ordering also `reminder`, where only the
    /// service is about danger.
    #[schema(example = "gas")]
    pub kind: &'static str,
    #[schema(example = "燃气泄漏")]
    pub kind_text: &'static str,
    /// What to do now.
    #[schema(example = "请不要开关电器、不要点火，到室外再拨打 119")]
    pub say: &'static str,
    /// In the order in which they are called.
    pub calls: Vec<CallView>,
    #[schema(example = "这里不是报警和急救渠道，请先打电话，再下单告诉社区")]
    pub not_an_emergency_channel: &'static str,
}

/// Not a community's to decide: the lawful route.
#[derive(Debug, Serialize, ToSchema)]
pub struct ElsewhereView {
    /// `discipline`, `litigation`, `arbitration`, `administrative_review`, `information_disclosure`, `petition`,
    /// `personal_data` or `unlawful`.
    #[schema(example = "litigation")]
    pub kind: &'static str,
    #[schema(example = "诉讼事项")]
    pub kind_text: &'static str,
    #[schema(example = "法院审理过或正在审理的事，请走法律程序，咨询请拨打 12368 或 12348")]
    pub route: &'static str,
    pub calls: Vec<CallView>,
    /// Whether the order would be taken all the same.
    pub may_submit: bool,
    /// With which reason the desk may refuse it.
    #[schema(example = "lawful_route")]
    pub refuse_reason: &'static str,
}

impl From<&Call> for CallView {
    fn from(call: &Call) -> Self {
        Self { number: call.number, text: call.text, tel: format!("tel:{}", call.number) }
    }
}

impl From<Danger> for EmergencyView {
    fn from(danger: Danger) -> Self {
        Self {
            kind: danger.into(),
            kind_text: danger.text(),
            say: danger.say(),
            calls: danger.calls().iter().map(Into::into).collect(),
            not_an_emergency_channel: NOT_AN_EMERGENCY_CHANNEL,
        }
    }
}

impl EmergencyView {
    /// Where the service is about danger and the words are not.
    pub fn reminder() -> Self {
        Self {
            kind: "reminder",
            kind_text: REMINDER_TEXT,
            say: REMINDER,
            calls: REMINDER_CALLS.iter().map(Into::into).collect(),
            not_an_emergency_channel: NOT_AN_EMERGENCY_CHANNEL,
        }
    }
}

impl ElsewhereView {
    pub fn of(advice: Advice) -> Option<Self> {
        advice.elsewhere.map(|matter: Matter| Self {
            kind: matter.into(),
            kind_text: matter.text(),
            route: matter.route(),
            calls: matter.calls().iter().map(Into::into).collect(),
            may_submit: advice.may_submit(),
            refuse_reason: matter.refuse_reason().into(),
        })
    }
}
