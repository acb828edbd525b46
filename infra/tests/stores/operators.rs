use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, DbBackend, Statement};

use domain::ids::DeliveryId;
use domain::notice::{Channel, DeliveryState, NoticeKind, Outcome, Side, Template};
use domain::order::{Command, Order, RefuseReason};
use domain::people::{Membership, Role};
use domain::ports::{DeliveryLine, DeliveryQuery, Fate, Requeue, Settled, Slice, WecomMember};
use domain::wechat::{Allowed, RightChange, WechatAccount};
use infra::store::Stores;

use crate::bed::Bed;
use crate::outbox::{doors, pass_on};
use crate::story::{APP, Story, committed, grant, minutes, moved, noon};

async fn list(bed: &Bed, query: DeliveryQuery) -> Vec<DeliveryLine> {
    bed.stores.deliveries.list(&query, Slice { before: None, limit: 9 }).await.expect("a list")
}

async fn ended(bed: &Bed, outcome: Outcome) -> Vec<DeliveryLine> {
    let state = Some(DeliveryState::Ended(outcome));
    list(bed, DeliveryQuery { state, channel: Some(Channel::Subscribe), order: None }).await
}

async fn requeue(bed: &Bed, what: Requeue, at: DateTime<Utc>) -> u64 {
    bed.stores.deliveries.requeue(&what, at).await.expect("queued")
}

async fn may_send(bed: &Bed, openid: &str, template: Template) {
    let account = WechatAccount { app_id: APP.to_owned(), openid: openid.to_owned() };
    let more = RightChange::OneMore;
    bed.stores.wechat.change_right(&account, &template.to_string(), more, noon()).await.expect("noted");
}

async fn send_all(bed: &Bed, outcome: Outcome, at: DateTime<Utc>) {
    let until = at + TimeDelta::minutes(2);
    for parcel in bed.stores.deliveries.claim(&doors(), at, until, 9).await.expect("a claim") {
        let fate = Fate::Ended { outcome, code: Some(-1), message: None };
        let settled = Settled { deliveries: parcel.deliveries, fate };
        bed.stores.deliveries.settle(&[settled], &doors(), at).await.expect("settled");
    }
}

/// A new order, whose message to the clerk ended so; nobody is called in its place.
async fn told_the_clerk(bed: &Bed, story: &Story, outcome: Outcome, at: DateTime<Utc>) -> Order {
    may_send(bed, "clerk", Template::Task).await;
    let order = story.placed(bed, at).await;
    pass_on(bed, at).await;
    send_all(bed, outcome, at + TimeDelta::minutes(5)).await;
    order
}

pub async fn what_ended_badly_is_found(bed: &Bed) {
    let story = Story::begin(bed).await;
    let first = told_the_clerk(bed, &story, Outcome::GaveUp, noon()).await;
    let second = told_the_clerk(bed, &story, Outcome::Delivered, minutes(10)).await;
    let [line] = ended(bed, Outcome::GaveUp).await.try_into().expect("one");
    assert_eq!((line.order, line.kind, line.side), (Some(first.id), NoticeKind::NewOrder, Side::Desk));
    assert_eq!((line.code, line.attempts, line.ended_at), (Some(-1), 1, Some(minutes(5))));
    assert_eq!(bed.stores.deliveries.find(line.id).await.expect("a search"), Some(line));
    let of_order = list(bed, DeliveryQuery { order: Some(second.id), ..DeliveryQuery::default() }).await;
    assert_eq!(of_order.len(), 3, "two items of inboxes and a message: {of_order:?}");
    let mut before = None;
    let mut all = 0;
    loop {
        let slice = Slice { before, limit: 2 };
        let page = bed.stores.deliveries.list(&DeliveryQuery::default(), slice).await.expect("a list");
        let Some(last) = page.last() else { break };
        all += page.len();
        before = Some(last.id);
    }
    assert_eq!(all, bed.count("deliveries").await);
}

pub async fn calls_that_wait_are_listed_as_calls(bed: &Bed) {
    let story = Story::begin(bed).await;
    may_send(bed, "clerk", Template::Task).await;
    let order = story.placed(bed, noon()).await;
    let refuse = Command::Refuse { reason: RefuseReason::OutOfScope, redirect_to: None };
    moved(bed, &order, &story.clerk, refuse, noon()).await;
    pass_on(bed, noon()).await;
    let queued = |channel| DeliveryQuery { state: Some(DeliveryState::Queued), channel, order: None };
    let waiting: Vec<_> = list(bed, queued(None)).await.iter().map(|line| line.channel).collect();
    assert_eq!(waiting, [Channel::Subscribe; 2], "the clerk is told of the order, and of the call");
    let calls: Vec<_> = list(bed, queued(Some(Channel::Call))).await.iter().map(|line| line.kind).collect();
    assert_eq!(calls, [NoticeKind::Refused]);
    let counts = bed.stores.deliveries.counts(noon()).await.expect("counts");
    let waits = counts.iter().filter(|count| count.state == DeliveryState::Queued);
    let waits: Vec<_> = waits.map(|count| (count.channel, count.deliveries, count.due_since)).collect();
    assert_eq!(waits, [(Channel::Subscribe, 2, Some(noon())), (Channel::Call, 1, None)]);
}

pub async fn what_reached_nobody_is_sent_again(bed: &Bed) {
    let story = Story::begin(bed).await;
    told_the_clerk(bed, &story, Outcome::GaveUp, noon()).await;
    told_the_clerk(bed, &story, Outcome::GaveUp, minutes(20)).await;
    let since = |since| Requeue::Ended { outcome: Outcome::GaveUp, since };
    assert_eq!(requeue(bed, since(minutes(26)), minutes(30)).await, 0, "they ended before");
    assert_eq!(requeue(bed, since(minutes(25)), minutes(30)).await, 1, "the later one");
    assert_eq!(requeue(bed, since(noon()), minutes(31)).await, 1, "the other one");
    assert_eq!(requeue(bed, since(noon()), minutes(31)).await, 0, "both wait");
    send_all(bed, Outcome::Delivered, minutes(32)).await;
    assert_eq!((ended(bed, Outcome::GaveUp).await.len(), ended(bed, Outcome::Delivered).await.len()), (0, 2));
    let delivered = ended(bed, Outcome::Delivered).await[0].id;
    assert_eq!(requeue(bed, Requeue::One(delivered), minutes(40)).await, 0, "it arrived");
    assert_eq!(requeue(bed, Requeue::One(DeliveryId(uuid::Uuid::nil())), minutes(40)).await, 0);
}

pub async fn what_may_have_arrived_is_sent_again_by_name_only(bed: &Bed) {
    let story = Story::begin(bed).await;
    told_the_clerk(bed, &story, Outcome::Unconfirmed, noon()).await;
    let [line] = ended(bed, Outcome::Unconfirmed).await.try_into().expect("one");
    let all = Requeue::Ended { outcome: Outcome::Unconfirmed, since: noon() };
    assert_eq!(requeue(bed, all, minutes(30)).await, 0);
    assert_eq!(requeue(bed, Requeue::One(line.id), minutes(30)).await, 1);
}

pub async fn nobody_is_told_again_whom_another_way_reached(bed: &Bed) {
    let story = Story::begin(bed).await;
    may_send(bed, "resident", Template::Progress).await;
    let order = story.placed(bed, noon()).await;
    let refuse = Command::Refuse { reason: RefuseReason::OutOfScope, redirect_to: None };
    moved(bed, &order, &story.clerk, refuse, noon()).await;
    pass_on(bed, noon()).await;
    send_all(bed, Outcome::GaveUp, minutes(1)).await;
    let [line] = ended(bed, Outcome::GaveUp).await.try_into().expect("one");
    let all = Requeue::Ended { outcome: Outcome::GaveUp, since: noon() };
    for what in [Requeue::One(line.id), all.clone()] {
        assert_eq!(requeue(bed, what, minutes(2)).await, 0, "somebody is about to call");
    }
    bed.tamper("UPDATE deliveries SET state = 'gave_up' WHERE channel = 'call'").await;
    assert_eq!(requeue(bed, all, minutes(3)).await, 1, "nobody answered the call");
    pass_on(bed, minutes(3)).await;
    let without_right = ended(bed, Outcome::NoRight).await;
    assert!(!without_right.is_empty());
    let all = Requeue::Ended { outcome: Outcome::NoRight, since: noon() };
    assert_eq!(requeue(bed, all, minutes(3)).await, 0, "there is no account to send by");
}

pub async fn the_night_stays_quiet(bed: &Bed) {
    let story = Story::begin(bed).await;
    told_the_clerk(bed, &story, Outcome::GaveUp, noon()).await;
    // 23:00 in Shanghai.
    let night = minutes(11 * 60);
    assert_eq!(requeue(bed, Requeue::Ended { outcome: Outcome::GaveUp, since: noon() }, night).await, 1);
    let queued = DeliveryQuery { state: Some(DeliveryState::Queued), ..DeliveryQuery::default() };
    let [line] = list(bed, queued).await.try_into().expect("one");
    let morning = "2026-11-24T07:00:00+08:00".parse::<DateTime<Utc>>().expect("an instant");
    assert_eq!(line.due_at, Some(morning));
}

pub async fn an_order_tells_what_was_told_of_it(bed: &Bed) {
    let story = Story::begin(bed).await;
    let order = story.placed(bed, noon()).await;
    let refuse = Command::Refuse { reason: RefuseReason::OutOfScope, redirect_to: None };
    moved(bed, &order, &story.clerk, refuse, minutes(1)).await;
    committed(bed, story.submission(minutes(2))).await;
    pass_on(bed, minutes(2)).await;
    let told = async |after, until| {
        let lines = bed.stores.deliveries.told_of(order.id, after, until).await.expect("lines");
        let mut said: Vec<_> =
            lines.iter().map(|line| format!("{} {} {} {}", line.seq, line.kind, line.channel, line.state)).collect();
        said.sort_unstable();
        said
    };
    let first = ["1 new_order inbox delivered", "1 received inbox delivered"];
    let second = ["2 call_needed subscribe no_right", "2 refused call queued", "2 refused subscribe no_right"];
    assert_eq!(told(0, 1).await, first, "nothing but the inbox was tried");
    assert_eq!(told(1, 2).await, second);
    assert_eq!(told(2, 9).await, [""; 0]);
}

pub async fn what_is_allowed_comes_by_account(bed: &Bed) {
    let story = Story::begin(bed).await;
    let of = async |apps: &[&str]| {
        let apps: Vec<_> = apps.iter().map(|app| (*app).to_owned()).collect();
        bed.stores.wechat.allowed(story.resident.person, &apps).await.expect("a list")
    };
    let allowed = |templates: &[Template]| Allowed {
        app_id: APP.to_owned(),
        templates: templates.iter().map(ToString::to_string).collect(),
    };
    assert_eq!(of(&["wx-2", APP]).await, [allowed(&[])], "an account, and no right");
    may_send(bed, "resident", Template::Accepted).await;
    may_send(bed, "clerk", Template::Task).await;
    assert_eq!(of(&[APP]).await, [allowed(&[Template::Accepted])]);
    let account = WechatAccount { app_id: APP.to_owned(), openid: "resident".to_owned() };
    let used = RightChange::OneLess;
    bed.stores.wechat.change_right(&account, "accepted", used, noon()).await.expect("noted");
    assert_eq!(of(&[APP]).await, [allowed(&[])], "it is used up");
    assert_eq!(of(&["wx-2"]).await, []);
}

pub async fn names_in_wecom_are_kept_by_place(bed: &Bed) {
    let story = Story::begin(bed).await;
    let store = &bed.stores.wecom_members;
    let member = |person, user_id: &str| WecomMember { person, user_id: user_id.to_owned() };
    for (person, name) in [(&story.clerk, "old"), (&story.clerk, "Clerk"), (&story.stranger, "Stranger")] {
        assert!(store.save_member(&member(person.person, name), noon()).await.expect("saved"));
    }
    let at = async |place: domain::ids::PlaceId, after, now| {
        let members = store.members_at(&[place], after, 9, now).await.expect("a list");
        members.into_iter().map(|member| member.user_id).collect::<Vec<_>>()
    };
    let (here, there) = (story.community.into(), story.elsewhere.into());
    assert_eq!(
        (at(here, None, noon()).await, at(there, None, noon()).await),
        (vec!["Clerk".into()], vec!["Stranger".into()])
    );
    assert_eq!(at(here, Some(story.clerk.person), noon()).await, [""; 0], "the next page");
    let taken = store.save_member(&member(story.worker.person, "CLERK"), noon()).await.expect("an answer");
    assert!(!taken, "WeCom does not tell the two apart");
    // Two roles are one person, and a role that ended is none.
    let until = Some(minutes(5));
    let volunteer = Membership::at(story.community, Role::Volunteer);
    for who in [&story.clerk, &story.stranger] {
        let grant = domain::ports::Grant { until, ..grant(who.person, &volunteer) };
        bed.stores.memberships.grant(&grant).await.expect("a grant");
    }
    let mut both = at(here, None, noon()).await;
    both.sort_unstable();
    assert_eq!(
        (both, at(here, None, minutes(5)).await),
        (vec!["Clerk".into(), "Stranger".into()], vec!["Clerk".into()])
    );
    let dossier = bed.stores.dossiers.dossier_of(story.clerk.person, 9).await.expect("a dossier");
    assert_eq!(dossier.wecom_user_id.as_deref(), Some("Clerk"));
    // A role that ran out by itself holds no name.
    let ends = domain::ports::Grant {
        until: Some(minutes(6)),
        ..grant(story.stranger.person, &Membership::at(story.elsewhere, Role::Secretary))
    };
    bed.stores.memberships.grant(&ends).await.expect("a grant");
    let stranger = member(story.worker.person, "stranger");
    assert!(!store.save_member(&stranger, minutes(5)).await.expect("an answer"));
    assert!(store.save_member(&stranger, minutes(6)).await.expect("an answer"), "it is free");
    let remove = async || store.remove_member(story.clerk.person).await.expect("removed");
    assert_eq!((remove().await, remove().await), (true, false));
}

/// As SQLite plans them; what it finds by an index, PostgreSQL does.
pub async fn no_look_at_deliveries_reads_them_all(bed: &Bed) {
    if bed.is_postgres() {
        return;
    }
    let story = Story::begin(bed).await;
    told_the_clerk(bed, &story, Outcome::GaveUp, noon()).await;
    let statements: Arc<Mutex<Vec<Statement>>> = Arc::default();
    let heard = statements.clone();
    let watched = bed.db.clone().watched(Arc::new(move |statement| {
        heard.lock().expect("no test panicked here").push(statement.clone());
    }));
    let stores = Stores::over(&watched, &bed.vault);
    stores.dossiers.dossier_of(story.clerk.person, 9).await.expect("a dossier");
    stores.inbox.inbox(&[story.clerk.person], false, Slice { before: None, limit: 9 }).await.expect("an inbox");
    stores.inbox.unread(&[story.clerk.person], 9).await.expect("a count");
    let ended = [Outcome::GaveUp, Outcome::Unconfirmed, Outcome::NoRight].map(DeliveryState::Ended);
    let by_state = ended.map(|state| DeliveryQuery { state: Some(state), ..DeliveryQuery::default() });
    let rare = [Channel::Wecom, Channel::ServiceAccount, Channel::Call];
    let by_channel = rare.map(|channel| DeliveryQuery { channel: Some(channel), ..DeliveryQuery::default() });
    for query in by_state.iter().chain(&by_channel) {
        stores.deliveries.list(query, Slice { before: None, limit: 9 }).await.expect("a list");
    }
    stores.erasures.remove_traces(story.resident.person, noon()).await.expect("removed");
    story.accepted(bed, minutes(10)).await;
    let notices = stores.outbox.relay(minutes(10), Some(minutes(11)), 9).await.expect("relayed").notices;
    stores.outbox.expand(&notices, &doors(), minutes(10)).await.expect("expanded");

    let mut seen = 0;
    let all = statements.lock().expect("no test panicked here").clone();
    for statement in all.iter().filter(|statement| statement.sql.contains("\"deliveries\"")) {
        let (sql, values) = (format!("EXPLAIN QUERY PLAN {}", statement.sql), statement.values.clone());
        let explained = Statement { sql, values, db_backend: DbBackend::Sqlite };
        let plan = bed.raw.query_all_raw(explained).await.expect("a plan");
        let plan: Vec<String> = plan.iter().map(|step| step.try_get("", "detail").expect("text")).collect();
        seen += 1;
        assert!(!plan.iter().any(|step| step.starts_with("SCAN deliveries")), "{plan:?}: {}", statement.sql);
    }
    assert!(seen >= 10, "{seen}");
}
