use domain::ports::{Directory, PlaceCode};

use crate::bed::Bed;
use crate::story::{Story, new_id, noon};

pub async fn it_comes_back_in_its_order(bed: &Bed) {
    let directory = &bed.stores.directory;
    assert_eq!(directory.directory().await.expect("a directory"), Directory::default());
    Story::begin(bed).await;
    let saved = directory.directory().await.expect("a directory");
    let mut again = saved.clone();
    again.places.reverse();
    again.communities.reverse();
    again.services = Vec::new();
    let mut new = saved.partners[0].clone();
    (new.id, new.name) = (new_id(noon()), "新来的单位".to_owned());
    again.partners = vec![new.clone(), saved.partners[1].clone()];
    directory.save_directory(&again).await.expect("saved");
    let mut expected = saved;
    expected.partners.push(new);
    assert_eq!(directory.directory().await.expect("a directory"), expected, "what was there keeps its place");
}

pub async fn saving_again_updates_and_removes_nothing(bed: &Bed) {
    let story = Story::begin(bed).await;
    let directory = &bed.stores.directory;
    let before = directory.directory().await.expect("a directory");
    let mut renamed = before.communities[0].clone();
    renamed.prefix = "新".to_owned();
    let change = Directory { communities: vec![renamed.clone()], ..Directory::default() };
    directory.save_directory(&change).await.expect("saved");

    let after = directory.directory().await.expect("a directory");
    assert_eq!(after.communities.iter().find(|c| c.id == story.community), Some(&renamed));
    assert_eq!(after.communities.len(), before.communities.len());
    assert_eq!((after.services, after.partners, after.places), (before.services, before.partners, before.places));
}

pub async fn codes_may_contradict_each_other(bed: &Bed) {
    let story = Story::begin(bed).await;
    let (here, there) = (story.community.into(), story.elsewhere.into());
    let code = |place, edition: &str, code: &str| PlaceCode { place, edition: edition.into(), code: code.into() };
    let directory = &bed.stores.directory;
    directory.save_codes(&[code(here, "a", "014"), code(there, "a", "016")]).await.expect("saved");
    directory
        .save_codes(&[code(there, "b", "014"), code(here, "a", "015"), code(here, "b", "016")])
        .await
        .expect("saved");
    let mut codes = directory.codes_of(&[here, there]).await.expect("codes");
    codes.sort_by(|x, y| (&x.edition, &x.code).cmp(&(&y.edition, &y.code)));
    assert_eq!(
        codes,
        [code(here, "a", "015"), code(there, "a", "016"), code(there, "b", "014"), code(here, "b", "016")]
    );
}
