use std::sync::Arc;

use chrono::TimeDelta;
use domain::people::{SessionKind, SharedSecret, Ticket, TicketState};
use domain::ports::{Clock, Commit, NewSession, ProfileChange, RefreshToken};
use infra::clock::ManualClock;
use infra::store::Stores;
use infra::vault::{MasterKey, MasterKeys, Vault, VaultError};

use crate::bed::{Bed, masters};
use crate::story::{Story, accept, minutes, moved, new_id, noon};

fn master(id: &str, byte: u8) -> MasterKey {
    MasterKey { id: id.to_owned(), secret: [byte; 32] }
}

/// Every byte of every locked column, as text of hexadecimal digits.
async fn locked(bed: &Bed, column: &str, table: &str) -> Vec<String> {
    let hex = if bed.is_postgres() { format!("encode({column}, 'hex')") } else { format!("lower(hex({column}))") };
    bed.texts(&format!("SELECT {hex} FROM {table}")).await
}

pub async fn nothing_that_speaks_of_people_lies_open(bed: &Bed) {
    let story = Story::begin(bed).await;
    story.dispatched(bed, noon(), story.partner).await;
    let person = story.resident.person;
    for change in [ProfileChange::Nickname(Some("王女士".into())), ProfileChange::Phone("13800000000".into())] {
        bed.stores.people.save_profile(person, &change).await.expect("saved");
    }
    let phone = story.resident.person;
    let first = RefreshToken { hash: [1; 32], session: new_id(noon()), issued_at: noon(), expires_at: minutes(9) };
    let device = Some("王女士的手机".into());
    let opening = NewSession { person: phone, kind: SessionKind::Phone, device, first };
    bed.stores.people.open_session(&opening).await.expect("a session");
    let (device, address) = ("王女士的电脑".to_owned(), "192.0.2.7".to_owned());
    let ticket = Ticket { id: new_id(noon()), state: TicketState::Waiting, device, address, opened_at: noon() };
    bed.stores.tickets.insert_ticket(&ticket, [1; 32]).await.expect("a ticket");
    let secret = SharedSecret(*b"status title 1380000");
    assert!(bed.stores.second_factors.begin_second_factor(phone, &secret, noon()).await.expect("begun"));
    crate::residents::keep(bed, story.community, "王女士", 1).await;
    let consent = crate::delegations::recorded(&story, story.neighbour.person, 2);
    assert_eq!(bed.stores.delegations.record(&consent, "口头同意", None).await.expect("kept"), Commit::Done);
    let hex = |text: &str| text.bytes().map(|byte| format!("{byte:02x}")).collect::<String>();
    let columns = [
        ("profile", "persons WHERE profile IS NOT NULL"),
        ("body", "residences"),
        ("note", "delegations"),
        ("private", "orders"),
        ("progress", "orders"),
        ("body", "order_events"),
        ("body", "dispatches"),
        ("device", "sessions"),
        ("browser", "desk_tickets"),
        ("secret", "second_factors"),
    ];
    for (column, table) in columns {
        let rows = locked(bed, column, table).await;
        assert!(!rows.is_empty(), "{table}");
        for text in rows {
            assert!(text.starts_with("0100000001"), "format 1, key 1: {text}");
            for secret in ["王女士", "1380000000", "192.0.2.7", "status", "title", "东苑", "听力不好", "口头同意"]
            {
                assert!(!text.contains(&hex(secret)), "{secret} lies open in {table}");
            }
        }
    }
}

pub async fn a_value_opens_in_its_own_place_only(bed: &Bed) {
    let story = Story::begin(bed).await;
    let (one, other) = (story.placed(bed, noon()).await, story.placed(bed, minutes(1)).await);
    let sight = story.clerk_sight();
    bed.tamper("UPDATE orders SET private = (SELECT private FROM orders LIMIT 1)").await;
    let read = [bed.stores.orders.find(one.id, &sight).await, bed.stores.orders.find(other.id, &sight).await];
    assert_eq!(read.iter().filter(|found| found.is_err()).count(), 1, "the other's does not open here");
}

pub async fn a_wrong_master_key_opens_nothing(bed: &Bed) {
    let open = |keys: Vec<MasterKey>| async {
        let clock: Arc<dyn Clock> = Arc::new(ManualClock::new(noon()));
        Vault::open(&bed.db, MasterKeys::new(keys).expect("a key"), clock).await
    };
    assert!(matches!(open(vec![master("test", 8)]).await, Err(VaultError::MasterWrong { .. })));
    assert!(matches!(open(vec![master("other", 7)]).await, Err(VaultError::MasterMissing { .. })));
    assert!(open(vec![master("other", 8), master("test", 7)]).await.is_ok());
    assert!(MasterKeys::new(Vec::new()).is_err());
}

pub async fn another_master_key_takes_over(bed: &Bed) {
    let story = Story::begin(bed).await;
    let order = story.placed(bed, noon()).await;
    let clock: Arc<dyn Clock> = Arc::new(ManualClock::new(noon()));
    let both = MasterKeys::new(vec![master("new", 9), master("test", 7)]).expect("keys");
    let vault = Vault::open(&bed.db, both, clock.clone()).await.expect("a vault");
    assert_eq!(vault.rewrap().await.expect("re-wrapped"), 2);
    assert_eq!(vault.rewrap().await.expect("nothing left"), 0);
    let new = Vault::open(&bed.db, MasterKeys::new(vec![master("new", 9)]).expect("a key"), clock.clone()).await;
    let stores = Stores::over(&bed.db, &new.expect("the new key is enough"));
    assert_eq!(stores.orders.find(order.id, &story.clerk_sight()).await.expect("a search"), Some(order));
    assert!(Vault::open(&bed.db, masters(), clock).await.is_err(), "the old one opens nothing more");
}

pub async fn keys_change_while_others_write(bed: &Bed) {
    let story = Story::begin(bed).await;
    let clock = ManualClock::new(noon());
    let vault = Vault::open(&bed.db, masters(), Arc::new(clock.clone())).await.expect("a vault");
    let mut orders = Vec::new();
    for n in 0..5 {
        orders.push(story.dispatched(bed, minutes(n), story.partner).await);
    }
    assert_eq!(bed.stores.answers.keep_answer(&story.answer("k1", noon())).await.expect("kept"), Commit::Done);
    let desk = story.clerk.person;
    let secret = SharedSecret([7; 20]);
    assert!(bed.stores.second_factors.begin_second_factor(desk, &secret, noon()).await.expect("begun"));
    let (id, pause) = vault.make_key().await.expect("a key");
    assert_eq!(vault.relock().await.expect("nothing to do"), 0, "its time has not come");
    clock.advance(pause + TimeDelta::milliseconds(1));

    // The others still lock with the old key, as they would until they read the keys again.
    let writing = async {
        for order in &orders {
            let command = domain::order::Command::Comment { text: "还在等".into(), photos: Vec::new() };
            moved(bed, order, &story.resident, command, minutes(60)).await;
        }
    };
    let relocking = async { vault.relock().await.expect("locked anew") };
    tokio::join!(writing, relocking);
    vault.relock().await.expect("locked anew");
    let head = format!("01{id:08x}");
    for (column, table) in [
        ("private", "orders"),
        ("progress", "orders"),
        ("body", "order_events"),
        ("body", "answers"),
        ("secret", "second_factors"),
    ] {
        for text in locked(bed, column, table).await {
            assert!(text.starts_with(&head), "{table} has an old value");
        }
    }
    bed.vault.reload().await.expect("read again");
    for order in &orders {
        let found = bed.stores.orders.find(order.id, &story.clerk_sight()).await.expect("a search").expect("the order");
        assert_eq!(found.content, order.content);
    }
    let factor = bed.stores.second_factors.find_second_factor(desk).await.expect("a search").expect("begun");
    assert_eq!(factor.secret, secret);
    let order = story.placed(bed, minutes(90)).await;
    moved(bed, &order, &story.clerk, accept(), minutes(91)).await;
}
