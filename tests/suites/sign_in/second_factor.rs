//! Codes of an app, and what wrong ones cost.

use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::{Ask, Person, Reply, TestApp, on_both};
use totp_rs::{Builder, Secret, Totp};

/// The app on the administrator's phone.
struct Authenticator(Totp);

impl Authenticator {
    fn new(set_up: &Value) -> Self {
        let secret = Secret::try_from_base32(set_up["secret"].as_str().expect("a secret")).expect("base 32");
        Self(Builder::new().with_secret(secret).build().expect("a secret of enough length"))
    }

    fn code(&self, app: &TestApp) -> String {
        self.0.generate(app.now().timestamp().try_into().expect("after 1970")).to_string()
    }
}

fn does(person: &Person, what: &str, code: &str) -> Ask {
    person.post(&format!("/v1/me/second-factor/{what}")).json(&json!({ "code": code }))
}

async fn begins(person: &Person) -> Reply {
    person.post("/v1/me/second-factor").json(&json!({})).await
}

/// An administrator whose second factor is on, the app, and the recovery codes.
async fn careful(app: &TestApp) -> (Person, Authenticator, Vec<String>) {
    let admin = app.sign_in("demo-xy-secretary").await;
    app.make_administrator(&admin).await;
    let authenticator = Authenticator::new(&begins(&admin).await.ok());
    let codes = does(&admin, "confirm", &authenticator.code(app)).await.ok()["recovery_codes"].clone();
    let codes = codes.as_array().expect("codes").iter().map(|code| code.as_str().expect("a code").to_owned()).collect();
    app.pass(TimeDelta::seconds(30));
    (admin, authenticator, codes)
}

/// Tries to sign in at a desk that the phone agreed to.
async fn at_desk(app: &TestApp, admin: &Person, code: &str) -> Reply {
    let browser = app.browser().await;
    admin.confirms(&browser).await;
    assert_eq!(app.claims(&browser).await.ok(), json!({ "state": "code_needed" }));
    app.claims_with(&browser, &json!({ "secret": browser.secret, "code": code })).await
}

/// Not a code of the app now, nor soon.
fn wrong(right: &str) -> String {
    right.chars().map(|c| if c == '9' { '0' } else { char::from(c as u8 + 1) }).collect()
}

fn wait_seconds(reply: &Reply) -> u64 {
    reply.header("retry-after").and_then(|s| s.parse().ok()).unwrap_or_else(|| panic!("no Retry-After: {reply}"))
}

on_both! {
    async fn a_desk_asks_an_administrator_for_a_code(app: &TestApp) {
        let (admin, authenticator, _) = careful(app).await;
        let browser = app.browser().await;
        admin.confirms(&browser).await;
        let claims = |code: &str| app.claims_with(&browser, &json!({ "secret": browser.secret, "code": code }));
        assert_eq!(app.claims(&browser).await.ok(), json!({ "state": "code_needed" }));
        let code = authenticator.code(app);
        claims(&wrong(&code)).await.refused(422, "verification_failed");
        let claimed = claims(&code).await.ok();
        assert_eq!((&claimed["state"], &claimed["user"]["id"]), (&json!("claimed"), &json!(admin.id)));
        claims(&code).await.refused(410, "ticket_gone");
        // Whoever looked over the shoulder has a code that was used.
        at_desk(app, &admin, &code).await.refused(422, "verification_failed");
        app.pass(TimeDelta::seconds(30));
        assert_eq!(at_desk(app, &admin, &authenticator.code(app)).await.ok()["state"], "claimed");
        // The phone itself is asked for nothing.
        app.sign_in("demo-xy-secretary").await.get("/v1/me").await.ok();
    }

    async fn the_code_that_turned_it_on_is_used_up(app: &TestApp) {
        let admin = app.sign_in("demo-xy-secretary").await;
        app.make_administrator(&admin).await;
        let authenticator = Authenticator::new(&begins(&admin).await.ok());
        let code = authenticator.code(app);
        // Begun is not on.
        app.sits_down(&admin).await.get("/v1/me").await.ok();
        does(&admin, "confirm", &code).await.ok();
        at_desk(app, &admin, &code).await.refused(422, "verification_failed");
    }

    async fn a_recovery_code_works_once(app: &TestApp) {
        let (admin, _, codes) = careful(app).await;
        assert_eq!(codes.len(), 8);
        assert_eq!(at_desk(app, &admin, &codes[0]).await.ok()["state"], "claimed");
        at_desk(app, &admin, &codes[0]).await.refused(422, "verification_failed");
        let sloppy = codes[1].to_lowercase().replace('-', " ");
        assert_eq!(at_desk(app, &admin, &sloppy).await.ok()["state"], "claimed");
        does(&admin, "remove", &codes[2]).await.ok();
        app.sits_down(&admin).await.get("/v1/me").await.ok();
        does(&admin, "remove", &codes[3]).await.refused(409, "second_factor_off");
        assert_eq!(app.database.count("recovery_codes").await, 0);
    }

    async fn only_administrators_have_one_and_only_one(app: &TestApp) {
        for openid in ["demo-xy-wang", "demo-xy-clerk", "demo-xy-street"] {
            let person = app.sign_in(openid).await;
            begins(&person).await.refused(403, "not_permitted");
            does(&person, "confirm", "123456").await.refused(403, "not_permitted");
            does(&person, "remove", "123456").await.refused(409, "second_factor_off");
        }
        let (admin, authenticator, _) = careful(app).await;
        begins(&admin).await.refused(409, "second_factor_on");
        does(&admin, "confirm", &authenticator.code(app)).await.refused(409, "second_factor_on");
        // The role ends; the second factor stays, and can be taken away.
        app.database.tamper("DELETE FROM memberships WHERE role = 'administrator'").await;
        begins(&admin).await.refused(403, "not_permitted");
        does(&admin, "remove", &authenticator.code(app)).await.ok();
    }

    async fn the_latest_set_up_counts(app: &TestApp) {
        let admin = app.sign_in("demo-xy-secretary").await;
        app.make_administrator(&admin).await;
        does(&admin, "confirm", "123456").await.refused(409, "second_factor_off");
        let first = begins(&admin).await.ok();
        app.pass(TimeDelta::seconds(1));
        let second = begins(&admin).await.ok();
        assert!(second["otpauth_url"].as_str().is_some_and(|url| url.starts_with("otpauth://totp/")), "{second}");
        does(&admin, "confirm", &Authenticator::new(&first).code(app)).await.refused(422, "verification_failed");
        does(&admin, "confirm", &Authenticator::new(&second).code(app)).await.ok();
    }

    async fn wrong_codes_cost_growing_pauses(app: &TestApp) {
        let (admin, authenticator, codes) = careful(app).await;
        let wrong = wrong(&authenticator.code(app));
        for _ in 0..4 {
            let reply = does(&admin, "remove", &wrong).await;
            reply.refused(422, "verification_failed");
            assert_eq!(reply.header("retry-after"), None);
        }
        for minutes in [1, 5, 15, 60, 60] {
            let reply = does(&admin, "remove", &wrong).await;
            let problem = reply.refused(422, "verification_failed");
            assert!(problem["detail"].as_str().is_some_and(|text| text.contains(&format!("{minutes} 分钟"))), "{problem}");
            // While it is locked the right code is refused, and not used up. At the desk as well.
            app.pass(TimeDelta::minutes(minutes) - TimeDelta::seconds(1));
            let reply = does(&admin, "remove", &codes[0]).await;
            let problem = reply.refused(429, "locked");
            assert!(problem["detail"].as_str().is_some_and(|text| text.contains("1 分钟")), "{problem}");
            assert!((1..=2).contains(&wait_seconds(&reply)), "{reply}");
            at_desk(app, &admin, &authenticator.code(app)).await.refused(429, "locked");
            app.pass(TimeDelta::seconds(1));
        }
        // A right one ends it.
        assert_eq!(at_desk(app, &admin, &authenticator.code(app)).await.ok()["state"], "claimed");
        let reply = does(&admin, "remove", &wrong).await;
        reply.refused(422, "verification_failed");
        assert_eq!(reply.header("retry-after"), None);
        does(&admin, "remove", &codes[0]).await.ok();
        app.pass(TimeDelta::days(1) + TimeDelta::milliseconds(1));
        app.keep_house().await;
        assert_eq!(app.database.count("attempts").await, 0);
    }

    async fn many_guesses_at_once_are_no_more_than_one_after_the_other(app: &TestApp) {
        let (admin, authenticator, _) = careful(app).await;
        let wrong = wrong(&authenticator.code(app));
        let replies = join_all((0..20).map(|_| does(&admin, "remove", &wrong).into_future())).await;
        let of = |status| replies.iter().filter(|reply| reply.status == status).count();
        assert_eq!((of(422), of(429)), (5, 15));
        // Nobody else is locked.
        let clerk = app.sign_in("demo-xy-clerk").await;
        app.sits_down(&clerk).await.get("/v1/me").await.ok();
    }
}
