//! Values that are known to fit their kind of keyword before a message is made.

use std::fmt;

use chrono::{DateTime, Datelike, Utc};

use super::template::Template;
use super::template_time::time_value;
use super::template_value::{KeywordKind, ValueError, clean_value};
use crate::clock::BEIJING;

/// A value in its place: `thing2` and what it says.
#[derive(Clone, PartialEq, Eq)]
pub struct Keyed {
    pub(crate) keyword: String,
    pub(crate) value: String,
}

impl Keyed {
    /// The place, such as `thing2`.
    #[must_use]
    pub fn keyword(&self) -> &str {
        &self.keyword
    }

    #[must_use]
    pub fn value(&self) -> &str {
        &self.value
    }
}

/// The words stay out of logs.
impl fmt::Debug for Keyed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keyed").field("keyword", &self.keyword).finish_non_exhaustive()
    }
}

macro_rules! typed_values {
    ($($(#[$doc:meta])* $name:ident of $kind:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq)]
        pub struct $name(String);

        impl $name {
            pub const KIND: KeywordKind = KeywordKind::$kind;

            /// Cleans `value` of line breaks, control characters and emoji.
            ///
            /// # Errors
            /// [`ValueError`] when no harmless change makes it fit.
            pub fn new(value: &str) -> Result<Self, ValueError> {
                clean_value(&Self::KIND.to_string(), value).map(Self)
            }

            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Puts the value where the template has this kind under `number`.
            #[must_use]
            pub fn keyed(self, number: u32) -> Keyed {
                Keyed { keyword: format!("{}{number}", Self::KIND), value: self.0 }
            }
        }

        /// The words stay out of logs.
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    )*};
}

typed_values! {
    /// Any words, cut to twenty characters with the ellipsis inside.
    Thing of Thing;
    /// At most five Chinese characters and nothing else: `已接单`.
    Phrase of Phrase;
    /// At most 32 digits, letters and symbols: `XY-20261123-0042`.
    CharacterString of CharacterString;
    /// A clock, perhaps after a date: `2026年11月23日 09:15`, `09:15~10:00`.
    TimeValue of Time;
    /// A date, perhaps before a clock: `2026年11月23日`.
    DateValue of Date;
    /// At most ten Chinese characters, or twenty letters and symbols; no digits.
    NameValue of Name;
    /// At most 17 digits and symbols: `+86-0766-66888866`.
    PhoneNumberValue of PhoneNumber;
    /// At most 32 digits, perhaps with a point: `36.5`.
    NumberValue of Number;
    /// One currency sign, ten digits at most, perhaps 元: `￥12.50`.
    Amount of Amount;
    /// At most eight places, only the first and last Chinese: `粤A12345`.
    CarNumber of CarNumber;
    /// At most 32 letters.
    Letter of Letter;
    /// At most five symbols.
    Symbol of Symbol;
}

impl TimeValue {
    /// An instant, shown in Beijing time.
    #[must_use]
    pub fn of(at: DateTime<Utc>) -> Self {
        Self(time_value(at))
    }
}

impl DateValue {
    /// The day of an instant, in Beijing.
    #[must_use]
    pub fn of(at: DateTime<Utc>) -> Self {
        let day = at.with_timezone(&BEIJING);
        Self(format!("{}年{}月{}日", day.year(), day.month(), day.day()))
    }
}

/// One of the words that a template lists for a keyword.
#[derive(Clone, PartialEq, Eq)]
pub struct EnumString(Keyed);

impl EnumString {
    /// Takes `value` if `template` lists it for `keyword`, such as
    /// `enum_string1`.
    ///
    /// # Errors
    /// [`ValueError::NotListed`] otherwise, also if the template has no list.
    pub fn new(template: &Template, keyword: &str, value: &str) -> Result<Self, ValueError> {
        let words = template.words_of(keyword).unwrap_or_default();
        if words.iter().any(|word| word == value) {
            Ok(Self(Keyed { keyword: keyword.to_owned(), value: value.to_owned() }))
        } else {
            Err(ValueError::NotListed)
        }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0.value
    }

    /// The value in the place that it was checked for.
    #[must_use]
    pub fn keyed(self) -> Keyed {
        self.0
    }
}

/// The words stay out of logs.
impl fmt::Debug for EnumString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EnumString").field("keyword", &self.0.keyword).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::template::{KeywordWords, TemplateKind};

    #[test]
    fn a_value_knows_its_place() {
        let keyed = CharacterString::new("XY-1").unwrap().keyed(12);
        assert_eq!((keyed.keyword(), keyed.value()), ("character_string12", "XY-1"));
        assert_eq!(KeywordKind::of_key(keyed.keyword()), Some(CharacterString::KIND));
    }

    #[test]
    fn a_thing_is_shortened_inside_its_twenty() {
        let thing = Thing::new(&"长".repeat(30)).unwrap();
        assert_eq!(thing.as_str().chars().count(), 20);
        assert!(thing.as_str().ends_with('…'));
    }

    #[test]
    fn each_type_refuses_what_its_kind_refuses() {
        assert_eq!(Phrase::new("OK"), Err(ValueError::NotOfKind(KeywordKind::Phrase)));
        assert_eq!(NameValue::new("用户410774"), Err(ValueError::NotOfKind(KeywordKind::Name)));
        assert_eq!(Letter::new(""), Err(ValueError::Empty));
        assert!(PhoneNumberValue::new("+86-0766-66888866").is_ok());
        assert!(NumberValue::new("36.5").is_ok() && NumberValue::new("many").is_err());
        assert!(Amount::new("￥12.50").is_ok() && Amount::new("十元").is_err());
        assert!(CarNumber::new("粤A12345").is_ok() && CarNumber::new("粤粤12345").is_err());
        assert!(Symbol::new("!?").is_ok() && Symbol::new("a").is_err());
    }

    #[test]
    fn instants_become_values_that_pass_their_own_check() {
        let at = "2026-11-23T16:05:59Z".parse().unwrap();
        assert_eq!(TimeValue::of(at), TimeValue::new("2026年11月24日 00:05").unwrap());
        assert_eq!(DateValue::of(at), DateValue::new("2026年11月24日").unwrap());
    }

    #[test]
    fn only_a_listed_word_is_an_enum_string() {
        let words = KeywordWords { keyword: "enum_string1".into(), words: vec!["处理中".into()] };
        let template = Template {
            id: "t1".into(),
            title: String::new(),
            content: "状态:{{enum_string1.DATA}}".into(),
            example: String::new(),
            kind: TemplateKind::OneTime,
            enums: vec![words],
        };
        let keyed = EnumString::new(&template, "enum_string1", "处理中").unwrap().keyed();
        assert_eq!((keyed.keyword(), keyed.value()), ("enum_string1", "处理中"));
        assert_eq!(EnumString::new(&template, "enum_string1", "完成"), Err(ValueError::NotListed));
        assert_eq!(EnumString::new(&template, "enum_string2", "处理中"), Err(ValueError::NotListed));
    }

    #[test]
    fn debug_shows_no_words() {
        let printed = format!("{:?} {:?}", Thing::new("王阿姨").unwrap(), Thing::new("王阿姨").unwrap().keyed(1));
        assert_eq!(printed, "Thing { .. } Keyed { keyword: \"thing1\", .. }");
    }
}
