use chrono::{DateTime, Utc};
use domain::ids::DutyId;
use domain::place::{Duty, DutyDesk};
use domain::ports::{Commit, RotaQuery};

use crate::bed::Bed;
use crate::story::{Story, minutes, new_id};

fn duty(story: &Story, n: i64, from: DateTime<Utc>, until: DateTime<Utc>) -> Duty {
    Duty {
        id: new_id::<DutyId>(minutes(n)),
        community: story.community,
        starts_at: from,
        ends_at: until,
        name: format!("接访员{n}"),
        phone: "0311-85551234".to_owned(),
        note: (n == 1).then(|| "带班：书记".to_owned()),
        person: Some(story.clerk.person),
    }
}

pub async fn who_is_on_duty_is_told_while_the_turn_runs(bed: &Bed) {
    let (story, store) = (Story::begin(bed).await, &bed.stores.duty);
    let early = duty(&story, 1, minutes(0), minutes(60));
    let late = duty(&story, 2, minutes(30), minutes(90));
    let same_end = duty(&story, 3, minutes(60), minutes(90));
    let answer = story.answer("k", minutes(0));
    assert_eq!(store.save_duty(&early, Some(&answer)).await.expect("an end"), Commit::Done);
    assert_eq!(store.save_duty(&late, Some(&answer)).await.expect("an end"), Commit::KeyTaken);
    for one in [&late, &same_end] {
        assert_eq!(store.save_duty(one, None).await.expect("an end"), Commit::Done);
    }
    let on = async |n: i64| store.on_duty(story.community, minutes(n)).await.expect("a list");
    assert_eq!(on(-1).await, []);
    assert_eq!(on(0).await, std::slice::from_ref(&early));
    assert_eq!(on(45).await, [late.clone(), early.clone()], "whoever began last first");
    assert_eq!(on(60).await, [same_end.clone(), late.clone()]);
    assert_eq!(on(90).await, []);
    assert_eq!(store.on_duty(story.elsewhere, minutes(45)).await.expect("a list"), []);

    let page = async |n: i64, after, limit| {
        let query = RotaQuery { community: story.community, now: minutes(n), after, limit };
        store.rota(query).await.expect("a page")
    };
    assert_eq!(page(0, None, 2).await, [early.clone(), late.clone()]);
    assert_eq!(page(0, Some(late.id), 2).await, std::slice::from_ref(&same_end));
    assert_eq!(page(60, None, 9).await, [late.clone(), same_end.clone()], "what has ended is over");

    let changed = Duty { name: "书记".to_owned(), person: None, ends_at: minutes(95), ..early };
    assert_eq!(store.save_duty(&changed, None).await.expect("an end"), Commit::Done);
    assert_eq!(store.find_duty(changed.id).await.expect("a search"), Some(changed.clone()));
    assert!(store.remove_duty(changed.id).await.expect("an end"));
    assert!(!store.remove_duty(changed.id).await.expect("an end"));
    assert_eq!(store.find_duty(changed.id).await.expect("a search"), None);
}

pub async fn a_desk_has_a_number(bed: &Bed) {
    let (story, store) = (Story::begin(bed).await, &bed.stores.duty);
    let desk = async || store.duty_desk(story.community).await.expect("a desk");
    assert_eq!(desk().await, DutyDesk::default());
    for phone in [Some("0311-85550000".to_owned()), Some("0311-85550001".to_owned()), None] {
        let written = DutyDesk { phone };
        store.save_duty_desk(story.community, &written).await.expect("saved");
        assert_eq!(desk().await, written);
    }
}
