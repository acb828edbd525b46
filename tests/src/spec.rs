//! The API as it describes itself: which operations there are, and whether an answer has the shape that it promises.

use std::sync::LazyLock;

use serde_json::{Map, Value};

use crate::ask::Reply;

static SPEC: LazyLock<Value> = LazyLock::new(|| {
    let json = api::server::describe().to_json().expect("a description");
    serde_json::from_str(&json).expect("JSON")
});

/// One method on one path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// `orders_accept`
    pub name: String,
    pub method: String,
    /// With `{id}` where an id belongs.
    pub path: String,
    /// Whether the description asks for a token.
    pub needs_token: bool,
}

pub fn operations() -> Vec<Operation> {
    let paths = SPEC["paths"].as_object().expect("paths");
    let of_path = |(path, item): (&String, &Value)| {
        let item = item.as_object().expect("an item").clone();
        let path = path.clone();
        item.into_iter().map(move |(method, operation)| Operation {
            name: operation["operationId"].as_str().expect("a name").to_owned(),
            method: method.to_uppercase(),
            path: path.clone(),
            needs_token: operation["security"].as_array().is_some_and(|s| !s.is_empty()),
        })
    };
    paths.iter().flat_map(of_path).collect()
}

/// A day or an instant that an operation takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    pub operation: Operation,
    pub place: MomentAt,
    /// No instant.
    pub is_day: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MomentAt {
    /// The name of the parameter.
    Query(String),
    /// The steps to it in the body; `0` in a list.
    Body(Vec<String>),
}

/// Every day and instant that anybody may send.
pub fn moments() -> Vec<Moment> {
    let mut all = Vec::new();
    for operation in operations() {
        let described = &SPEC["paths"][&operation.path][operation.method.to_lowercase()];
        let mut found = Vec::new();
        for parameter in described["parameters"].as_array().into_iter().flatten().filter(|p| p["in"] == "query") {
            let name = parameter["name"].as_str().expect("a name").to_owned();
            walk(&parameter["schema"], &mut Vec::new(), &mut Vec::new(), &mut |_, is_day| {
                found.push((MomentAt::Query(name.clone()), is_day));
            });
        }
        let body = &described["requestBody"]["content"]["application/json"]["schema"];
        walk(body, &mut Vec::new(), &mut Vec::new(), &mut |steps, is_day| {
            found.push((MomentAt::Body(steps.to_vec()), is_day));
        });
        all.extend(found.into_iter().map(|(place, is_day)| Moment { operation: operation.clone(), place, is_day }));
    }
    all
}

/// Tells of each day and instant below the schema, with the steps to it.
fn walk(schema: &Value, steps: &mut Vec<String>, within: &mut Vec<String>, tell: &mut dyn FnMut(&[String], bool)) {
    if let Some(name) = schema["$ref"].as_str() {
        if within.iter().any(|known| known == name) {
            return;
        }
        // What is not described further, such as names to choose from, holds no day.
        let Some(target) = SPEC.pointer(name.trim_start_matches('#')) else { return };
        within.push(name.to_owned());
        walk(target, steps, within, tell);
        within.pop();
        return;
    }
    match schema["format"].as_str() {
        Some("date") => tell(steps, true),
        Some("date-time") => tell(steps, false),
        Some(_) | None => {}
    }
    for part in ["oneOf", "anyOf", "allOf"].iter().flat_map(|key| schema[key].as_array().into_iter().flatten()) {
        walk(part, steps, within, tell);
    }
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        steps.push(name.clone());
        walk(field, steps, within, tell);
        steps.pop();
    }
    if schema["items"].is_object() {
        steps.push("0".to_owned());
        walk(&schema["items"], steps, within, tell);
        steps.pop();
    }
}

/// Holds an answer to the schema of its operation and status. What is not described is not judged.
pub(crate) fn check(method: &str, path: &str, reply: &Reply) {
    let Some(schema) = schema(method, path, reply) else { return };
    if let Err(complaint) = fits(&schema, &reply.value(), "") {
        panic!("not as described: {complaint}\n{reply}");
    }
}

fn schema(method: &str, path: &str, reply: &Reply) -> Option<Value> {
    let kind = reply.header("content-type")?;
    if kind == "application/problem+json" {
        return Some(SPEC["components"]["schemas"]["ProblemBody"].clone());
    }
    let path = path.split('?').next().unwrap_or(path);
    let paths = SPEC["paths"].as_object()?;
    // `/v1/attachments/{id}/{variant}` is met after every path that is written out.
    if !kind.contains("json") {
        return None;
    }
    let (_, item) = paths.iter().find(|(pattern, _)| matches(pattern, path))?;
    let answer = &item.get(method.to_lowercase())?["responses"][reply.status.to_string()];
    answer["content"].get(kind.split(';').next().unwrap_or(kind)).map(|content| content["schema"].clone())
}

fn matches(pattern: &str, path: &str) -> bool {
    let (wanted, given): (Vec<_>, Vec<_>) = (pattern.split('/').collect(), path.split('/').collect());
    wanted.len() == given.len() && wanted.iter().zip(given).all(|(w, g)| w.starts_with('{') || *w == g)
}

fn fits(schema: &Value, value: &Value, at: &str) -> Result<(), String> {
    if let Some(name) = schema["$ref"].as_str() {
        let target = name.trim_start_matches('#');
        return fits(SPEC.pointer(target).ok_or_else(|| format!("{name} is not described"))?, value, at);
    }
    for key in ["oneOf", "anyOf"] {
        if let Some(choices) = schema[key].as_array() {
            let complaints: Vec<_> = choices.iter().filter_map(|choice| fits(choice, value, at).err()).collect();
            return if complaints.len() < choices.len() { Ok(()) } else { Err(complaints.join(" and ")) };
        }
    }
    fits_type(schema, value, at)?;
    match value {
        Value::Object(object) => fits_object(schema, object, at),
        Value::Array(items) => {
            items.iter().enumerate().try_for_each(|(n, item)| fits(&schema["items"], item, &format!("{at}/{n}")))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Ok(()),
    }
}

fn fits_type(schema: &Value, value: &Value, at: &str) -> Result<(), String> {
    let is = |kind: &Value| match kind.as_str().unwrap_or_default() {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    };
    let fits = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().any(is),
        Value::Null => true,
        kind => is(kind),
    };
    if fits { Ok(()) } else { Err(format!("{at} is {value}, not {}", schema["type"])) }
}

/// Every field is described, and none that is promised is missing.
fn fits_object(schema: &Value, object: &Map<String, Value>, at: &str) -> Result<(), String> {
    let (mut fields, mut required) = (Map::new(), Vec::new());
    gather(schema, &mut fields, &mut required);
    if fields.is_empty() {
        return Ok(());
    }
    if let Some(missing) = required.iter().find(|name| !object.contains_key(*name)) {
        return Err(format!("{at}/{missing} is missing"));
    }
    object.iter().try_for_each(|(name, value)| match fields.get(name) {
        Some(field) => fits(field, value, &format!("{at}/{name}")),
        None => Err(format!("{at}/{name} is not described")),
    })
}

fn gather(schema: &Value, fields: &mut Map<String, Value>, required: &mut Vec<String>) {
    if let Some(part) = schema["$ref"].as_str().and_then(|name| SPEC.pointer(name.trim_start_matches('#'))) {
        gather(part, fields, required);
    }
    for part in schema["allOf"].as_array().into_iter().flatten() {
        gather(part, fields, required);
    }
    let own = schema["properties"].as_object().into_iter().flatten();
    fields.extend(own.map(|(name, field)| (name.clone(), field.clone())));
    let names = schema["required"].as_array().into_iter().flatten();
    required.extend(names.filter_map(Value::as_str).map(str::to_owned));
}
