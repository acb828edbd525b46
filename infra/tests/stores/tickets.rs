use chrono::TimeDelta;
use domain::ids::{PersonId, TicketId};
use domain::people::{SessionKind, TICKET_LIFETIME, Ticket, TicketState};
use domain::ports::{NewSession, RefreshToken};
use futures_util::future::join_all;

use crate::bed::Bed;
use crate::story::{Story, new_id, noon};

const SECRET: [u8; 32] = [7; 32];

async fn opened(bed: &Bed) -> Ticket {
    let (device, address) = ("窗口一的电脑".to_owned(), "192.0.2.7".to_owned());
    let ticket = Ticket { id: new_id(noon()), state: TicketState::Waiting, device, address, opened_at: noon() };
    bed.stores.tickets.insert_ticket(&ticket, SECRET).await.expect("a ticket");
    ticket
}

async fn seen_by(bed: &Bed, id: TicketId, person: PersonId) -> Option<Ticket> {
    bed.stores.tickets.find_for_scanner(id, person).await.expect("a search")
}

pub async fn of_two_scanners_one_owns_the_ticket(bed: &Bed) {
    let story = Story::begin(bed).await;
    let (tickets, ticket) = (&bed.stores.tickets, opened(bed).await);
    assert_eq!(tickets.find_for_browser(ticket.id, SECRET).await.expect("a search").as_ref(), Some(&ticket));
    assert_eq!(tickets.find_for_browser(ticket.id, [8; 32]).await.expect("a search"), None);
    let (clerk, worker) = (story.clerk.person, story.worker.person);
    for person in [clerk, worker] {
        assert_eq!(seen_by(bed, ticket.id, person).await.as_ref(), Some(&ticket));
    }
    let scan = |person| tickets.apply_tap(ticket.id, TicketState::Waiting, TicketState::Scanned(person));
    let (one, two) = tokio::join!(scan(clerk), scan(worker));
    let (one, two) = (one.expect("a scan"), two.expect("a scan"));
    assert!(one != two);
    let (owner, other) = if one { (clerk, worker) } else { (worker, clerk) };
    assert_eq!(seen_by(bed, ticket.id, owner).await.map(|ticket| ticket.state), Some(TicketState::Scanned(owner)));
    assert_eq!(seen_by(bed, ticket.id, other).await, None);
    let stolen = tickets.apply_tap(ticket.id, TicketState::Scanned(other), TicketState::Confirmed(other)).await;
    assert!(!stolen.expect("not theirs"));
}

pub async fn of_two_claims_one_gets_the_session(bed: &Bed) {
    let story = Story::begin(bed).await;
    let (tickets, person) = (&bed.stores.tickets, story.clerk.person);
    let opening = |n: u8, at, person| {
        let (kind, device) = (SessionKind::Desk { idle_minutes: 30 }, None);
        let first = RefreshToken { hash: [n; 32], session: new_id(at), issued_at: at, expires_at: at };
        NewSession { person, kind, device, first }
    };
    let confirmed = async || {
        let ticket = opened(bed).await;
        let (scanned, confirmed) = (TicketState::Scanned(person), TicketState::Confirmed(person));
        assert!(!tickets.claim_ticket(ticket.id, &opening(99, noon(), person)).await.expect("too early"));
        assert!(tickets.apply_tap(ticket.id, TicketState::Waiting, scanned).await.expect("a scan"));
        assert!(!tickets.claim_ticket(ticket.id, &opening(99, noon(), person)).await.expect("too early"));
        assert!(tickets.apply_tap(ticket.id, scanned, confirmed).await.expect("a confirmation"));
        ticket.id
    };
    let id = confirmed().await;
    let other = story.worker.person;
    assert!(!tickets.claim_ticket(id, &opening(98, noon(), other)).await.expect("somebody else's"));
    let claims = join_all((0..8).map(|n| {
        let opening = opening(n, noon(), person);
        async move { tickets.claim_ticket(id, &opening).await.expect("a claim") }
    }));
    assert_eq!(claims.await.into_iter().filter(|claimed| *claimed).count(), 1);
    assert_eq!((bed.count("sessions").await, bed.count("refresh_tokens").await), (1, 1));

    let late = confirmed().await;
    assert!(!tickets.claim_ticket(late, &opening(50, noon() + TICKET_LIFETIME, person)).await.expect("too late"));
    let last = noon() + TICKET_LIFETIME - TimeDelta::milliseconds(1);
    assert!(tickets.claim_ticket(late, &opening(51, last, person)).await.expect("just in time"));
}

pub async fn tickets_are_swept(bed: &Bed) {
    opened(bed).await;
    let tickets = &bed.stores.tickets;
    assert_eq!(tickets.sweep_tickets(noon()).await.expect("a sweep"), 0);
    assert_eq!(tickets.sweep_tickets(noon() + TimeDelta::milliseconds(1)).await.expect("a sweep"), 1);
}
