//! The lines of a card: every keyword of the template with a fitting value.

use std::collections::HashMap;

use serde_json::Value;

use super::Refusal;
use crate::api::template_value::KeywordKind;
use crate::sandbox::SandboxTemplate;
use crate::sandbox::world::phones::LabelledValue;

pub(super) fn labelled(
    template: &SandboxTemplate,
    data: &HashMap<String, Value>,
) -> Result<Vec<LabelledValue>, Refusal> {
    template
        .keywords
        .iter()
        .map(|(key, label)| {
            let value = data
                .get(key)
                .and_then(|entry| entry.get("value")?.as_str())
                .filter(|value| fits(template, key, value))
                .ok_or_else(|| invalid_value(key))?;
            Ok(LabelledValue { label: label.clone(), value: value.to_owned() })
        })
        .collect()
}

fn fits(template: &SandboxTemplate, key: &str, value: &str) -> bool {
    if let Some(listed) = template.listed.get(key) {
        return listed.iter().any(|own| own == value);
    }
    match KeywordKind::of_key(key) {
        Some(kind) => kind.check(value).is_ok(),
        None => !value.trim().is_empty() && !value.chars().any(char::is_control) && value.chars().count() <= 20,
    }
}

fn invalid_value(key: &str) -> Refusal {
    Refusal::new(47003, format!("argument invalid! data.{key}.value invalid"))
}

/// UNVERIFIED: whether WeChat minds a keyword that the template lacks. The
/// sandbox delivers, and notes that a correct client would not send it.
pub(super) fn surplus_keyword(template: &SandboxTemplate, data: &HashMap<String, Value>) -> Option<String> {
    let belongs = |key: &String| template.keywords.iter().any(|(own, _)| own == key);
    let key = data.keys().find(|key| !belongs(key))?;
    Some(format!("data.{key} is not in the template"))
}
