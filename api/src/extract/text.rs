//! Rules for what people type, with sentences that tell them what to do. Lengths count characters, not bytes.

use domain::people::is_phone;
use garde::Error;

type Checked = Result<(), Error>;

/// Letters that no keyboard makes and no screen shows: NUL breaks databases, the others hide text.
fn is_unprintable(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Nothing that anybody could read: spaces, and letters without width.
fn is_blank(text: &str) -> bool {
    text.chars()
        .all(|c| c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{3164}'))
}

fn check(what: &str, text: &str, max: usize) -> Checked {
    if text.chars().any(is_unprintable) {
        return Err(Error::new(format!("{what}里有不能识别的字符，请删除后再提交")));
    }
    let length = text.chars().count();
    if length > max {
        return Err(Error::new(format!("{what}太长了：最多 {max} 个字，现在 {length} 个字")));
    }
    Ok(())
}

/// A text that must say something.
pub fn needed<C>(what: &'static str, max: usize) -> impl FnOnce(&str, &C) -> Checked {
    move |text, _| {
        if is_blank(text) {
            return Err(Error::new(format!("请填写{what}")));
        }
        check(what, text, max)
    }
}

/// A name that others read in the middle of a screen: on one line, or it could look like our own words.
pub fn one_line<C>(what: &'static str, max: usize) -> impl FnOnce(&str, &C) -> Checked {
    move |text, context| {
        if text.contains(['\n', '\r', '\t']) {
            return Err(Error::new(format!("{what}请写在一行里")));
        }
        needed(what, max)(text, context)
    }
}

/// A text that may be left out.
pub fn optional<C>(what: &'static str, max: usize) -> impl FnOnce(&Option<String>, &C) -> Checked {
    move |text, _| text.as_deref().map_or(Ok(()), |text| check(what, text, max))
}

/// A list of short texts.
pub fn list_of<C>(what: &'static str, most: usize, max: usize) -> impl FnOnce(&Vec<String>, &C) -> Checked {
    move |texts, context| {
        few(what, most)(texts, context)?;
        texts.iter().try_for_each(|text| {
            if is_blank(text) { Err(Error::new(format!("{what}不能为空"))) } else { check(what, text, max) }
        })
    }
}

/// A list that is read on a phone.
pub fn few<T, C>(what: &'static str, most: usize) -> impl FnOnce(&Vec<T>, &C) -> Checked {
    move |all, _| if all.len() > most { Err(Error::new(format!("{what}最多 {most} 个"))) } else { Ok(()) }
}

/// Answers to a form: what a person typed in them can be read by people. Their lengths are the form's.
pub fn legible<C>(answers: &Option<serde_json::Map<String, serde_json::Value>>, _: &C) -> Checked {
    let texts = answers.iter().flatten().flat_map(|(name, value)| [Some(name.as_str()), value.as_str()]).flatten();
    match texts.flat_map(str::chars).any(is_unprintable) {
        true => Err(Error::new("表单里有不能识别的字符，请删除后再提交")),
        false => Ok(()),
    }
}

/// A mobile number, or a landline with its area code such as 0311-85551234; may be left out.
pub fn phone_number<C>(text: &Option<String>, _: &C) -> Checked {
    let Some(text) = text else { return Ok(()) };
    if is_phone(text) {
        Ok(())
    } else {
        Err(Error::new("电话号码不对：请填 11 位手机号，或带区号的座机号，如 0311-85551234"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_characters_are_refused() {
        for text in ["路灯\0坏了", "a\u{202e}b", "\u{7}"] {
            assert!(needed("描述", 10)(text, &()).is_err(), "{text:?}");
        }
        assert!(needed("描述", 10)("第一行\n第二行", &()).is_ok());
    }
}
