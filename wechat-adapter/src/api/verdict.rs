//! What WeChat thinks of a text.

use std::fmt;

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

/// What to do with the content. The worse is the greater.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, EnumString, IntoStaticStr,
)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Suggest {
    Pass = 0,
    Risky = 2,
    /// A person must look at it. So they must at a word that is none of these.
    #[serde(other)]
    Review = 1,
}

/// Why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "i64", into = "i64")]
pub enum Label {
    Normal,
    Advertising,
    Politics,
    Pornography,
    Abuse,
    Crime,
    Fraud,
    Vulgarity,
    Copyright,
    /// 21000, and numbers that no page describes.
    Other(i64),
}

impl From<i64> for Label {
    fn from(number: i64) -> Self {
        match number {
            100 => Self::Normal,
            10001 => Self::Advertising,
            20001 => Self::Politics,
            20002 => Self::Pornography,
            20003 => Self::Abuse,
            20006 => Self::Crime,
            20008 => Self::Fraud,
            20012 => Self::Vulgarity,
            20013 => Self::Copyright,
            other => Self::Other(other),
        }
    }
}

impl From<Label> for i64 {
    fn from(label: Label) -> Self {
        match label {
            Label::Normal => 100,
            Label::Advertising => 10001,
            Label::Politics => 20001,
            Label::Pornography => 20002,
            Label::Abuse => 20003,
            Label::Crime => 20006,
            Label::Fraud => 20008,
            Label::Vulgarity => 20012,
            Label::Copyright => 20013,
            Label::Other(other) => other,
        }
    }
}

/// What WeChat thinks. It says itself that this is not sufficient: sample what
/// passes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    pub suggest: Suggest,
    pub label: Label,
    pub trace_id: String,
    /// The rules that led to it; those that failed are left out.
    pub details: Vec<VerdictDetail>,
}

/// What one rule thinks.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct VerdictDetail {
    /// Such as `content_model` or `keyword`.
    #[serde(default)]
    pub strategy: String,
    #[serde(default)]
    errcode: i64,
    pub suggest: Option<Suggest>,
    pub label: Option<Label>,
    /// The word that the rule found: the author's own.
    pub keyword: Option<String>,
}

/// The author's words stay out of logs.
impl fmt::Debug for VerdictDetail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerdictDetail")
            .field("strategy", &self.strategy)
            .field("suggest", &self.suggest)
            .field("label", &self.label)
            .finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
pub(super) struct CheckAnswer {
    #[serde(default)]
    trace_id: String,
    result: CheckResult,
    #[serde(default)]
    detail: Vec<VerdictDetail>,
}

#[derive(Deserialize)]
struct CheckResult {
    suggest: Suggest,
    label: Label,
}

impl From<CheckAnswer> for Verdict {
    fn from(answer: CheckAnswer) -> Self {
        let CheckResult { suggest, label } = answer.result;
        let details = answer.detail.into_iter().filter(|detail| detail.errcode == 0).collect();
        Self { suggest, label, trace_id: answer.trace_id, details }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn verdict(suggest: &str, label: i64) -> Verdict {
        let answer = json!({
            "errcode": 0, "errmsg": "ok", "trace_id": "trace-1",
            "result": { "suggest": suggest, "label": label },
            "detail": [
                { "strategy": "content_model", "errcode": 0, "suggest": suggest, "label": label, "prob": 90 },
                { "strategy": "keyword", "errcode": 0, "suggest": "pass", "label": 20006, "level": 90, "keyword": "命案" },
                { "strategy": "broken", "errcode": -1, "suggest": "risky", "label": 20001 },
                { "strategy": "bare", "errcode": 0 },
            ],
        });
        Verdict::from(serde_json::from_value::<CheckAnswer>(answer).unwrap())
    }

    #[test]
    fn the_verdict_is_the_results_and_failed_rules_do_not_count() {
        let verdict = verdict("pass", 100);
        assert_eq!((verdict.suggest, verdict.label), (Suggest::Pass, Label::Normal));
        let rules: Vec<_> = verdict.details.iter().map(|detail| detail.strategy.as_str()).collect();
        assert_eq!(rules, ["content_model", "keyword", "bare"]);
        assert!(!format!("{verdict:?}").contains("命案"));
    }

    #[test]
    fn a_word_that_nobody_knows_needs_a_person() {
        assert_eq!(verdict("perhaps", 42).suggest, Suggest::Review);
        assert_eq!(verdict("perhaps", 42).label, Label::Other(42));
        assert!(Suggest::Pass < Suggest::Review && Suggest::Review < Suggest::Risky);
    }

    #[test]
    fn a_label_keeps_its_number() {
        for number in [100, 10001, 20001, 20002, 20003, 20006, 20008, 20012, 20013, 21000] {
            assert_eq!(i64::from(Label::from(number)), number);
            assert_eq!(matches!(Label::from(number), Label::Other(_)), number == 21000);
        }
    }
}
