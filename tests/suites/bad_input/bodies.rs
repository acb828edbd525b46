//! What is not JSON, or not what was asked for.

use serde_json::{Value, json};
use tests::{id, kerb, on_both};

use super::refusal;

const JSON: &str = "application/json";

/// The kerb, with this at one place of it.
fn kerb_with(pointer: &str, value: Value) -> Value {
    let mut order = kerb();
    let (parent, field) = pointer.rsplit_once('/').expect("a pointer");
    order.pointer_mut(parent).expect("a place in the order")[field] = value;
    order
}

on_both! {
    async fn what_is_not_json_is_said_to_be_none(app: &TestApp) {
        let wang = app.sign_in("demo-xy-wang").await;
        let order = wang.places(&kerb()).await;
        let whole = kerb().to_string();
        let paths = ["/v1/orders".to_owned(), format!("/v1/orders/{}/comments", id(&order)), "/v1/auth/wechat".into()];
        for path in paths {
            for body in ["{", "kerb", "{'a':1}", "\u{feff}{}"] {
                let reply = refusal(app, wang.post(&path).text(JSON, body.to_owned())).await;
                reply.refused(400, "invalid_json");
            }
        }
        for broken in [whole.trim_end_matches('}').to_owned(), format!("{whole}x"), format!("{whole}{whole}")] {
            refusal(app, wang.post("/v1/orders").text(JSON, broken)).await.refused(400, "invalid_json");
        }
    }

    async fn half_a_character_is_not_text(app: &TestApp) {
        let wang = app.sign_in("demo-xy-wang").await;
        let order = wang.places(&kerb()).await;
        let comment = format!("/v1/orders/{}/comments", id(&order));
        for text in [r"\ud83d", r"\udc00 坏了", r"路灯\ud83d不亮"] {
            let body = format!(r#"{{"text":"{text}"}}"#);
            refusal(app, wang.post(&comment).text(JSON, body)).await.refused(400, "invalid_json");
        }
        for bytes in [&b"{\"text\":\"\xff\xfe\"}"[..], b"{\"text\":\"\xed\xa0\xbd\"}", b"\x00\x01\x02"] {
            refusal(app, wang.post(&comment).text(JSON, bytes.to_vec())).await.refused(400, "invalid_json");
        }
    }

    async fn a_field_of_the_wrong_type_is_named(app: &TestApp) {
        let wang = app.sign_in("demo-xy-wang").await;
        let wrong = [
            ("/title", json!(7)),
            ("/description", json!(["很尖"])),
            ("/description", json!(null)),
            ("/community_id", json!(1)),
            ("/place", json!("西苑小区")),
            ("/place/compound", json!({})),
            ("/place/point", json!({ "latitude": "38.1", "longitude": 114.5, "coord_sys": "gcj02" })),
            ("/contact", json!(true)),
            ("/contact/may_share", json!("yes")),
        ];
        for (pointer, value) in wrong {
            let reply = refusal(app, wang.post("/v1/orders").json(&kerb_with(pointer, value))).await;
            let problem = reply.refused(422, "invalid_fields");
            let named = problem["errors"][0]["pointer"].as_str().expect("a pointer");
            assert!(named.starts_with(pointer), "{pointer}: {problem}");
        }
        for body in [json!([]), json!("kerb"), json!(null), json!(42)] {
            refusal(app, wang.post("/v1/orders").json(&body)).await.refused(422, "invalid_fields");
        }
    }

    async fn a_field_that_does_not_exist_is_named(app: &TestApp) {
        let wang = app.sign_in("demo-xy-wang").await;
        for pointer in ["/status", "/requester_id", "/number", "/place/street", "/contact/openid"] {
            let reply = refusal(app, wang.post("/v1/orders").json(&kerb_with(pointer, json!("rated")))).await;
            reply.refused_field(pointer);
        }
        let twice = kerb().to_string().replacen('{', r#"{"title":"另一个标题","#, 1);
        refusal(app, wang.post("/v1/orders").text(JSON, twice)).await.refused(422, "invalid_fields");
    }

    async fn a_field_that_is_needed_is_named(app: &TestApp) {
        let wang = app.sign_in("demo-xy-wang").await;
        for field in ["community_id", "service_key", "description"] {
            let mut order = kerb();
            order.as_object_mut().expect("an object").remove(field);
            refusal(app, wang.post("/v1/orders").json(&order)).await.refused_field(&format!("/{field}"));
        }
        for (pointer, value) in [("/description", " \n\t "), ("/description", ""), ("/service_key", "magic")] {
            let reply = refusal(app, wang.post("/v1/orders").json(&kerb_with(pointer, json!(value)))).await;
            reply.refused_field(pointer);
        }
    }

    async fn letters_that_no_screen_shows_are_refused(app: &TestApp) {
        let wang = app.sign_in("demo-xy-wang").await;
        for text in ["路灯\0不亮", "\u{1b}[2J", "\u{202e}不亮", "\u{2066}不亮", "\u{7f}"] {
            for pointer in ["/title", "/description", "/place/detail", "/contact/name"] {
                let reply = refusal(app, wang.post("/v1/orders").json(&kerb_with(pointer, json!(text)))).await;
                reply.refused_field(pointer);
            }
        }
    }

    async fn texts_have_their_lengths(app: &TestApp) {
        let wang = app.sign_in("demo-xy-wang").await;
        for (pointer, most) in [("/description", 5_000), ("/title", 60)] {
            let longest = kerb_with(pointer, json!("长".repeat(most)));
            let placed = wang.places(&longest).await;
            assert_eq!(placed.pointer(pointer), longest.pointer(pointer), "characters count, not bytes");
            let longer = kerb_with(pointer, json!("长".repeat(most + 1)));
            refusal(app, wang.post("/v1/orders").json(&longer)).await.refused_field(pointer);
        }
    }

    async fn a_description_of_a_megabyte_is_too_large(app: &TestApp) {
        let wang = app.sign_in("demo-xy-wang").await;
        let order = kerb_with("/description", json!("a".repeat(1024 * 1024)));
        refusal(app, wang.post("/v1/orders").json(&order)).await.refused(413, "payload_too_large");
        // Where the length is not said beforehand, counting goes on while it comes.
        let chunks = (0..64).map(|_| Ok::<_, std::io::Error>(vec![b' '; 16 * 1024]));
        let body = tests::streamed(chunks);
        refusal(app, wang.post("/v1/orders").text(JSON, body)).await.refused(413, "payload_too_large");
    }

    async fn numbers_stay_in_their_bounds(app: &TestApp) {
        let cast = app.xiyuan().await;
        let order = cast.resolved().await;
        for satisfaction in [json!(0), json!(6), json!(-1), json!(4.5), json!(1e300), json!("5"), json!(u64::MAX)] {
            let body = json!({ "solved": true, "satisfaction": satisfaction });
            refusal(app, cast.wang.tries("rate", &order, &body)).await.refused_field("/satisfaction");
        }
        let point = |latitude: f64, longitude: f64| json!({ "latitude": latitude, "longitude": longitude, "coord_sys": "gcj02" });
        for place in [point(91.0, 114.5), point(38.0, 181.0), point(-90.5, 0.0)] {
            let order = kerb_with("/place/point", place);
            refusal(app, cast.wang.post("/v1/orders").json(&order)).await.refused(422, "invalid_fields");
        }
    }

    async fn nesting_without_end_is_no_danger(app: &TestApp) {
        let wang = app.sign_in("demo-xy-wang").await;
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        let reply = refusal(app, wang.post("/v1/orders").text(JSON, deep)).await;
        assert!([400, 422].contains(&reply.status), "{reply}");
        let deep = format!(r#"{{"title":{}1{}}}"#, "{\"a\":".repeat(10_000), "}".repeat(10_000));
        let reply = refusal(app, wang.post("/v1/orders").text(JSON, deep)).await;
        assert!([400, 422].contains(&reply.status), "{reply}");
    }
}
