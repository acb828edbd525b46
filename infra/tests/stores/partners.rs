use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::deadline::{WorkCalendar, day_in_shanghai};
use domain::ids::PartnerId;
use domain::order::{Command, Counts, HandlerRole, recount};
use domain::place::{
    Agreement, Licence, Listing, Particulars, Partner, PartnerKind, Price, Span, Suspension, Terms, Ware, Week,
};
use domain::ports::{Commit, Opening, PartnerSaved};
use futures_util::future::join_all;

use crate::bed::Bed;
use crate::story::{Story, commit, committed, minutes, moved, new_id, noon, planned, resolve};

const CODE: &str = "91350100M000100Y43";

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn shop(story: &Story, name: &str, uscc: Option<&str>) -> Partner {
    let (id, place_id, uscc) = (new_id(noon()), story.community.into(), uscc.map(str::to_owned));
    Partner { id, place_id, kind: PartnerKind::Shop, name: name.to_owned(), uscc, closed: false }
}

/// Everything that can be filled in is.
fn full() -> Particulars {
    let mut days = <[Vec<Span>; 7]>::default();
    days[0] = vec![Span { opens: 510, closes: 720 }, Span { opens: 840, closes: 1_440 }];
    let offer = |name: &str, price| Ware { name: name.to_owned(), price };
    let licence = |until: Option<&str>| Licence {
        kind: "营业执照".to_owned(),
        number: "1-2".to_owned(),
        valid_until: until.map(day),
    };
    Particulars {
        listing: Listing {
            description: Some("老手艺 \"理发\"".to_owned()),
            address: Some("东门南侧".to_owned()),
            phone: Some("0311-85551234".to_owned()),
            hours: Week::new(days).expect("hours"),
            closed_days: vec![day("2026-12-31")],
            offers: vec![offer("理发", Price::Words("10 元".to_owned())), offer("上门", Price::Free)],
        },
        terms: Terms {
            agreement: Some(Agreement { number: None, from: day("2026-01-01"), until: day("2026-12-31") }),
            licences: vec![licence(None), licence(Some("2027-05-01"))],
            alliance: true,
            suspended: Some(Suspension { since: minutes(3), reason: "整改".to_owned() }),
            open_job_limit: Some(5),
        },
        on_duty: false,
    }
}

async fn kept(bed: &Bed, partner: PartnerId) -> Particulars {
    bed.stores.partners.particulars_of(&[partner]).await.expect("a search").remove(&partner).expect("an entry")
}

/// Sets the limit of the story's partner.
async fn limit(bed: &Bed, story: &Story, limit: Option<u16>) {
    let directory = bed.stores.directory.directory().await.expect("a directory");
    let partner = directory.partners.into_iter().find(|p| p.id == story.partner).expect("a partner");
    let particulars =
        Particulars { terms: Terms { open_job_limit: limit, ..Terms::default() }, ..Particulars::default() };
    let saved = bed
        .stores
        .partners
        .save_partner(&partner, &particulars, true, day_in_shanghai(noon()), None)
        .await
        .expect("an end");
    assert_eq!(saved, PartnerSaved::Ended(Commit::Done));
}

async fn open_jobs(bed: &Bed, partner: PartnerId) -> u32 {
    let jobs = bed.stores.partners.open_jobs_of(&[partner]).await.expect("a count");
    jobs.get(&partner).copied().unwrap_or_default()
}

pub async fn what_is_kept_comes_back_as_given(bed: &Bed) {
    let (story, store) = (Story::begin(bed).await, &bed.stores.partners);
    assert_eq!(kept(bed, story.partner).await, Particulars::default(), "nobody wrote anything down");
    let shop = shop(&story, "理发店", Some(CODE));
    let answer = story.answer("k", noon());
    let save = |answer| store.save_partner(&shop, &FULL, true, day_in_shanghai(noon()), answer);
    static FULL: std::sync::LazyLock<Particulars> = std::sync::LazyLock::new(full);
    assert_eq!(save(Some(&answer)).await.expect("an end"), PartnerSaved::Ended(Commit::Done));
    assert_eq!(save(Some(&answer)).await.expect("an end"), PartnerSaved::Ended(Commit::KeyTaken));
    assert_eq!(kept(bed, shop.id).await, full());
    let partners = bed.stores.directory.directory().await.expect("a directory").partners;
    assert_eq!(partners.last(), Some(&shop), "behind those that were there");

    // Its own staff change the opening alone, and the secretary all but that.
    let opening = Opening { on_duty: true, offers: Vec::new(), ..Opening::of(&full()) };
    assert_eq!(store.save_opening(shop.id, &opening, None).await.expect("an end"), Commit::Done);
    let opened = opening.clone().laid_over(full());
    assert_eq!(kept(bed, shop.id).await, opened);
    let plain = Particulars::default();
    let saved = store.save_partner(&shop, &plain, false, day_in_shanghai(noon()), None).await.expect("an end");
    assert_eq!(saved, PartnerSaved::Ended(Commit::Done));
    assert_eq!(kept(bed, shop.id).await, opening.clone().laid_over(plain));
    // Of one of whom nothing was written down before.
    assert_eq!(store.save_opening(story.helper, &opening, None).await.expect("an end"), Commit::Done);
    assert_eq!(kept(bed, story.helper).await, opening.laid_over(Particulars::default()));
}

pub async fn a_code_stands_once_in_a_community(bed: &Bed) {
    let (story, store) = (Story::begin(bed).await, &bed.stores.partners);
    let (first, second) = (shop(&story, "甲店", Some(CODE)), shop(&story, "乙店", Some(CODE)));
    let save = async |partner: &Partner| {
        store.save_partner(partner, &Particulars::default(), true, day_in_shanghai(noon()), None).await.expect("an end")
    };
    assert_eq!(save(&first).await, PartnerSaved::Ended(Commit::Done));
    assert_eq!(save(&second).await, PartnerSaved::UsccTaken);
    assert_eq!(save(&Partner { place_id: story.elsewhere.into(), ..second }).await, PartnerSaved::Ended(Commit::Done));
    assert_eq!(save(&first).await, PartnerSaved::Ended(Commit::Done), "its own");
    for name in ["丙店", "丁店"] {
        assert_eq!(save(&shop(&story, name, None)).await, PartnerSaved::Ended(Commit::Done), "none is no code");
    }
    assert_eq!(bed.count("partner_particulars").await, 4);
}

pub async fn of_those_who_send_at_once_only_as_many_get_through_as_there_is_room(bed: &Bed) {
    let story = Story::begin(bed).await;
    limit(bed, &story, Some(7)).await;
    let mut changes = Vec::new();
    for n in 0..20 {
        let order = story.accepted(bed, minutes(n)).await;
        let lead = story.dispatch(story.partner, HandlerRole::Lead, minutes(n));
        changes.push(planned(&order, &story.clerk, lead, minutes(n)));
    }
    let orders = &*bed.stores.orders;
    let ends = join_all(changes.iter().map(|change| commit(orders, std::slice::from_ref(change)))).await;
    let through = ends.iter().filter(|end| **end == Commit::Done).count();
    let full = ends.iter().filter(|end| **end == Commit::PartnerFull { limit: 7 }).count();
    assert_eq!((through, full), (7, 13), "{ends:?}");
    assert_eq!((open_jobs(bed, story.partner).await, bed.count("dispatches").await), (7, 7));
    let told = bed.texts("SELECT kind FROM outbox WHERE kind = 'dispatched'").await;
    assert_eq!(told.len(), 14, "nothing of the others was written");

    // One that is finished makes room for one more, and for one only.
    let held = changes.iter().zip(&ends).find(|(_, end)| **end == Commit::Done).expect("one").0.next.clone();
    let task = held.dispatches[0].id;
    let signed = moved(bed, &held, &story.worker, Command::Sign { dispatch: task, visit_at: None }, minutes(30)).await;
    let complete = Command::Complete { dispatch: task, result: "好了".to_owned(), photos: Vec::new(), charge: None };
    let done = moved(bed, &signed, &story.worker, complete, minutes(31)).await;
    assert_eq!(open_jobs(bed, story.partner).await, 6);
    let mut waiting = changes.iter().zip(&ends).filter(|(_, end)| **end != Commit::Done).map(|(change, _)| change);
    let mut next = async || commit(orders, std::slice::from_ref(waiting.next().expect("one more"))).await;
    assert_eq!(next().await, Commit::Done);
    assert_eq!(next().await, Commit::PartnerFull { limit: 7 });
    // Work that is sent back is work that it held before.
    moved(bed, &done, &story.clerk, Command::Rework { dispatch: task, reason: "再抹一遍".to_owned() }, minutes(32))
        .await;
    assert_eq!(open_jobs(bed, story.partner).await, 8);
    // The desk may overrule the limit, and a partner without one takes everything.
    let order = story.accepted(bed, minutes(40)).await;
    let mut anyway = story.dispatch(story.partner, HandlerRole::Lead, minutes(40));
    if let Command::Dispatch { despite_off_duty, .. } = &mut anyway {
        *despite_off_duty = true;
    }
    moved(bed, &order, &story.clerk, anyway, minutes(40)).await;
    limit(bed, &story, None).await;
    story.dispatched(bed, minutes(41), story.partner).await;
    assert_eq!(open_jobs(bed, story.partner).await, 10);
}

pub async fn the_record_is_what_the_orders_say(bed: &Bed) {
    let story = Story::begin(bed).await;
    let (clerk, worker, resident) = (&story.clerk, &story.worker, &story.resident);
    let sign = |dispatch| Command::Sign { dispatch, visit_at: None };
    let complete =
        |dispatch| Command::Complete { dispatch, result: "好了".to_owned(), photos: Vec::new(), charge: None };
    let mut orders = Vec::new();
    // The long way: signed, done, sent back, done again, rated, reopened, and open once more.
    let order = story.dispatched(bed, minutes(1), story.partner).await;
    let task = order.dispatches[0].id;
    let helper = story.dispatch(story.helper, HandlerRole::Co, minutes(2));
    let order = moved(bed, &order, clerk, helper, minutes(2)).await;
    let order = moved(bed, &order, worker, sign(task), minutes(3)).await;
    let order = moved(bed, &order, worker, complete(task), minutes(4)).await;
    let order =
        moved(bed, &order, clerk, Command::Rework { dispatch: task, reason: "再来".to_owned() }, minutes(5)).await;
    let order = moved(bed, &order, worker, complete(task), minutes(6)).await;
    // Everything at one instant: a recall by hand, and the end that takes the others.
    let order = moved(bed, &order, clerk, resolve(), minutes(7)).await;
    let rate = Command::Rate { solved: true, satisfaction: 4, comment: None };
    let order = moved(bed, &order, resident, rate, minutes(7)).await;
    let order = moved(bed, &order, resident, Command::Reopen { reason: "又坏了".to_owned() }, minutes(8)).await;
    let lead = story.dispatch(story.partner, HandlerRole::Lead, minutes(9));
    orders.push(moved(bed, &order, clerk, lead, minutes(9)).await);
    // The short ends, in another month.
    let later = 60 * 24 * 20;
    let order = story.dispatched(bed, minutes(later), story.partner).await;
    let (task, now) = (order.dispatches[0].id, minutes(later + 1));
    let recall = Command::Recall { dispatch: task, reason: "改派".to_owned() };
    let order = moved(bed, &order, clerk, recall, now).await;
    let order = moved(bed, &order, clerk, story.dispatch(story.partner, HandlerRole::Lead, now), now).await;
    orders.push(moved(bed, &order, resident, Command::Withdraw { reason: None }, now).await);
    // An import brings a whole history in one commit.
    let submitted = story.submission(minutes(later));
    let accepted = planned(&submitted.next, clerk, crate::story::accept(), now);
    let sent = planned(&accepted.next, clerk, story.dispatch(story.partner, HandlerRole::Lead, now), now);
    let resolved = planned(&sent.next, clerk, resolve(), now);
    orders.push(resolved.next.clone());
    assert_eq!(commit(&*bed.stores.orders, &[submitted, accepted, sent, resolved]).await, Commit::Done);

    let mut said: BTreeMap<(PartnerId, NaiveDate), Counts> = BTreeMap::new();
    for order in &orders {
        let events = bed.stores.orders.timeline(order.id, &story.clerk_sight(), 0, 100).await.expect("a timeline");
        for (key, counts) in recount(order, &events, &WorkCalendar::announced()) {
            *said.entry(key).or_default() += counts;
        }
    }
    let mut kept = BTreeMap::new();
    for partner in [story.partner, story.helper] {
        let record = bed.stores.partners.record_of(partner, day("2026-01-01"), day("2027-12-01")).await;
        kept.extend(record.expect("a record").into_iter().map(|(month, counts)| ((partner, month), counts)));
    }
    assert_eq!(kept, said);
    assert_eq!(kept.len(), 3, "November and December of one, November of the other");
    let december = kept[&(story.partner, day("2026-12-01"))];
    assert_eq!((december.dispatches, december.withdrawn), (3, 1));
    let totals = bed.stores.partners.totals_of(&[story.partner]).await.expect("totals")[&story.partner];
    assert_eq!((totals.dispatches, totals.reworks, totals.completed, totals.points), (5, 1, 1, 4));
    let november = bed.stores.partners.record_of(story.partner, day("2026-11-01"), day("2026-11-01")).await;
    assert_eq!(november.expect("a record").len(), 1);
    for (partner, open) in [(story.partner, 1), (story.helper, 0)] {
        assert_eq!(open_jobs(bed, partner).await, open);
    }
    // A commit that is too late counts nothing.
    let stale = planned(&orders[0], clerk, resolve(), minutes(later + 2));
    committed(bed, planned(&orders[0], resident, Command::Urge, minutes(later + 2))).await;
    assert_eq!(commit(&*bed.stores.orders, &[stale]).await, Commit::Stale(orders[0].id));
    assert_eq!(open_jobs(bed, story.partner).await, 1);
}
