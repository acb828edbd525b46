use domain::ids::{AddressId, PlaceId};
use domain::people::Area;
use domain::place::{AddressLevel, Premises, Registered, register};
use domain::ports::{BuildingQuery, Entered, Removed, Slice};
use sea_orm::{ConnectionTrait, Statement};

use crate::bed::Bed;
use crate::story::{Story, compound, grid, minutes, new_id};

fn premises(compound: PlaceId, building: &str, unit: &str, room: &str) -> Premises {
    let part = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    Premises { compound, building: building.into(), unit: part(unit), room: part(room), grid: None }
}

async fn enter(bed: &Bed, story: &Story, all: &[Premises]) -> Entered {
    let rows = register(all, || new_id(minutes(1)));
    let by = story.clerk.person;
    bed.stores.addresses.enter(story.community, &rows, by, minutes(1)).await.expect("entered")
}

fn whole(story: &Story) -> Area {
    Area { communities: vec![story.community], ..Area::default() }
}

fn all_of(story: &Story) -> BuildingQuery {
    let slice = Slice { before: None, limit: 100 };
    BuildingQuery { community: story.community, area: whole(story), compound: None, grid: None, slice }
}

fn names(found: &[Registered]) -> Vec<&str> {
    let mut names: Vec<_> = found.iter().map(|address| address.name.as_str()).collect();
    names.sort_unstable();
    names
}

pub async fn an_address_is_known_once_however_it_is_written(bed: &Bed) {
    let (story, store) = (Story::begin(bed).await, &bed.stores.addresses);
    let (east, west) = (compound(story.community, "东苑"), compound(story.community, "西苑"));
    let written = [premises(east, "3号楼", "2单元", "1204室"), premises(east, "3-甲", "", "101")];
    let entered = enter(bed, &story, &written).await;
    assert_eq!((entered.added, entered.ids.len()), (5, 5));
    let again =
        [premises(east, "３栋", "2", "１２０４"), premises(east, "3", "2", "1205"), premises(west, "3", "", "")];
    let more = enter(bed, &story, &again).await;
    assert_eq!(more.added, 2, "a room, and a building of another compound");
    assert_eq!(more.ids[&again[0].key()], entered.ids[&written[0].key()]);

    let buildings = store.buildings(&all_of(&story)).await.expect("buildings");
    assert_eq!(names(&buildings), ["3", "3-甲", "3号楼"], "the name that was written first stays");
    let slice = Slice { before: None, limit: 100 };
    let building = entered.ids[&premises(east, "3", "", "").key()];
    let units = store.below(building, &whole(&story), slice).await.expect("units");
    assert_eq!((names(&units), units[0].level), (vec!["2单元"], AddressLevel::Unit));
    let rooms = store.below(units[0].id, &whole(&story), slice).await.expect("rooms");
    assert_eq!(names(&rooms), ["1204室", "1205"]);
    assert!(rooms.iter().all(|room| room.level == AddressLevel::Room && room.parent == Some(units[0].id)));
    let yard = entered.ids[&premises(east, "3-甲", "", "").key()];
    assert_eq!(names(&store.below(yard, &whole(&story), slice).await.expect("rooms")), ["101"], "in no unit");

    // Rooms lie locked.
    let rooms = Statement::from_string(
        bed.raw.get_database_backend(),
        "SELECT id FROM addresses WHERE level = 'room' AND (name IS NOT NULL OR room IS NULL)",
    );
    assert!(bed.raw.query_all_raw(rooms).await.expect("rows").is_empty());

    assert_eq!(store.remove(building).await.expect("an end"), Removed::NotEmpty);
    let room = more.ids[&again[1].key()];
    assert_eq!(store.remove(room).await.expect("an end"), Removed::Done);
    assert_eq!(store.remove(room).await.expect("an end"), Removed::Unknown);
    assert_eq!(store.find_address(room, &whole(&story)).await.expect("a search"), None);
}

pub async fn two_who_enter_the_same_at_once_enter_it_once(bed: &Bed) {
    let story = Story::begin(bed).await;
    let east = compound(story.community, "东苑");
    let all: Vec<_> = (1..=40).map(|room| premises(east, "3号楼", "1单元", &room.to_string())).collect();
    let (one, other) = futures_util::join!(enter(bed, &story, &all), enter(bed, &story, &all));
    assert_eq!(one.added + other.added, 42);
    assert_eq!(one.ids, other.ids);
}

pub async fn a_building_belongs_to_a_grid(bed: &Bed) {
    let (story, store) = (Story::begin(bed).await, &bed.stores.addresses);
    let east = compound(story.community, "东苑");
    let (first, second) = (grid(story.community, "第一网格"), grid(story.community, "第二网格"));
    let of = async |name: &str| store.grid_of_building(east, name).await.expect("a search");
    let entered = enter(bed, &story, &[premises(east, "3号楼", "1单元", "")]).await;
    assert_eq!(of("3").await, None);
    let building = entered.ids[&premises(east, "3", "", "").key()];
    assert!(store.assign(building, Some(first)).await.expect("an end"));
    assert_eq!((of("３栋").await, of("4").await), (Some(first), None));
    let unit = entered.ids[&premises(east, "3", "1", "").key()];
    assert!(!store.assign(unit, Some(first)).await.expect("an end"), "a unit is no building");
    // Entered again with a grid, it moves; without one, it stays.
    enter(bed, &story, &[Premises { grid: Some(second), ..premises(east, "3", "", "101") }]).await;
    assert_eq!(of("3").await, Some(second));
    enter(bed, &story, &[premises(east, "3", "", "102")]).await;
    assert_eq!(of("3").await, Some(second));
    let in_second = store.buildings(&BuildingQuery { grid: Some(second), ..all_of(&story) }).await.expect("buildings");
    assert_eq!(names(&in_second), ["3号楼"]);
    assert!(store.assign(building, None).await.expect("an end"));
    assert_eq!(of("3").await, None);
}

pub async fn pages_go_forward_within_the_area(bed: &Bed) {
    let (story, store) = (Story::begin(bed).await, &bed.stores.addresses);
    let (east, west) = (compound(story.community, "东苑"), compound(story.community, "西苑"));
    let all: Vec<_> =
        (1..=5).map(|n| premises(if n == 3 { west } else { east }, &format!("{n}号楼"), "", "")).collect();
    let entered = enter(bed, &story, &all).await;
    let mut expected: Vec<AddressId> = entered.ids.values().copied().collect();
    expected.sort_unstable();
    let (mut found, mut before) = (Vec::new(), None);
    loop {
        let slice = Slice { before, limit: 2 };
        let page = store.buildings(&BuildingQuery { slice, ..all_of(&story) }).await.expect("a page");
        let Some(last) = page.last() else { break };
        before = Some(last.id);
        found.extend(page.iter().map(|building| building.id));
    }
    assert_eq!(found, expected);

    let of_grid = Area { compounds: vec![west], ..Area::default() };
    let seen = store.buildings(&BuildingQuery { area: of_grid.clone(), ..all_of(&story) }).await.expect("a page");
    assert_eq!(names(&seen), ["3号楼"]);
    let in_compound = BuildingQuery { compound: Some(east), ..all_of(&story) };
    assert_eq!(store.buildings(&in_compound).await.expect("a page").len(), 4);
    let elsewhere = Area { communities: vec![story.elsewhere], ..Area::default() };
    for (area, is_seen) in [(whole(&story), true), (of_grid, false), (elsewhere, false), (Area::default(), false)] {
        let building = entered.ids[&all[0].key()];
        assert_eq!(store.find_address(building, &area).await.expect("a search").is_some(), is_seen, "{area:?}");
    }
}
