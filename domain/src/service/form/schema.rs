//! The part of JSON Schema (2020-12) that a form may use, so that a client can draw it from the schema alone: an object of
//! named fields, each a text, a number, a yes or no, or several of some options.

use std::collections::BTreeMap;

use jsonschema::{Draft, PatternOptions, Validator};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::FormFault;
use crate::people::is_id_number;

/// Questions of one form.
pub const MAX_FIELDS: usize = 40;
/// Characters of an answer, unless the form says less or more.
const LENGTH: u64 = 200;
/// The most that a form may allow.
const MAX_LENGTH: u64 = 2_000;
/// Options of one question, and characters of each.
const MAX_OPTIONS: usize = 60;
const MAX_OPTION: usize = 60;
const MAX_TITLE: usize = 30;
const MAX_DESCRIPTION: usize = 200;
const MAX_PATTERN: usize = 100;

/// A form that was read: every field of it can be drawn and checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Form {
    schema: Value,
}

/// One question. Keywords that are not here are not taken.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Field {
    #[serde(rename = "type")]
    pub kind: Kind,
    /// The question in few words; people read it.
    pub title: String,
    #[serde(default)]
    pub description: Option<String>,
    #[serde(rename = "enum", default)]
    options: Option<Vec<String>>,
    #[serde(rename = "minLength", default)]
    min_length: Option<u64>,
    #[serde(rename = "maxLength", default)]
    max_length: Option<u64>,
    #[serde(default)]
    pattern: Option<String>,
    #[serde(default)]
    format: Option<Format>,
    #[serde(default)]
    minimum: Option<i64>,
    #[serde(default)]
    maximum: Option<i64>,
    #[serde(default)]
    items: Option<Items>,
    #[serde(rename = "minItems", default)]
    min_items: Option<u64>,
    #[serde(rename = "maxItems", default)]
    max_items: Option<u64>,
    #[serde(rename = "uniqueItems", default)]
    unique_items: Option<bool>,
    /// Where it stands; fields without one come last, by name.
    #[serde(rename = "x-order", default)]
    order: Option<u32>,
    #[serde(rename = "x-widget", default)]
    widget: Option<Widget>,
    /// 「元」, 「米」: stands behind a number.
    #[serde(rename = "x-unit", default)]
    unit: Option<String>,
    /// Kept apart, and shown in full only to whoever says why.
    #[serde(rename = "x-sensitive", default)]
    pub sensitive: bool,
    /// Goes to the handler with the task.
    #[serde(rename = "x-task", default)]
    pub task: bool,
    /// Names a kind of certificate, by its key or in words of one's own.
    #[serde(rename = "x-certificate", default)]
    pub certificate: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    String,
    Integer,
    Number,
    Boolean,
    Array,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Format {
    Date,
    /// A mobile number of mainland China.
    Phone,
    /// 公民身份号码, with its check digit.
    IdNumber,
}

/// How a client draws it where the type alone does not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Widget {
    Text,
    Textarea,
    Select,
    Radio,
    Checkbox,
    Date,
    Phone,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Items {
    #[serde(rename = "type")]
    kind: Kind,
    #[serde(rename = "enum")]
    options: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Root {
    #[serde(rename = "type")]
    kind: ObjectKind,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    required: Vec<String>,
    properties: Map<String, Value>,
    #[serde(rename = "additionalProperties", default)]
    additional: bool,
    #[serde(rename = "$schema", default)]
    dialect: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum ObjectKind {
    Object,
}

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

impl Form {
    /// Reads what a person wrote, and says of everything that cannot be taken where and why.
    pub fn read(written: &Value) -> Result<Self, Vec<FormFault>> {
        let root: Root = serde_json::from_value(written.clone())
            .map_err(|error| vec![at("", format!("表单的 JSON Schema {}", unread(&error.to_string())))])?;
        let mut faults = root_faults(&root);
        let mut properties = Map::new();
        for (name, written) in &root.properties {
            let pointer = format!("/properties/{name}");
            match serde_json::from_value::<Field>(written.clone()) {
                Err(error) => faults.push(at(&pointer, format!("这一项{}", unread(&error.to_string())))),
                Ok(field) => {
                    faults.extend(field.faults(name).map(|text| at(&pointer, text)));
                    properties.insert(name.clone(), field.bounded(written, root.required.contains(name)));
                }
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let schema = json!({
            "$schema": DIALECT,
            "type": "object",
            "title": root.title.unwrap_or_default(),
            "description": root.description.unwrap_or_default(),
            "required": root.required,
            "properties": properties,
            "additionalProperties": false,
        });
        let form = Self { schema };
        form.validator().map_err(|error| vec![error])?;
        Ok(form)
    }

    /// What a client draws.
    pub fn schema(&self) -> &Value {
        &self.schema
    }

    pub(super) fn fields(&self) -> BTreeMap<String, Field> {
        let properties = self.schema.get("properties").and_then(Value::as_object);
        let field = |(name, field): (&String, &Value)| {
            Some((name.clone(), serde_json::from_value::<Field>(field.clone()).ok()?))
        };
        properties.into_iter().flatten().filter_map(field).collect()
    }

    /// The field whose answer is a kind of certificate.
    pub fn certificate_field(&self) -> Option<String> {
        self.fields().into_iter().find(|(_, field)| field.certificate).map(|(name, _)| name)
    }

    /// No reference leads anywhere, and no pattern can run for long.
    pub(super) fn validator(&self) -> Result<Validator, FormFault> {
        jsonschema::options()
            .with_draft(Draft::Draft202012)
            .with_pattern_options(PatternOptions::regex().size_limit(100_000))
            .should_validate_formats(true)
            .with_format("phone", is_mobile)
            .with_format("id_number", is_id_number)
            .build(&self.schema)
            .map_err(|error| at(error.instance_path().as_str(), "这里的规则不能使用，请检查 pattern 的写法".into()))
    }
}

fn is_mobile(text: &str) -> bool {
    text.len() == 11
        && text.starts_with('1')
        && text.bytes().all(|c| c.is_ascii_digit())
        && !text.starts_with("10")
        && !text.starts_with("11")
        && !text.starts_with("12")
}

fn at(pointer: &str, text: String) -> FormFault {
    FormFault { pointer: pointer.to_owned(), text }
}

/// The reader says it in English; what helps a person are the names in backquotes.
fn unread(message: &str) -> String {
    let mut names = message.split('`').skip(1).step_by(2);
    let name = names.next().unwrap_or_default();
    if message.starts_with("unknown field") {
        format!("不支持 {name}，请去掉")
    } else if message.starts_with("missing field") {
        format!("缺少 {name}，请填写")
    } else if message.starts_with("duplicate field") {
        format!("写了两次 {name}，请只留一次")
    } else if message.starts_with("unknown variant") {
        format!("不能填「{name}」，只能是：{}", names.collect::<Vec<_>>().join("、"))
    } else {
        "有内容的类型不对（例如该填文字的填了数字），请对照说明检查".to_owned()
    }
}

fn root_faults(root: &Root) -> Vec<FormFault> {
    let ObjectKind::Object = root.kind;
    let mut faults = Vec::new();
    if root.properties.is_empty() || root.properties.len() > MAX_FIELDS {
        faults.push(at("/properties", format!("表单应有 1 至 {MAX_FIELDS} 项")));
    }
    if root.additional {
        faults.push(at("/additionalProperties", "表单不接受没有写明的项，请去掉 additionalProperties".into()));
    }
    if root.dialect.as_deref().is_some_and(|dialect| dialect != DIALECT) {
        faults.push(at("/$schema", format!("请使用 {DIALECT}")));
    }
    if root.required.iter().any(|name| !root.properties.contains_key(name)) {
        faults.push(at("/required", "必填项里有表单没有的名称".into()));
    }
    let is_long = |text: &Option<String>, most| text.as_ref().is_some_and(|text| text.chars().count() > most);
    if is_long(&root.title, MAX_TITLE) || is_long(&root.description, MAX_DESCRIPTION) {
        faults.push(at("", format!("表单标题最多 {MAX_TITLE} 个字，说明最多 {MAX_DESCRIPTION} 个字")));
    }
    faults
}

impl Field {
    /// Sentences for whoever writes the form.
    fn faults(&self, name: &str) -> impl Iterator<Item = String> {
        let is_name = (1..=40).contains(&name.len())
            && name.starts_with(|c: char| c.is_ascii_lowercase())
            && name.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'_');
        let length = self.title.trim().chars().count();
        let is_long = |text: &Option<String>, most| text.as_ref().is_some_and(|text| text.chars().count() > most);
        let options = self.options.as_ref().or(self.items.as_ref().map(|items| &items.options));
        let items_are_odd = self.items.as_ref().is_some_and(|items| items.kind != Kind::String);
        let checks = [
            (!is_name, "名称应为小写字母开头，由小写字母、数字和下划线组成，最多 40 个字符"),
            (length == 0 || length > MAX_TITLE, "请写标题，最多 30 个字"),
            (is_long(&self.description, MAX_DESCRIPTION), "说明最多 200 个字"),
            (is_long(&self.unit, 10), "单位最多 10 个字"),
            (is_long(&self.pattern, MAX_PATTERN), "pattern 最多 100 个字符"),
            (self.max_length.is_some_and(|max| max == 0 || max > MAX_LENGTH), "maxLength 应在 1 至 2000 之间"),
            (self.min_length.unwrap_or(0) > self.max_length.unwrap_or(LENGTH), "minLength 大于 maxLength"),
            (self.minimum.zip(self.maximum).is_some_and(|(min, max)| min > max), "minimum 大于 maximum"),
            (self.min_items.zip(self.max_items).is_some_and(|(min, max)| min > max), "minItems 大于 maxItems"),
            (options.is_some_and(|options| are_odd(options)), "选项应有 1 至 60 个，各不相同，每个最多 60 个字"),
            ((self.kind == Kind::Array) != self.items.is_some(), "多选项（array）要写 items，其他类型不能写"),
            (items_are_odd, "多选项的 items 应为文字选项"),
            (self.order.is_some_and(|order| order > 999), "x-order 应在 0 至 999 之间"),
            (self.widget.is_some_and(|widget| !widget.draws(self)), "x-widget 画不了这一类型，请换一个"),
            (self.has_odd_keyword(), "有不适用于这一类型的规则，请检查"),
            (
                self.certificate && (self.kind != Kind::String || self.options.is_some() || self.sensitive),
                "证明种类（x-certificate）应为不含选项的普通文字",
            ),
            (self.sensitive && self.task, "敏感信息不能随任务发给承办单位，请二选一"),
        ];
        checks.into_iter().filter(|(is_wrong, _)| *is_wrong).map(|(_, text)| text.to_owned())
    }

    fn has_odd_keyword(&self) -> bool {
        let text = self.options.is_some()
            || self.min_length.is_some()
            || self.max_length.is_some()
            || self.pattern.is_some()
            || self.format.is_some();
        let number = self.minimum.is_some() || self.maximum.is_some() || self.unit.is_some();
        let several = self.min_items.is_some() || self.max_items.is_some() || self.unique_items.is_some();
        match self.kind {
            Kind::String => number || several,
            Kind::Integer | Kind::Number => text || several,
            Kind::Boolean => text || number || several,
            Kind::Array => text || number,
        }
    }

    /// The field as it is kept: no answer is without an end, and what must be answered is not answered by nothing.
    fn bounded(&self, written: &Value, required: bool) -> Value {
        let mut field = written.as_object().cloned().unwrap_or_default();
        match self.kind {
            Kind::String if self.options.is_none() => {
                field.entry("maxLength").or_insert(LENGTH.into());
                if required {
                    field.entry("minLength").or_insert(1.into());
                }
            }
            Kind::Array => {
                field.insert("uniqueItems".into(), true.into());
                if required {
                    field.entry("minItems").or_insert(1.into());
                }
            }
            Kind::String | Kind::Integer | Kind::Number | Kind::Boolean => {}
        }
        Value::Object(field)
    }
}

impl Widget {
    fn draws(self, field: &Field) -> bool {
        match self {
            Self::Text | Self::Textarea => field.kind == Kind::String && field.options.is_none(),
            Self::Select | Self::Radio => field.options.is_some(),
            Self::Checkbox => matches!(field.kind, Kind::Array | Kind::Boolean),
            Self::Date => field.format == Some(Format::Date),
            Self::Phone => field.format == Some(Format::Phone),
        }
    }
}

fn are_odd(options: &[String]) -> bool {
    let mut seen: Vec<_> = options.iter().map(|option| option.trim()).collect();
    seen.sort_unstable();
    seen.dedup();
    options.is_empty()
        || options.len() > MAX_OPTIONS
        || seen.len() != options.len()
        || options.iter().any(|option| option.trim().is_empty() || option.chars().count() > MAX_OPTION)
}
