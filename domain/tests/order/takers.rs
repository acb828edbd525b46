//! To whom an order may be sent: papers, suspensions, who is there, and how much a partner holds already.

use chrono::{NaiveDate, TimeDelta};
use domain::order::{Command, Taker};
use domain::place::{Agreement, Licence, Suspension, Terms};

use crate::given::Who::{IntakeClerk, Lead, Requester};
use crate::given::{HERE, LEAD_TASK, accept, complete, monday_morning, sign, to_lead};
use crate::story::Story;

/// Monday, 23 November 2026, as the stories begin.
fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).expect("a day")
}

fn to(change: impl FnOnce(&mut Taker)) -> Command {
    despite(change, false)
}

fn despite(change: impl FnOnce(&mut Taker), yes: bool) -> Command {
    let mut command = to_lead();
    if let Command::Dispatch { taker: Some(taker), despite_off_duty, .. } = &mut command {
        change(taker);
        *despite_off_duty = yes;
    }
    command
}

fn licence(until: NaiveDate) -> Licence {
    Licence { kind: "营业执照".into(), number: "1".into(), valid_until: Some(until) }
}

fn expired(taker: &mut Taker) {
    taker.terms.licences = vec![licence(today() - TimeDelta::days(1))];
}

fn ended(taker: &mut Taker) {
    let until = today() - TimeDelta::days(1);
    taker.terms.agreement = Some(Agreement { number: None, from: until - TimeDelta::days(365), until });
}

fn not_begun(taker: &mut Taker) {
    let from = today() + TimeDelta::days(1);
    taker.terms.agreement = Some(Agreement { number: None, from, until: from + TimeDelta::days(365) });
}

fn suspended(taker: &mut Taker) {
    taker.terms.suspended = Some(Suspension { since: monday_morning(), reason: "整改".into() });
}

#[test]
fn papers_and_suspensions_stop_everybody() {
    let accepted = Story::begins().then(IntakeClerk, accept());
    for (change, code) in [
        (expired as fn(&mut Taker), "licence_expired"),
        (ended, "agreement_ended"),
        (not_begun, "agreement_not_begun"),
        (suspended, "partner_suspended"),
    ] {
        accepted
            .clone()
            .but_refused(IntakeClerk, to(change), code)
            .but_refused(IntakeClerk, despite(change, true), code)
            // Who may not dispatch at all learns nothing about partners.
            .but_refused(Requester, to(change), "not_permitted");
    }
    accepted.then(IntakeClerk, to(|taker| taker.terms.licences = vec![licence(today())]));
}

#[test]
fn the_desk_may_send_to_those_off_duty_and_to_full_hands_all_the_same() {
    let accepted = Story::begins().then(IntakeClerk, accept());
    let off = |taker: &mut Taker| taker.on_duty = false;
    let full = |taker: &mut Taker| (taker.terms.open_job_limit, taker.open_jobs) = (Some(2), 2);
    accepted.clone().but_refused(IntakeClerk, to(off), "partner_off_duty").then(IntakeClerk, despite(off, true));
    let sent = accepted.but_refused(IntakeClerk, to(full), "partner_full").then(IntakeClerk, despite(full, true));
    assert_eq!(sent.order.dispatch(LEAD_TASK).map(|d| d.despite_off_duty), Some(true), "the history says so");
    let almost = |taker: &mut Taker| (taker.terms.open_job_limit, taker.open_jobs) = (Some(2), 1);
    Story::begins().then(IntakeClerk, accept()).then(IntakeClerk, to(almost));
}

#[test]
fn a_refusal_names_the_day() {
    let said = |change: fn(&mut Taker)| {
        let mut taker = Taker::of(HERE);
        change(&mut taker);
        taker.may_take(false, today()).expect_err("a refusal").to_string()
    };
    let sentences = [
        (said(expired), "该单位的营业执照已于 2026年11月22日 到期，请先更新证照，或改派其他单位"),
        (said(ended), "与该单位的共建协议已于 2026年11月22日 到期，请先续签，或改派其他单位"),
        (said(not_begun), "与该单位的共建协议自 2026年11月24日 起生效，请到时再派，或改派其他单位"),
        (said(suspended), "该单位已于 2026年11月23日 暂停派单（整改），请改派其他单位"),
        (
            said(|taker| taker.on_duty = false),
            "该单位 2026年11月23日 不在岗，请改派其他单位；确需派单，请填 despite_off_duty: true",
        ),
        (
            said(|taker| (taker.terms.open_job_limit, taker.open_jobs) = (Some(3), 3)),
            "截至 2026年11月23日，该单位在办的派单已满 3 件，请改派其他单位；确需派单，请填 despite_off_duty: true",
        ),
    ];
    for (is, should_be) in sentences {
        assert_eq!(is, should_be);
    }
}

#[test]
fn what_a_partner_holds_goes_on_when_its_papers_run_out() {
    let terms = Terms { licences: vec![licence(today())], ..Terms::default() };
    Story::begins()
        .then(IntakeClerk, accept())
        .then(IntakeClerk, to(|taker| taker.terms = terms))
        .later(TimeDelta::days(2))
        .then(Lead, sign(LEAD_TASK))
        .then(Lead, complete(LEAD_TASK));
}
