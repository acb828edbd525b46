use std::collections::BTreeMap;

/// How long one acceptance lasts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TemplateKind {
    /// 一次性: one message for each acceptance.
    #[default]
    OneTime,
    /// 长期: any number until the person refuses.
    LongTerm,
}

impl TemplateKind {
    /// In the platform's numbering.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::OneTime => 2,
            Self::LongTerm => 3,
        }
    }
}

/// A message template as the console would have made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SandboxTemplate {
    pub id: String,
    pub title: String,
    pub kind: TemplateKind,
    /// Keyword and label, in the order of the card: `("thing2", "事项")`.
    pub keywords: Vec<(String, String)>,
    /// The only values that a keyword of listed values takes: those of an
    /// `enum_string`, or a service account's `const`.
    pub listed: BTreeMap<String, Vec<String>>,
}

impl SandboxTemplate {
    #[must_use]
    pub fn new(id: &str, title: &str, keywords: &[(&str, &str)]) -> Self {
        Self {
            id: id.to_owned(),
            title: title.to_owned(),
            kind: TemplateKind::OneTime,
            keywords: keywords.iter().map(|(key, label)| ((*key).to_owned(), (*label).to_owned())).collect(),
            listed: BTreeMap::new(),
        }
    }

    #[must_use]
    pub fn long_term(mut self) -> Self {
        self.kind = TemplateKind::LongTerm;
        self
    }

    /// Lets `keyword` take these values alone.
    #[must_use]
    pub fn listing(mut self, keyword: &str, values: &[&str]) -> Self {
        let values = values.iter().map(|value| (*value).to_owned()).collect();
        self.listed.insert(keyword.to_owned(), values);
        self
    }

    /// As gettemplate prints it: one `label:{{thing2.DATA}}` per line.
    pub(super) fn content(&self) -> String {
        self.keywords.iter().map(|(key, label)| format!("{label}:{{{{{key}.DATA}}}}\n")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_is_printed_as_wechat_prints_it() {
        let template = SandboxTemplate::new("t", "通知", &[("thing1", "事项"), ("time2", "时间")]);
        assert_eq!(template.content(), "事项:{{thing1.DATA}}\n时间:{{time2.DATA}}\n");
    }
}
