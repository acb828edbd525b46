//! What may stand in a template's keyword. A value against its rule costs the
//! whole message (47003), so values are cleaned and checked before sending.
//!
//! Table 参数类别 on
//! <https://developers.weixin.qq.com/miniprogram/dev/server/API/mp-message-management/subscribe-message/api_sendmessage.html>

use super::template_time::{is_date_value, is_time_value};

/// The kinds of keyword whose rules WeChat publishes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, strum::EnumString, strum::Display)]
#[strum(serialize_all = "snake_case")]
pub enum KeywordKind {
    Thing,
    Number,
    Letter,
    Symbol,
    CharacterString,
    Time,
    Date,
    Amount,
    PhoneNumber,
    CarNumber,
    Name,
    Phrase,
}

/// Why a value cannot be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ValueError {
    #[error("empty")]
    Empty,
    #[error("longer than {limit} characters")]
    TooLong { limit: usize },
    #[error("not a {0} value")]
    NotOfKind(KeywordKind),
    #[error("not one of the template's words")]
    NotListed,
}

/// Makes `value` fit the keyword `key` (such as `thing2`), or says why not.
///
/// Line breaks and control characters become spaces, emoji go, a long `thing`
/// is cut. Keywords of a kind that WeChat publishes no rule for (`enum_string`,
/// whose words are the template's own, or `short_thing`) are only cleaned.
///
/// # Errors
/// [`ValueError`] when no harmless change makes the value fit.
pub fn clean_value(key: &str, value: &str) -> Result<String, ValueError> {
    let clean = without_noise(value);
    match KeywordKind::of_key(key) {
        Some(kind) => kind.fit(clean),
        None if clean.is_empty() => Err(ValueError::Empty),
        None => Ok(clean),
    }
}

impl KeywordKind {
    /// `thing2` is a `thing`; the digits are the template's.
    #[must_use]
    pub fn of_key(key: &str) -> Option<Self> {
        key.trim_end_matches(|c: char| c.is_ascii_digit()).parse().ok()
    }

    /// The rule as WeChat's page words it: no cleaning, no cutting.
    ///
    /// # Errors
    /// [`ValueError`] for what WeChat should answer with 47003.
    pub fn check(self, value: &str) -> Result<(), ValueError> {
        if value.trim().is_empty() {
            return Err(ValueError::Empty);
        }
        if let Some(limit) = self.limit(value)
            && value.chars().count() > limit
        {
            return Err(ValueError::TooLong { limit });
        }
        if value.chars().any(char::is_control) || !self.admits(value) {
            return Err(ValueError::NotOfKind(self));
        }
        Ok(())
    }

    fn fit(self, value: String) -> Result<String, ValueError> {
        let value = match self {
            Self::Thing => shortened(value, THING_LIMIT),
            _ => value,
        };
        self.check(&value)?;
        Ok(value)
    }

    /// In Unicode scalar values; WeChat's page says no more than "characters".
    fn limit(self, value: &str) -> Option<usize> {
        match self {
            Self::Thing => Some(THING_LIMIT),
            Self::Letter | Self::CharacterString => Some(32),
            Self::Symbol | Self::Phrase => Some(5),
            Self::PhoneNumber => Some(17),
            Self::CarNumber => Some(8),
            // A mixed name counts as a Chinese one.
            Self::Name if value.chars().any(is_han) => Some(10),
            Self::Name => Some(20),
            // These count digits, or nothing.
            Self::Number | Self::Time | Self::Date | Self::Amount => None,
        }
    }

    fn admits(self, value: &str) -> bool {
        match self {
            Self::Thing => true,
            Self::Number => is_decimal(value, 32),
            Self::Letter => value.chars().all(|c| c.is_ascii_alphabetic()),
            Self::Symbol => value.chars().all(is_symbol),
            Self::CharacterString => !value.chars().any(is_han),
            Self::Time => is_time_value(value),
            Self::Date => is_date_value(value),
            Self::Amount => is_amount(value),
            Self::PhoneNumber => value.chars().all(|c| c.is_ascii_digit() || is_symbol(c)),
            Self::CarNumber => is_car_number(value),
            Self::Name => !value.chars().any(char::is_numeric),
            Self::Phrase => value.chars().all(is_han),
        }
    }
}

const THING_LIMIT: usize = 20;

/// Cuts to `limit` characters, the ellipsis included.
fn shortened(value: String, limit: usize) -> String {
    if value.chars().count() <= limit {
        return value;
    }
    let kept: String = value.chars().take(limit - 1).collect();
    format!("{}…", kept.trim_end())
}

/// How WeChat counts emoji is not documented, and control characters are
/// refused: drop the ones, turn the others into single spaces.
fn without_noise(value: &str) -> String {
    let visible: String =
        value.chars().map(|c| if c.is_control() { ' ' } else { c }).filter(|c| !is_emoji_or_invisible(*c)).collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

const fn is_emoji_or_invisible(c: char) -> bool {
    matches!(c,
        // zero-width and direction marks, joiners, keycap, variation selectors
        '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{20E3}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
        // pictographs old and new, flags, tags
        | '\u{2600}'..='\u{27BF}' | '\u{2B00}'..='\u{2BFF}'
        | '\u{1F000}'..='\u{1FAFF}' | '\u{E0000}'..='\u{E007F}'
    )
}

const fn is_han(c: char) -> bool {
    matches!(c,
        '\u{3007}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{323AF}'
    )
}

fn is_symbol(c: char) -> bool {
    !c.is_alphanumeric() && !is_han(c)
}

/// Digits, with at most one point between them.
fn is_decimal(value: &str, most_digits: usize) -> bool {
    let (whole, fraction) = value.split_once('.').unwrap_or((value, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let count = value.bytes().filter(u8::is_ascii_digit).count();
    digits(whole) && digits(fraction) && count <= most_digits
}

/// At most one currency sign, ten digits, and perhaps 元: `￥12.50`, `12元`.
fn is_amount(value: &str) -> bool {
    let value = value.strip_suffix('元').unwrap_or(value);
    let value = value.strip_prefix(['¥', '￥', '$', '€', '£']).unwrap_or(value);
    is_decimal(value, 10)
}

/// Only the first and the last place may be Chinese, as in `粤A12345警`.
fn is_car_number(value: &str) -> bool {
    let last = value.chars().count().saturating_sub(1);
    value
        .chars()
        .enumerate()
        .all(|(place, c)| c.is_ascii_alphanumeric() || (is_han(c) && (place == 0 || place == last)))
}

#[cfg(test)]
#[path = "template_value_tests.rs"]
mod tests;
