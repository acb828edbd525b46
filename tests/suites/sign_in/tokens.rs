//! Access tokens: ours, whole, and not too old.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use tests::{Person, Program, TestApp, on_both};

/// The id and the secret of the key that signs now.
fn signing_key(app: &TestApp) -> (String, Vec<u8>) {
    let file = std::fs::read_to_string(app.folder.path().join("signing-keys")).expect("the keys");
    let (id, secret) = file.lines().next().and_then(|line| line.split_once(':')).expect("a key");
    (id.to_owned(), STANDARD.decode(secret).expect("base64"))
}

/// What the token says, unchecked.
fn claims(person: &Person) -> Value {
    let claims = person.access_token.split('.').nth(1).expect("three parts");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).expect("base64")).expect("JSON")
}

fn signed(algorithm: Algorithm, kid: Option<&str>, claims: &Value, secret: &[u8]) -> String {
    let header = Header { kid: kid.map(str::to_owned), ..Header::new(algorithm) };
    encode(&header, claims, &EncodingKey::from_secret(secret)).expect("a token")
}

/// With this header and these claims, and whatever stands for the signature.
fn assembled(header: &Value, claims: &Value, signature: &str) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.{signature}", part(header), part(claims))
}

async fn is_refused(app: &TestApp, token: &str) {
    let reply = app.with_token(token).get("/v1/me").await;
    reply.refused(401, "unauthenticated");
    assert!(reply.header("www-authenticate").is_some_and(|value| value.starts_with("Bearer")), "{reply}");
}

/// As an operator does it.
async fn rotate_keys(app: &TestApp) {
    let folder = app.folder.path().display().to_string();
    let done = Program::run(&[("HGJ_DATA_DIR".into(), folder)], &["keys", "rotate"]).await;
    assert!(done.status.success(), "{done:?}");
}

fn fifteen_minutes(settings: &mut api::config::Settings) {
    settings.tokens.access_minutes = 15;
}

on_both! {
    async fn a_token_lives_fifteen_minutes(app: &TestApp) with fifteen_minutes {
        let wang = app.sign_in("demo-xy-wang").await;
        app.pass(TimeDelta::seconds(15 * 60 - 1));
        wang.get("/v1/me").await.ok();
        app.pass(TimeDelta::seconds(1));
        is_refused(app, &wang.access_token).await;
    }

    async fn a_token_that_nobody_signed_is_none(app: &TestApp) {
        let wang = app.sign_in("demo-xy-wang").await;
        let (kid, _) = signing_key(app);
        let claims = claims(&wang);
        for algorithm in ["none", "None", "NONE", "nOnE", ""] {
            let header = json!({ "alg": algorithm, "typ": "JWT", "kid": kid });
            is_refused(app, &assembled(&header, &claims, "")).await;
        }
        let (unsigned, _) = wang.access_token.rsplit_once('.').expect("a signature");
        for token in [unsigned.to_owned(), format!("{unsigned}."), format!("{unsigned}.AAAA")] {
            is_refused(app, &token).await;
        }
    }

    async fn a_token_of_another_key_is_none(app: &TestApp) {
        let wang = app.sign_in("demo-xy-wang").await;
        let (kid, secret) = signing_key(app);
        let claims = claims(&wang);
        let good = signed(Algorithm::HS256, Some(&kid), &claims, &secret);
        app.with_token(&good).get("/v1/me").await.ok();
        for (algorithm, kid, secret) in [
            (Algorithm::HS256, Some(kid.as_str()), &b"somebody else's secret of enough length"[..]),
            (Algorithm::HS256, Some(kid.as_str()), b""),
            (Algorithm::HS384, Some(kid.as_str()), &secret),
            (Algorithm::HS512, Some(kid.as_str()), &secret),
            (Algorithm::HS256, Some("unknown"), &secret),
            (Algorithm::HS256, Some("../signing-keys"), &secret),
            (Algorithm::HS256, None, &secret),
        ] {
            is_refused(app, &signed(algorithm, kid, &claims, secret)).await;
        }
    }

    async fn a_token_must_say_everything_that_we_say(app: &TestApp) {
        let wang = app.sign_in("demo-xy-wang").await;
        let li = app.sign_in("demo-xy-li").await;
        let (kid, secret) = signing_key(app);
        let changed = |field: &str, value: Option<Value>| {
            let mut claims = claims(&wang);
            match value {
                Some(value) => claims[field] = value,
                None => drop(claims.as_object_mut().expect("claims").remove(field)),
            }
            signed(Algorithm::HS256, Some(&kid), &claims, &secret)
        };
        for (field, value) in [
            ("iss", Some(json!("somebody"))),
            ("iss", None),
            ("exp", None),
            ("exp", Some(json!(0))),
            ("sub", None),
            ("sub", Some(json!("not-an-id"))),
            // Signed by us, for a session that is another person's.
            ("sub", Some(json!(li.id))),
            ("sid", None),
            ("sid", Some(json!("01a20d67-4257-7451-8d8a-557a009247e5"))),
        ] {
            is_refused(app, &changed(field, value)).await;
        }
    }

    async fn a_token_comes_in_its_header_only(app: &TestApp) {
        let wang = app.sign_in("demo-xy-wang").await;
        let token = &wang.access_token;
        for header in [format!("Basic {token}"), token.clone(), "Bearer".into(), "Bearer  ".into(), format!("Token {token}")] {
            app.anonymous().get("/v1/me").header("authorization", &header).await.refused(401, "unauthenticated");
        }
        for path in [format!("/v1/me?access_token={token}"), format!("/v1/me?token={token}")] {
            app.anonymous().get(&path).await.refused(401, "unauthenticated");
        }
        app.anonymous().get("/v1/me").header("cookie", &format!("access_token={token}")).await.refused(401, "unauthenticated");
        app.anonymous().get("/v1/me").header("authorization", &format!("bearer {token}")).await.ok();
    }

    async fn a_new_key_signs_and_the_old_one_still_verifies(app: &TestApp) {
        let before = app.sign_in("demo-xy-wang").await;
        let (old, _) = signing_key(app);
        rotate_keys(app).await;
        let (new, _) = signing_key(app);
        app.restart_with(|_| {}).await;
        let after = app.sign_in("demo-xy-wang").await;
        for (person, kid) in [(&before, &old), (&after, &new)] {
            let header = jsonwebtoken::decode_header(&person.access_token).expect("a header");
            assert_eq!(header.kid.as_ref(), Some(kid));
            person.get("/v1/me").await.ok();
        }
        // Two more, and the first key is forgotten; a refresh token needs no key.
        for _ in 0..2 {
            rotate_keys(app).await;
        }
        app.restart_with(|_| {}).await;
        is_refused(app, &before.access_token).await;
        after.get("/v1/me").await.ok();
        let body = json!({ "refresh_token": before.refresh_token });
        app.anonymous().post("/v1/auth/refresh").json(&body).await.ok();
    }
}
