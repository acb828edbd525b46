//! What real citizens wrote comes back as they wrote it.

use serde_json::Value;
use tests::{TestApp, on_both, order_in, shared_data};

/// Subjects and bodies of the letters that are hardest to carry: the longest, those with the rarest characters, and one
/// in forty of the rest.
fn letters() -> Vec<(String, String)> {
    let mut rows = csv::Reader::from_path(shared_data().join("citizen-messages.csv")).expect("the letters");
    let mut all: Vec<(String, String)> =
        rows.records().map(|row| row.expect("a row")).map(|row| (row[3].to_owned(), row[4].to_owned())).collect();
    assert_eq!(all.len(), 2_816);
    let is_rare = |text: &str| {
        text.chars().any(|c| u32::from(c) > 0xFFFF || matches!(c, '\u{200b}'..='\u{200f}' | '\t' | '\\' | '"'))
    };
    all.sort_by_key(|(_, body)| std::cmp::Reverse((is_rare(body), body.len())));
    let (hard, rest) = all.split_at(30);
    hard.iter().chain(rest.iter().step_by(40)).cloned().collect()
}

/// As people's eyes compare.
fn start(text: &str, length: usize) -> String {
    text.trim().chars().take(length).collect()
}

async fn place_all(app: &TestApp) -> Vec<(Value, String)> {
    let wang = app.sign_in("demo-xy-wang").await;
    let mut placed = Vec::new();
    for (subject, body) in letters() {
        let mut order = order_in("XY", "repair", &body);
        order["title"] = start(&subject, 60).into();
        placed.push((wang.places(&order).await, body));
    }
    placed
}

on_both! {
    async fn every_letter_is_an_order_word_for_word(app: &TestApp) {
        let placed = place_all(app).await;
        assert!(placed.len() >= 90);
        let (wang, clerk) = (app.sign_in("demo-xy-wang").await, app.sign_in("demo-xy-clerk").await);
        for (order, body) in &placed {
            for reader in [&wang, &clerk] {
                let seen = reader.sees(order).await;
                assert_eq!(seen["description"].as_str().map(str::trim), Some(body.trim()));
                assert_eq!(seen["title"], order["title"]);
            }
        }
    }

    async fn a_letter_is_found_by_its_words(app: &TestApp) {
        let placed = place_all(app).await;
        let clerk = app.sign_in("demo-xy-clerk").await;
        for (order, body) in placed.iter().step_by(7) {
            let words: String = body.trim().chars().skip(5).take(12).filter(|c| !c.is_control()).collect();
            let page = clerk.get("/v1/orders").query(&[("view", "community"), ("limit", "100"), ("q", &words)]).await.ok();
            let found = page["items"].as_array().expect("items").iter().any(|item| item["id"] == order["id"]);
            assert!(found || words.len() < body.len().min(12), "{words} finds {page}");
        }
    }
}
