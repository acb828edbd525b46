/// A message template as the console would have made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SandboxTemplate {
    pub id: String,
    pub title: String,
    /// Keyword and label, in the order of the card: `("thing2", "事项")`.
    pub keywords: Vec<(String, String)>,
}

impl SandboxTemplate {
    #[must_use]
    pub fn new(id: &str, title: &str, keywords: &[(&str, &str)]) -> Self {
        Self {
            id: id.to_owned(),
            title: title.to_owned(),
            keywords: keywords.iter().map(|(key, label)| ((*key).to_owned(), (*label).to_owned())).collect(),
        }
    }

    /// As gettemplate prints it: one `label:{{thing2.DATA}}` per line.
    pub(super) fn content(&self) -> String {
        self.keywords.iter().map(|(key, label)| format!("{label}:{{{{{key}.DATA}}}}\n")).collect()
    }
}

/// The messages of an order's life that a resident can ask for, and the alarm of those on duty.
#[must_use]
pub fn order_templates() -> Vec<SandboxTemplate> {
    vec![
        SandboxTemplate::new(
            "hgj-order-accepted",
            "诉求接单通知",
            &[
                ("character_string1", "单号"),
                ("thing2", "事项"),
                ("phrase3", "进度"),
                ("time4", "接单时间"),
                ("thing5", "提示"),
            ],
        ),
        SandboxTemplate::new(
            "hgj-order-dispatched",
            "诉求派单通知",
            &[
                ("character_string1", "单号"),
                ("thing2", "事项"),
                ("thing3", "承办单位"),
                ("time4", "派单时间"),
                ("thing5", "提示"),
            ],
        ),
        SandboxTemplate::new(
            "hgj-order-resolved",
            "诉求办结通知",
            &[
                ("character_string1", "单号"),
                ("thing2", "事项"),
                ("thing3", "办理结果"),
                ("time4", "办结时间"),
                ("thing5", "提示"),
            ],
        ),
        SandboxTemplate::new(
            "hgj-ordered-for-you",
            "代下单通知",
            &[
                ("character_string1", "单号"),
                ("thing2", "事项"),
                ("phrase3", "进度"),
                ("time4", "下单时间"),
                ("thing5", "提示"),
            ],
        ),
        SandboxTemplate::new(
            "hgj-order-alarm",
            "紧急诉求提醒",
            &[
                ("character_string1", "单号"),
                ("thing2", "事项"),
                ("thing3", "情况"),
                ("time4", "下单时间"),
                ("thing5", "提示"),
            ],
        ),
    ]
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
