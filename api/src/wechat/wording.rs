//! What each line of a message says, and of which kind it is. The words themselves are the domain's.

use domain::deadline::in_shanghai;
use domain::notice::{ORDERS, Subject, Template, words};
use domain::ports::Parcel;
use wechat_adapter::{KeywordKind, time_value};

/// The kinds of a subscribe message's lines, in order. The template's keywords are matched to them; their numbers differ from
/// account to account.
pub fn kinds(template: Template) -> [KeywordKind; 5] {
    use KeywordKind::{CharacterString, Phrase, Thing, Time};
    let third = match template {
        Template::Accepted | Template::OrderedForYou => Phrase,
        Template::Dispatched | Template::Resolved | Template::Alarm | Template::Progress | Template::Task => Thing,
    };
    [CharacterString, Thing, third, Time, Thing]
}

/// Number, matter, status, time and a hint. A service account's messages end with the time.
pub fn lines(parcel: &Parcel) -> [String; 5] {
    let said = words(&subject(parcel));
    [parcel.number.clone(), said.matter, said.status, time_value(parcel.at), said.hint]
}

/// The same in running text. To the second, so that WeCom, which knows a message again by its words, takes another event for
/// another message, and the same one that is sent again for the same.
pub fn text(parcel: &Parcel) -> String {
    let said = words(&subject(parcel));
    let at = in_shanghai(parcel.at).format("%-m月%-d日 %H:%M:%S");
    format!("【{}】{} {}\n{}　{at}\n{}", said.title, said.matter, parcel.number, said.status, said.hint)
}

fn subject(parcel: &Parcel) -> Subject<'_> {
    Subject {
        kind: parcel.kind,
        side: parcel.side,
        service: if parcel.order.is_some() { &parcel.service_name } else { ORDERS },
        sealed: parcel.sealed,
        partner: parcel.partner_name.as_deref(),
        facts: parcel.facts.as_ref(),
        count: u32::try_from(parcel.deliveries.len()).unwrap_or(u32::MAX),
    }
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;
    use wechat_adapter::TemplateKind;
    use wechat_adapter::sandbox::order_templates;

    use super::*;

    #[test]
    fn every_message_fits_the_sandbox() {
        let ids = crate::config::Settings::default().wechat.templates;
        for slot in Template::iter() {
            let own = order_templates().into_iter().find(|own| own.id == ids.id(slot)).expect("a template");
            let content = own.keywords.iter().map(|(key, label)| format!("{label}:{{{{{key}.DATA}}}}\n")).collect();
            let (id, title, example) = (own.id, own.title, String::new());
            let kind = TemplateKind::OneTime;
            let listed = wechat_adapter::Template { id, title, content, example, kind, enums: Vec::new() };
            listed.keywords_of(&kinds(slot)).unwrap_or_else(|misfit| panic!("{slot}: {misfit}"));
        }
    }
}
