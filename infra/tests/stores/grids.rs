use domain::ids::PlaceId;
use domain::place::coordinates::Gcj02;
use domain::place::{Border, Bordered};
use domain::ports::{Drawn, Outlined};

use crate::bed::Bed;
use crate::story::{Story, grid, minutes};

fn at(lon: f64, lat: f64) -> Gcj02 {
    Gcj02::new(lat, lon).expect("a place")
}

/// A hundredth of a degree each way, from its south-west corner.
fn square(grid: PlaceId, west: f64) -> Bordered {
    let corners = [(west, 38.05), (west + 0.01, 38.05), (west + 0.01, 38.06), (west, 38.06), (west, 38.05)];
    let ring = corners.map(|(lon, lat)| at(lon, lat)).to_vec();
    Bordered { grid, border: Border::draw(&vec![vec![ring]]).expect("a border") }
}

pub async fn a_border_is_drawn_anew_and_rubbed_out(bed: &Bed) {
    let (story, store) = (Story::begin(bed).await, &bed.stores.grids);
    let (here, by) = (story.community, story.clerk.person);
    let first = grid(here, "第一网格");
    let (old, new) = (square(first, 114.45), square(first, 114.451));
    assert_eq!(store.border_of(first).await.expect("a search"), None);
    for (minute, border) in [(1, &old), (2, &new)] {
        let drawn = store.draw(here, std::slice::from_ref(border), by, minutes(minute)).await.expect("an end");
        assert_eq!(drawn, Outlined::Done, "nobody is held against the own old border");
        let expected = Drawn { border: border.border.clone(), by, at: minutes(minute) };
        assert_eq!(store.border_of(first).await.expect("a search"), Some(expected));
        assert_eq!(store.bordered(here).await.expect("a list"), [(first, minutes(minute))]);
    }
    assert_eq!(store.bordered(story.elsewhere).await.expect("a list"), []);
    // What was redrawn is not found where it was.
    assert_eq!(store.borders_around(at(114.4505, 38.055)).await.expect("borders"), []);
    assert!(store.rub_out(first).await.expect("an end"));
    assert!(!store.rub_out(first).await.expect("an end"));
    assert_eq!(store.border_of(first).await.expect("a search"), None);
}

pub async fn only_borders_around_the_point_are_read(bed: &Bed) {
    let (story, store) = (Story::begin(bed).await, &bed.stores.grids);
    let (here, there, by) = (story.community, story.elsewhere, story.clerk.person);
    let own = [square(grid(here, "第一网格"), 114.45), square(grid(here, "第二网格"), 114.46)];
    let others = [square(grid(there, "第一网格"), 114.47)];
    assert_eq!(store.draw(here, &own, by, minutes(1)).await.expect("an end"), Outlined::Done);
    assert_eq!(store.draw(there, &others, by, minutes(1)).await.expect("an end"), Outlined::Done);
    for (lon, lat, found) in [
        (114.455, 38.055, vec![&own[0]]),
        (114.475, 38.055, vec![&others[0]]),
        (114.455, 38.061, vec![]),
        (114.449, 38.055, vec![]),
        (114.9, 38.055, vec![]),
    ] {
        let around = store.borders_around(at(lon, lat)).await.expect("borders");
        assert_eq!(around.iter().collect::<Vec<_>>(), found, "{lon} {lat}");
    }
    let on_the_line = store.borders_around(at(114.46, 38.055)).await.expect("borders");
    assert_eq!(on_the_line.len(), 2, "{on_the_line:?}");
}

pub async fn of_two_that_draw_over_each_other_one_is_refused(bed: &Bed) {
    let (story, store) = (Story::begin(bed).await, &bed.stores.grids);
    let (here, by) = (story.community, story.clerk.person);
    let (first, second) = (square(grid(here, "第一网格"), 114.45), square(grid(here, "第二网格"), 114.455));
    let draw =
        async |border: &Bordered| store.draw(here, std::slice::from_ref(border), by, minutes(1)).await.expect("an end");
    let mut ends = Vec::from(<[Outlined; 2]>::from(futures_util::join!(draw(&first), draw(&second))));
    ends.sort_by_key(|end| *end != Outlined::Done);
    let refused = [(first.grid, second.grid), (second.grid, first.grid)].map(|pair| Outlined::Overlaps(vec![pair]));
    assert!(ends[0] == Outlined::Done && refused.contains(&ends[1]), "{ends:?}");
    assert_eq!(store.bordered(here).await.expect("a list").len(), 1);
    // Together, neither is drawn.
    assert!(store.rub_out(first.grid).await.expect("an end") || store.rub_out(second.grid).await.expect("an end"));
    let both = store.draw(here, &[first.clone(), second.clone()], by, minutes(2)).await.expect("an end");
    assert_eq!(both, Outlined::Overlaps(vec![(second.grid, first.grid)]));
    assert_eq!(store.bordered(here).await.expect("a list"), []);
}
