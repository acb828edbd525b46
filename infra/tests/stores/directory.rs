use domain::ports::Directory;

use crate::bed::Bed;
use crate::story::Story;

pub async fn it_comes_back_in_its_order(bed: &Bed) {
    let directory = &bed.stores.directory;
    assert_eq!(directory.directory().await.expect("a directory"), Directory::default());
    Story::begin(bed).await;
    let mut saved = directory.directory().await.expect("a directory");
    saved.communities.reverse();
    saved.services.reverse();
    saved.partners.reverse();
    directory.save_directory(&saved).await.expect("saved");
    assert_eq!(directory.directory().await.expect("a directory"), saved);
}

pub async fn saving_again_updates_and_removes_nothing(bed: &Bed) {
    let story = Story::begin(bed).await;
    let directory = &bed.stores.directory;
    let before = directory.directory().await.expect("a directory");
    let mut renamed = before.communities[0].clone();
    renamed.name = "新的名字".to_owned();
    let change = Directory { communities: vec![renamed.clone()], ..Directory::default() };
    directory.save_directory(&change).await.expect("saved");

    let after = directory.directory().await.expect("a directory");
    assert_eq!(after.communities.iter().find(|c| c.id == story.community), Some(&renamed));
    assert_eq!(after.communities.len(), before.communities.len());
    assert_eq!((after.services, after.partners), (before.services, before.partners));
}
