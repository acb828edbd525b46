use std::collections::BTreeSet;

use chrono::NaiveDate;
use domain::certificate::{Certificate, Line, Ruling};
use domain::ids::{CommunityId, PlaceId};
use domain::order::{Channel, FigureCount};
use domain::ports::{Change, Commit, FigurePart, FigureQuery, FigureSum};
use domain::service::Figure;

use crate::bed::Bed;
use crate::story::{Story, minutes, new_id};

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn whole(community: CommunityId) -> FigureQuery {
    FigureQuery { community, from: day("2020-01-01"), until: day("2029-12-31"), compound: None, services: None }
}

/// What a move of another order adds.
async fn adds(bed: &Bed, story: &Story, n: i64, count: FigureCount) {
    let change = Change { figure: Some(count), ..story.submission(minutes(n)) };
    assert_eq!(bed.stores.orders.commit(&[change], None).await.expect("an end"), Commit::Done);
}

pub async fn counts_add_up_by_day_service_and_compound(bed: &Bed) {
    let (story, store) = (Story::begin(bed).await, &bed.stores.figures);
    let place = new_id::<PlaceId>(minutes(1));
    let compound = Some(place);
    let count = |figure, on: &str, service: &str, compound, more| FigureCount {
        community: story.community,
        figure: Some(figure),
        day: day(on),
        service_key: service.to_owned(),
        compound,
        channel: Channel::MiniProgram,
        hours: Some(30),
        more,
    };
    let counts = [
        count(Figure::Errand, "2026-10-31", "errand", compound, 1),
        count(Figure::Errand, "2026-11-01", "errand", compound, 1),
        count(Figure::Errand, "2026-11-01", "errand", compound, 1),
        count(Figure::Errand, "2026-11-01", "medical", None, 1),
        count(Figure::Errand, "2026-11-01", "errand", compound, -1),
        count(Figure::Repair, "2026-11-02", "tap", None, 1),
    ];
    for (n, count) in (1..).zip(counts) {
        adds(bed, &story, n, count).await;
    }
    let elsewhere =
        FigureCount { community: story.elsewhere, ..count(Figure::Errand, "2026-11-01", "errand", None, 1) };
    adds(bed, &story, 9, elsewhere).await;

    let sum = |figure, part: &str, count| {
        let (figure, part, hours) = (Some(figure), part.to_owned(), Some(30));
        FigureSum { figure, part, hours, count }
    };
    let (errand, repair) = (Figure::Errand, Figure::Repair);
    let of = async |query: FigureQuery, by| store.sums(&query, by).await.expect("sums");
    let all = whole(story.community);
    assert_eq!(of(all.clone(), None).await, [sum(errand, "", 3), sum(repair, "", 1)]);
    let november = FigureQuery { from: day("2026-11-01"), until: day("2026-11-30"), ..all.clone() };
    assert_eq!(of(november, None).await, [sum(errand, "", 2), sum(repair, "", 1)]);
    let there = FigureQuery { compound, ..all.clone() };
    assert_eq!(of(there, None).await, [sum(errand, "", 2)]);
    let medical = FigureQuery { services: Some(vec!["medical".to_owned()]), ..all.clone() };
    assert_eq!(of(medical, None).await, [sum(errand, "", 1)]);
    assert_eq!(of(FigureQuery { services: Some(Vec::new()), ..all.clone() }, None).await, []);

    let by_day = of(all.clone(), Some(FigurePart::Day)).await;
    assert_eq!(by_day, [sum(errand, "2026-10-31", 1), sum(errand, "2026-11-01", 2), sum(repair, "2026-11-02", 1)]);
    let by_service = of(all.clone(), Some(FigurePart::Service)).await;
    assert_eq!(by_service, [sum(errand, "errand", 2), sum(errand, "medical", 1), sum(repair, "tap", 1)]);
    let by_compound: BTreeSet<_> =
        of(all, Some(FigurePart::Compound)).await.into_iter().map(|sum| (sum.part, sum.count)).collect();
    let here = place.to_string();
    assert_eq!(by_compound, BTreeSet::from([(String::new(), 1), (here, 2)]), "of nowhere, an errand and a repair");
}

pub async fn counts_are_apart_by_channel_and_by_how_long_it_took(bed: &Bed) {
    let (story, store) = (Story::begin(bed).await, &bed.stores.figures);
    let count = |figure, channel, hours, more| FigureCount {
        community: story.community,
        figure,
        day: day("2026-11-01"),
        service_key: "errand".to_owned(),
        compound: None,
        channel,
        hours,
        more,
    };
    let counts = [
        count(None, Channel::MiniProgram, Some(0), 1),
        count(None, Channel::MiniProgram, Some(0), 1),
        count(None, Channel::OnBehalf, Some(26), 1),
        count(Some(Figure::Errand), Channel::Import, None, 1),
    ];
    for (n, count) in (1..).zip(counts) {
        adds(bed, &story, n, count).await;
    }
    let sum = |figure, part: &str, hours, count| FigureSum { figure, part: part.to_owned(), hours, count };
    let of = async |by| store.sums(&whole(story.community), by).await.expect("sums");
    let errand = Some(Figure::Errand);
    assert_eq!(of(None).await, [sum(errand, "", None, 1), sum(None, "", Some(0), 2), sum(None, "", Some(26), 1)]);
    let by_channel =
        [sum(errand, "import", None, 1), sum(None, "mini_program", Some(0), 2), sum(None, "on_behalf", Some(26), 1)];
    assert_eq!(of(Some(FigurePart::Channel)).await, by_channel);
}

pub async fn what_a_place_says_of_a_certificate_is_read_with_the_directory(bed: &Bed) {
    let (story, store) = (Story::begin(bed).await, &bed.stores.certificates);
    let place: PlaceId = story.community.into();
    let line = |name: &str| Line {
        name: name.to_owned(),
        words: vec!["居住".to_owned()],
        ruling: Ruling::Issued { papers: vec!["身份证原件".to_owned()] },
        since: day("2021-01-01"),
        until: None,
    };
    let read = async || bed.stores.directory.directory().await.expect("a directory").certificates;
    assert_eq!(read().await, []);
    let by = Some(story.clerk.person);
    store.save(place, "residence", &line("居住证明"), by, minutes(0)).await.expect("an end");
    store.save(place, "volunteer", &line("志愿服务证明"), None, minutes(1)).await.expect("an end");
    store.save(place, "residence", &line("居住情况证明"), by, minutes(2)).await.expect("an end");
    let saved = |key: &str, name: &str| Certificate { place: Some(place), key: key.to_owned(), line: line(name) };
    assert_eq!(read().await, [saved("residence", "居住情况证明"), saved("volunteer", "志愿服务证明")]);
    assert!(store.drop_line(place, "residence").await.expect("an end"));
    assert!(!store.drop_line(place, "residence").await.expect("an end"));
    assert_eq!(read().await, [saved("volunteer", "志愿服务证明")]);
}
