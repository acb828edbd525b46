//! The little XML that WeChat sends: elements and text, no attributes that
//! mean anything. Document types, and with them entities of one's own, are
//! refused where they begin, so nothing grows beyond the size of the body.

use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;
use serde_json::{Map, Value};

use super::error::CallbackError;

/// Elements inside elements. WeChat's deepest push has four.
const MAX_DEPTH: usize = 8;

/// Reads a document as if it were JSON: an element with children is an
/// object, one without is text, and those of one name are an array.
pub(super) fn read(text: &str) -> Result<Map<String, Value>, CallbackError> {
    let mut reader = Reader::from_str(text);
    let mut tree = Tree::default();
    loop {
        match reader.read_event().map_err(|_| CallbackError::Syntax)? {
            Event::Start(tag) => tree.open(&tag)?,
            Event::Empty(tag) => {
                tree.open(&tag)?;
                tree.close()?;
            }
            Event::End(_) => tree.close()?,
            Event::Text(text) => tree.write(&text.decode().map_err(|_| CallbackError::Encoding)?)?,
            Event::CData(text) => tree.write(&text.decode().map_err(|_| CallbackError::Encoding)?)?,
            Event::GeneralRef(reference) => tree.write(&resolve(&reference)?)?,
            Event::Comment(_) | Event::Decl(_) => {}
            Event::DocType(_) | Event::PI(_) => return Err(CallbackError::ForbiddenXml),
            Event::Eof => return tree.finish(),
        }
    }
}

/// `&lt;` and its like, and `&#20013;`.
fn resolve(reference: &BytesRef<'_>) -> Result<String, CallbackError> {
    if let Some(character) = reference.resolve_char_ref().map_err(|_| CallbackError::Syntax)? {
        return Ok(character.to_string());
    }
    let name = reference.decode().map_err(|_| CallbackError::Encoding)?;
    resolve_xml_entity(&name).map(str::to_owned).ok_or(CallbackError::ForbiddenXml)
}

/// The elements that are not closed yet, from the outermost on, and the
/// outermost once it is closed.
#[derive(Default)]
struct Tree {
    open: Vec<Element>,
    root: Option<Value>,
}

struct Element {
    name: String,
    text: String,
    children: Map<String, Value>,
}

impl Tree {
    fn open(&mut self, tag: &BytesStart<'_>) -> Result<(), CallbackError> {
        if self.root.is_some() {
            return Err(CallbackError::Syntax);
        }
        if self.open.len() == MAX_DEPTH {
            return Err(CallbackError::ForbiddenXml);
        }
        let name = str::from_utf8(tag.name().into_inner()).map_err(|_| CallbackError::Encoding)?.to_owned();
        self.open.push(Element { name, text: String::new(), children: Map::new() });
        Ok(())
    }

    fn close(&mut self) -> Result<(), CallbackError> {
        let Element { name, text, children } = self.open.pop().ok_or(CallbackError::Syntax)?;
        let value = if children.is_empty() { Value::String(text) } else { Value::Object(children) };
        match self.open.last_mut() {
            Some(parent) => add(&mut parent.children, name, value),
            None => self.root = Some(value),
        }
        Ok(())
    }

    /// Text between elements is layout; outside of all it has to be blank.
    fn write(&mut self, text: &str) -> Result<(), CallbackError> {
        match self.open.last_mut() {
            Some(element) => element.text.push_str(text),
            None if text.trim().is_empty() => {}
            None => return Err(CallbackError::Syntax),
        }
        Ok(())
    }

    fn finish(self) -> Result<Map<String, Value>, CallbackError> {
        match self.root {
            Some(Value::Object(fields)) if self.open.is_empty() => Ok(fields),
            _ => Err(CallbackError::Syntax),
        }
    }
}

fn add(children: &mut Map<String, Value>, name: String, value: Value) {
    match children.get_mut(&name) {
        None => {
            children.insert(name, value);
        }
        Some(Value::Array(items)) => items.push(value),
        Some(first) => *first = Value::Array(vec![first.take(), value]),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn tree(text: &str) -> Result<Value, CallbackError> {
        read(text).map(Value::Object)
    }

    #[test]
    fn elements_become_text_objects_and_arrays() {
        let text = "<?xml version=\"1.0\"?>\n<xml>\n <A><![CDATA[1 < 2]]></A><B/>\n <L><I>x</I></L><L><I>y</I></L>\n\
                    <C>a &amp; &#x4e2d; <!-- not told --> b</C></xml>\n";
        let expected = json!({
            "A": "1 < 2", "B": "", "L": [{ "I": "x" }, { "I": "y" }], "C": "a & 中  b",
        });
        assert_eq!(tree(text), Ok(expected));
    }

    #[test]
    fn a_bomb_is_refused_where_it_begins() {
        let lines: String =
            (1..10).map(|n| format!("<!ENTITY e{n} \"{}\">", format!("&e{};", n - 1).repeat(10))).collect();
        let bomb = format!("<!DOCTYPE xml [<!ENTITY e0 \"ha\">{lines}]><xml><Event>&e9;</Event></xml>");
        assert_eq!(tree(&bomb), Err(CallbackError::ForbiddenXml));
    }

    #[test]
    fn nothing_outside_the_document_is_fetched_or_named() {
        for text in [
            "<!DOCTYPE xml SYSTEM \"file:///etc/passwd\"><xml><A>1</A></xml>",
            "<xml><A>&secret;</A></xml>",
            "<?xml-stylesheet href=\"x\"?><xml><A>1</A></xml>",
        ] {
            assert_eq!(tree(text), Err(CallbackError::ForbiddenXml), "{text}");
        }
    }

    #[test]
    fn depth_is_limited() {
        let nested = |depth| format!("{}{}{}", "<a>".repeat(depth), "x", "</a>".repeat(depth));
        assert!(tree(&nested(MAX_DEPTH)).is_ok());
        assert_eq!(tree(&nested(MAX_DEPTH + 1)), Err(CallbackError::ForbiddenXml));
        assert_eq!(tree(&"<a>".repeat(20_000)), Err(CallbackError::ForbiddenXml));
    }

    #[test]
    fn half_a_document_is_none() {
        for text in [
            "",
            "<xml>",
            "<xml><A>1</A>",
            "<xml><A>1</B></xml>",
            "<xml/>",
            "</xml>",
            "<xml><A>1</A></xml>!",
            "<xml><A>1</A></xml><xml><A>1</A></xml>",
        ] {
            assert_eq!(tree(text), Err(CallbackError::Syntax), "{text}");
        }
    }
}
