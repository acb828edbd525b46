use super::*;

fn entry(n: i64) -> Entry {
    Entry {
        at: DateTime::from_timestamp_millis(1_795_435_200_000 + n).expect("an instant"),
        person: Some(PersonId(Uuid::from_u128(7))),
        action: format!("orders_accept_{n}"),
        target: Some(Uuid::from_u128(9)),
        address: Some("192.0.2.7".into()),
        result: DONE.into(),
    }
}

/// A version 7 UUID of that instant.
fn id_at(at: DateTime<Utc>) -> AuditId {
    let millis = u64::try_from(at.timestamp_millis()).expect("after 1970");
    AuditId(uuid::Builder::from_unix_timestamp_millis(millis, &[7; 10]).into_uuid())
}

/// Two runs of an opening and `length` lines, the second one begun after the first one's end.
fn two_runs(length: i64) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for (run, base) in [(1, 0), (2, 100)] {
        let last = lines.last().map(|line| (line.id, line.hash));
        let (mut head, opening) = Head::of_new_run(RunId(Uuid::from_u128(run)), last, entry(base).at);
        let entries = std::iter::once(opening).chain((1..=length).map(|n| entry(base + n)));
        lines.extend(entries.map(|entry| head.tie(id_at(entry.at), entry)));
    }
    lines
}

fn faults(lines: &[Line]) -> Vec<Fault> {
    faults_after(lines, 200)
}

/// As somebody finds them who checks so many days later.
fn faults_after(lines: &[Line], days: i64) -> Vec<Fault> {
    let mut check = Check::default();
    lines.iter().for_each(|line| check.add(line));
    let (counted, faults) = check.finish(entry(0).at + TimeDelta::days(days));
    assert_eq!(counted, lines.len() as u64);
    faults
}

#[test]
fn what_was_written_holds() {
    assert_eq!(faults(&two_runs(3)), []);
    assert_eq!(faults(&[]), []);
}

#[test]
fn every_change_of_a_line_is_noticed() {
    let (first, second) = (RunId(Uuid::from_u128(1)), RunId(Uuid::from_u128(2)));
    let changes: [fn(&mut Entry); 6] = [
        |e| e.person = None,
        |e| e.action = "orders_refuse".into(),
        |e| e.target = None,
        |e| e.address = Some("192.0.2.8".into()),
        |e| e.result = "not_permitted".into(),
        |e| e.at += chrono::TimeDelta::milliseconds(1),
    ];
    for change in changes {
        let mut lines = two_runs(3);
        change(&mut lines[1].entry);
        assert_eq!(faults(&lines), [Fault::Changed { run: first, seq: 2 }]);
    }
    let mut lines = two_runs(3);
    lines.remove(1);
    assert_eq!(faults(&lines), [Fault::Gap { run: first, expected: 2, found: 3 }]);
    // A line written anew, hash and all, is not what the next one was tied to.
    let mut lines = two_runs(3);
    let forged = Head { run: second, seq: 1, hash: lines[4].hash }.tie(lines[5].id, entry(77));
    lines[5] = forged;
    assert_eq!(faults(&lines), [Fault::Link { run: second, seq: 3 }]);
}

#[test]
fn a_run_whose_end_was_cut_off_is_noticed_and_an_old_front_may_go() {
    let mut lines = two_runs(3);
    lines.remove(3);
    assert_eq!(faults(&lines), [Fault::CutOff { run: RunId(Uuid::from_u128(2)) }]);
    for gone in 0..8 {
        assert_eq!(faults(&two_runs(3)[gone..]), [], "{gone} lines whose time was over");
    }
    let run = RunId(Uuid::from_u128(1));
    assert_eq!(faults_after(&two_runs(3)[1..], 9), [Fault::Front { run }], "too early for lines to be gone");
    // Two that began after the same line, which is no more because its time was over.
    let lines = two_runs(1);
    let last = (lines[3].id, lines[3].hash);
    let begun = [8, 9].map(|run| {
        let (mut head, opening) = Head::of_new_run(RunId(Uuid::from_u128(run)), Some(last), entry(200).at);
        head.tie(id_at(opening.at), opening)
    });
    assert_eq!(faults(&begun), []);
}

#[test]
fn parts_do_not_run_into_each_other() {
    let (mut one, mut other) = (entry(1), entry(1));
    (one.action, one.result) = ("ab".into(), "c".into());
    (other.action, other.result) = ("a".into(), "bc".into());
    let run = RunId(Uuid::nil());
    assert_ne!(hash(run, 1, &one, ChainHash::START), hash(run, 1, &other, ChainHash::START));
}
