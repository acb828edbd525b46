use uuid::Uuid;

use super::*;
use crate::place::Level;
use crate::place::coordinates::Wgs84;

fn at(lon: f64, lat: f64) -> Gcj02 {
    Gcj02::new(lat, lon).expect("a place")
}

/// A rectangle from its south-west corner, degrees.
fn rectangle(west: f64, south: f64, width: f64, height: f64) -> Vec<Gcj02> {
    let (east, north) = (west + width, south + height);
    vec![at(west, south), at(east, south), at(east, north), at(west, north), at(west, south)]
}

fn drawn(west: f64, south: f64, width: f64, height: f64) -> Border {
    Border::draw(&vec![vec![rectangle(west, south, width, height)]]).expect("a border")
}

/// About 440 by 555 metres in 西苑.
fn first() -> Border {
    drawn(114.450, 38.050, 0.005, 0.005)
}

#[test]
fn a_point_lies_inside_on_the_line_or_outside() {
    let border = first();
    for (lon, lat, inside) in [
        (114.452, 38.052, true),
        (114.450, 38.050, true),
        (114.452, 38.055, true),
        (114.4499, 38.052, false),
        (114.452, 38.0551, false),
    ] {
        assert_eq!(border.holds(at(lon, lat)), inside, "{lon} {lat}");
    }
    assert!((border.square_metres() - 243_000.0).abs() < 2_000.0, "{}", border.square_metres());
}

#[test]
fn systems_are_never_mixed() {
    // What a phone says of a point in the middle of the grid lies half a kilometre west of it on the map.
    let phone = Wgs84::new(38.0518, 114.4463).expect("a place");
    let taken_as_it_is = Gcj02::new(phone.lat(), phone.lon()).expect("a place");
    assert!(first().holds(phone.into()) && !first().holds(taken_as_it_is));
}

#[test]
fn a_hole_and_a_second_area_count() {
    let hole = rectangle(114.451, 38.051, 0.001, 0.001);
    let away = rectangle(114.460, 38.050, 0.002, 0.002);
    let border =
        Border::draw(&vec![vec![rectangle(114.450, 38.050, 0.005, 0.005), hole], vec![away]]).expect("a border");
    for (lon, lat, inside) in [(114.4515, 38.0515, false), (114.454, 38.054, true), (114.461, 38.051, true)] {
        assert_eq!(border.holds(at(lon, lat)), inside, "{lon} {lat}");
    }
    let stored: Outline = border.clone().into();
    assert_eq!(Border::from(stored), border);
    let json = serde_json::to_string(&border).expect("JSON");
    assert_eq!(serde_json::from_str::<Border>(&json).expect("a border"), border);
}

#[test]
fn what_is_no_border_is_refused_and_said_why() {
    let open = rectangle(114.450, 38.050, 0.005, 0.005)[..4].to_vec();
    let eight = vec![at(114.45, 38.05), at(114.455, 38.055), at(114.455, 38.05), at(114.45, 38.055), at(114.45, 38.05)];
    let flat = vec![at(114.45, 38.05), at(114.455, 38.05), at(114.45, 38.05)];
    let many = |count: usize| {
        let circle = (0..count).map(|n| {
            let turn = std::f64::consts::TAU * n as f64 / count as f64;
            at(114.45 + 0.01 * turn.cos(), 38.05 + 0.01 * turn.sin())
        });
        let mut ring: Vec<_> = circle.collect();
        ring.push(ring[0]);
        ring
    };
    let refused: [(&str, Drawing, BorderFault); 13] = [
        ("nothing", vec![], BorderFault::Empty),
        ("an area of nothing", vec![vec![]], BorderFault::Empty),
        ("an empty ring", vec![vec![vec![]]], BorderFault::Empty),
        ("open", vec![vec![open]], BorderFault::Open),
        ("one point", vec![vec![vec![at(114.45, 38.05)]]], BorderFault::Open),
        ("an eight", vec![vec![eight]], BorderFault::Crossed),
        ("a line", vec![vec![flat]], BorderFault::Crossed),
        ("in the sea south of Africa", vec![vec![rectangle(20.0, -40.0, 0.01, 0.01)]], BorderFault::Abroad),
        ("a province", vec![vec![rectangle(114.0, 38.0, 1.0, 1.0)]], BorderFault::TooWide),
        ("a table", vec![vec![rectangle(114.45, 38.05, 0.00002, 0.00002)]], BorderFault::TooSmall),
        ("a district", vec![vec![rectangle(114.4, 38.0, 0.15, 0.15)]], BorderFault::TooLarge),
        ("an archipelago", vec![vec![rectangle(114.45, 38.05, 0.001, 0.001)]; 51], BorderFault::TooManyRings(51)),
        ("a coast", vec![vec![many(2_000)]], BorderFault::TooManyVertices(2_001)),
    ];
    for (what, drawing, fault) in refused {
        assert_eq!(Border::draw(&drawing), Err(fault), "{what}");
    }
    assert!(Border::draw(&vec![vec![many(1_999)]]).is_ok());
}

#[test]
fn no_grid_takes_from_another_but_a_sliver() {
    let id = |n| PlaceId(Uuid::from_u128(n));
    let grid = |n: u128, name: &str| Place { id: id(n), parent: Some(id(1)), level: Level::Grid, name: name.into() };
    let home = Place { id: id(1), parent: None, level: Level::Community, name: "西苑社区".into() };
    let tree = Tree::new([home, grid(2, "第一网格"), grid(3, "第二网格")]);
    let known = [Bordered { grid: id(2), border: first() }];
    let new = |grid, border: &Border| Bordered { grid: id(grid), border: border.clone() };
    let taken = |grid, border: &Border| overlaps(&[new(grid, border)], &known);
    let beside = drawn(114.455, 38.050, 0.005, 0.005);
    let a_bit_over = drawn(114.454_96, 38.050, 0.005, 0.005);
    let half_over = drawn(114.4525, 38.050, 0.005, 0.005);
    let inside = drawn(114.451, 38.051, 0.001, 0.001);
    assert_eq!(taken(3, &beside), []);
    assert_eq!(taken(3, &a_bit_over), []);
    for border in [&half_over, &inside, &first()] {
        assert_eq!(taken(3, border), [(id(3), id(2))]);
    }
    assert_eq!(taken(2, &half_over), [], "its own new border");
    // Two that are drawn together; one that moves away makes room.
    assert_eq!(
        overlaps(&[new(3, &half_over), new(4, &half_over)], &known),
        [(id(3), id(2)), (id(4), id(2)), (id(4), id(3))]
    );
    assert_eq!(overlaps(&[new(3, &first()), new(2, &beside)], &known), []);
    // On the line between two, the one that people see first.
    let both = [known[0].clone(), new(3, &beside)];
    let found = grid_around(&tree, CommunityId(id(1).0), at(114.455, 38.052), &both);
    assert_eq!(found.map(|grid| grid.id), Some(id(2)));
}
