use domain::ids::PlaceId;
use domain::ports::SavedService;
use domain::service::Service;

use crate::bed::Bed;
use crate::story::{Story, minutes, noon, repair};

fn called(service: &Service, name: &str) -> Service {
    let mut service = service.clone();
    service.offer.name = name.to_owned();
    service
}

async fn save(bed: &Bed, story: &Story, service: &Service) -> SavedService {
    bed.stores.services.save(service, story.clerk.person, minutes(1)).await.expect("an answer")
}

async fn line(bed: &Bed, place: PlaceId, key: &str) -> Option<Service> {
    let services = bed.stores.directory.directory().await.expect("a directory").services;
    services.into_iter().find(|service| service.place == place && service.key == key)
}

pub async fn a_change_is_a_new_version_and_the_old_one_stays(bed: &Bed) {
    let story = Story::begin(bed).await;
    let first = repair(story.community);
    let second = called(&first, "楼道维修");
    assert_eq!(save(bed, &story, &first).await, SavedService::Saved(1), "nothing of it is new");
    assert_eq!(save(bed, &story, &second).await, SavedService::Saved(2));
    let closed = Service { version: 2, closed: true, ..second.clone() };
    assert_eq!(save(bed, &story, &closed).await, SavedService::Saved(2), "what it says is the same");
    assert_eq!(line(bed, first.place, "repair").await, Some(closed));

    let services = &bed.stores.services;
    let versions = services.versions(first.place, "repair", None, 9).await.expect("versions");
    let said: Vec<_> = versions.iter().map(|v| (v.version, v.offer.name.as_str(), v.made_by)).collect();
    assert_eq!(said, [(2, "楼道维修", Some(story.clerk.person)), (1, "repair 服务", None)]);
    assert_eq!((versions[0].made_at, versions[1].made_at), (minutes(1), noon()));
    assert_eq!(services.versions(first.place, "repair", Some(2), 9).await.expect("versions"), versions[1..]);
    assert_eq!(services.version(first.edition(), "repair").await.expect("a version").as_ref(), versions.last());
    let order = story.placed(bed, noon()).await;
    let kept = bed.stores.orders.find(order.id, &story.clerk_sight()).await.expect("an order").expect("in sight");
    assert_eq!((kept.terms.edition, kept.terms.name.as_str()), (first.edition(), "repair 服务"), "it keeps its own");
}

pub async fn who_did_not_see_the_latest_changes_nothing(bed: &Bed) {
    let story = Story::begin(bed).await;
    let first = repair(story.community);
    assert_eq!(save(bed, &story, &called(&first, "甲")).await, SavedService::Saved(2));
    assert_eq!(save(bed, &story, &called(&first, "乙")).await, SavedService::Changed(2));
    let unknown = Service { key: "haircut".into(), version: 3, ..first.clone() };
    assert_eq!(save(bed, &story, &unknown).await, SavedService::Changed(0));
    assert_eq!(line(bed, first.place, "repair").await.map(|line| line.offer.name), Some("甲".into()));
    assert_eq!(line(bed, first.place, "haircut").await, None);
}

pub async fn a_line_that_was_taken_off_counts_on(bed: &Bed) {
    let story = Story::begin(bed).await;
    let first = repair(story.community);
    story.placed(bed, noon()).await;
    let services = &bed.stores.services;
    assert!(services.drop_line(first.place, "repair").await.expect("dropped"));
    assert!(!services.drop_line(first.place, "repair").await.expect("an answer"));
    assert_eq!(line(bed, first.place, "repair").await, None);
    assert_eq!(services.versions(first.place, "repair", None, 9).await.expect("versions").len(), 1);
    assert_eq!(save(bed, &story, &Service { version: 0, ..first.clone() }).await, SavedService::Saved(2));
}

pub async fn new_lines_stand_behind_the_others(bed: &Bed) {
    let story = Story::begin(bed).await;
    let first = repair(story.community);
    let new = |key: &str| Service { key: key.into(), version: 0, ..first.clone() };
    let all = [called(&first, "改名"), new("b"), new("a")];
    bed.stores.services.save_all(&all, None, minutes(2)).await.expect("saved");
    let services = bed.stores.directory.directory().await.expect("a directory").services;
    let keys: Vec<_> =
        services.iter().filter(|s| s.place == first.place).map(|s| (s.key.as_str(), s.version)).collect();
    assert_eq!(keys, [("repair", 2), ("danger", 1), ("mediation", 1), ("b", 1), ("a", 1)]);
}

pub async fn two_writers_at_once_make_one_version(bed: &Bed) {
    let story = Story::begin(bed).await;
    let first = repair(story.community);
    let (a, b) = (called(&first, "甲"), called(&first, "乙"));
    let both = futures_util::future::join(save(bed, &story, &a), save(bed, &story, &b)).await;
    assert!(
        matches!(
            both,
            (SavedService::Saved(2), SavedService::Changed(2)) | (SavedService::Changed(2), SavedService::Saved(2))
        ),
        "{both:?}"
    );
}
