//! A client learns for which messages to ask, at the moments at which people agree.

use serde_json::{Value, json};
use tests::{
    ACCEPTED, ALARM, APP_ID, DISPATCHED, OTHER_APP_ID, PROGRESS, Person, RESOLVED, TASK, TestApp, id, kerb, on_both,
};
use wechat_adapter::Endpoint;
use wechat_adapter::callback::{Event, SubscribeResult, SubscribeStatus};

/// Templates for which something may be sent to somebody, in which mini-program, and how much.
async fn ledger(app: &TestApp) -> Vec<String> {
    let rows = "SELECT app_id || ' ' || template_id || ' ' || CAST(left_over AS TEXT) FROM message_rights ORDER BY 1";
    app.database.texts(rows).await
}

async fn says(who: &Person, template: &str, result: &str) {
    let said = json!({ "results": [{ "template_id": template, "result": result }] });
    assert_eq!(who.post("/v1/me/subscriptions").json(&said).await.status, 204);
}

on_both! {
    async fn whoever_orders_is_asked_for_what_is_still_to_come(app: &TestApp) {
        let cast = app.xiyuan().await;
        let asked = app.wechat().calls_to(Endpoint::TemplateList);
        let first = cast.wang.post("/v1/orders").json(&kerb()).key("order-1").await;
        assert_eq!(first.value()["subscribe_hint"], json!([ACCEPTED, RESOLVED, PROGRESS, DISPATCHED]));
        says(&cast.wang, ACCEPTED, "accept").await;
        let again = cast.wang.post("/v1/orders").json(&kerb()).key("order-1").await;
        assert_eq!(again.body, first.body, "the same answer, byte for byte");
        let second = cast.submitted().await;
        assert_eq!(second["subscribe_hint"], json!([RESOLVED, PROGRESS, DISPATCHED]), "that one is allowed already");
        assert_eq!(app.wechat().calls_to(Endpoint::TemplateList), asked, "nothing is asked of WeChat");
    }

    async fn whoever_rates_is_asked_for_the_next_order(app: &TestApp) {
        let cast = app.xiyuan().await;
        let order = cast.resolved().await;
        assert_eq!(order.get("subscribe_hint"), None, "that is the clerk's answer to a move");
        let rated = cast.wang.makes("rate", &order, &json!({ "solved": true, "satisfaction": 5 })).await;
        assert_eq!(rated["subscribe_hint"], json!([ACCEPTED, RESOLVED]));
        for template in [ACCEPTED, RESOLVED] {
            says(&cast.wang, template, "accept").await;
        }
        let order = cast.resolved().await;
        let rated = cast.wang.makes("rate", &order, &json!({ "solved": true, "satisfaction": 5 })).await;
        assert_eq!(rated["subscribe_hint"], json!([]), "there is nothing left to ask for");
    }

    async fn each_side_is_asked_for_its_own(app: &TestApp) {
        let cast = app.xiyuan().await;
        let (order, _) = cast.dispatched().await;
        let hint = async |who: &Person| who.sees(&order).await.get("subscribe_hint").cloned();
        assert_eq!(hint(&cast.wang).await, Some(json!([RESOLVED, PROGRESS])));
        assert_eq!(hint(&cast.clerk).await, Some(json!([ALARM, TASK])));
        assert_eq!(hint(&cast.property).await, Some(json!([DISPATCHED, TASK])));
        assert_eq!(hint(&app.sign_in("demo-xy-street").await).await, None, "nothing is told to who only watches");
        let page = cast.wang.get("/v1/orders").await.ok();
        assert!(page["items"].as_array().expect("items").iter().all(|order| order.get("subscribe_hint").is_none()));
        // Staff who order for themselves are residents.
        let own = cast.clerk.places(&kerb()).await;
        assert_eq!(own["subscribe_hint"], json!([ACCEPTED, RESOLVED, PROGRESS, DISPATCHED]));
    }

    async fn a_word_of_the_phone_is_enough_for_the_next_message(app: &TestApp) {
        let cast = app.xiyuan().await;
        // WeChat knows; its own news is still under way.
        app.wechat().grant("demo-xy-wang", ACCEPTED);
        says(&cast.wang, ACCEPTED, "accept").await;
        says(&cast.wang, ACCEPTED, "accept").await;
        assert_eq!(ledger(app).await, [format!("{APP_ID} {ACCEPTED} 1")], "said twice, it is one answer");
        cast.accepted().await;
        app.drain_outbox().await;
        assert_eq!(app.messages_of("demo-xy-wang").len(), 1);
        let template_id = ACCEPTED.to_owned();
        let results = vec![SubscribeResult { template_id, status: SubscribeStatus::Accept, scene: None }];
        app.hear(&Event::SubscribePopup { openid: "demo-xy-wang".into(), results }).await;
        assert_eq!(ledger(app).await, [format!("{APP_ID} {ACCEPTED} 0")], "the one that was used");
    }

    async fn what_was_not_agreed_to_or_is_not_ours_allows_nothing(app: &TestApp) {
        let wang = app.sign_in("demo-xy-wang").await;
        for result in ["reject", "ban", "filter"] {
            says(&wang, ACCEPTED, result).await;
        }
        says(&wang, "somebody-elses-template", "accept").await;
        assert_eq!(ledger(app).await, [""; 0]);
        let said = json!({ "results": [{ "template_id": ACCEPTED, "result": "accept" }], "app_id": OTHER_APP_ID });
        assert_eq!(wang.post("/v1/me/subscriptions").json(&said).await.status, 204);
        assert_eq!(ledger(app).await, [""; 0], "she does not use that one");
    }

    async fn answers_about_templates_that_are_not_ours_are_not_kept(app: &TestApp) {
        let wang = app.sign_in("demo-xy-wang").await;
        for n in 0..20 {
            says(&wang, &format!("invented-{n}"), if n % 2 == 0 { "accept" } else { "reject" }).await;
        }
        says(&wang, ACCEPTED, "reject").await;
        let kept = app.database.texts("SELECT template_id FROM subscriptions").await;
        assert_eq!(kept, [ACCEPTED]);
    }

    async fn whoever_lies_gets_no_message_and_no_second_try(app: &TestApp) {
        let cast = app.xiyuan().await;
        says(&cast.wang, ACCEPTED, "accept").await;
        cast.accepted().await;
        app.drain_outbox().await;
        assert_eq!(app.database.outcomes().await, ["no_right"]);
        assert_eq!(ledger(app).await, [format!("{APP_ID} {ACCEPTED} 0")]);
    }

    async fn whoever_uses_the_other_mini_program_is_asked_there(app: &TestApp) {
        app.login_code("zhao");
        let there = app.wechat().openid_in("zhao", OTHER_APP_ID).expect("an account");
        let zhao = app.sign_in_through(OTHER_APP_ID, &there).await;
        let order = zhao.places(&kerb()).await;
        assert_eq!(order["subscribe_hint"], json!([ACCEPTED, RESOLVED, PROGRESS, DISPATCHED]));
        says(&zhao, RESOLVED, "accept").await;
        assert_eq!(ledger(app).await, [format!("{OTHER_APP_ID} {RESOLVED} 1")]);
        assert_eq!(zhao.sees(&order).await["subscribe_hint"], json!([ACCEPTED, PROGRESS, DISPATCHED]));
        assert_ne!(id(&order), Value::Null);
    }
}
