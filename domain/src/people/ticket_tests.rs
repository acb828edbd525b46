use strum::IntoEnumIterator;
use uuid::Uuid;

use super::*;

const ME: PersonId = PersonId(Uuid::from_u128(1));
const OTHER: PersonId = PersonId(Uuid::from_u128(2));

fn opened_at() -> DateTime<Utc> {
    "2026-11-23T02:00:00Z".parse().expect("an instant")
}

fn ticket(state: TicketState) -> Ticket {
    let (device, address) = ("Chrome".to_owned(), "192.0.2.1".to_owned());
    Ticket { id: TicketId(Uuid::nil()), state, device, address, opened_at: opened_at() }
}

fn states(by: PersonId) -> [TicketState; 5] {
    [
        TicketState::Waiting,
        TicketState::Scanned(by),
        TicketState::Confirmed(by),
        TicketState::Declined(by),
        TicketState::Claimed(by),
    ]
}

fn word(tapped: Tapped) -> String {
    match tapped {
        Tapped::Becomes(state) => format!("{state:?}").split('(').next().unwrap_or_default().to_owned(),
        other => format!("({other:?})"),
    }
}

#[test]
fn what_a_tap_does_in_which_state() {
    let in_time = opened_at() + TICKET_LIFETIME - TimeDelta::milliseconds(1);
    let mut table = String::new();
    for tap in Tap::iter() {
        for (whose, by) in [("mine", ME), ("somebody else's", OTHER)] {
            for state in states(by) {
                let ticket = ticket(state);
                let from = word(Tapped::Becomes(state));
                let (now, late) = (ticket.tap(tap, ME, in_time), ticket.tap(tap, ME, ticket.expires_at()));
                table.push_str(&format!("{tap:8} {whose:15} {from:9} → {:11} later → {}\n", word(now), word(late)));
            }
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn nobody_else_ever_moves_a_ticket() {
    for tap in Tap::iter() {
        for state in states(OTHER).into_iter().skip(1) {
            for now in [opened_at(), opened_at() + TICKET_LIFETIME] {
                assert_eq!(ticket(state).tap(tap, ME, now), Tapped::NotYours);
            }
        }
    }
}

#[test]
fn a_browser_gets_in_only_where_the_phone_said_yes_in_time() {
    for state in states(ME) {
        let ticket = ticket(state);
        let standing = ticket.standing(opened_at());
        assert_eq!(standing == Standing::Confirmed(ME), state == TicketState::Confirmed(ME), "{state:?}");
        assert_eq!(ticket.standing(ticket.expires_at()), Standing::Gone);
    }
}
