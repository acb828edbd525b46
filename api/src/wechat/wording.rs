//! The words of the notices: what each message says, keyword by keyword.

use domain::notice::{Audience, NoticeKind};
use domain::ports::OutboxItem;
use wechat_adapter::{KeywordKind, Template, time_value};

use crate::config::Templates;

/// Which of the account's templates tells this.
pub fn template(templates: &Templates, kind: NoticeKind) -> &str {
    match kind {
        NoticeKind::Accepted => &templates.accepted,
        NoticeKind::Dispatched => &templates.dispatched,
        NoticeKind::Resolved => &templates.resolved,
        NoticeKind::OrderedForYou => &templates.ordered_for_you,
        NoticeKind::Alarm => &templates.alarm,
    }
}

/// The kinds of a message's lines, in order. The template's keywords are matched to them; their numbers differ from account
/// to account.
pub fn kinds(kind: NoticeKind) -> [KeywordKind; 5] {
    use KeywordKind::{CharacterString, Phrase, Thing, Time};
    let third = match kind {
        NoticeKind::Accepted | NoticeKind::OrderedForYou => Phrase,
        NoticeKind::Dispatched | NoticeKind::Resolved | NoticeKind::Alarm => Thing,
    };
    [CharacterString, Thing, third, Time, Thing]
}

/// What stands in each line, in the order of [`kinds`]. Names the service and never the resident's own words: a lock screen is read by others.
pub fn lines(item: &OutboxItem) -> [String; 5] {
    let (third, hint) = third_and_hint(item);
    [item.order_number.clone(), item.service_name.clone(), third, time_value(item.at), hint.to_owned()]
}

fn third_and_hint(item: &OutboxItem) -> (String, &'static str) {
    match item.kind {
        NoticeKind::Accepted => ("已接单".to_owned(), "社区已接单，请保持电话畅通"),
        NoticeKind::Dispatched => {
            let hint = match item.audience {
                Audience::Person(_) => "已派给承办单位，请留意进度",
                Audience::Partner(_) | Audience::Desk(_) => "请打开小程序签收并按时办理",
            };
            (item.partner_name.clone().unwrap_or_default(), hint)
        }
        NoticeKind::Resolved => ("已办结".to_owned(), "请打开小程序评价办理结果"),
        NoticeKind::OrderedForYou => ("已下单".to_owned(), "有人替您下单，如不同意可撤单"),
        NoticeKind::Alarm => ("疑似紧急情况".to_owned(), "请马上打开小程序核实，并联系居民"),
    }
}

/// A line for which the template has no place, or a place for which there is no line.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum Unfit {
    #[error("the template has no keyword of kind {0} left")]
    Missing(KeywordKind),
    #[error("the template also wants {0}")]
    Surplus(String),
}

/// The template's keywords for lines of these kinds, in their order: the first line of a kind stands in the template's first
/// keyword of that kind.
pub fn keywords(template: &Template, kinds: &[KeywordKind]) -> Result<Vec<String>, Unfit> {
    let mut left: Vec<&str> = template.keywords().collect();
    let mut chosen = Vec::with_capacity(kinds.len());
    for kind in kinds {
        let place = left.iter().position(|keyword| KeywordKind::of_key(keyword) == Some(*kind));
        let place = place.ok_or(Unfit::Missing(*kind))?;
        chosen.push(left.remove(place).to_owned());
    }
    match left.first() {
        Some(surplus) => Err(Unfit::Surplus((*surplus).to_owned())),
        None => Ok(chosen),
    }
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;
    use wechat_adapter::TemplateKind;
    use wechat_adapter::sandbox::order_templates;

    use super::*;

    fn template_with(keywords: &[&str]) -> Template {
        let line = |keyword: &&str| format!("某项:{{{{{keyword}.DATA}}}}\n");
        let content = keywords.iter().map(line).collect();
        let (id, title, example) = ("t1".to_owned(), "某通知".to_owned(), String::new());
        Template { id, title, content, example, kind: TemplateKind::OneTime, enums: Vec::new() }
    }

    #[test]
    fn numbers_and_order_are_the_accounts_own() {
        let template = template_with(&["time8", "thing7", "phrase1", "thing2", "character_string4"]);
        let chosen = keywords(&template, &kinds(NoticeKind::Accepted)).expect("a fitting template");
        assert_eq!(chosen, ["character_string4", "thing7", "phrase1", "time8", "thing2"]);
    }

    #[test]
    fn what_does_not_fit_is_named() {
        use KeywordKind::{Phrase, Thing};
        assert_eq!(keywords(&template_with(&["thing1"]), &[Thing, Phrase]), Err(Unfit::Missing(Phrase)));
        let surplus = Err(Unfit::Surplus("thing2".into()));
        assert_eq!(keywords(&template_with(&["thing1", "thing2"]), &[Thing]), surplus);
    }

    #[test]
    fn every_notice_fits_the_sandbox() {
        let ids = crate::config::Settings::default().wechat.templates;
        for kind in NoticeKind::iter() {
            let own = order_templates().into_iter().find(|own| own.id == template(&ids, kind)).expect("a template");
            let keys: Vec<&str> = own.keywords.iter().map(|(key, _)| key.as_str()).collect();
            keywords(&template_with(&keys), &kinds(kind)).unwrap_or_else(|unfit| panic!("{kind}: {unfit}"));
        }
    }
}
