use domain::ids::EntranceId;
use domain::order::Salt;
use domain::place::{Entrance, Scene};
use domain::ports::{Commit, Slice};

use crate::bed::Bed;
use crate::story::{Story, minutes, new_id};

pub async fn a_code_leads_somewhere_until_it_is_taken_down(bed: &Bed) {
    let (story, store) = (Story::begin(bed).await, &bed.stores.entrances);
    let entrance = |n: u8| Entrance {
        id: new_id::<EntranceId>(minutes(n.into())),
        scene: Scene::new(Salt([n; 16])),
        community: story.community,
        compound: None,
        building: Some(format!("{n}号楼")),
        service_key: None,
        made_by: story.clerk.person,
        made_at: minutes(n.into()),
    };
    let (first, second) = (entrance(1), entrance(2));
    for one in [&first, &second] {
        assert_eq!(store.add(one, None).await.expect("an end"), Commit::Done);
    }
    assert_eq!(store.find_by_scene(&first.scene).await.expect("a search"), Some(first.clone()));
    let page = |before| store.entrances_of(story.community, Slice { before, limit: 1 });
    assert_eq!(page(None).await.expect("a page"), std::slice::from_ref(&second));
    assert_eq!(page(Some(second.id)).await.expect("a page"), std::slice::from_ref(&first));
    assert_eq!(store.entrances_of(story.elsewhere, Slice { before: None, limit: 9 }).await.expect("a page"), []);

    assert!(store.take_down(first.id, minutes(9)).await.expect("an end"));
    assert!(!store.take_down(first.id, minutes(9)).await.expect("an end"));
    assert_eq!(store.find_by_scene(&first.scene).await.expect("a search"), None);
    assert_eq!(store.find_entrance(first.id).await.expect("a search"), None);
    assert_eq!(page(Some(second.id)).await.expect("a page"), []);
}
