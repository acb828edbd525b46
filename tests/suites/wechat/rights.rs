use chrono::TimeDelta;
use tests::{ACCEPTED, DISPATCHED, TestApp, on_both};
use wechat_adapter::Endpoint;
use wechat_adapter::sandbox::{Choice, Fault};

/// Templates for which something may be sent to somebody, and how much.
async fn ledger(app: &TestApp) -> Vec<String> {
    let rows = "SELECT template_id || ' ' || CAST(left_over AS TEXT) FROM message_rights ORDER BY template_id";
    app.database.texts(rows).await
}

on_both! {
    async fn each_agreement_counts_and_each_message_uses_one(app: &TestApp) {
        let cast = app.xiyuan().await;
        for _ in 0..2 {
            app.wechat().subscribe("demo-xy-wang", ACCEPTED, Choice::Accept).expect("a template");
            app.pass(TimeDelta::seconds(1));
        }
        app.wechat().subscribe("demo-xy-wang", DISPATCHED, Choice::Reject).expect("a template");
        app.hear_from_wechat().await;
        assert_eq!(ledger(app).await, [format!("{ACCEPTED} 2")]);
        cast.accepted().await;
        app.drain_outbox().await;
        assert_eq!(ledger(app).await, [format!("{ACCEPTED} 1")]);
        assert_eq!(app.messages_of("demo-xy-wang").len(), 1);
    }

    async fn what_is_taken_back_in_wechat_is_gone(app: &TestApp) {
        app.xiyuan().await;
        app.wechat().subscribe("demo-xy-wang", ACCEPTED, Choice::Accept).expect("a template");
        app.wechat().withdraw("demo-xy-wang", ACCEPTED).expect("a template");
        app.hear_from_wechat().await;
        assert_eq!(ledger(app).await, [format!("{ACCEPTED} 0")]);
    }

    async fn wechat_knows_better_than_the_ledger(app: &TestApp) {
        let cast = app.xiyuan().await;
        app.wechat().subscribe("demo-xy-wang", ACCEPTED, Choice::Accept).expect("a template");
        app.hear_from_wechat().await;
        app.wechat().fault(Fault::errcode(Endpoint::SubscribeSend, 43101));
        cast.accepted().await;
        app.drain_outbox().await;
        assert_eq!(ledger(app).await, [format!("{ACCEPTED} 0")]);
        assert_eq!(app.database.outcomes().await, ["no_right"]);
    }
}
