//! For which messages a client asks the person now (`subscribe_hint`).

use domain::ids::PersonId;
use domain::notice::{MOST_HINTS, Side, worth_asking};
use domain::order::OrderStatus;
use domain::ports::StoreError;
use wechat_adapter::TemplateKind;

use crate::app::App;

impl App {
    /// Ids of templates of the person's mini-program that `wx.requestSubscribeMessage` takes together. One read; nothing is
    /// asked of WeChat.
    pub async fn subscribe_hint(
        &self,
        person: PersonId,
        side: Side,
        status: OrderStatus,
    ) -> Result<Vec<String>, StoreError> {
        let accounts = self.stores.wechat.allowed(person, &self.apps.ids()).await?;
        let Some(account) = accounts.first() else { return Ok(Vec::new()) };
        let Some(program) = self.apps.program(Some(&account.app_id)) else { return Ok(Vec::new()) };
        // What no process has asked for yet counts once, as most do.
        let kind = |id: &str| program.known_template(id).map_or(TemplateKind::OneTime, |known| known.kind);
        let wanted = worth_asking(side, status).iter().map(|slot| program.templates.id(*slot));
        Ok(choose(wanted.map(|id| (id, kind(id))), &account.templates))
    }
}

/// WeChat does not take templates of two kinds at once: those of the first one's kind.
fn choose<'a>(wanted: impl Iterator<Item = (&'a str, TemplateKind)>, allowed: &[String]) -> Vec<String> {
    let mut chosen: Vec<String> = Vec::new();
    let mut of_kind = None;
    for (id, kind) in wanted {
        let is_new =
            !id.is_empty() && !allowed.iter().any(|known| known == id) && !chosen.iter().any(|known| known == id);
        if is_new && *of_kind.get_or_insert(kind) == kind && chosen.len() < MOST_HINTS {
            chosen.push(id.to_owned());
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use wechat_adapter::TemplateKind::{LongTerm, OneTime};

    use super::*;

    #[test]
    fn what_is_allowed_already_is_not_asked_for() {
        let wanted = [("a", OneTime), ("b", OneTime), ("a", OneTime), ("", OneTime), ("c", OneTime)];
        assert_eq!(choose(wanted.into_iter(), &["b".to_owned()]), ["a", "c"]);
    }

    #[test]
    fn kinds_are_not_mixed() {
        let wanted = [("a", OneTime), ("b", LongTerm), ("c", OneTime)];
        assert_eq!(choose(wanted.into_iter(), &[]), ["a", "c"]);
        assert_eq!(choose(wanted.into_iter(), &["a".to_owned()]), ["b"]);
    }

    #[test]
    fn wechat_takes_five_at_once() {
        let names = ["a", "b", "c", "d", "e", "f"];
        assert_eq!(choose(names.into_iter().map(|id| (id, OneTime)), &[]), ["a", "b", "c", "d", "e"]);
    }
}
