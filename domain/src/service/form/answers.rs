use std::collections::BTreeMap;

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::schema::{Field, Kind};
use super::{Form, FormFault};

/// What was answered, by the names of the questions; kept apart by who may read it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Answers {
    /// What the desk reads.
    pub plain: Map<String, Value>,
    /// What handlers read as well, with their task.
    pub task: Map<String, Value>,
    /// Shown in full only to whoever says why.
    pub sensitive: Map<String, Value>,
}

impl Answers {
    pub fn is_empty(&self) -> bool {
        self.plain.is_empty() && self.task.is_empty() && self.sensitive.is_empty()
    }

    /// All that is not sensitive.
    pub fn open(&self) -> Map<String, Value> {
        self.plain.iter().chain(&self.task).map(|(name, value)| (name.clone(), value.clone())).collect()
    }
}

impl Form {
    /// Checks what was filled in; spaces around texts are taken off, and what was left empty counts as not answered.
    pub fn answered(&self, filled_in: &Map<String, Value>) -> Result<Answers, Vec<FormFault>> {
        let fields = self.fields();
        let answers: Map<String, Value> =
            filled_in.iter().filter_map(|(name, value)| Some((name.clone(), tidy(value)?))).collect();
        let answers = Value::Object(answers);
        let validator = self.validator().map_err(|fault| vec![fault])?;
        let faults: Vec<_> = validator.iter_errors(&answers).flat_map(|error| explain(&error, &fields)).collect();
        if !faults.is_empty() {
            return Err(faults);
        }
        let Value::Object(answers) = answers else { return Ok(Answers::default()) };
        let mut sorted = Answers::default();
        for (name, value) in answers {
            let field = fields.get(&name);
            let shelf = match field {
                Some(field) if field.sensitive => &mut sorted.sensitive,
                Some(field) if field.task => &mut sorted.task,
                Some(_) | None => &mut sorted.plain,
            };
            shelf.insert(name, value);
        }
        Ok(sorted)
    }
}

fn tidy(value: &Value) -> Option<Value> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.trim()).filter(|text| !text.is_empty()).map(Into::into),
        Value::Array(items) if items.is_empty() => None,
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => Some(value.clone()),
    }
}

/// In the words of the form.
#[expect(clippy::wildcard_enum_match_arm, reason = "the crate knows many keywords; a form may use these")]
fn explain(error: &ValidationError<'_>, fields: &BTreeMap<String, Field>) -> Vec<FormFault> {
    let pointer = error.instance_path().as_str();
    let name = pointer.trim_start_matches('/').split('/').next().unwrap_or_default();
    let field = fields.get(name);
    let title = field.map_or(name, |field| field.title.as_str());
    let here = |text: String| vec![FormFault { pointer: pointer.to_owned(), text }];
    match error.kind() {
        ValidationErrorKind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            let title = fields.get(name).map_or(name, |field| field.title.as_str());
            vec![FormFault { pointer: format!("{pointer}/{name}"), text: format!("请填写「{title}」") }]
        }
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            let fault = |name: &String| FormFault {
                pointer: format!("/{}", name.replace('~', "~0").replace('/', "~1")),
                text: "表单里没有这一项，请去掉".to_owned(),
            };
            unexpected.iter().map(fault).collect()
        }
        ValidationErrorKind::Type { .. } => here(format!("「{title}」应为{}", field.map_or("对象", kind_text))),
        ValidationErrorKind::Enum { .. } => here(format!("「{title}」请从给出的选项里选择")),
        ValidationErrorKind::MaxLength { limit } => here(format!("「{title}」最多 {limit} 个字")),
        ValidationErrorKind::MinLength { limit } => here(format!("「{title}」至少 {limit} 个字")),
        ValidationErrorKind::Minimum { limit } => here(format!("「{title}」不能小于 {limit}")),
        ValidationErrorKind::Maximum { limit } => here(format!("「{title}」不能大于 {limit}")),
        ValidationErrorKind::MinItems { limit } => here(format!("「{title}」至少选 {limit} 项")),
        ValidationErrorKind::MaxItems { limit } => here(format!("「{title}」最多选 {limit} 项")),
        ValidationErrorKind::UniqueItems => here(format!("「{title}」有重复的选项")),
        ValidationErrorKind::Format { format } => here(format!("「{title}」{}", format_text(format))),
        ValidationErrorKind::Pattern { .. } => {
            let how = field.and_then(|field| field.description.as_deref());
            here(how.map_or_else(|| format!("「{title}」的格式不对"), |how| format!("「{title}」的格式不对：{how}")))
        }
        // The subset of [`schema`](super::schema) has none of the other keywords.
        _ => here(format!("「{title}」填写不正确")),
    }
}

fn kind_text(field: &Field) -> &'static str {
    match field.kind {
        Kind::String => "文字",
        Kind::Integer => "整数",
        Kind::Number => "数字",
        Kind::Boolean => "是或否",
        Kind::Array => "多选",
    }
}

fn format_text(format: &str) -> &'static str {
    match format {
        "date" => "应为日期，例如 2026-11-26",
        "phone" => "应为 11 位手机号",
        "id_number" => "不对，请核对 18 位身份证号码",
        _ => "的格式不对",
    }
}
