//! What is found in 2,816 letters that citizens really wrote to a city's administration.

use std::collections::BTreeMap;

use domain::advice::{Advice, advise};

fn advice() -> Vec<Advice> {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/citizen-messages.csv");
    let mut rows = csv::Reader::from_path(file).expect("the letters");
    rows.records().map(|row| row.expect("a row")).map(|row| advise(&row[3], &row[4])).collect()
}

fn counted(names: impl Iterator<Item = String>) -> BTreeMap<String, usize> {
    names.fold(BTreeMap::new(), |mut counts, name| {
        *counts.entry(name).or_default() += 1;
        counts
    })
}

/// Words of danger stand in about two hundred of the letters; nearly all of them look back, warn or propose. Among the
/// thirty that are found some do speak of despair, and one of a robbery this evening.
#[test]
fn letters_to_the_mayor_are_no_cries_for_help_and_hardly_one_is_turned_away() {
    let advice = advice();
    assert_eq!(advice.len(), 2_816);
    let dangers = counted(advice.iter().filter_map(|a| a.emergency).map(|danger| danger.to_string()));
    let sum: usize = dangers.values().sum();
    assert!((5..=42).contains(&sum), "about one in a hundred: {dangers:?}");
    assert!(dangers.values().all(|count| *count <= 15), "{dangers:?}");

    let matters = counted(advice.iter().filter_map(|a| a.elsewhere).map(|matter| matter.to_string()));
    let of = |name: &str| matters.get(name).copied().unwrap_or_default();
    assert!((2..=10).contains(&of("discipline")), "{matters:?}");
    assert!((10..=45).contains(&of("litigation")), "{matters:?}");
    assert!((3..=20).contains(&of("petition")), "{matters:?}");
    assert!(["unlawful", "personal_data", "information_disclosure"].iter().all(|name| of(name) <= 8), "{matters:?}");
}
