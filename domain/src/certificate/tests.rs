use uuid::Uuid;

use super::*;
use crate::place::{Level, Place};

fn id(n: u128) -> PlaceId {
    PlaceId(Uuid::from_u128(n))
}

/// Province 1, street 2 and community 3 in it; community 4 in another street.
fn tree() -> Tree {
    let place =
        |n, parent: Option<u128>, level| Place { id: id(n), parent: parent.map(id), level, name: n.to_string() };
    Tree::new([
        place(1, None, Level::Province),
        place(2, Some(1), Level::Street),
        place(3, Some(2), Level::Community),
        place(5, Some(1), Level::Street),
        place(4, Some(5), Level::Community),
    ])
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn issued(place: u128, key: &str, name: &str) -> Certificate {
    let line = Line {
        name: name.into(),
        words: Vec::new(),
        ruling: Ruling::Issued { papers: vec!["身份证原件".into()] },
        since: day("2021-01-01"),
        until: None,
    };
    Certificate { place: Some(id(place)), key: key.into(), line }
}

fn not_issued(place: u128, key: &str, name: &str) -> Certificate {
    let ruling = Ruling::NotIssued {
        authority: "学校".into(), reply: "请到学校办理".into(), basis: "省民政厅".into()
    };
    let mut line = issued(place, key, name);
    line.line.ruling = ruling;
    line
}

fn here(lines: &[Certificate], community: u128) -> Vec<Certificate> {
    in_force(lines, CommunityId(Uuid::from_u128(community)), &tree(), day("2026-11-26"))
}

#[test]
fn the_country_names_twenty_kinds_and_says_of_each_where_to_go() {
    let kinds = nowhere_given();
    assert_eq!(kinds.len(), 20);
    for kind in kinds {
        let Ruling::NotIssued { authority, reply, basis } = &kind.line.ruling else { panic!("{}", kind.key) };
        assert!(!authority.is_empty() && reply.chars().count() > 10 && basis == BASIS, "{}", kind.key);
        assert_eq!(meant(&kind.line.name, kinds), Some(kind), "{}", kind.line.name);
        for word in &kind.line.words {
            assert_eq!(meant(word, kinds).map(|found| &found.key), Some(&kind.key), "{word}");
        }
    }
}

#[test]
fn people_ask_in_their_own_words() {
    let kinds = here(&[issued(3, "residence", "居住情况证明")], 3);
    for (written, key) in [
        ("健在证明", "alive"),
        ("给我妈开个在世的证明", "alive"),
        ("单身证明", "marriage"),
        ("无犯罪记录", "no_crime"),
        ("身份证丢失证明", "lost_papers"),
        ("我和儿子的母子关系证明", "kinship"),
        ("身份证丢了", "lost_papers"),
        ("身份证明", "identity"),
        ("居民身份证明", "identity"),
        ("夫妻关系证明", "marriage"),
        ("未再婚证明", "marriage"),
        ("过世证明", "death"),
        ("房屋产权证明", "property"),
        ("工资证明", "property"),
        ("失联证明", "missing_person"),
        ("营业场所证明", "business_premises"),
        (" 居住情况 证明 ", "residence"),
        ("residence", "residence"),
    ] {
        assert_eq!(meant(written, &kinds).map(|kind| kind.key.as_str()), Some(key), "{written}");
    }
    for written in ["证明", "", "小区绿化证明", "开证明"] {
        assert_eq!(meant(written, &kinds), None, "{written}");
    }
}

#[test]
fn who_stands_above_says_no_for_all_below() {
    let lines = [
        issued(3, "transfer", "转学证明"),
        not_issued(1, "transfer", "转学证明"),
        issued(2, "residence", "居住情况证明"),
        not_issued(3, "residence", "居住情况证明"),
        issued(3, "alive", "健在证明"),
    ];
    let of = |community: u128, key: &str| here(&lines, community).into_iter().find(|kind| kind.key == key);
    assert!(!of(3, "transfer").unwrap().is_issued(), "the province says no");
    assert!(!of(3, "residence").unwrap().is_issued(), "a community need not give what others give");
    assert_eq!(of(4, "residence"), None, "another street's list");
    assert!(!of(3, "alive").unwrap().is_issued(), "the country says no");
}

#[test]
fn a_line_holds_from_its_first_day_to_its_last() {
    let mut old = issued(3, "residence", "居住情况证明");
    old.line.until = Some(day("2026-11-26"));
    let on = |today: &str| {
        let kinds = in_force(std::slice::from_ref(&old), CommunityId(Uuid::from_u128(3)), &tree(), day(today));
        (kinds.iter().any(|kind| kind.key == "residence"), kinds.iter().any(|kind| kind.key == "alive"))
    };
    assert_eq!(on("2020-04-27"), (false, false));
    assert_eq!(on("2020-04-28"), (false, true));
    assert_eq!(on("2021-01-01"), (true, true));
    assert_eq!(on("2026-11-26"), (true, true));
    assert_eq!(on("2026-11-27"), (false, true));
}

#[test]
fn nobody_permits_what_the_country_forbids() {
    assert_eq!(fault(&issued(3, "alive", "健在证明").line, "alive"), Some(LineFault::Forbidden));
    for (key, name) in [("z1", "在世证明"), ("z1", "单身声明"), ("z1", "养犬情况说明"), ("z1", "无犯罪记录证明")]
    {
        assert_eq!(fault(&issued(3, key, name).line, key), Some(LineFault::Forbidden), "{name}");
    }
    let mut hidden = issued(3, "z1", "情况说明").line;
    hidden.words = vec!["婚姻状况".into()];
    assert_eq!(fault(&hidden, "z1"), Some(LineFault::Forbidden));
    let stored = [Certificate { line: hidden, ..issued(3, "z1", "") }];
    assert!(here(&stored, 3).iter().all(|kind| kind.key != "z1"), "what was saved before does not hold either");
    assert_eq!(fault(&not_issued(3, "alive", "健在证明").line, "alive"), None, "in words of one's own");
    assert_eq!(fault(&issued(3, "residence", "居住情况证明").line, "residence"), None);
    let mut odd = issued(3, "residence", "居住情况证明").line;
    odd.until = Some(day("2020-12-31"));
    assert_eq!(fault(&odd, "residence"), Some(LineFault::EndsBeforeItBegins));
}
