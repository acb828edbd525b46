use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};

use domain::advice::Danger;
use domain::ids::DeliveryId;
use domain::notice::{Channel, DeliveryState, FOLD_WINDOW, NoticeKind, NoticeLevel, Outcome, Template};
use domain::people::Actor;
use domain::ports::{Address, Doors, Fate, OpenCircuit, Parcel, Settled};
use domain::wechat::{RightChange, WechatAccount};

use crate::bed::Bed;
use crate::outbox::{doors, inbox, pass_on};
use crate::story::{APP, Story, accept, committed, minutes, moved, noon, resolve};

pub async fn claim(bed: &Bed, at: DateTime<Utc>, limit: u16) -> Vec<Parcel> {
    claim_through(bed, &doors(), at, limit).await
}

pub async fn claim_through(bed: &Bed, doors: &Doors, at: DateTime<Utc>, limit: u16) -> Vec<Parcel> {
    bed.stores.deliveries.claim(doors, at, at + TimeDelta::minutes(2), limit).await.expect("a claim")
}

/// Somebody cries fire.
pub async fn fire(bed: &Bed, story: &Story, at: DateTime<Utc>) {
    let fire = story.submission_with(&story.resident, at, |s| s.advice.emergency = Some(Danger::Fire));
    committed(bed, fire).await;
}

pub async fn end(bed: &Bed, parcel: &Parcel, outcome: Outcome, at: DateTime<Utc>) {
    let fate = Fate::Ended { outcome, code: Some(43101), message: Some(format!("to {}", parcel.person)) };
    settle(bed, parcel, fate, at).await;
}

async fn settle(bed: &Bed, parcel: &Parcel, fate: Fate, at: DateTime<Utc>) {
    let settled = Settled { deliveries: parcel.deliveries.clone(), fate };
    bed.stores.deliveries.settle(&[settled], &doors(), at).await.expect("settled");
}

/// The person agreed to so many messages.
pub async fn may_send(bed: &Bed, openid: &str, template: Template, times: usize) {
    let account = WechatAccount { app_id: APP.to_owned(), openid: openid.to_owned() };
    for _ in 0..times {
        let more = RightChange::OneMore;
        bed.stores.wechat.change_right(&account, &template.to_string(), more, noon()).await.expect("noted");
    }
}

async fn right_left(bed: &Bed, openid: &str, template: Template) -> u32 {
    let account = WechatAccount { app_id: APP.to_owned(), openid: openid.to_owned() };
    bed.stores.wechat.right(&account, &template.to_string()).await.expect("a right").left
}

pub async fn states(bed: &Bed, of: &Actor) -> Vec<String> {
    let id = of.person;
    let lines =
        bed.stores.deliveries.list(&Default::default(), domain::ports::Slice { before: None, limit: 100 }).await;
    let lines = lines.expect("a list").into_iter().filter(|line| line.person == id && line.channel != Channel::Inbox);
    let mut said: Vec<_> = lines.map(|line| format!("{} {} {}", line.kind, line.channel, line.state)).collect();
    said.reverse();
    said
}

pub async fn two_workers_never_hold_the_same(bed: &Bed) {
    let story = Story::begin(bed).await;
    may_send(bed, "resident", Template::Accepted, 20).await;
    may_send(bed, "neighbour", Template::Accepted, 20).await;
    for n in 0..20 {
        let who = if n % 2 == 0 { &story.resident } else { &story.neighbour };
        let order = committed(bed, story.submission_with(who, minutes(n), |_| {})).await;
        moved(bed, &order, &story.clerk, accept(), minutes(n)).await;
    }
    pass_on(bed, minutes(30)).await;
    let mut sent: Vec<DeliveryId> = Vec::new();
    for _ in 0..40 {
        let (a, b) = tokio::join!(claim(bed, minutes(30), 5), claim(bed, minutes(30), 5));
        let held: Vec<_> = a.into_iter().chain(b).collect();
        let people: HashSet<_> = held.iter().map(|parcel| parcel.person).collect();
        assert_eq!(people.len(), held.len(), "one message to a person is under way at a time");
        for parcel in held {
            sent.extend(&parcel.deliveries);
            end(bed, &parcel, Outcome::Delivered, minutes(30)).await;
        }
    }
    assert_eq!((sent.len(), sent.iter().collect::<HashSet<_>>().len()), (20, 20));
    assert_eq!(right_left(bed, "resident", Template::Accepted).await, 10, "each used one up");
}

pub async fn a_parcel_has_all_that_its_words_are_made_of(bed: &Bed) {
    let story = Story::begin(bed).await;
    may_send(bed, "worker", Template::Dispatched, 1).await;
    let order = story.dispatched(bed, noon(), story.partner).await;
    pass_on(bed, noon()).await;
    let [parcel] = claim(bed, noon(), 9).await.try_into().expect("one message");
    let account = WechatAccount { app_id: APP.to_owned(), openid: "worker".to_owned() };
    assert_eq!((parcel.channel, parcel.to.clone()), (Channel::Subscribe, Some(Address::Wechat(account))));
    assert_eq!((parcel.order, parcel.number.clone()), (Some(order.id), order.number.clone()));
    assert_eq!((parcel.service_name.as_str(), parcel.sealed, parcel.attempts), ("repair 服务", false, 1));
    assert_eq!(parcel.partner_name.as_deref(), Some("安居物业"));
}

pub async fn without_a_right_nothing_is_sent_and_it_is_said(bed: &Bed) {
    let story = Story::begin(bed).await;
    story.accepted(bed, noon()).await;
    let expanded = pass_on(bed, noon()).await;
    assert_eq!((expanded.queued, expanded.calls), (0, 0));
    assert_eq!(claim(bed, noon(), 9).await, []);
    assert_eq!(states(bed, &story.resident).await, ["accepted subscribe no_right"]);
}

pub async fn a_rung_that_fails_leads_to_the_next(bed: &Bed) {
    let story = Story::begin(bed).await;
    may_send(bed, "resident", Template::Progress, 1).await;
    let order = story.placed(bed, noon()).await;
    let refuse = domain::order::Command::Refuse {
        reason: domain::order::RefuseReason::OutOfScope,
        redirect_to: Some("请到街道".to_owned()),
    };
    moved(bed, &order, &story.clerk, refuse, minutes(1)).await;
    pass_on(bed, minutes(1)).await;
    let [parcel] = claim(bed, minutes(1), 9).await.try_into().expect("one message");
    assert_eq!(parcel.kind, NoticeKind::Refused);
    end(bed, &parcel, Outcome::NoRight, minutes(2)).await;
    assert_eq!(right_left(bed, "resident", Template::Progress).await, 0, "WeChat knows of no right");
    assert_eq!(states(bed, &story.resident).await, ["refused subscribe no_right", "refused call queued"]);
    pass_on(bed, minutes(3)).await;
    let told = inbox(bed, story.clerk.person).await;
    assert_eq!(told.first().map(|item| item.kind), Some(NoticeKind::CallNeeded), "the desk is asked to call");
    // A worker whose lease ended settles too late: the first end stands.
    end(bed, &parcel, Outcome::Delivered, minutes(4)).await;
    assert_eq!(states(bed, &story.resident).await, ["refused subscribe no_right", "refused call queued"]);
}

pub async fn equal_messages_are_folded(bed: &Bed) {
    let story = Story::begin(bed).await;
    may_send(bed, "clerk", Template::Task, 9).await;
    story.placed(bed, noon()).await;
    pass_on(bed, noon()).await;
    let [first] = claim(bed, noon(), 9).await.try_into().expect("one message");
    assert_eq!((first.kind, first.deliveries.len()), (NoticeKind::NewOrder, 1), "the first goes at once");
    end(bed, &first, Outcome::Delivered, noon()).await;
    let mut last = None;
    for n in 1..=3 {
        last = Some(story.placed(bed, minutes(n)).await);
        pass_on(bed, minutes(n)).await;
    }
    assert_eq!(claim(bed, minutes(4), 9).await, [], "the next ones wait together");
    let [folded] = claim(bed, noon() + FOLD_WINDOW, 9).await.try_into().expect("one message");
    assert_eq!((folded.deliveries.len(), Some(folded.number.clone())), (3, last.map(|order| order.number)));
    end(bed, &folded, Outcome::Delivered, minutes(6)).await;
    assert_eq!(states(bed, &story.clerk).await, ["new_order subscribe delivered"; 4], "each has its end");
    assert_eq!(right_left(bed, "clerk", Template::Task).await, 7, "two messages, two rights");
}

pub async fn danger_overtakes_and_knows_no_night(bed: &Bed) {
    let story = Story::begin(bed).await;
    may_send(bed, "clerk", Template::Task, 9).await;
    may_send(bed, "clerk", Template::Alarm, 9).await;
    // 23:00 in Shanghai.
    let night = minutes(11 * 60);
    story.placed(bed, night).await;
    let fire = story.submission_with(&story.resident, night, |s| s.advice.emergency = Some(Danger::Fire));
    committed(bed, fire).await;
    pass_on(bed, night).await;
    let [alarm] = claim(bed, night, 9).await.try_into().expect("one message");
    assert_eq!(alarm.kind, NoticeKind::Alarm);
    end(bed, &alarm, Outcome::Delivered, night).await;
    let morning = night + TimeDelta::hours(8);
    let [plain] = claim(bed, morning, 9).await.try_into().expect("one message");
    assert_eq!(plain.kind, NoticeKind::NewOrder);
}

/// An operator sends again what the desk could not tell on the telephone.
pub async fn a_call_in_vain_is_called_for_again(bed: &Bed) {
    let story = Story::begin(bed).await;
    may_send(bed, "resident", Template::Progress, 9).await;
    let order = story.placed(bed, noon()).await;
    let refuse = domain::order::Command::Refuse { reason: domain::order::RefuseReason::OutOfScope, redirect_to: None };
    moved(bed, &order, &story.clerk, refuse, noon()).await;
    pass_on(bed, noon()).await;
    let fails = async |minute| {
        let [parcel] = claim(bed, minutes(minute), 9).await.try_into().expect("one message");
        end(bed, &parcel, Outcome::GaveUp, minutes(minute)).await;
        pass_on(bed, minutes(minute)).await;
    };
    let area = domain::people::Area { communities: vec![story.community], ..Default::default() };
    let calls = async || {
        let slice = domain::ports::Slice { before: None, limit: 9 };
        bed.stores.calls.calls(&area, slice).await.expect("a list")
    };
    let asked = async || {
        let told = inbox(bed, story.clerk.person).await;
        told.iter().filter(|item| item.kind == NoticeKind::CallNeeded).count()
    };
    fails(0).await;
    let [call] = calls().await.try_into().expect("one call");
    assert_eq!(asked().await, 1);
    let in_vain = domain::ports::CallMade { by: story.clerk.person, reached: false, at: minutes(1) };
    bed.stores.calls.call_made(&area, call.id, in_vain).await.expect("noted");
    let again = domain::ports::Requeue::Ended { outcome: Outcome::GaveUp, since: noon() };
    assert_eq!(bed.stores.deliveries.requeue(&again, minutes(2)).await.expect("queued"), 1);
    fails(2).await;
    assert_eq!((calls().await.len(), asked().await), (1, 2), "who is to be called stands on the list");
}

/// A worker that slept longer than its lease sends nothing of what others hold meanwhile.
pub async fn whose_lease_ended_sends_nothing(bed: &Bed) {
    let story = Story::begin(bed).await;
    may_send(bed, "resident", Template::Accepted, 9).await;
    story.accepted(bed, noon()).await;
    pass_on(bed, noon()).await;
    let store = &bed.stores.deliveries;
    let [slow] = claim(bed, noon(), 9).await.try_into().expect("one message");
    assert_eq!(store.sweep_stuck(&doors(), minutes(2)).await.expect("swept"), 1);
    let begin = async |parcel: &Parcel, claimed: i64, at| {
        store.begin(&parcel.deliveries, minutes(claimed + 2), minutes(at)).await.expect("begun").len()
    };
    assert_eq!(begin(&slow, 0, 3).await, 0, "it waits for somebody else");
    let [other] = claim(bed, minutes(3), 9).await.try_into().expect("one message");
    assert_eq!(slow.deliveries, other.deliveries);
    assert_eq!((begin(&slow, 0, 3).await, begin(&other, 3, 3).await), (0, 1));
}

/// A worker was away; ordinary messages do not ring when it is back at night.
pub async fn what_was_late_waits_for_the_morning(bed: &Bed) {
    let story = Story::begin(bed).await;
    may_send(bed, "resident", Template::Accepted, 9).await;
    may_send(bed, "neighbour", Template::Accepted, 9).await;
    may_send(bed, "clerk", Template::Alarm, 9).await;
    // 21:59 and 23:00 in Shanghai.
    let (evening, night) = (minutes(9 * 60 + 59), minutes(11 * 60));
    for who in [&story.resident, &story.neighbour] {
        let order = committed(bed, story.submission_with(who, evening, |_| {})).await;
        moved(bed, &order, &story.clerk, accept(), evening).await;
        if who.person == story.resident.person {
            pass_on(bed, evening).await;
            assert_eq!(claim(bed, evening, 9).await.len(), 1, "held by a worker that dies");
        }
    }
    fire(bed, &story, evening).await;
    pass_on(bed, evening).await;
    assert_eq!(bed.stores.deliveries.sweep_stuck(&doors(), night).await.expect("swept"), 1);
    let kinds: Vec<_> = claim(bed, night, 9).await.iter().map(|parcel| parcel.kind).collect();
    assert_eq!(kinds, [NoticeKind::Alarm]);
    let morning = "2026-11-24T07:00:00+08:00".parse().expect("an instant");
    let queued = domain::ports::DeliveryQuery { state: Some(DeliveryState::Queued), ..Default::default() };
    let queued = bed.stores.deliveries.list(&queued, domain::ports::Slice { before: None, limit: 9 }).await;
    let swept = queued.expect("a list").into_iter().find(|line| line.person == story.resident.person);
    assert_eq!(swept.map(|line| line.due_at), Some(Some(morning)), "and is not overdue meanwhile");
    assert_eq!(claim(bed, morning, 9).await.len(), 2);
}

pub async fn what_a_dead_worker_held_is_settled_by_the_sweep(bed: &Bed) {
    let story = Story::begin(bed).await;
    for (openid, template) in
        [("resident", Template::Accepted), ("neighbour", Template::Accepted), ("clerk", Template::Alarm)]
    {
        may_send(bed, openid, template, 1).await;
    }
    let fire = story.submission_with(&story.stranger, noon(), |s| s.advice.emergency = Some(Danger::Fire));
    committed(bed, fire).await;
    for who in [&story.resident, &story.neighbour] {
        let order = committed(bed, story.submission_with(who, noon(), |_| {})).await;
        moved(bed, &order, &story.clerk, accept(), noon()).await;
    }
    pass_on(bed, noon()).await;
    let held = claim(bed, noon(), 9).await;
    assert_eq!(held.len(), 3);
    // The resident's message never left; of the others nobody knows.
    let begun = held.iter().filter(|parcel| parcel.person != story.resident.person);
    let begun: Vec<_> = begun.flat_map(|parcel| parcel.deliveries.clone()).collect();
    let store = &bed.stores.deliveries;
    let ours = store.begin(&begun, minutes(2), noon()).await.expect("begun");
    assert_eq!(ours.iter().collect::<HashSet<_>>(), begun.iter().collect());
    assert_eq!(store.sweep_stuck(&doors(), minutes(1)).await.expect("swept"), 0, "the leases still run");
    assert_eq!(store.sweep_stuck(&doors(), minutes(3)).await.expect("swept"), 3);
    assert_eq!(states(bed, &story.neighbour).await, ["accepted subscribe unconfirmed"]);
    let again: HashSet<_> = claim(bed, minutes(3), 9).await.iter().map(|parcel| parcel.person).collect();
    assert_eq!(again, HashSet::from([story.resident.person, story.clerk.person]), "it never left; it is danger");
}

pub async fn a_closed_channel_keeps_its_messages(bed: &Bed) {
    let story = Story::begin(bed).await;
    may_send(bed, "resident", Template::Accepted, 1).await;
    story.accepted(bed, noon()).await;
    pass_on(bed, noon()).await;
    let store = &bed.stores.deliveries;
    let (channel, app_id) = (Channel::Subscribe, APP.to_owned());
    let circuit = OpenCircuit { channel, app_id, code: Some(48001), since: noon(), until: minutes(60) };
    store.open_circuit(&circuit).await.expect("open");
    assert_eq!(claim(bed, minutes(1), 9).await, []);
    assert_eq!(store.circuits().await.expect("a list").len(), 1);
    let later = OpenCircuit { since: minutes(60), until: minutes(120), ..circuit.clone() };
    assert_eq!(claim(bed, minutes(60), 9).await.len(), 1, "one look when the time is over");
    store.open_circuit(&later).await.expect("open");
    assert_eq!(store.circuits().await.expect("a list")[0].since, noon(), "it has been closed all along");
    store.close_circuit(Channel::Subscribe, APP).await.expect("closed");
    assert_eq!(store.circuits().await.expect("a list"), []);
}

pub async fn a_try_that_says_nothing_of_the_message_does_not_count(bed: &Bed) {
    let story = Story::begin(bed).await;
    may_send(bed, "resident", Template::Accepted, 1).await;
    story.accepted(bed, noon()).await;
    pass_on(bed, noon()).await;
    for counts in [true, false] {
        let [parcel] = claim(bed, minutes(1), 9).await.try_into().expect("one message");
        assert_eq!(parcel.attempts, if counts { 1 } else { 2 });
        settle(bed, &parcel, Fate::Again { at: minutes(1), code: None, counts }, minutes(1)).await;
    }
    let [parcel] = claim(bed, minutes(1), 9).await.try_into().expect("one message");
    assert_eq!(parcel.attempts, 2);
}

pub async fn what_waits_too_long_expires(bed: &Bed) {
    let story = Story::begin(bed).await;
    may_send(bed, "resident", Template::Accepted, 1).await;
    story.accepted(bed, noon()).await;
    pass_on(bed, noon()).await;
    let store = &bed.stores.deliveries;
    assert_eq!(store.sweep_expired(&doors(), noon() + TimeDelta::days(3)).await.expect("swept"), 0);
    assert_eq!(store.sweep_expired(&doors(), minutes(3 * 24 * 60 + 1)).await.expect("swept"), 1);
    assert_eq!(states(bed, &story.resident).await, ["accepted subscribe expired"]);
}

pub async fn what_did_not_arrive_after_all_goes_on_up_the_ladder(bed: &Bed) {
    let story = Story::begin(bed).await;
    may_send(bed, "resident", Template::Progress, 1).await;
    let order = story.placed(bed, noon()).await;
    let refuse = domain::order::Command::Refuse { reason: domain::order::RefuseReason::OutOfScope, redirect_to: None };
    moved(bed, &order, &story.clerk, refuse, noon()).await;
    pass_on(bed, noon()).await;
    let [parcel] = claim(bed, noon(), 9).await.try_into().expect("one message");
    end(bed, &parcel, Outcome::Delivered, noon()).await;
    let news = domain::wechat::News::Undelivered { messages: vec![(format!("to {}", parcel.person), 4)] };
    let told = domain::wechat::Told { id: "1".into(), app_id: APP.into(), name: "sent".into(), news };
    let heard = bed.stores.wechat.hear(&told, minutes(1)).await.expect("heard");
    assert_eq!(heard, domain::wechat::Heard::Done);
    bed.stores.deliveries.sweep_stuck(&doors(), minutes(1)).await.expect("swept");
    assert_eq!(states(bed, &story.resident).await, ["refused subscribe undelivered", "refused call queued"]);
    assert_eq!(bed.stores.deliveries.sweep_stuck(&doors(), minutes(2)).await.expect("swept"), 0);
}

pub async fn silence_is_kept_but_for_danger(bed: &Bed) {
    let story = Story::begin(bed).await;
    may_send(bed, "clerk", Template::Task, 9).await;
    may_send(bed, "clerk", Template::Alarm, 9).await;
    bed.stores.inbox.set_notice_level(story.clerk.person, NoticeLevel::InboxOnly).await.expect("set");
    assert_eq!(bed.stores.inbox.notice_level(story.clerk.person).await.expect("a level"), NoticeLevel::InboxOnly);
    story.placed(bed, noon()).await;
    let fire = story.submission_with(&story.resident, noon(), |s| s.advice.emergency = Some(Danger::Fire));
    committed(bed, fire).await;
    pass_on(bed, noon()).await;
    let claimed = claim(bed, noon(), 9).await;
    assert_eq!(claimed.iter().map(|parcel| parcel.kind).collect::<Vec<_>>(), [NoticeKind::Alarm]);
    assert_eq!(inbox(bed, story.clerk.person).await.len(), 2, "the inbox has both");
}

pub async fn counts_add_up(bed: &Bed) {
    let story = Story::begin(bed).await;
    may_send(bed, "resident", Template::Accepted, 2).await;
    for _ in 0..3 {
        let order = story.accepted(bed, noon()).await;
        moved(bed, &order, &story.clerk, resolve(), noon()).await;
    }
    pass_on(bed, noon()).await;
    let [parcel] = claim(bed, noon(), 9).await.try_into().expect("one message");
    end(bed, &parcel, Outcome::Delivered, noon()).await;
    let counts = bed.stores.deliveries.counts(noon()).await.expect("counts");
    let mut said: Vec<_> =
        counts.iter().map(|count| format!("{} {} {}", count.channel, count.state, count.deliveries)).collect();
    said.sort_unstable();
    let all = [
        "inbox delivered 12",
        "subscribe delivered 1",
        // Of the three results; that the clerk has no right for the new orders is said nowhere.
        "subscribe no_right 3",
        "subscribe queued 2",
    ];
    assert_eq!(said, all);
    let queued = counts.iter().find(|count| count.state == DeliveryState::Queued).expect("some");
    assert_eq!(queued.oldest, Some(noon()));
    assert_eq!(bed.stores.deliveries.waiting().await.expect("a count"), (2, Some(noon())));
}
