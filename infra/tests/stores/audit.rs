use chrono::{DateTime, Utc};
use uuid::Uuid;

use domain::audit::{Check, DONE, Entry, Head, Line};
use domain::ids::PersonId;
use domain::ports::{AuditQuery, Slice};
use domain::retention::Kind;

use crate::bed::Bed;
use crate::story::{minutes, new_id};

fn entry(at: DateTime<Utc>, person: u128, action: &str) -> Entry {
    Entry {
        at,
        person: Some(PersonId(Uuid::from_u128(person))),
        action: action.to_owned(),
        target: None,
        address: Some("192.0.2.7".to_owned()),
        result: DONE.to_owned(),
    }
}

/// Two runs of three lines, the second one begun after the first one's end.
async fn written(bed: &Bed) -> Vec<Line> {
    let mut all: Vec<Line> = Vec::new();
    for run in 0..2 {
        let last = bed.stores.audit.last_line().await.expect("a line");
        assert_eq!(last, all.last().map(|line| (line.id, line.hash)));
        let began = minutes(run * 10);
        let (mut head, opening) = Head::of_new_run(new_id(began), last, began);
        let line = |n| entry(minutes(run * 10 + n), if n == 1 { 8 } else { 7 }, "orders_accept");
        let entries = [opening, line(1), line(2)];
        let lines: Vec<Line> = entries.into_iter().map(|entry| head.tie(new_id(entry.at), entry)).collect();
        bed.stores.audit.append(&lines).await.expect("written");
        all.extend(lines);
    }
    all
}

pub async fn lines_come_back_as_they_were_written(bed: &Bed) {
    assert_eq!(bed.stores.audit.last_line().await.expect("a line"), None);
    let written = written(bed).await;
    let (mut walked, mut after) = (Vec::new(), None);
    while let Some(line) = bed.stores.audit.walk_audit(after, 1).await.expect("a walk").pop() {
        after = Some((line.run, line.seq));
        walked.push(line);
    }
    assert_eq!(walked, written);
    let mut check = Check::default();
    walked.iter().for_each(|line| check.add(line));
    assert_eq!(check.finish(minutes(60)), (6, vec![]));
}

pub async fn lines_are_found_by_person_action_and_time(bed: &Bed) {
    let written = written(bed).await;
    let find = async |query: AuditQuery, before| {
        let slice = Slice { before, limit: 2 };
        let found = bed.stores.audit.lines(&query, slice).await.expect("lines");
        found.iter().map(|line| line.hash).collect::<Vec<_>>()
    };
    let all = AuditQuery::default;
    let of_eight = AuditQuery { person: Some(PersonId(Uuid::from_u128(8))), ..all() };
    assert_eq!(find(of_eight, None).await, [written[4].hash, written[1].hash]);
    assert_eq!(find(all(), None).await, [written[5].hash, written[4].hash]);
    assert_eq!(find(all(), Some(written[4].id)).await, [written[3].hash, written[2].hash]);
    let between = AuditQuery { since: Some(minutes(2)), until: Some(minutes(10)), ..all() };
    assert_eq!(find(between, None).await, [written[2].hash]);
    assert_eq!(find(AuditQuery { action: Some("orders_refuse".into()), ..all() }, None).await, []);
    assert_eq!(find(AuditQuery { result: Some("not_found".into()), ..all() }, None).await, []);
}

pub async fn old_lines_go_from_the_front(bed: &Bed) {
    written(bed).await;
    assert_eq!(bed.stores.retention.count_old(Kind::AuditLog, minutes(11)).await.expect("a count"), 4);
    assert_eq!(bed.stores.retention.delete_old(Kind::AuditLog, minutes(11)).await.expect("a sweep"), 4);
    let left = bed.stores.audit.walk_audit(None, 100).await.expect("a walk");
    let mut check = Check::default();
    left.iter().for_each(|line| check.add(line));
    assert_eq!(check.finish(minutes(60 * 24 * 200)), (2, vec![]));
}
