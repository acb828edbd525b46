use super::{CallRule, Channel, Importance, Nature, NoticeKind, NoticeLevel, Side, nature};

/// How somebody can be reached with one notice now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// Has an account with one of our mini-programs, and so an inbox that can be read.
    pub has_wechat: bool,
    /// The mini-program whose ledger allows this message.
    pub subscribe: Option<String>,
    /// Follows the service account, which has a template for it.
    pub service_account: bool,
    pub wecom: bool,
    pub level: NoticeLevel,
}

impl Reach {
    fn offers(&self, channel: Channel) -> bool {
        match channel {
            Channel::Inbox | Channel::Call => false,
            Channel::Subscribe => self.subscribe.is_some(),
            Channel::ServiceAccount => self.service_account,
            Channel::Wecom => self.wecom,
        }
    }
}

/// The rungs in the order in which they are tried. WeCom is the employer's: what people who work here are told as residents
/// is none of its business. A mediator is told as a person, and works all the same.
fn rungs(kind: NoticeKind, side: Side) -> &'static [Channel] {
    let is_work = matches!(kind, NoticeKind::Entrusted | NoticeKind::FollowUpDue);
    match side {
        Side::Resident if !is_work => &[Channel::Subscribe, Channel::ServiceAccount],
        Side::Resident | Side::Partner | Side::Desk => &[Channel::Subscribe, Channel::ServiceAccount, Channel::Wecom],
    }
}

/// The next way after those up to `after` did not reach the person; `None` where nothing more is done.
pub fn next_rung(
    after: Option<Channel>,
    kind: NoticeKind,
    side: Side,
    importance: Importance,
    reach: &Reach,
) -> Option<Channel> {
    if !reach.level.lets_through(importance) {
        return None;
    }
    let mut left = rungs(kind, side).iter().copied().filter(|rung| after.is_none_or(|after| *rung > after));
    left.find(|rung| reach.offers(*rung)).or_else(|| call(after, nature(kind, side), reach))
}

fn call(after: Option<Channel>, nature: Nature, reach: &Reach) -> Option<Channel> {
    let wanted = match nature.call {
        CallRule::Never => false,
        CallRule::WithoutWechat => !reach.has_wechat,
        CallRule::Unreached => true,
    };
    (wanted && after != Some(Channel::Call)).then_some(Channel::Call)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn climb(kind: NoticeKind, reach: &Reach) -> Vec<Channel> {
        climb_as(Side::Resident, kind, reach)
    }

    fn climb_as(side: Side, kind: NoticeKind, reach: &Reach) -> Vec<Channel> {
        let importance = nature(kind, side).importance;
        let next = |after: &Option<Channel>| next_rung(*after, kind, side, importance, reach);
        std::iter::successors(next(&None), |after| next(&Some(*after))).collect()
    }

    fn everything() -> Reach {
        let subscribe = Some("wx1".to_owned());
        Reach { has_wechat: true, subscribe, service_account: true, wecom: true, level: NoticeLevel::All }
    }

    #[test]
    fn each_rung_is_tried_once_and_a_call_comes_last() {
        use Channel::{Call, ServiceAccount, Subscribe};
        assert_eq!(climb(NoticeKind::Refused, &everything()), [Subscribe, ServiceAccount, Call]);
        assert_eq!(climb(NoticeKind::Accepted, &everything()), [Subscribe, ServiceAccount]);
        assert_eq!(climb(NoticeKind::Received, &everything()), [], "no right is spent on it");
    }

    #[test]
    fn wecom_is_for_those_who_work() {
        let member = Reach { wecom: true, ..Reach::default() };
        assert_eq!(climb_as(Side::Desk, NoticeKind::NewOrder, &member), [Channel::Wecom]);
        assert_eq!(climb_as(Side::Partner, NoticeKind::Dispatched, &member), [Channel::Wecom]);
        assert_eq!(climb_as(Side::Resident, NoticeKind::Refused, &member), [Channel::Call], "the own order is private");
    }

    #[test]
    fn a_mediator_works_and_a_party_does_not() {
        let member = Reach { wecom: true, ..Reach::default() };
        for kind in [NoticeKind::Entrusted, NoticeKind::FollowUpDue] {
            assert_eq!(climb(kind, &member), [Channel::Wecom], "{kind}");
        }
        for kind in [NoticeKind::Invited, NoticeKind::Meeting, NoticeKind::MeetingMoved, NoticeKind::ConfirmNeeded] {
            assert_eq!(climb(kind, &member), [], "the own quarrel is private: {kind}");
        }
    }

    #[test]
    fn an_elder_without_wechat_is_called() {
        let nothing = Reach::default();
        assert_eq!(climb(NoticeKind::Resolved, &nothing), [Channel::Call]);
        assert_eq!(climb(NoticeKind::Accepted, &nothing), [], "there is nothing to do for the elder");
        let silent = Reach { has_wechat: true, ..Reach::default() };
        assert_eq!(climb(NoticeKind::Resolved, &silent), [], "the inbox can be read");
        assert_eq!(climb(NoticeKind::VisitPlanned, &silent), [Channel::Call], "somebody comes to the door");
    }

    #[test]
    fn who_wants_silence_hears_of_danger_only() {
        let quiet = Reach { level: NoticeLevel::InboxOnly, ..everything() };
        assert_eq!(climb(NoticeKind::Refused, &quiet), []);
        assert_eq!(climb(NoticeKind::Alarm, &quiet).first(), Some(&Channel::Subscribe));
        let few = Reach { level: NoticeLevel::ImportantOnly, ..everything() };
        assert_eq!(climb(NoticeKind::Accepted, &few), []);
        assert_eq!(climb(NoticeKind::Refused, &few).first(), Some(&Channel::Subscribe));
    }
}
