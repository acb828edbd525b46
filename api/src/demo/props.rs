//! What a story keeps at hand: ids by the names that its calls use.

use std::collections::HashMap;

use chrono::{Days, Months, NaiveDate};

/// Names in braces and what stands for them.
#[derive(Clone, Debug, Default)]
pub struct Props {
    known: HashMap<String, String>,
}

impl Props {
    pub fn on(today: NaiveDate) -> Self {
        let mut props = Self::default();
        props.keep("tomorrow", today.checked_add_days(Days::new(1)).unwrap_or(today));
        props.keep("in a month", today.checked_add_months(Months::new(1)).unwrap_or(today));
        props
    }

    pub fn keep(&mut self, name: &str, what: impl ToString) {
        self.known.insert(name.to_owned(), what.to_string());
    }

    /// `{n}` first: it may stand in the name of another.
    pub fn fill(&self, text: &str, n: u32) -> String {
        let numbered = text.replace("{n}", &n.to_string());
        self.known.iter().fold(numbered, |text, (name, what)| text.replace(&format!("{{{name}}}"), what))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_filled_in_and_braces_of_json_stay() {
        let mut props = Props::on(NaiveDate::from_ymd_opt(2026, 11, 30).expect("a day"));
        props.keep("door2", "abc");
        assert_eq!(props.fill("/doors/{door{n}}", 2), "/doors/abc");
        let body = props.fill(r#"{ "on": "{tomorrow}", "back": "{in a month}", "room": "{n}01" }"#, 3);
        assert_eq!(body, r#"{ "on": "2026-12-01", "back": "2026-12-30", "room": "301" }"#);
    }
}
