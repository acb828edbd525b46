//! What became of the notices of an event, for those staff who may have to pick up the telephone.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, FixedOffset, Utc};
use domain::ids::{OutboxId, PersonId};
use domain::notice::{NoticeKind, Told};
use domain::order::Order;
use domain::people::access::{Operation, reaches};
use domain::people::{Actor, Role};
use domain::ports::ToldLine;
use serde::Serialize;
use utoipa::ToSchema;

use super::{TimelineItem, local};

/// Whether somebody was told, and how. Names nobody: several people of one side are counted.
#[derive(Debug, Serialize, ToSchema)]
pub struct ToldView {
    /// `居民`, `承办单位` or `社区`.
    #[schema(example = "居民")]
    pub to: &'static str,
    /// What was told.
    #[schema(example = "accepted")]
    pub kind: &'static str,
    /// `inbox`, `subscribe`, `service_account`, `wecom` or `call`.
    #[schema(example = "subscribe")]
    pub channel: &'static str,
    /// `queued`, `sending`, or how it ended: `delivered`, `no_right` …
    #[schema(example = "delivered")]
    pub state: &'static str,
    /// When it ended; while it has no end, when it happened.
    pub at: DateTime<FixedOffset>,
    #[schema(example = "已微信通知居民")]
    pub text: String,
}

/// Those who answer for the order in its community, and those who watch over the community from above. What is told in a
/// mediation says how it goes on; nobody calls about it.
pub fn sees_told(actor: &Actor, order: &Order) -> bool {
    !order.is_mediated()
        && !actor.is_accused_in(order)
        && actor.posts.iter().any(|post| {
            matches!(post.role, Role::IntakeClerk | Role::Secretary | Role::Supervisor)
                && reaches(Operation::OrdersTimeline, post, order)
        })
}

/// Puts what was told beside each event.
pub fn tell(items: &mut [TimelineItem], lines: &[ToldLine]) {
    for item in items {
        item.told = Some(told(lines.iter().filter(|line| line.seq == item.seq)));
    }
}

fn told<'a>(lines: impl Iterator<Item = &'a ToldLine>) -> Vec<ToldView> {
    let mut ladders: HashMap<(OutboxId, PersonId), Vec<&ToldLine>> = HashMap::new();
    // That the desk was asked to call is said by the call itself.
    for line in lines.filter(|line| line.kind != NoticeKind::CallNeeded) {
        ladders.entry((line.notice, line.person)).or_default().push(line);
    }
    let mut alike: BTreeMap<(Told, NoticeKind), (usize, DateTime<Utc>)> = BTreeMap::new();
    for mut ladder in ladders.into_values() {
        ladder.sort_by_key(|rung| rung.channel);
        for (n, rung) in ladder.iter().enumerate() {
            let next = ladder.get(n + 1).map(|above| above.channel);
            let told = Told { side: rung.side, channel: rung.channel, state: rung.state, next, people: 0 };
            let (people, at) = alike.entry((told, rung.kind)).or_insert((0, rung.at));
            *people += 1;
            *at = rung.at.max(*at);
        }
    }
    alike.into_iter().map(|((told, kind), (people, at))| view(Told { people, ..told }, kind, at)).collect()
}

fn view(told: Told, kind: NoticeKind, at: DateTime<Utc>) -> ToldView {
    // What the clock brings about stands beside the last event, which it does not belong to.
    let occasion = if kind == NoticeKind::NearDue {
        "即将到期提醒："
    } else if kind == NoticeKind::Overdue {
        "超期提醒："
    } else {
        ""
    };
    ToldView {
        to: told.side.text(),
        kind: kind.into(),
        channel: told.channel.into(),
        state: told.state.name(),
        at: local(at),
        text: format!("{occasion}{}", told.text()),
    }
}

#[cfg(test)]
mod tests {
    use domain::notice::Channel::{Call, Inbox, Subscribe, Wecom};
    use domain::notice::Outcome::{Delivered, NoRight};
    use domain::notice::{Channel, DeliveryState, Side};
    use uuid::Uuid;

    use super::*;

    const AT: &str = "2026-11-23T10:00:00+08:00";

    fn line(person: u128, side: Side, channel: Channel, state: DeliveryState) -> ToldLine {
        let notice = OutboxId(Uuid::from_u128(side as u128));
        let (kind, at) = (NoticeKind::Dispatched, AT.parse().expect("an instant"));
        ToldLine { notice, seq: 3, kind, side, person: PersonId(Uuid::from_u128(person)), channel, state, at }
    }

    fn texts(lines: &[ToldLine]) -> Vec<String> {
        told(lines.iter()).into_iter().map(|told| told.text).collect()
    }

    #[test]
    fn people_of_one_side_are_summed_up_and_each_rung_is_said() {
        let ended = DeliveryState::Ended;
        let lines = [
            line(4, Side::Desk, Wecom, DeliveryState::Queued),
            line(1, Side::Resident, Call, DeliveryState::Queued),
            line(1, Side::Resident, Subscribe, ended(NoRight)),
            line(2, Side::Partner, Subscribe, ended(Delivered)),
            line(3, Side::Partner, Subscribe, ended(Delivered)),
            line(5, Side::Partner, Inbox, ended(Delivered)),
        ];
        assert_eq!(
            texts(&lines),
            [
                "居民未订阅，已转电话任务",
                "待电话告知居民",
                "已写入承办单位的站内消息",
                "已微信通知承办单位 2 人",
                "等待发送给社区（企业微信）",
            ]
        );
    }

    #[test]
    fn reminders_say_their_occasion_and_the_wish_for_a_call_is_left_to_the_call() {
        let of = |kind| ToldLine { kind, ..line(4, Side::Desk, Inbox, DeliveryState::Ended(Delivered)) };
        let lines = [of(NoticeKind::Overdue), of(NoticeKind::CallNeeded)];
        assert_eq!(texts(&lines), ["超期提醒：已写入社区的站内消息"]);
    }
}
