use chrono::{DateTime, TimeDelta, Utc};

use domain::ids::DeliveryId;
use domain::notice::{Channel, DeliveryState, Outcome};
use domain::order::{Beneficiary, Command, Order, RefuseReason};
use domain::people::{Actor, Area};
use domain::ports::{CallMade, CallTask, Callee, Slice};

use crate::bed::Bed;
use crate::outbox::pass_on;
use crate::residents::{keep, verified_phone};
use crate::story::{Story, accept, committed, minutes, moved, noon};

async fn calls(bed: &Bed, area: &Area) -> Vec<CallTask> {
    bed.stores.calls.calls(area, Slice { before: None, limit: 9 }).await.expect("a list")
}

fn desk(story: &Story) -> Area {
    Area { communities: vec![story.community], ..Area::default() }
}

/// Nobody agreed to messages, and a refusal has to be heard.
async fn refused(bed: &Bed, story: &Story, who: &Actor, at: DateTime<Utc>) -> Order {
    let order = committed(bed, story.submission_with(who, at, |_| {})).await;
    let refuse = Command::Refuse { reason: RefuseReason::OutOfScope, redirect_to: None };
    let order = moved(bed, &order, &story.clerk, refuse, at).await;
    pass_on(bed, at).await;
    order
}

pub async fn a_call_says_whom_about_what_and_why(bed: &Bed) {
    let story = Story::begin(bed).await;
    let order = refused(bed, &story, &story.resident, noon()).await;
    let [call] = calls(bed, &desk(&story)).await.try_into().expect("one call");
    assert_eq!((call.order, &call.order_number, call.person), (order.id, &order.number, story.resident.person));
    assert_eq!((call.whom, call.sealed, call.at), (Callee::Requester, false, noon()));
    assert_eq!(call.after, Some((Channel::Subscribe, DeliveryState::Ended(Outcome::NoRight))));
    assert_eq!(call.words().sentence(), "repair 服务：请查看原因和去处。");
}

pub async fn whoever_took_an_account_over_is_called_for_it(bed: &Bed) {
    let story = Story::begin(bed).await;
    let kept = keep(bed, story.community, "张大爷", 1).await;
    let change = story.submission_with(&story.neighbour, minutes(2), |s| {
        s.content.on_behalf_of = Some(Beneficiary { name: "张大爷".into(), phone: None, person: Some(kept) });
    });
    let order = committed(bed, change).await;
    pass_on(bed, minutes(2)).await;
    let [call] = calls(bed, &desk(&story)).await.try_into().expect("one call");
    assert_eq!((call.whom, call.person, call.after), (Callee::Beneficiary, kept, None), "an elder without WeChat");

    verified_phone(bed, story.resident.person).await;
    assert!(bed.stores.residents.take_over(story.resident.person, "张大爷", minutes(3)).await.expect("an end"));
    let order = moved(bed, &order, &story.clerk, accept(), minutes(4)).await;
    let lead = domain::order::HandlerRole::Lead;
    let dispatch = story.dispatch(story.partner, lead, minutes(4));
    let order = moved(bed, &order, &story.clerk, dispatch, minutes(4)).await;
    let visit_at = Some(minutes(4) + TimeDelta::days(1));
    let sign = Command::Sign { dispatch: order.dispatches[0].id, visit_at };
    moved(bed, &order, &story.worker, sign, minutes(5)).await;
    pass_on(bed, minutes(5)).await;
    let called: Vec<_> = calls(bed, &desk(&story)).await.iter().map(|call| (call.person, call.whom)).collect();
    assert!(called.contains(&(story.resident.person, Callee::Beneficiary)), "{called:?}");
    assert!(called.contains(&(story.neighbour.person, Callee::Requester)), "{called:?}");
}

pub async fn each_desk_calls_its_own(bed: &Bed) {
    let story = Story::begin(bed).await;
    refused(bed, &story, &story.resident, noon()).await;
    let quarrel = committed(bed, story.submission_with(&story.neighbour, minutes(1), |s| s.sealed = true)).await;
    let refuse = Command::Refuse { reason: RefuseReason::OutOfScope, redirect_to: None };
    let secretary = crate::outbox::on_duty(bed, &story, "secretary", &[domain::people::Role::Secretary]).await;
    let secretary = bed.stores.people.find_person(secretary, noon()).await.expect("a search").expect("a person");
    let secretary = secretary.actor(&bed.stores.directory.directory().await.expect("a directory").tree());
    moved(bed, &quarrel, &secretary, refuse, minutes(2)).await;
    pass_on(bed, minutes(2)).await;

    let mut whole = calls(bed, &Area { sealed: vec![story.community], ..Area::default() }).await;
    whole.sort_by_key(|call| (call.at, call.sealed));
    let told: Vec<_> = whole.iter().map(|call| (call.sealed, call.whom)).collect();
    assert_eq!(told, [(false, Callee::Requester), (true, Callee::Requester)]);
    assert_eq!(calls(bed, &desk(&story)).await.len(), 1, "what is sealed is not for the clerk");
    assert_eq!(calls(bed, &Area { communities: vec![story.elsewhere], ..Area::default() }).await, []);
    assert_eq!(calls(bed, &Area::default()).await, []);

    let made = CallMade { by: story.clerk.person, reached: true, at: minutes(3) };
    let make = async |id: DeliveryId, area| bed.stores.calls.call_made(&area, id, made).await.expect("noted");
    let hidden = whole[1].id;
    assert_eq!(make(hidden, desk(&story)).await, None);
    assert_eq!(make(whole[0].id, Area { communities: vec![story.elsewhere], ..Area::default() }).await, None);
    let no_call = bed.stores.inbox.inbox(&[story.resident.person], false, Slice { before: None, limit: 1 }).await;
    assert_eq!(make(no_call.expect("an inbox")[0].id, desk(&story)).await, None, "an item of an inbox is no call");
}

pub async fn of_two_who_called_the_first_stands(bed: &Bed) {
    let story = Story::begin(bed).await;
    refused(bed, &story, &story.resident, noon()).await;
    let area = desk(&story);
    let [call] = calls(bed, &area).await.try_into().expect("one call");
    let made = |by: &Actor, reached, minute| CallMade { by: by.person, reached, at: minutes(minute) };
    let (a, b) = (made(&story.clerk, true, 1), made(&story.worker, false, 1));
    let (one, other) =
        tokio::join!(bed.stores.calls.call_made(&area, call.id, a), bed.stores.calls.call_made(&area, call.id, b));
    let (one, other) = (one.expect("noted").expect("a call"), other.expect("noted").expect("a call"));
    assert_eq!(one, other);
    assert!(one == a || one == b);
    assert_eq!(calls(bed, &area).await, [], "it is over");
    let later = bed.stores.calls.call_made(&area, call.id, made(&story.clerk, true, 7)).await.expect("noted");
    assert_eq!(later, Some(one));
    let counts = bed.stores.deliveries.counts(noon()).await.expect("counts");
    let ended: Vec<_> = counts.iter().filter(|count| count.channel == Channel::Call).collect();
    assert_eq!(ended.iter().map(|count| count.deliveries).sum::<u64>(), 1, "{ended:?}");
}

/// Nobody is told of a visit that is not to be: not on the telephone, and not by a message that waited for the morning.
pub async fn what_is_not_true_any_more_is_not_told(bed: &Bed) {
    let story = Story::begin(bed).await;
    // 22:30 in Shanghai.
    let night = |minute: i64| minutes(10 * 60 + 30 + minute);
    let signed = async |who: &Actor, minute| {
        let order = committed(bed, story.submission_with(who, night(minute), |_| {})).await;
        let order = moved(bed, &order, &story.clerk, accept(), night(minute)).await;
        let lead = domain::order::HandlerRole::Lead;
        let dispatch = story.dispatch(story.partner, lead, night(minute));
        let order = moved(bed, &order, &story.clerk, dispatch, night(minute)).await;
        comes(bed, &story, &order, night(minute), 1).await
    };
    let told = async |who: &Actor| {
        let rows = "SELECT kind || ' ' || channel || ' ' || state FROM deliveries WHERE kind = 'visit_planned' \
                    AND channel <> 'inbox' AND app_id || channel <> 'subscribe' AND order_id IN (SELECT id FROM orders WHERE requester_id IN \
                    (SELECT person_id FROM identities WHERE openid = '";
        let openid = if who.person == story.resident.person { "resident" } else { "neighbour" };
        bed.texts(&format!("{rows}{openid}')) ORDER BY seq")).await
    };
    // The neighbour agreed to messages, the resident is to be called.
    let account = domain::wechat::WechatAccount { app_id: crate::story::APP.into(), openid: "neighbour".into() };
    for _ in 0..9 {
        let more = domain::wechat::RightChange::OneMore;
        bed.stores.wechat.change_right(&account, "progress", more, noon()).await.expect("noted");
    }
    for (who, channel) in [(&story.resident, "call"), (&story.neighbour, "subscribe")] {
        let order = signed(who, 0).await;
        pass_on(bed, night(0)).await;
        assert_eq!(told(who).await, [format!("visit_planned {channel} queued")]);
        let order = comes(bed, &story, &order, night(1), 2).await;
        pass_on(bed, night(1)).await;
        let one_time = [format!("visit_planned {channel} overtaken"), format!("visit_planned {channel} queued")];
        assert_eq!(told(who).await, one_time, "the other time holds");
        moved(bed, &order, who, Command::Withdraw { reason: None }, night(2)).await;
        pass_on(bed, night(2)).await;
        assert_eq!(
            told(who).await,
            [format!("visit_planned {channel} overtaken"), format!("visit_planned {channel} overtaken")]
        );
    }
    assert_eq!(calls(bed, &desk(&story)).await, []);
}

async fn comes(bed: &Bed, story: &Story, order: &Order, at: DateTime<Utc>, days: i64) -> Order {
    let sign = Command::Sign { dispatch: order.dispatches[0].id, visit_at: Some(at + TimeDelta::days(days)) };
    moved(bed, order, &story.worker, sign, at).await
}
