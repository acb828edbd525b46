//! What is past its time goes by itself, and leaves a line that it did.

use chrono::TimeDelta;
use serde_json::{Value, json};
use tests::{Program, on_both};

const KINDS: usize = 10;

on_both! {
    async fn the_words_of_an_old_order_go(app: &TestApp) {
        let cast = app.xiyuan().await;
        let (old, open) = (cast.rated().await, cast.accepted().await);
        app.drain_outbox().await;
        app.keep_house().await;
        assert_eq!(app.database.count("retention_runs").await, KINDS);
        app.pass(TimeDelta::days(3 * 365 - 1));
        app.keep_house().await;
        let clerk = app.sign_in("demo-xy-clerk").await;
        assert_eq!(clerk.sees(&old).await["title"], "路沿尖角危险", "not yet");
        app.pass(TimeDelta::days(2));
        app.keep_house().await;
        let clerk = app.sign_in("demo-xy-clerk").await;
        let seen = clerk.sees(&old).await;
        assert_eq!((&seen["title"], &seen["erased"]), (&json!("内容已超过保存期限，已经删除"), &json!(true)));
        assert_eq!((&seen["contact"], &seen["rating"]["satisfaction"], &seen["status"]), (&Value::Null, &json!(5), &json!("rated")));
        assert_eq!(clerk.sees(&open).await["title"], "路沿尖角危险", "it is still owed an answer");
        let noted = app.database.texts("SELECT CAST(rows AS TEXT) FROM retention_runs WHERE kind = 'closed_orders' ORDER BY at").await;
        assert_eq!(noted, ["0", "0", "1"]);
        assert_eq!(app.database.count("deliveries").await, 0);
        app.keep_house().await;
        assert_eq!(app.database.count("retention_runs").await, 3 * KINDS, "once a day");
        let verified = Program::run(&app.environment().await, &["verify-history"]).await;
        assert!(verified.status.success(), "{verified:?}");
    }

    async fn a_rehearsal_counts_and_touches_nothing(app: &TestApp) {
        let wang = app.sign_in("demo-xy-wang").await;
        super::photo(&wang).await;
        wang.get("/v1/me/consents").await.ok();
        // The program goes by the clock on the wall: whatever was uploaded long ago is past its time there.
        app.database.tamper("UPDATE attachments SET created_at = '2020-01-01T00:00:00+00:00'").await;
        let environment = app.environment().await;
        let said = Program::run(&environment, &["admin", "retention", "--dry-run"]).await;
        assert!(said.status.success(), "{said:?}");
        let table = String::from_utf8(said.stdout).expect("text");
        assert_eq!(table.lines().count(), KINDS);
        let photos = table.lines().find(|line| line.starts_with("photos of no order")).expect("a line");
        assert!(photos.contains("1 rows") && photos.contains("would delete"), "{photos}");
        assert_eq!((app.database.count("attachments").await, app.photo_files().len()), (1, 2));
        let said = Program::run(&environment, &["admin", "retention"]).await;
        assert!(said.status.success(), "{said:?}");
        assert_eq!((app.database.count("attachments").await, app.photo_files().len()), (0, 0));
        assert_eq!(app.database.count("retention_runs").await, 2 * KINDS);
    }

    async fn a_period_below_the_law_is_refused_at_the_start(app: &TestApp) {
        let mut environment = app.environment().await;
        environment.push(("HGJ_RETENTION__AUDIT_LOG".into(), "30".into()));
        let said = Program::run(&environment, &["verify-history"]).await;
        assert!(!said.status.success());
        let why = String::from_utf8(said.stderr).expect("text");
        assert!(why.contains("retention.audit_log is 30 days; 184 is the least"), "{why}");
    }
}
