use chrono::{NaiveDate, NaiveTime, Weekday};
use uuid::Uuid;

use super::*;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

fn slot(capacity: u32, taken: u32, waiting: u32) -> Slot {
    Slot {
        id: SlotId(Uuid::from_u128(1)),
        community: CommunityId(Uuid::from_u128(2)),
        service_key: "haircut".into(),
        starts_at: at("2026-11-28T09:00:00+08:00"),
        ends_at: at("2026-11-28T09:30:00+08:00"),
        capacity,
        taken,
        waiting,
        partner: None,
        closed: false,
    }
}

fn rule() -> BookingRule {
    BookingRule { lead_minutes: 60, move_minutes: 120, may_wait: true, each: 1 }
}

#[test]
fn nobody_passes_those_who_wait() {
    let now = at("2026-11-27T09:00:00+08:00");
    let admit = |slot: Slot, waits| slot.admit(&rule(), waits, now);
    assert_eq!(admit(slot(2, 1, 0), false), Ok(BookingState::Booked));
    assert_eq!(admit(slot(2, 2, 0), false), Err(BookingRefusal::Full));
    assert_eq!(admit(slot(2, 2, 0), true), Ok(BookingState::Waiting));
    // A seat is free and not given yet: it is the first one's in the queue.
    assert_eq!(admit(slot(2, 1, 3), true), Ok(BookingState::Waiting));
    assert_eq!(admit(slot(2, 1, 3), false), Err(BookingRefusal::Full));
    let no_queue = BookingRule { may_wait: false, ..rule() };
    assert_eq!(slot(2, 2, 0).admit(&no_queue, true, now), Err(BookingRefusal::Full));
}

#[test]
fn a_date_is_booked_in_time() {
    let admit = |now| slot(2, 0, 0).admit(&rule(), false, at(now));
    assert_eq!(admit("2026-11-28T07:59:59+08:00"), Ok(BookingState::Booked));
    assert_eq!(admit("2026-11-28T08:00:00+08:00"), Err(BookingRefusal::TooLate));
    let closed = Slot { closed: true, ..slot(2, 0, 0) };
    assert_eq!(closed.admit(&rule(), true, at("2026-11-27T09:00:00+08:00")), Err(BookingRefusal::Closed));
}

#[test]
fn a_seat_is_given_back_in_time_and_missed_after_its_start() {
    let booking = |state| Booking {
        order: OrderId(Uuid::from_u128(3)),
        slot: slot(1, 1, 0),
        person: PersonId(Uuid::from_u128(4)),
        state,
        ahead: 0,
        booked_at: at("2026-11-27T09:00:00+08:00"),
        promoted_at: None,
    };
    let (early, late) = (at("2026-11-28T07:00:00+08:00"), at("2026-11-28T07:00:01+08:00"));
    let after = at("2026-11-28T09:00:00+08:00");
    assert_eq!(booking(BookingState::Booked).may_move(&rule(), early), Ok(()));
    assert_eq!(booking(BookingState::Booked).may_move(&rule(), late), Err(BookingRefusal::TooLateToMove));
    assert_eq!(booking(BookingState::Waiting).may_move(&rule(), late), Ok(()), "a place in the queue is nobody's loss");
    let gone = BookingRefusal::NotLive(BookingState::Cancelled);
    assert_eq!(booking(BookingState::Cancelled).may_move(&rule(), early), Err(gone));
    assert_eq!(booking(BookingState::Booked).may_be_missed(late), Err(BookingRefusal::TooEarly));
    assert_eq!(booking(BookingState::Booked).may_be_missed(after), Ok(()));
    assert!(booking(BookingState::Waiting).may_be_missed(after).is_err());
}

fn plan() -> Plan {
    let time = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0).expect("a time");
    let day = |day| NaiveDate::from_ymd_opt(2026, 11, day).expect("a day");
    Plan {
        from: day(23),
        until: day(29),
        weekdays: vec![Weekday::Mon, Weekday::Thu],
        except: Vec::new(),
        spans: vec![Span { from: time(14, 0), until: time(15, 0) }, Span { from: time(9, 0), until: time(10, 10) }],
        minutes: Some(30),
        capacity: 2,
    }
}

#[test]
fn a_weekly_rule_becomes_dates() {
    let said = |plan: Plan, now| {
        let dates = plan.dates(at(now)).expect("dates");
        let say = |(from, until): &(DateTime<Utc>, DateTime<Utc>)| {
            let local = |at: &DateTime<Utc>| crate::deadline::in_shanghai(*at);
            format!("{} {}", local(from).format("%d %H:%M"), local(until).format("%H:%M"))
        };
        dates.iter().map(say).collect::<Vec<_>>()
    };
    let week = said(plan(), "2026-11-22T09:00:00+08:00");
    let monday = ["23 09:00 09:30", "23 09:30 10:00", "23 14:00 14:30", "23 14:30 15:00"];
    assert_eq!((&week[..4], week.len()), (&monday.map(String::from)[..], 8), "ten minutes are left over");
    assert_eq!(said(plan(), "2026-11-23T09:00:00+08:00").len(), 7, "what has begun is no date any more");
    let except = Plan { except: vec![plan().from], ..plan() };
    assert!(said(except, "2026-11-22T09:00:00+08:00").iter().all(|date| date.starts_with("26")));
    let whole = Plan { minutes: None, ..plan() };
    assert_eq!(said(whole, "2026-11-22T09:00:00+08:00")[0], "23 09:00 10:10");
}

#[test]
fn a_plan_that_makes_no_sense_is_refused() {
    let now = at("2026-11-22T09:00:00+08:00");
    let refused = |plan: Plan| plan.dates(now).expect_err("refused");
    assert_eq!(refused(Plan { until: plan().from.pred_opt().expect("a day"), ..plan() }), PlanRefusal::DaysReversed);
    assert_eq!(refused(Plan { weekdays: Vec::new(), ..plan() }), PlanRefusal::NoWeekday);
    assert_eq!(refused(Plan { spans: Vec::new(), ..plan() }), PlanRefusal::NoSpan);
    let backwards = plan().spans.into_iter().map(|span| Span { from: span.until, until: span.from }).collect();
    assert_eq!(refused(Plan { spans: backwards, ..plan() }), PlanRefusal::NoSpan);
    for minutes in [0, 4, 61, u32::MAX] {
        assert_eq!(refused(Plan { minutes: Some(minutes), ..plan() }), PlanRefusal::OddLength, "{minutes}");
    }
    for capacity in [0, 1_001] {
        assert_eq!(refused(Plan { capacity, ..plan() }), PlanRefusal::OddCapacity);
    }
    assert_eq!(refused(Plan { weekdays: vec![Weekday::Tue], until: plan().from, ..plan() }), PlanRefusal::Nothing);
    let years = plan().from + TimeDelta::days(366 * 5);
    assert_eq!(refused(Plan { until: years, ..plan() }), PlanRefusal::TooMany);
    let ages = NaiveDate::MAX;
    assert_eq!(refused(Plan { until: ages, ..plan() }), PlanRefusal::TooMany);
}
