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

/// Two runs of `length` lines, the second one begun after the first one's end.
fn two_runs(length: i64) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for (run, base) in [(1, 0), (2, length)] {
        let mut head = Head::of_new_run(RunId(Uuid::from_u128(run)), lines.last().map(|line| line.hash));
        lines.extend((0..length).map(|n| head.tie(AuditId(Uuid::from_u128(99)), entry(base + n))));
    }
    lines
}

fn faults(lines: &[Line]) -> Vec<Fault> {
    let mut check = Check::default();
    lines.iter().for_each(|line| check.add(line));
    let (counted, faults) = check.finish();
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
    let forged = Head { run: second, seq: 1, hash: lines[3].hash }.tie(lines[4].id, entry(77));
    lines[4] = forged;
    assert_eq!(faults(&lines), [Fault::Link { run: second, seq: 3 }]);
}

#[test]
fn a_run_whose_end_was_cut_off_is_noticed_and_an_old_front_may_go() {
    let mut lines = two_runs(3);
    lines.remove(2);
    assert_eq!(faults(&lines), [Fault::CutOff { run: RunId(Uuid::from_u128(2)) }]);
    assert_eq!(faults(&two_runs(3)[2..]), []);
    assert_eq!(faults(&two_runs(3)[3..]), []);
    assert_eq!(faults(&two_runs(3)[4..]), []);
}

#[test]
fn parts_do_not_run_into_each_other() {
    let (mut one, mut other) = (entry(1), entry(1));
    (one.action, one.result) = ("ab".into(), "c".into());
    (other.action, other.result) = ("a".into(), "bc".into());
    let run = RunId(Uuid::nil());
    assert_ne!(hash(run, 1, &one, ChainHash::START), hash(run, 1, &other, ChainHash::START));
}
