//! A browser shows a code, a phone scans it.

use chrono::TimeDelta;
use serde_json::{Value, json};
use tests::{Browser, DEVICE, Person, START, TestApp, on_both};

async fn is_told(app: &TestApp, browser: &Browser, state: &str) {
    assert_eq!(app.claims(browser).await.ok(), json!({ "state": state }));
}

async fn phones(app: &TestApp) -> (Person, Person) {
    (app.sign_in("demo-xy-clerk").await, app.sign_in("demo-xy-secretary").await)
}

on_both! {
    async fn a_browser_is_signed_in_by_a_phone(app: &TestApp) {
        let (clerk, _) = phones(app).await;
        let opened = app.anonymous().post("/v1/auth/tickets").json(&json!({ "device": DEVICE })).await;
        assert_eq!((opened.status, &opened.value()["expires_in"]), (201, &json!(120)));
        let text = |name: &str| opened.value()[name].as_str().expect("a string").to_owned();
        let browser = Browser { ticket: text("id"), secret: text("secret") };
        assert_eq!(text("scan_text"), format!("hgj-desk:{}", browser.ticket), "the picture tells no secret");
        is_told(app, &browser, "waiting").await;

        app.pass(TimeDelta::seconds(30));
        let seen = clerk.taps("scan", &browser).await.ok();
        assert_eq!(seen, json!({ "device": DEVICE, "address": "127.0.0.1", "opened_at": START }));
        assert_eq!(clerk.taps("scan", &browser).await.ok(), seen, "a lost answer is asked for again");
        is_told(app, &browser, "scanned").await;
        for _ in 0..2 {
            assert_eq!(clerk.taps("confirm", &browser).await.status, 204);
        }

        let claimed = app.claims(&browser).await.ok();
        assert_eq!((&claimed["state"], &claimed["user"]["id"]), (&json!("claimed"), &json!(clerk.id)));
        let token = claimed["access_token"].as_str().expect("a token");
        app.with_token(token).get("/v1/orders?view=community").await.ok();
        let refresh = json!({ "refresh_token": claimed["refresh_token"] });
        app.anonymous().post("/v1/auth/refresh").json(&refresh).await.ok();

        // Whoever replays the ticket gets nothing, with its secret or from the phone.
        app.claims(&browser).await.refused(410, "ticket_gone");
        for tap in ["scan", "confirm", "decline"] {
            clerk.taps(tap, &browser).await.refused(410, "ticket_gone");
        }
    }

    async fn of_two_claims_at_once_one_gets_the_session(app: &TestApp) {
        let (clerk, _) = phones(app).await;
        let browser = app.browser().await;
        clerk.confirms(&browser).await;
        let (one, two) = tokio::join!(app.claims(&browser), app.claims(&browser));
        let (good, bad) = if one.status == 200 { (one, two) } else { (two, one) };
        assert_eq!(good.ok()["state"], "claimed");
        bad.refused(410, "ticket_gone");
        assert_eq!(app.database.count("sessions").await, 3);
    }

    async fn a_browser_without_the_secret_learns_nothing(app: &TestApp) {
        let (clerk, _) = phones(app).await;
        let (browser, other) = (app.browser().await, app.browser().await);
        clerk.confirms(&browser).await;
        let unknown = Browser { ticket: "01a20d67-4257-7451-8d8a-557a009247e5".into(), secret: browser.secret.clone() };
        let missing = app.claims(&unknown).await.refused(404, "not_found");
        for secret in [other.secret.as_str(), "made-up", &browser.secret[1..]] {
            let refused = app.claims_with(&browser, &json!({ "secret": secret })).await.refused(404, "not_found");
            assert_eq!(refused["detail"], missing["detail"], "nothing tells the two apart");
        }
        assert_eq!(app.claims(&browser).await.ok()["state"], "claimed", "and spoils nothing");
    }

    async fn whoever_scans_first_owns_the_ticket(app: &TestApp) {
        let (clerk, secretary) = phones(app).await;
        let browser = app.browser().await;
        for tap in ["confirm", "decline"] {
            clerk.taps(tap, &browser).await.refused(404, "not_found");
        }
        is_told(app, &browser, "waiting").await;
        clerk.taps("scan", &browser).await.ok();
        for tap in ["scan", "confirm", "decline"] {
            secretary.taps(tap, &browser).await.refused(404, "not_found");
        }
        is_told(app, &browser, "scanned").await;
        clerk.taps("confirm", &browser).await.ok();
        secretary.taps("decline", &browser).await.refused(404, "not_found");
        assert_eq!(app.claims(&browser).await.ok()["user"]["id"], clerk.id);
        secretary.taps("scan", &browser).await.refused(404, "not_found");
    }

    async fn a_desk_is_for_those_who_work_at_one(app: &TestApp) {
        let wang = app.sign_in("demo-xy-wang").await;
        let browser = app.browser().await;
        for tap in ["scan", "confirm", "decline"] {
            wang.taps(tap, &browser).await.refused(403, "not_permitted");
        }
        // A role that ended between the phone's yes and the browser's coming opens nothing.
        let (clerk, secretary) = phones(app).await;
        clerk.confirms(&browser).await;
        app.database.tamper("DELETE FROM memberships WHERE role = 'intake_clerk'").await;
        app.claims(&browser).await.refused(410, "ticket_gone");
        app.sits_down(&secretary).await.get("/v1/me").await.ok();
    }

    async fn a_desk_lets_nobody_in_at_another_desk(app: &TestApp) {
        let (clerk, _) = phones(app).await;
        let desk = app.sits_down(&clerk).await;
        let browser = app.browser().await;
        for tap in ["scan", "confirm"] {
            desk.taps(tap, &browser).await.refused(403, "not_permitted");
        }
        is_told(app, &browser, "waiting").await;
    }

    async fn a_ticket_lives_two_minutes(app: &TestApp) {
        let (clerk, secretary) = phones(app).await;
        let [waiting, scanned, confirmed, last] =
            [app.browser().await, app.browser().await, app.browser().await, app.browser().await];
        clerk.taps("scan", &scanned).await.ok();
        clerk.confirms(&confirmed).await;
        clerk.confirms(&last).await;
        app.pass(TimeDelta::seconds(120) - TimeDelta::milliseconds(1));
        assert_eq!(app.claims(&last).await.ok()["state"], "claimed");
        is_told(app, &waiting, "waiting").await;
        app.pass(TimeDelta::milliseconds(1));
        for browser in [&waiting, &scanned, &confirmed] {
            app.claims(browser).await.refused(410, "ticket_gone");
            clerk.taps("scan", browser).await.refused(410, "ticket_gone");
        }
        for (tap, browser) in [("confirm", &scanned), ("decline", &scanned), ("confirm", &confirmed)] {
            clerk.taps(tap, browser).await.refused(410, "ticket_gone");
        }
        secretary.taps("scan", &scanned).await.refused(404, "not_found");
        app.keep_house().await;
        assert_eq!(app.database.count("desk_tickets").await, 4);
        app.pass(TimeDelta::minutes(10) + TimeDelta::milliseconds(1));
        app.keep_house().await;
        assert_eq!(app.database.count("desk_tickets").await, 0);
        app.claims(&waiting).await.refused(404, "not_found");
    }

    async fn whoever_says_no_lets_nobody_in(app: &TestApp) {
        let (clerk, _) = phones(app).await;
        let (after_scan, after_yes) = (app.browser().await, app.browser().await);
        clerk.taps("scan", &after_scan).await.ok();
        clerk.confirms(&after_yes).await;
        for browser in [&after_scan, &after_yes] {
            for _ in 0..2 {
                assert_eq!(clerk.taps("decline", browser).await.status, 204);
            }
            is_told(app, browser, "declined").await;
            for tap in ["scan", "confirm"] {
                clerk.taps(tap, browser).await.refused(410, "ticket_gone");
            }
        }
        assert_eq!(app.database.count("sessions").await, 2);
    }

    async fn what_a_browser_must_say(app: &TestApp) {
        let open = |body: Value| app.anonymous().post("/v1/auth/tickets").json(&body);
        for device in ["", " ", "a\0b", "窗口\n\n请点确认", &"长".repeat(61)] {
            open(json!({ "device": device })).await.refused_field("/device");
        }
        open(json!({})).await.refused_field("/device");
        open(json!({ "device": "x", "person_id": "x" })).await.refused_field("/person_id");
        let browser = app.browser().await;
        app.claims_with(&browser, &json!({})).await.refused_field("/secret");
        let long = json!({ "secret": browser.secret, "code": "1".repeat(21) });
        app.claims_with(&browser, &long).await.refused_field("/code");
    }
}
