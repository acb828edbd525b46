//! Closing an account takes everything that speaks of the person, and leaves what happened to the orders.

use chrono::TimeDelta;
use serde_json::{Value, json};
use tests::{Backend, Client, Program, Reply, TestApp, on_both};

use super::{SECRETS, assert_nothing_is_left, photo, zhao};

const GONE: &str = "内容已按本人要求删除";

async fn close(client: &Client) -> Reply {
    client.ask("DELETE".parse().expect("a method"), "/v1/me").await
}

async fn verify(app: &TestApp) -> String {
    let verified = Program::run(&app.environment().await, &["verify-history"]).await;
    assert!(verified.status.success(), "{verified:?}");
    String::from_utf8(verified.stdout).expect("text")
}

on_both! {
    async fn nothing_of_the_person_is_left(app: &TestApp) {
        let (zhao, [rated, handled, new]) = zhao(app).await;
        let cast = app.xiyuan().await;
        let bystander = cast.wang.places(&tests::kerb()).await;
        let (dump, opened) = (app.database.dump().await, app.opened().await);
        for secret in SECRETS {
            assert!(dump.contains(secret) || opened.contains(secret) || secret == "甲单元", "{secret} was there");
        }
        assert_eq!(app.photo_files().len(), 6);
        let (orders, events) = (app.database.count("orders").await, app.database.count("order_events").await);
        let before = cast.clerk.sees(&rated).await;

        let closed = close(&zhao).await.ok();
        assert_eq!(closed["finished"], true);
        assert_nothing_is_left(app).await;
        assert_eq!(app.database.count("orders").await, orders);
        assert_eq!(app.database.count("order_events").await, events + 2, "two orders were withdrawn");
        for table in ["outbox", "deliveries", "sessions", "subscriptions"] {
            let column = if table == "outbox" { "to_person_id" } else { "person_id" };
            let left = format!("SELECT 'x' FROM {table} WHERE {column} = (SELECT person_id FROM erasures)");
            assert_eq!(app.database.texts(&left).await, Vec::<String>::new(), "{table}");
        }

        let after = cast.clerk.sees(&rated).await;
        for fact in ["number", "status", "version", "service_key", "community_id", "submitted_at", "accepted_at", "resolved_at", "round", "due"] {
            assert_eq!(after[fact], before[fact], "{fact}");
        }
        assert_eq!((&after["title"], &after["description"], &after["erased"]), (&json!(GONE), &json!(GONE), &json!(true)));
        assert_eq!((&after["contact"], &after["on_behalf_of"], &after["attachments"]), (&Value::Null, &Value::Null, &json!([])));
        assert_eq!((&after["rating"]["satisfaction"], &after["rating"]["comment"]), (&json!(4), &json!(GONE)));
        assert_eq!((&after["place"]["compound"], &after["place"]["detail"]), (&json!("西苑小区"), &Value::Null));
        assert_eq!((&after["dispatches"][0]["task"], &after["resolution"]["result"]), (&json!(GONE), &json!(GONE)));
        let timeline = cast.clerk.timeline(&rated).await;
        let kinds: Vec<_> = timeline.iter().map(|line| line["kind"].as_str().expect("a kind")).collect();
        assert_eq!(kinds, ["submitted", "accepted", "dispatched", "signed", "visited", "completed", "resolved", "rated"]);
        assert_eq!((&timeline[0]["note"], &timeline[4]["note"], &timeline[3]["note"]), (&json!(GONE), &json!(GONE), &Value::Null));
        for order in [&handled, &new] {
            assert_eq!(cast.clerk.sees(order).await["status"], "withdrawn");
        }
        cast.clerk.tries("comment", &rated, &json!({ "text": "赵铁柱又来电话" })).await.refused(409, "order_erased");
        cast.secretary.tries("reopen", &rated, &json!({ "reason": "再看看" })).await.refused(409, "order_erased");
        for words in ["漏水", "赵铁柱", "删除"] {
            assert_eq!(cast.clerk.list(&format!("view=community&q={words}")).await, Vec::<String>::new(), "{words}");
        }
        assert_eq!(cast.wang.sees(&bystander).await["title"], "路沿尖角危险", "nobody else lost a word");
        let said = verify(app).await;
        assert!(said.contains(" 0 faults") && said.contains("lost their words on purpose"), "{said}");
    }

    async fn who_comes_again_is_somebody_new(app: &TestApp) {
        let (zhao, [rated, ..]) = zhao(app).await;
        close(&zhao).await.ok();
        zhao.get("/v1/me").await.refused(401, "unauthenticated");
        close(&zhao).await.refused(401, "unauthenticated");
        let refresh = json!({ "refresh_token": zhao.refresh_token });
        app.anonymous().post("/v1/auth/refresh").json(&refresh).await.refused(401, "invalid_refresh_token");
        let again = app.sign_in("phone-of-zhao").await;
        assert_ne!(again.id, zhao.id);
        assert_eq!(again.get("/v1/me").await.ok()["nickname"], Value::Null);
        assert_eq!(again.list("view=mine").await, Vec::<String>::new());
        again.looks_at(&rated).await.refused(404, "not_found");
    }

    async fn whoever_holds_a_role_leaves_it_first(app: &TestApp) {
        let cast = app.xiyuan().await;
        let order = cast.submitted().await;
        let before = app.database.picture().await;
        for staff in [&cast.clerk, &cast.property, &cast.secretary] {
            close(staff).await.refused(409, "holds_role");
        }
        assert_eq!(app.database.picture().await, before);
        cast.clerk.makes("accept", &order, &json!({})).await;
    }

    async fn an_interrupted_erasure_is_finished(app: &TestApp) {
        let (zhao, [rated, ..]) = zhao(app).await;
        // A photo that cannot be removed: a folder lies in its place.
        let stuck = app.photo_files().into_iter().find(|file| file.contains("thumbnail")).expect("a photo");
        std::fs::remove_file(&stuck).expect("removed");
        std::fs::create_dir(&stuck).expect("a folder");
        std::fs::write(format!("{stuck}/x"), "x").expect("a file");
        assert_eq!(close(&zhao).await.ok()["finished"], false);
        zhao.get("/v1/me").await.refused(401, "unauthenticated");
        let stage = "SELECT stage FROM erasures";
        assert_eq!(app.database.texts(stage).await, ["begun"]);
        let clerk = app.sign_in("demo-xy-clerk").await;
        assert_eq!(clerk.sees(&rated).await["number"], rated["number"]);

        app.restart_with(|_| {}).await;
        app.pass(TimeDelta::minutes(10));
        app.keep_house().await;
        assert_eq!(app.database.texts(stage).await, ["cleared"]);
        assert_nothing_is_left(app).await;
        app.pass(TimeDelta::minutes(10));
        app.keep_house().await;
        assert_eq!(app.database.texts(stage).await, ["done"]);
        assert!(verify(app).await.contains(" 0 faults"));
    }

    async fn what_was_still_being_written_goes_with_the_second_look(app: &TestApp) {
        let zhao = app.sign_in("phone-of-zhao").await;
        close(&zhao).await.ok();
        // A request that had begun before the account was closed, and ended after.
        let person = "(SELECT person_id FROM erasures)";
        app.database.tamper(&format!("INSERT INTO subscriptions (person_id, template_id, accepted, at) VALUES ({person}, 'phone-of-zhao', {}, (SELECT since FROM erasures))", if app.database.backend == Backend::Postgres { "TRUE" } else { "1" })).await;
        app.keep_house().await;
        assert_eq!(app.database.count("subscriptions").await, 1, "not yet");
        app.pass(TimeDelta::minutes(10));
        app.keep_house().await;
        assert_eq!(app.database.count("subscriptions").await, 0);
        assert_eq!(app.database.texts("SELECT stage FROM erasures").await, ["done"]);
    }

    async fn a_file_of_the_database_keeps_no_letters(app: &TestApp) {
        if app.database.backend == Backend::Postgres {
            return;
        }
        let (zhao, _) = zhao(app).await;
        let file = app.folder.path().join("hongguanjia.db");
        let folded = || async {
            app.database.tamper("PRAGMA wal_checkpoint(TRUNCATE)").await;
            std::fs::read(&file).expect("the file")
        };
        let holds = |bytes: &[u8], word: &str| bytes.windows(word.len()).any(|window| window == word.as_bytes());
        assert!(holds(&folded().await, "厨房漏水"));
        close(&zhao).await.ok();
        let bytes = folded().await;
        for secret in SECRETS {
            assert!(!holds(&bytes, secret), "{secret}");
        }
    }

    async fn a_loose_photo_goes_too(app: &TestApp) {
        let zhao = app.sign_in("phone-of-zhao").await;
        let loose = photo(&zhao).await;
        let kept = photo(&app.sign_in("demo-xy-li").await).await;
        close(&zhao).await.ok();
        assert_eq!(app.database.count("attachments").await, 1);
        assert!(app.photo_files().iter().all(|file| file.contains(&kept) && !file.contains(&loose)));
        assert_eq!(app.photo_files().len(), 2);
    }

    async fn an_order_placed_for_somebody_else_stays_with_them(app: &TestApp) {
        let cast = app.xiyuan().await;
        let offer = cast.wang.post("/v1/me/delegations").json(&json!({ "days": 30 })).await.ok();
        cast.li.post("/v1/me/delegations/accept").json(&json!({ "code": offer["code"] })).await.ok();
        let mut order = tests::kerb();
        order["contact"] = json!({ "name": "李先生", "phone": "13800000002", "may_share": true });
        order["on_behalf_of"] = json!({ "person_id": cast.wang.id });
        let order = cast.li.places(&order).await;
        let own = cast.li.places(&tests::kerb()).await;

        assert_eq!(close(&cast.li).await.ok()["finished"], true);
        assert_eq!(cast.clerk.sees(&own).await["erased"], true);
        for who in [&cast.wang, &cast.clerk] {
            let seen = who.sees(&order).await;
            assert_eq!((&seen["status"], &seen["title"]), (&json!("submitted"), &json!("路沿尖角危险")));
            assert_eq!((&seen["contact"], seen["on_behalf_of"].is_object()), (&Value::Null, true));
        }
        let left = format!("{}{}", app.database.dump().await, app.opened().await);
        assert!(!left.contains("13800000002"), "{left}");
        assert!(verify(app).await.contains(" 0 faults"));
        cast.clerk.makes("accept", &order, &json!({})).await;

        assert_eq!(close(&cast.wang).await.ok()["finished"], true);
        let seen = cast.clerk.sees(&order).await;
        assert_eq!((&seen["erased"], &seen["status"]), (&json!(true), &json!("withdrawn")));
        assert!(verify(app).await.contains(" 0 faults"));
    }
}
