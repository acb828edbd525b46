//! Rules for what people type, with sentences that tell them what to do. Lengths count characters, not bytes.

use garde::Error;

type Checked = Result<(), Error>;

/// Letters that no keyboard makes and no screen shows: NUL breaks databases, the others hide text.
fn is_unprintable(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
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
        if text.trim().is_empty() {
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
    move |texts, _| {
        if texts.len() > most {
            return Err(Error::new(format!("{what}最多 {most} 个")));
        }
        texts.iter().try_for_each(|text| {
            if text.trim().is_empty() { Err(Error::new(format!("{what}不能为空"))) } else { check(what, text, max) }
        })
    }
}

/// Answers to a form: what a person typed in them can be read by people. Their lengths are the form's.
pub fn legible<C>(answers: &Option<serde_json::Map<String, serde_json::Value>>, _: &C) -> Checked {
    let texts = answers.iter().flatten().flat_map(|(name, value)| [Some(name.as_str()), value.as_str()]).flatten();
    match texts.flat_map(str::chars).any(is_unprintable) {
        true => Err(Error::new("表单里有不能识别的字符，请删除后再提交")),
        false => Ok(()),
    }
}

/// The digits of a mainland mobile number, without `+86`, spaces and dashes; `None` where it is not one.
///
/// Prefixes grow and numbers move between carriers, so no list of carriers is kept.
pub fn digits(phone: &str) -> Option<String> {
    let plain: String = phone.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    let plain = plain.strip_prefix("+86").unwrap_or(&plain);
    let mut chars = plain.chars();
    let starts_well = chars.next() == Some('1') && chars.next().is_some_and(|c| ('3'..='9').contains(&c));
    (starts_well && plain.len() == 11 && plain.chars().all(|c| c.is_ascii_digit())).then(|| plain.to_owned())
}

/// A mobile number, or a landline with its area code such as 0311-85551234; may be left out.
pub fn phone_number<C>(text: &Option<String>, _: &C) -> Checked {
    let Some(text) = text else { return Ok(()) };
    let landline = text.starts_with('0')
        && (10..=13).contains(&text.len())
        && text.chars().all(|c| c.is_ascii_digit() || c == '-');
    if landline || digits(text).is_some() {
        Ok(())
    } else {
        Err(Error::new("电话号码不对：请填 11 位手机号，或带区号的座机号，如 0311-85551234"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mobile_numbers_are_read_as_people_write_them() {
        for written in ["13812345678", "+86 138 1234 5678", "138-1234-5678"] {
            assert_eq!(digits(written).as_deref(), Some("13812345678"), "{written}");
        }
        for wrong in ["12812345678", "1381234567", "138123456789", "", "１３８１２３４５６７８"] {
            assert_eq!(digits(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn hidden_characters_are_refused() {
        for text in ["路灯\0坏了", "a\u{202e}b", "\u{7}"] {
            assert!(needed("描述", 10)(text, &()).is_err(), "{text:?}");
        }
        assert!(needed("描述", 10)("第一行\n第二行", &()).is_ok());
    }
}
