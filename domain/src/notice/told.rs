//! How staff read what became of a notice: on an order's timeline, and beside a call that is to be made.

use super::{Channel, DeliveryState, Outcome, Side};

/// What became of one rung of the ladder, for all people of one side for whom it ended alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Told {
    pub side: Side,
    pub channel: Channel,
    pub state: DeliveryState,
    /// The rung that was tried after this one.
    pub next: Option<Channel>,
    pub people: usize,
}

impl Told {
    pub fn text(self) -> String {
        let whom = match self.people {
            0 | 1 => self.side.text().to_owned(),
            people => format!("{} {people} 人", self.side.text()),
        };
        match self.channel {
            Channel::Inbox => inbox(self.state, &whom),
            Channel::Call => call(self.state, &whom),
            Channel::Subscribe | Channel::ServiceAccount | Channel::Wecom => self.message(&whom),
        }
    }

    fn message(self, whom: &str) -> String {
        let way = way(self.channel);
        match self.state {
            DeliveryState::Queued => format!("等待发送给{whom}（{way}）"),
            DeliveryState::Sending => format!("正在发送给{whom}（{way}）"),
            DeliveryState::Ended(Outcome::Delivered) => match self.channel {
                Channel::Subscribe => format!("已微信通知{whom}"),
                Channel::ServiceAccount | Channel::Wecom | Channel::Inbox | Channel::Call => {
                    format!("已通过{way}通知{whom}")
                }
            },
            DeliveryState::Ended(Outcome::Overtaken) => format!("情况已有变化，不再通过{way}通知{whom}"),
            DeliveryState::Ended(Outcome::Unconfirmed) => format!("已发送给{whom}，{way}未确认"),
            DeliveryState::Ended(outcome) => format!("{whom}{}，{}", failed(self.channel, outcome), self.then()),
        }
    }

    fn then(self) -> &'static str {
        match self.next {
            None | Some(Channel::Inbox) => "已写入站内消息",
            Some(Channel::Subscribe) => "改用微信通知",
            Some(Channel::ServiceAccount) => "改用服务号通知",
            Some(Channel::Wecom) => "改用企业微信通知",
            Some(Channel::Call) => "已转电话任务",
        }
    }
}

/// Why somebody is to be called: what became of the last way that was tried, where one was.
pub fn because(side: Side, last: Option<(Channel, DeliveryState)>) -> String {
    match last {
        Some((channel, DeliveryState::Ended(outcome))) => format!("{}{}", side.text(), failed(channel, outcome)),
        Some((channel, DeliveryState::Queued | DeliveryState::Sending)) => {
            format!("{}还没有收到{}消息", side.text(), way(channel))
        }
        None => format!("{}没有绑定微信，收不到消息", side.text()),
    }
}

fn way(channel: Channel) -> &'static str {
    match channel {
        Channel::Inbox => "站内消息",
        Channel::Subscribe => "微信",
        Channel::ServiceAccount => "服务号",
        Channel::Wecom => "企业微信",
        Channel::Call => "电话",
    }
}

/// Follows the name of the person.
fn failed(channel: Channel, outcome: Outcome) -> String {
    let way = way(channel);
    match outcome {
        Outcome::NoRight if channel == Channel::Subscribe => "未订阅".to_owned(),
        Outcome::NoRight => format!("未授权{way}消息"),
        Outcome::Refused => format!("拒收{way}消息"),
        Outcome::InvalidRecipient => format!("的{way}账号已失效"),
        Outcome::RejectedContent => format!("未收到{way}消息（内容未被接受）"),
        Outcome::OperatorNeeded => format!("未收到{way}消息（通道故障，待管理员处理）"),
        Outcome::GaveUp => format!("未收到{way}消息（多次发送失败）"),
        Outcome::Expired => format!("未收到{way}消息（超过时限未能发出）"),
        Outcome::Overtaken => format!("未收到{way}消息（情况已有变化）"),
        Outcome::Undelivered => format!("未收到{way}消息（未能送达）"),
        Outcome::Delivered | Outcome::Unconfirmed => format!("可能没有看到{way}消息"),
    }
}

/// Written is delivered, so the other states are never met.
fn inbox(state: DeliveryState, whom: &str) -> String {
    match state {
        DeliveryState::Queued | DeliveryState::Sending => format!("等待写入{whom}的站内消息"),
        DeliveryState::Ended(outcome) if outcome.is_reached() => format!("已写入{whom}的站内消息"),
        DeliveryState::Ended(_) => format!("未能写入{whom}的站内消息"),
    }
}

/// A call waits, was made, was made in vain, or is not to be made any more.
fn call(state: DeliveryState, whom: &str) -> String {
    match state {
        DeliveryState::Queued | DeliveryState::Sending => format!("待电话告知{whom}"),
        DeliveryState::Ended(outcome) if outcome.is_reached() => format!("已电话告知{whom}"),
        DeliveryState::Ended(Outcome::Overtaken) => format!("情况已有变化，无需再电话告知{whom}"),
        DeliveryState::Ended(_) => format!("{whom}电话未接通"),
    }
}

#[cfg(test)]
#[path = "told_tests.rs"]
mod tests;
