//! The templates that an account of 红管家 would have been given.

use super::SandboxTemplate;

/// The mini-program's subscribe messages: an order's life as a resident can
/// ask for it, the work of those who handle it, and the alarm of those on duty.
#[must_use]
pub fn order_templates() -> Vec<SandboxTemplate> {
    let third_and_time = [
        ("hgj-order-accepted", "诉求接单通知", ("phrase3", "进度"), "接单时间"),
        ("hgj-order-dispatched", "诉求派单通知", ("thing3", "承办单位"), "派单时间"),
        ("hgj-order-resolved", "诉求办结通知", ("thing3", "办理结果"), "办结时间"),
        ("hgj-ordered-for-you", "代下单通知", ("phrase3", "进度"), "下单时间"),
        ("hgj-order-alarm", "紧急诉求提醒", ("thing3", "情况"), "下单时间"),
        // Whatever else a resident should know: refused, a visit's time,
        // merged, reopened.
        ("hgj-order-progress", "诉求进度通知", ("thing3", "进度"), "时间"),
        // What awaits staff: new, returned, completed, urged, near due or
        // overdue orders, and the day's digest.
        ("hgj-order-task", "工作待办提醒", ("thing3", "待办"), "时间"),
    ];
    let card = |(id, title, third, time): (&str, &str, (&str, &str), &str)| {
        let [number, subject] = FIRST_TWO;
        SandboxTemplate::new(id, title, &[number, subject, third, ("time4", time), ("thing5", "提示")])
    };
    third_and_time.map(card).into()
}

/// A service account's category templates (类目模板) for the same people.
#[must_use]
pub fn service_templates() -> Vec<SandboxTemplate> {
    let thirds = [("hgj-service-progress", "诉求进度通知", "进度"), ("hgj-service-task", "工作待办提醒", "待办")];
    let card = |(id, title, third): (&str, &str, &str)| {
        let [number, subject] = FIRST_TWO;
        SandboxTemplate::new(id, title, &[number, subject, ("thing3", third), ("time4", "时间")])
    };
    thirds.map(card).into()
}

/// Every card begins with them.
const FIRST_TWO: [(&str, &str); 2] = [("character_string1", "单号"), ("thing2", "事项")];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::KeywordKind;

    #[test]
    fn an_id_stands_for_one_template_and_every_keyword_has_a_rule() {
        let all: Vec<_> = order_templates().into_iter().chain(service_templates()).collect();
        assert_eq!(all.iter().map(|template| &template.id).collect::<HashSet<_>>().len(), all.len());
        let keywords = || all.iter().flat_map(|template| &template.keywords);
        assert!(keywords().all(|(keyword, _)| KeywordKind::of_key(keyword).is_some()));
    }

    #[test]
    fn a_message_of_work_fits_both_accounts() {
        let lines = |template: &SandboxTemplate| {
            template.keywords.iter().map(|(key, label)| format!("{key} {label}")).collect::<Vec<_>>()
        };
        let of = |templates: Vec<SandboxTemplate>, id: &str| {
            templates.into_iter().find(|template| template.id == id).map(|template| lines(&template)).unwrap()
        };
        let service = of(service_templates(), "hgj-service-task");
        assert_eq!(service, ["character_string1 单号", "thing2 事项", "thing3 待办", "time4 时间"]);
        assert_eq!(of(order_templates(), "hgj-order-task"), [&service[..], &["thing5 提示".to_owned()]].concat());
    }
}
