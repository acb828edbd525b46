//! The table against the project's sheet of WeChat's facts.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::*;

/// The sheet lies beside the workspace, in `shared/`.
fn sheet() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/wechat.md");
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{} cannot be read: {error}", path.display()))
}

/// Which calls a section's numbers are about.
const SECTIONS: &[(&str, &[Endpoint])] = &[
    ("1", &[Endpoint::CodeToSession]),
    ("2", &[Endpoint::StableToken, Endpoint::Quota]),
    ("3", &[Endpoint::PhoneNumber]),
    ("4", &[Endpoint::SubscribeSend, Endpoint::TemplateAdd]),
    ("6", &[Endpoint::ServiceTemplateSend, Endpoint::FollowerInfo]),
    ("7", &[Endpoint::WecomMessage, Endpoint::WecomRobot]),
    ("8", &[Endpoint::TextCheck, Endpoint::MediaCheck]),
    ("10", &[Endpoint::UnlimitedCode, Endpoint::UrlLink]),
    ("12", &[Endpoint::Quota]),
];

/// Where the sheet's word was not taken, and why.
const JUDGED: &[(&str, i64, ErrorClass, &str)] = &[
    ("6", 43117, Quota, "the sheet says 'much later', which no back-off is; its section 12 says quota"),
    ("12", 43004, User, "what to drop is the person's state; section 6 names it USER"),
    ("12", 43101, User, "what to drop is the person's state; sections 4 and 6 name it USER"),
    ("12", 43117, Quota, "the same row says 'delay long', and its class is quota"),
];

/// What the sheet says of some numbers: `None` = no more than that they exist.
#[derive(Debug)]
struct Claim {
    section: String,
    errcodes: Vec<i64>,
    classes: Option<BTreeSet<&'static str>>,
}

fn claims(sheet: &str) -> Vec<Claim> {
    let mut section = String::new();
    let mut in_code_table = false;
    let mut claims = Vec::new();
    for line in sheet.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            section = title.split('.').next().unwrap_or_default().to_owned();
        }
        if line.starts_with('|') {
            in_code_table |= line.starts_with("| code ");
            if in_code_table {
                claims.extend(of_table_row(&section, line));
            }
            continue;
        }
        in_code_table = false;
        claims.extend(of_prose(&section, line));
    }
    claims.retain(|claim| SECTIONS.iter().any(|(name, _)| *name == claim.section));
    claims
}

fn of_table_row(section: &str, line: &str) -> Option<Claim> {
    let cells: Vec<_> = line.trim_matches('|').split('|').map(str::trim).collect();
    let (first, last) = (cells.first()?, cells.last()?);
    let errcodes = errcodes(first);
    let mut classes = actions(last);
    // Section 12 names a class beside what to do, and at times nothing to do but prose.
    if classes.is_empty() && cells.len() == 4 {
        classes = class_words(cells[2]);
    }
    (!errcodes.is_empty()).then(|| Claim { section: section.to_owned(), errcodes, classes: some(classes) })
}

/// `Codes: 20001/200001 system (RETRY), 20002 bad parameter (BUG)`: numbers
/// gather until a word says what to do about them.
fn of_prose(section: &str, line: &str) -> Vec<Claim> {
    let Some(start) = ["Codes", "Errors"].iter().filter_map(|word| line.find(word)).min() else {
        return Vec::new();
    };
    let mut claims = Vec::new();
    let mut waiting = Vec::new();
    let (_, rest) = line.split_at(start);
    for word in rest.split([' ', '(', ')', ',', ';', ':', '.']) {
        let classes = actions(word);
        if classes.is_empty() {
            waiting.extend(errcodes(word));
        } else if !waiting.is_empty() {
            let errcodes = std::mem::take(&mut waiting);
            claims.push(Claim { section: section.to_owned(), errcodes, classes: Some(classes) });
        }
    }
    claims.push(Claim { section: section.to_owned(), errcodes: waiting, classes: None });
    claims
}

/// Numbers that can be error codes: no years, lengths or limits.
fn errcodes(text: &str) -> Vec<i64> {
    let words = text.split(|c: char| !(c.is_alphanumeric() || c == '-'));
    words.flat_map(errcode_or_range).collect()
}

fn errcode_or_range(word: &str) -> Vec<i64> {
    let is_errcode = |number: &i64| *number == -1 || *number == 404 || *number >= 20_000;
    if let Ok(number) = word.parse() {
        return Some(number).filter(is_errcode).into_iter().collect();
    }
    let ends = word.split_once('-').and_then(|(first, last)| Some((first.parse().ok()?, last.parse().ok()?)));
    match ends {
        Some((first, last)) if is_errcode(&first) => (first..=last).collect(),
        _ => Vec::new(),
    }
}

fn actions(text: &str) -> BTreeSet<&'static str> {
    let class = |word| match word {
        "RETRY" => Some("retry"),
        "TOKEN" => Some("token"),
        "DROP" => Some("drop"),
        "BUG" => Some("bug"),
        "USER" => Some("user"),
        "OPS" => Some("operator"),
        "QUOTA" => Some("quota"),
        _ => None,
    };
    text.split(|c: char| !c.is_ascii_alphabetic()).filter_map(class).collect()
}

fn class_words(text: &str) -> BTreeSet<&'static str> {
    let words = [
        ("retryable", "retry"),
        ("token", "token"),
        ("content", "drop"),
        ("bug", "bug"),
        ("user state", "user"),
        ("operator", "operator"),
        ("quota", "quota"),
    ];
    words.iter().filter(|(word, _)| text.contains(word)).map(|(_, class)| *class).collect()
}

fn some(classes: BTreeSet<&'static str>) -> Option<BTreeSet<&'static str>> {
    Some(classes).filter(|classes| !classes.is_empty())
}

fn judged(section: &str, errcode: i64) -> Option<ErrorClass> {
    JUDGED.iter().find(|(of, number, ..)| *of == section && *number == errcode).map(|(_, _, class, _)| *class)
}

#[test]
fn every_number_has_the_class_that_the_sheet_asks_for() {
    let mut wrong = Vec::new();
    for Claim { section, errcodes, classes } in claims(&sheet()) {
        let (_, endpoints) = SECTIONS.iter().find(|(name, _)| *name == section).unwrap();
        for errcode in errcodes {
            for endpoint in *endpoints {
                let Some(row) = find(*endpoint, errcode) else {
                    wrong.push(format!("section {section}: {errcode} is not in the table"));
                    continue;
                };
                let asked = judged(&section, errcode).map_or(classes.clone(), |class| Some([class_name(class)].into()));
                if asked.is_some_and(|asked| !asked.contains(class_name(row.class))) {
                    wrong.push(format!("section {section}: {errcode} is {} in the table, but {classes:?}", row.class));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn class_name(class: ErrorClass) -> &'static str {
    match class {
        Retry => "retry",
        Token => "token",
        Drop => "drop",
        Bug => "bug",
        User => "user",
        Operator => "operator",
        Quota => "quota",
        ErrorClass::Transport => "transport",
    }
}

/// A reader of the sheet that finds nothing would make the test above vacuous.
#[test]
fn the_sheet_is_read_section_by_section() {
    let claims = claims(&sheet());
    let count = |section: &str| {
        let numbers = claims.iter().filter(|claim| claim.section == section).flat_map(|claim| &claim.errcodes);
        numbers.collect::<BTreeSet<_>>().len()
    };
    let least = [("1", 10), ("2", 20), ("3", 5), ("4", 30), ("6", 18), ("7", 6), ("8", 13), ("10", 12), ("12", 70)];
    for (section, least) in least {
        assert!(count(section) >= least, "section {section}: {}", count(section));
    }
    let demanding = claims.iter().filter(|claim| claim.classes.is_some()).count();
    assert!(demanding > 100, "{demanding}");
}

#[test]
fn a_judgement_differs_from_the_sheet_and_has_a_reason() {
    for (section, errcode, class, reason) in JUDGED {
        assert_eq!(find(Endpoint::Quota, *errcode).map(|row| row.class), Some(*class));
        let claims = claims(&sheet());
        let mut of_sheet = claims.iter().filter(|claim| claim.section == *section && claim.errcodes.contains(errcode));
        let differs =
            of_sheet.any(|claim| claim.classes.as_ref().is_some_and(|asked| !asked.contains(class_name(*class))));
        assert!(differs && !reason.is_empty(), "section {section}: {errcode} needs no judgement");
    }
}

#[test]
fn each_number_stands_in_one_row() {
    let mut seen = BTreeSet::new();
    for errcode in EVERYWHERE.iter().flat_map(|row| row.errcodes) {
        assert!(seen.insert(errcode), "{errcode} stands twice");
    }
    for Exception { endpoint, row } in ON_ONE_CALL {
        for errcode in row.errcodes {
            let elsewhere = EVERYWHERE.iter().find(|other| other.errcodes.contains(errcode));
            assert!(elsewhere.is_some_and(|other| other.class != row.class), "{endpoint} {errcode} is no exception");
        }
    }
}

#[test]
fn one_number_may_mean_two_things() {
    assert_eq!(ErrorClass::of(Endpoint::StableToken, 40001), Operator);
    assert_eq!(ErrorClass::of(Endpoint::SubscribeSend, 40001), Token);
    assert_eq!(ErrorClass::of(Endpoint::TextCheck, 40003), Bug);
    assert_eq!(ErrorClass::of(Endpoint::SubscribeSend, 40003), Drop);
    assert_eq!(ErrorClass::of(Endpoint::WecomMessage, 48002), Operator);
    assert_eq!(ErrorClass::of(Endpoint::ServiceTemplateSend, 48002), User);
}

#[test]
fn an_unknown_number_is_never_repeated() {
    assert_eq!(ErrorClass::of(Endpoint::SubscribeSend, 9_410_009), Drop);
    assert!(find(Endpoint::SubscribeSend, 9_410_009).is_none());
}
