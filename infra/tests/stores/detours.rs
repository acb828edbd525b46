//! What is urgent finds its way, whatever waits or is closed.

use chrono::{DateTime, Utc};

use domain::advice::Danger;
use domain::notice::{Channel, Importance, NoticeKind, Outcome, Template};
use domain::order::HandlerRole;
use domain::people::{Actor, Membership, Role};
use domain::ports::{Address, Doors, Fate, Grant, OpenCircuit, Settled, WecomMember};
use domain::wechat::{Heard, News, Told, WechatAccount};

use crate::bed::Bed;
use crate::deliveries::{claim, claim_through, end, fire, may_send, states};
use crate::outbox::{pass_on, pass_on_through, with_wecom};
use crate::story::{APP, Story, accept, committed, grant, minutes, moved, noon};

/// What the corporation in WeCom calls the clerk.
const CLERK: &str = "Clerk";

async fn in_wecom(bed: &Bed, who: &Actor) {
    let member = WecomMember { person: who.person, user_id: CLERK.to_owned() };
    assert!(bed.stores.wecom_members.save_member(&member, noon()).await.expect("saved"));
}

async fn close(bed: &Bed, channel: Channel, until: DateTime<Utc>) {
    let app_id = if channel == Channel::Subscribe { APP } else { "" };
    let circuit = OpenCircuit { channel, app_id: app_id.to_owned(), code: Some(45009), since: noon(), until };
    bed.stores.deliveries.open_circuit(&circuit).await.expect("open");
}

/// By day the equal message before it has left already, by night it waits: of danger is told at once.
pub async fn an_emergency_is_held_by_no_equal_message(bed: &Bed) {
    let story = Story::begin(bed).await;
    may_send(bed, "worker", Template::Dispatched, 9).await;
    let dispatched = async |emergency, at| {
        let order = story.submission_with(&story.resident, at, |s| s.advice.emergency = emergency);
        let order = moved(bed, &committed(bed, order).await, &story.clerk, accept(), at).await;
        moved(bed, &order, &story.clerk, story.dispatch(story.partner, HandlerRole::Lead, at), at).await;
        pass_on(bed, at).await;
        let mut sent = Vec::new();
        for parcel in claim(bed, at, 9).await {
            end(bed, &parcel, Outcome::Delivered, at).await;
            sent.push((parcel.kind, parcel.importance, parcel.deliveries.len()));
        }
        sent
    };
    let at_once = |importance| vec![(NoticeKind::Dispatched, importance, 1)];
    assert_eq!(dispatched(None, noon()).await, at_once(Importance::Important));
    assert_eq!(dispatched(Some(Danger::Fire), minutes(1)).await, at_once(Importance::Urgent));
    // 23:00 in Shanghai.
    assert_eq!(dispatched(None, minutes(11 * 60)).await, []);
    assert_eq!(dispatched(Some(Danger::Fire), minutes(11 * 60 + 1)).await, at_once(Importance::Urgent));
}

pub async fn danger_goes_round_a_closed_channel(bed: &Bed) {
    let story = Story::begin(bed).await;
    may_send(bed, "clerk", Template::Alarm, 9).await;
    may_send(bed, "clerk", Template::Task, 9).await;
    in_wecom(bed, &story.clerk).await;
    close(bed, Channel::Subscribe, minutes(600)).await;
    story.placed(bed, noon()).await;
    pass_on_through(bed, &with_wecom(), noon()).await;
    fire(bed, &story, minutes(1)).await;
    pass_on_through(bed, &with_wecom(), minutes(1)).await;
    let [parcel] = claim_through(bed, &with_wecom(), minutes(2), 9).await.try_into().expect("one message");
    assert_eq!((parcel.kind, parcel.to), (NoticeKind::Alarm, Some(Address::Wecom(CLERK.to_owned()))));
    let told = ["new_order subscribe queued", "alarm subscribe operator_needed", "alarm wecom sending"];
    assert_eq!(states(bed, &story.clerk).await, told, "what can wait does");
}

pub async fn danger_takes_the_first_way_that_opens(bed: &Bed) {
    let story = Story::begin(bed).await;
    may_send(bed, "clerk", Template::Alarm, 9).await;
    in_wecom(bed, &story.clerk).await;
    close(bed, Channel::Subscribe, minutes(600)).await;
    close(bed, Channel::Wecom, minutes(60)).await;
    fire(bed, &story, noon()).await;
    pass_on_through(bed, &with_wecom(), noon()).await;
    for minute in [0, 59] {
        assert_eq!(claim_through(bed, &with_wecom(), minutes(minute), 9).await, [], "everything is closed");
    }
    assert_eq!(states(bed, &story.clerk).await, ["alarm subscribe queued"]);
    let [parcel] = claim_through(bed, &with_wecom(), minutes(60), 9).await.try_into().expect("one message");
    assert_eq!(parcel.channel, Channel::Wecom);
}

/// However it came to the closed one.
pub async fn a_rung_that_fails_leads_past_a_closed_one(bed: &Bed) {
    let story = Story::begin(bed).await;
    let doors = Doors { service_account: Some("wx-service".to_owned()), ..with_wecom() };
    let unionid = "UPDATE persons SET unionid = 'u-clerk' WHERE id IN (SELECT person_id FROM memberships WHERE role = 'intake_clerk')";
    bed.tamper(unionid).await;
    let follows = News::Followed { openid: "clerk-there".into() };
    let told = Told { id: "1".into(), app_id: "wx-service".into(), name: "subscribe".into(), news: follows };
    assert_eq!(bed.stores.wechat.hear(&told, noon()).await.expect("heard"), Heard::Ask);
    let account = WechatAccount { app_id: "wx-service".to_owned(), openid: "clerk-there".to_owned() };
    bed.stores.wechat.introduce(&account, Some("u-clerk"), noon()).await.expect("introduced");
    in_wecom(bed, &story.clerk).await;
    may_send(bed, "clerk", Template::Alarm, 9).await;
    fire(bed, &story, noon()).await;
    pass_on_through(bed, &doors, noon()).await;
    let [parcel] = claim_through(bed, &doors, noon(), 9).await.try_into().expect("one message");
    assert_eq!(parcel.channel, Channel::Subscribe);
    let closed = OpenCircuit {
        channel: Channel::ServiceAccount,
        app_id: "wx-service".to_owned(),
        code: Some(45009),
        since: noon(),
        until: minutes(600),
    };
    bed.stores.deliveries.open_circuit(&closed).await.expect("open");
    let fate = Fate::Ended { outcome: Outcome::NoRight, code: Some(43101), message: None };
    let settled = Settled { deliveries: parcel.deliveries.clone(), fate };
    bed.stores.deliveries.settle(&[settled], &doors, minutes(1)).await.expect("settled");
    let [parcel] = claim_through(bed, &doors, minutes(2), 9).await.try_into().expect("one message");
    assert_eq!(parcel.channel, Channel::Wecom);
    let told = ["alarm subscribe no_right", "alarm service_account operator_needed", "alarm wecom sending"];
    assert_eq!(states(bed, &story.clerk).await, told);
}

/// Whose role ended by itself between the notice and the message.
pub async fn a_name_in_wecom_ends_with_the_role(bed: &Bed) {
    let story = Story::begin(bed).await;
    in_wecom(bed, &story.clerk).await;
    fire(bed, &story, noon()).await;
    pass_on_through(bed, &with_wecom(), noon()).await;
    assert_eq!(states(bed, &story.clerk).await, ["alarm subscribe no_right", "alarm wecom queued"]);
    let ends = minutes(1);
    let until =
        Grant { until: Some(ends), ..grant(story.clerk.person, &Membership::at(story.community, Role::IntakeClerk)) };
    bed.stores.memberships.grant(&until).await.expect("a grant");
    let [parcel] = claim_through(bed, &with_wecom(), ends, 9).await.try_into().expect("one message");
    assert_eq!(parcel.to, None, "it is not sent");
}
