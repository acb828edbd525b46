use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use futures_util::StreamExt;
use futures_util::stream::iter;
use serde_json::json;
use tests::{ACCEPTED, kerb, on_both};
use wechat_adapter::sandbox::{Harm, Misbehaviour};

const MESSAGES: usize = 1000;
const RESIDENTS: usize = 25;
/// Requests at a time.
const AT_ONCE: usize = 8;

/// Thirty calls of a hundred go wrong, in every way that there is.
fn mischief() -> Misbehaviour {
    let shares = [
        (Harm::Busy, 0.06),
        (Harm::Http500, 0.04),
        (Harm::CutBefore, 0.04),
        (Harm::CutAfter, 0.04),
        (Harm::ExpiredToken, 0.04),
        (Harm::Garbage, 0.04),
        // Each of these closes the account for an hour or a day.
        (Harm::Quota, 0.002),
        (Harm::FrozenSecret, 0.004),
        (Harm::IpRefused, 0.004),
    ];
    Misbehaviour { seed: 20_261_125, shares: BTreeMap::from(shares), ..Misbehaviour::default() }
}

on_both! {
    async fn of_a_thousand_messages_each_has_its_end_and_none_comes_twice(app: &TestApp) {
        let cast = app.xiyuan().await;
        let mut residents = Vec::new();
        for n in 0..RESIDENTS {
            residents.push(app.sign_in(&format!("resident-{n}")).await);
        }
        let order = kerb();
        let accepted = iter(0..MESSAGES).map(|n| {
            let (resident, clerk, order) = (&residents[n % RESIDENTS], &cast.clerk, &order);
            app.agrees_to(&resident.openid, ACCEPTED);
            async move {
                let placed = resident.places(order).await;
                clerk.makes("accept", &placed, &json!({})).await;
            }
        });
        accepted.buffer_unordered(AT_ONCE).collect::<Vec<()>>().await;

        app.wechat().misbehave(mischief()).expect("shares of a whole");
        // A quota ends with the day, a console fault is looked at within the hour, and after three days nobody waits any more.
        for _ in 0..70 {
            app.drain_outbox().await;
            app.pass(TimeDelta::minutes(70));
        }
        app.wechat().behave();
        assert_eq!(app.waiting().await, 0, "each has its end");
        let harms = app.wechat().inflicted();
        assert!([Harm::Busy, Harm::CutAfter, Harm::ExpiredToken, Harm::Quota].iter().all(|harm| harms[harm] > 0));

        let numbers = |outcome: &str| {
            let of = format!(
                "SELECT number FROM deliveries d JOIN orders o ON o.id = d.order_id WHERE side = 'resident' AND channel = 'subscribe' AND state = '{outcome}'"
            );
            async move { app.database.texts(&of).await.into_iter().collect::<BTreeSet<_>>() }
        };
        let messages = residents.iter().flat_map(|resident| app.messages_of(&resident.openid));
        let arrived: Vec<_> = messages.map(|message| message.data[0].value.clone()).collect();
        let on_phone: BTreeSet<_> = arrived.iter().cloned().collect();
        assert_eq!(arrived.len(), on_phone.len(), "none came twice");
        let (delivered, unconfirmed) = (numbers("delivered").await, numbers("unconfirmed").await);
        assert!(delivered.is_subset(&on_phone), "whatever is said to be delivered is on the phone");
        let unsaid: Vec<_> = on_phone.difference(&delivered).filter(|number| !unconfirmed.contains(*number)).collect();
        assert_eq!(unsaid, Vec::<&String>::new(), "what came and is not said to have come was cut off after it");
        assert_eq!(app.database.outcomes().await.len(), MESSAGES);
        assert!(delivered.len() > MESSAGES * 7 / 10, "{} delivered, {harms:?}", delivered.len());
    }
}
