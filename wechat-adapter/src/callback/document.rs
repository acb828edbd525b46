//! A push's text as fields, whichever of the two formats the console is set
//! to. What is a number in one is a string in the other, and WeChat's own
//! samples mix them, so every field is read as text.

use serde_json::{Map, Value};

use super::error::CallbackError;
use super::xml;

/// A message or its envelope.
#[derive(Debug)]
pub(super) struct Document(Map<String, Value>);

impl Document {
    /// Tells the format by the first character: headers lie.
    pub(super) fn read(text: &str) -> Result<Self, CallbackError> {
        let text = text.trim_start_matches('\u{feff}').trim_start();
        if text.starts_with('<') {
            return xml::read(text).map(Self);
        }
        serde_json::from_str(text).map(Self).map_err(|_| CallbackError::Syntax)
    }

    pub(super) const fn fields(&self) -> Fields<'_> {
        Fields(&self.0)
    }
}

/// Fields of one object.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a>(&'a Map<String, Value>);

impl<'a> Fields<'a> {
    /// The field as trimmed text; none if it is missing or blank.
    pub(super) fn text(self, name: &str) -> Option<String> {
        self.0.get(name).and_then(text)
    }

    pub(super) fn need(self, name: &'static str) -> Result<String, CallbackError> {
        self.text(name).ok_or(CallbackError::MissingField(name))
    }

    pub(super) fn number(self, name: &str) -> Option<i64> {
        self.text(name)?.parse().ok()
    }

    /// The text of a field that may have several.
    pub(super) fn texts(self, name: &str) -> Vec<String> {
        self.items(name).filter_map(text).collect()
    }

    pub(super) fn child(self, name: &str) -> Option<Self> {
        self.0.get(name).and_then(Value::as_object).map(Fields)
    }

    /// The objects of a list, of which a single one comes bare.
    pub(super) fn list(self, name: &str) -> Vec<Self> {
        self.items(name).filter_map(Value::as_object).map(Fields).collect()
    }

    fn items(self, name: &str) -> impl Iterator<Item = &'a Value> {
        let items = match self.0.get(name) {
            Some(Value::Array(items)) => items.as_slice(),
            Some(one) => std::slice::from_ref(one),
            None => &[],
        };
        items.iter()
    }

    /// What the message says, without the ciphertext beside it, which differs
    /// each time that it is sent.
    pub(super) fn said(self) -> String {
        let fields = self.0.iter().filter(|(name, _)| *name != "Encrypt");
        fields.map(|(name, value)| format!("{name}={value}\n")).collect()
    }
}

/// Message ids exceed 2^53: a number keeps its digits by never being a float.
fn text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Bool(truth) => truth.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
    };
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_strings_read_the_same() {
        for text in [
            "\u{feff}{\"Id\":1864323726461255680,\"Blank\":\" \"}",
            " {\"Id\":\"1864323726461255680\",\"Blank\":null}",
            "<xml><Id>1864323726461255680</Id><Blank></Blank></xml>",
            "<xml><Id><![CDATA[ 1864323726461255680 ]]></Id></xml>",
        ] {
            let document = Document::read(text).unwrap();
            let fields = document.fields();
            assert_eq!(fields.text("Id").as_deref(), Some("1864323726461255680"));
            assert_eq!(fields.number("Id"), Some(1_864_323_726_461_255_680));
            assert_eq!(fields.text("Blank"), None);
            assert_eq!(fields.need("Blank"), Err(CallbackError::MissingField("Blank")));
        }
    }

    #[test]
    fn one_item_comes_bare_and_several_as_an_array() {
        for (text, count) in [
            (r#"{"List":{"T":"1"}}"#, 1),
            (r#"{"List":[{"T":"1"},{"T":"2"}]}"#, 2),
            (r#"{"List":[{"T":"1"}]}"#, 1),
            (r#"{"List":""}"#, 0),
            (r#"{}"#, 0),
            ("<xml><List><T>1</T></List></xml>", 1),
            ("<xml><List><T>1</T></List><List><T>2</T></List></xml>", 2),
        ] {
            let document = Document::read(text).unwrap();
            assert_eq!(document.fields().list("List").len(), count, "{text}");
        }
    }

    #[test]
    fn what_is_neither_is_refused() {
        for text in ["", "success", "[]", "\"<xml>\"", "{\"A\":1", &"[".repeat(60_000), &"{\"a\":".repeat(10_000)] {
            assert_eq!(Document::read(text).err(), Some(CallbackError::Syntax));
        }
    }

    #[test]
    fn what_is_said_leaves_out_the_ciphertext() {
        let said = |text| Document::read(text).unwrap().fields().said();
        assert_eq!(said(r#"{"A":1,"Encrypt":"x"}"#), said(r#"{"A":1,"Encrypt":"y"}"#));
        assert_ne!(said(r#"{"A":1}"#), said(r#"{"A":2}"#));
    }
}
