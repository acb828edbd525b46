use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::phones::{PhoneAccount, PhoneRight};
use crate::sandbox::template::TemplateKind;

/// How one person stands with one account.
pub(crate) struct Membership {
    /// The person's place among the people.
    pub(super) person: usize,
    pub(crate) app_id: String,
    pub(super) active_at: Option<DateTime<Utc>>,
    pub(crate) follow: Option<Follow>,
    /// Rights to send, by template.
    rights: BTreeMap<String, Right>,
}

/// Since when a service account is followed, and through which of its codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Follow {
    pub(crate) since: DateTime<Utc>,
    pub(crate) scene: Option<String>,
    /// Lets no template message through (拒收). Ends with the following.
    pub(crate) blocking: bool,
}

#[derive(Clone, Copy, Default)]
struct Right {
    /// One message each.
    one_time: u32,
    long_term: bool,
}

/// The person has not subscribed, or the right is used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NoRight;

impl Membership {
    pub(super) fn new(person: usize, app_id: &str) -> Self {
        Self { person, app_id: app_id.to_owned(), active_at: None, follow: None, rights: BTreeMap::new() }
    }

    /// UNVERIFIED: how many one-time acceptances add up; here all do.
    pub(super) fn accept(&mut self, template_id: &str, kind: TemplateKind) {
        let right = self.rights.entry(template_id.to_owned()).or_default();
        match kind {
            TemplateKind::OneTime => right.one_time = right.one_time.saturating_add(1),
            TemplateKind::LongTerm => right.long_term = true,
        }
    }

    /// A no to the prompt. UNVERIFIED: that it ends a long-term subscription,
    /// and leaves earlier one-time acceptances alone.
    pub(crate) fn decline(&mut self, template_id: &str) {
        if let Some(right) = self.rights.get_mut(template_id) {
            right.long_term = false;
        }
    }

    /// A refusal in the card's own settings: nothing is left.
    pub(crate) fn withdraw(&mut self, template_id: &str) {
        self.rights.remove(template_id);
    }

    pub(crate) fn rights(&self, template_id: &str) -> u32 {
        let right = self.rights.get(template_id).copied().unwrap_or_default();
        right.one_time.saturating_add(u32::from(right.long_term))
    }

    pub(super) fn spend(&mut self, template_id: &str) -> Result<(), NoRight> {
        let right = self.rights.get_mut(template_id).ok_or(NoRight)?;
        if !right.long_term {
            right.one_time = right.one_time.checked_sub(1).ok_or(NoRight)?;
        }
        Ok(())
    }

    /// The person is gone from WeChat.
    pub(super) fn leave(&mut self) {
        self.follow = None;
        self.rights.clear();
    }

    pub(super) fn shown(&self, openid: &str) -> PhoneAccount {
        let right = |(template_id, right): (&String, &Right)| PhoneRight {
            template_id: template_id.clone(),
            one_time: right.one_time,
            long_term: right.long_term,
        };
        PhoneAccount {
            app_id: self.app_id.clone(),
            openid: openid.to_owned(),
            following: self.follow.is_some(),
            blocking: self.follow.as_ref().is_some_and(|follow| follow.blocking),
            rights: self.rights.iter().map(right).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_term_right_lasts_until_it_is_withdrawn() {
        let mut member = Membership::new(0, "wx1");
        member.accept("t", TemplateKind::LongTerm);
        for _ in 0..50 {
            assert_eq!(member.spend("t"), Ok(()));
        }
        member.withdraw("t");
        assert_eq!(member.spend("t"), Err(NoRight));
    }

    #[test]
    fn one_time_rights_add_up_and_outlive_a_later_no() {
        let mut member = Membership::new(0, "wx1");
        member.accept("t", TemplateKind::OneTime);
        member.accept("t", TemplateKind::OneTime);
        member.decline("t");
        assert_eq!(member.rights("t"), 2);
        assert_eq!((member.spend("t"), member.spend("t"), member.spend("t")), (Ok(()), Ok(()), Err(NoRight)));
    }
}
