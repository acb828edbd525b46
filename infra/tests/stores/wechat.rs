use domain::ids::PersonId;
use domain::ports::WechatIdentity;
use domain::safety::Verdict;
use domain::wechat::{Heard, Item, News, RightChange, Told, WechatAccount};
use futures_util::future::join_all;

use crate::bed::Bed;
use crate::content::with_photos;
use crate::story::{Story, minutes, noon};

const APP: &str = "wx-1";
const TEMPLATE: &str = "template-1";

fn told(id: &str, news: News) -> Told {
    Told { id: id.to_owned(), app_id: APP.to_owned(), name: "event".to_owned(), news }
}

fn resident() -> WechatAccount {
    WechatAccount { app_id: APP.to_owned(), openid: "resident".to_owned() }
}

fn rights(changes: &[RightChange]) -> News {
    let changes = changes.iter().map(|change| (TEMPLATE.to_owned(), *change)).collect();
    News::Rights { openid: "resident".to_owned(), changes }
}

async fn hear(bed: &Bed, told: &Told) -> Heard {
    bed.stores.wechat.hear(told, noon()).await.expect("heard")
}

async fn left(bed: &Bed) -> u32 {
    bed.stores.wechat.right(&resident(), TEMPLATE).await.expect("a right").left
}

pub async fn what_is_told_eight_times_happens_once(bed: &Bed) {
    Story::begin(bed).await;
    let one = told("same", rights(&[RightChange::OneMore]));
    let heard = join_all((0..8).map(|_| hear(bed, &one))).await;
    assert_eq!(heard.iter().filter(|heard| **heard == Heard::Done).count(), 1, "{heard:?}");
    assert_eq!(left(bed).await, 1);
    assert_eq!(hear(bed, &Told { app_id: "wx-2".into(), ..one }).await, Heard::Done, "another app's is another");
    assert_eq!(left(bed).await, 1, "where nobody is called so");
}

pub async fn of_changes_at_once_none_is_lost(bed: &Bed) {
    Story::begin(bed).await;
    let more = (0..10).map(|n| told(&format!("more-{n}"), rights(&[RightChange::OneMore]))).collect::<Vec<_>>();
    join_all(more.iter().map(|told| hear(bed, told))).await;
    let account = resident();
    let less = (0..4).map(|_| bed.stores.wechat.change_right(&account, TEMPLATE, RightChange::OneLess, minutes(1)));
    join_all(less).await.into_iter().for_each(|done| done.expect("noted"));
    assert_eq!(left(bed).await, 6);
}

pub async fn accounts_come_in_the_order_that_is_asked_for(bed: &Bed) {
    let story = Story::begin(bed).await;
    let person = story.resident.person;
    let other = WechatIdentity { app_id: "wx-2".into(), openid: "elsewhere".into(), unionid: Some("u".into()) };
    let known = WechatIdentity { app_id: APP.into(), openid: "resident".into(), unionid: Some("u".into()) };
    for identity in [known, other] {
        bed.stores.people.sign_in(&identity, PersonId(uuid::Uuid::from_u128(9)), noon()).await.expect("a person");
    }
    let of = async |apps: &[&str]| {
        let apps: Vec<_> = apps.iter().map(|app| (*app).to_owned()).collect();
        let accounts = bed.stores.wechat.accounts_of(person, &apps).await.expect("accounts");
        accounts.into_iter().map(|account| account.openid).collect::<Vec<_>>()
    };
    assert_eq!(of(&["wx-2", APP]).await, ["elsewhere", "resident"]);
    assert_eq!(of(&[APP, "wx-2"]).await, ["resident", "elsewhere"]);
    assert_eq!(of(&["wx-3"]).await, [""; 0]);
}

pub async fn what_is_taken_back_is_noted_until_it_is_gone(bed: &Bed) {
    let story = Story::begin(bed).await;
    let person = story.resident.person;
    let forget = News::Forget { openid: "resident".into(), items: vec![Item::Phone, Item::Nickname] };
    assert_eq!(hear(bed, &told("back", forget)).await, Heard::Forget(person));
    let [phone] = &bed.stores.wechat.to_forget(9).await.expect("a list")[..] else { panic!("one") };
    assert_eq!((phone.person, phone.phone, phone.photos), (person, true, false));
    let photos = News::Forget { openid: "resident".into(), items: vec![Item::Photos] };
    assert_eq!(hear(bed, &told("photos", photos)).await, Heard::Forget(person));
    bed.stores.wechat.forgotten(phone).await.expect("done");
    let [both] = &bed.stores.wechat.to_forget(9).await.expect("a list")[..] else { panic!("one") };
    assert!(both.phone && both.photos, "what was told meanwhile is not lost");
    bed.stores.wechat.forgotten(both).await.expect("done");
    assert_eq!(bed.stores.wechat.to_forget(9).await.expect("a list"), []);
    let nobody = News::Forget { openid: "nobody".into(), items: vec![Item::Phone] };
    assert_eq!(hear(bed, &told("nobody", nobody)).await, Heard::Done);
}

pub async fn followers_are_asked_about_once(bed: &Bed) {
    let follower = WechatAccount { app_id: APP.to_owned(), openid: "f1".to_owned() };
    let followed = |id| told(id, News::Followed { openid: "f1".to_owned() });
    assert_eq!(hear(bed, &followed("one")).await, Heard::Ask);
    let strangers = bed.stores.wechat.strangers(APP, 9).await.expect("strangers");
    let accounts: Vec<_> = strangers.into_iter().map(|stranger| stranger.account).collect();
    assert_eq!(accounts, std::slice::from_ref(&follower));
    bed.stores.wechat.introduce(&follower, Some("union"), minutes(1)).await.expect("told");
    assert_eq!(bed.stores.wechat.strangers(APP, 9).await.expect("strangers").len(), 0);
    assert_eq!(bed.texts("SELECT unionid FROM followers").await, ["union"]);
    assert_eq!(hear(bed, &followed("again")).await, Heard::Ask, "after a while, perhaps as somebody else");
    assert_eq!(hear(bed, &told("gone", News::Unfollowed { openid: "f1".to_owned() })).await, Heard::Done);
    assert_eq!(bed.count("followers").await, 0);
}

pub async fn a_verdict_finds_its_photo_however_late(bed: &Bed) {
    let story = Story::begin(bed).await;
    let [judged, looked_at] = with_photos(bed, &story, 2, false).await[..] else { panic!("two photos") };
    let content = &bed.stores.content;
    assert_eq!(content.claim_photos(minutes(1), minutes(6), 9).await.expect("photos").len(), 2);
    for (photo, trace) in [(judged, "t1"), (looked_at, "t2")] {
        content.photo_handed_over(photo, trace, minutes(32)).await.expect("noted");
    }
    content.settle_photo(looked_at, domain::safety::CheckState::Review, None).await.expect("settled");
    let verdict = |trace: &str| told(trace, News::PhotoJudged { trace: trace.into(), verdict: Some(Verdict::Risky) });
    assert_eq!(hear(bed, &verdict("t3")).await, Heard::TooEarly, "and told again, it is heard");
    assert_eq!(hear(bed, &verdict("t3")).await, Heard::TooEarly);
    for trace in ["t1", "t2"] {
        assert_eq!(hear(bed, &verdict(trace)).await, Heard::Done);
    }
    let found = bed.stores.attachments.find_many(&[judged, looked_at]).await.expect("photos");
    let state = |id| found.iter().find(|photo| photo.id == id).expect("a photo").check.to_string();
    assert_eq!((state(judged).as_str(), state(looked_at).as_str()), ("risky", "risky"));
    assert_eq!(content.claim_photos(minutes(99), minutes(104), 9).await.expect("photos"), []);
}

pub async fn strange_things_are_kept_locked_and_swept(bed: &Bed) {
    let strange = told("strange", News::Strange { raw: "a word of WeChat's".to_owned() });
    assert_eq!(hear(bed, &strange).await, Heard::Done);
    let length = bed.texts("SELECT CAST(length(raw) AS TEXT) FROM wechat_events").await;
    assert_eq!(length, ["51"], "locked: 33 bytes more than the words have");
    assert_eq!(bed.stores.wechat.sweep_told(noon()).await.expect("a sweep"), 0);
    assert_eq!(bed.stores.wechat.sweep_told(minutes(1)).await.expect("a sweep"), 1);
}
