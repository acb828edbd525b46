use std::fmt::Write;

use strum::IntoEnumIterator;

use super::*;

/// What each rung says in each state; of those that reached nobody, with each way that may follow.
#[test]
fn every_end_has_its_words() {
    let mut table = String::new();
    for channel in Channel::iter() {
        for state in DeliveryState::all() {
            let told = Told { side: Side::Resident, channel, state, next: None, people: 1 };
            let _ = writeln!(table, "{:<16} {:<18} {}", channel.to_string(), state.to_string(), told.text());
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn what_follows_is_said_with_what_failed() {
    let (side, state) = (Side::Resident, DeliveryState::Ended(Outcome::NoRight));
    let then = |next| Told { side, channel: Channel::Subscribe, state, next, people: 1 }.text();
    assert_eq!(then(Some(Channel::Call)), "居民未订阅，已转电话任务");
    assert_eq!(then(Some(Channel::ServiceAccount)), "居民未订阅，改用服务号通知");
    assert_eq!(then(None), "居民未订阅，已写入站内消息");
}

#[test]
fn several_are_counted_and_never_named() {
    let state = DeliveryState::Ended(Outcome::Delivered);
    let told = |side, channel, people| Told { side, channel, state, next: None, people }.text();
    assert_eq!(told(Side::Partner, Channel::Subscribe, 2), "已微信通知承办单位 2 人");
    assert_eq!(told(Side::Desk, Channel::Wecom, 3), "已通过企业微信通知社区 3 人");
    assert_eq!(told(Side::Partner, Channel::Inbox, 2), "已写入承办单位 2 人的站内消息");
}

#[test]
fn every_call_has_its_reason() {
    let mut table = String::new();
    for channel in [Channel::Subscribe, Channel::ServiceAccount, Channel::Wecom] {
        for outcome in Outcome::iter().filter(|outcome| !outcome.is_reached()) {
            let reason = because(Side::Resident, Some((channel, DeliveryState::Ended(outcome))));
            let _ = writeln!(table, "{:<16} {:<18} {reason}", channel.to_string(), outcome.to_string());
        }
    }
    insta::assert_snapshot!(table);
    assert_eq!(because(Side::Resident, None), "居民没有绑定微信，收不到消息");
}
