//! What the API says of itself, and what every answer carries.

use serde_json::{Value, json};
use tests::{kerb, on_both};

on_both! {
    async fn the_description_in_the_project_is_what_the_server_says(app: &TestApp) {
        let served = app.anonymous().get("/openapi.yaml").await;
        let kept = concat!(env!("CARGO_MANIFEST_DIR"), "/../openapi.yaml");
        assert_eq!(served.text(), std::fs::read_to_string(kept).expect("openapi.yaml"));
    }

    async fn the_description_is_one_that_programs_can_read(app: &TestApp) {
        let described: Value = serde_json::from_str(&api::server::describe().to_json().expect("JSON")).expect("JSON");
        let mut names = Vec::new();
        for (path, item) in described["paths"].as_object().expect("paths") {
            for (method, operation) in item.as_object().expect("methods") {
                names.push(operation["operationId"].as_str().expect("a name").to_owned());
                let is_said_by_the_path = ["/v1/auth/logout", "/v1/me/consents/{purpose}/withdraw"].contains(&path.as_str());
                let says_nothing = is_said_by_the_path || matches!(method.as_str(), "get" | "delete");
                assert_eq!(operation["requestBody"].is_null(), says_nothing, "{method} {path}: its body");
                for (status, answer) in operation["responses"].as_object().expect("answers") {
                    assert!(answer["description"].is_string(), "{method} {path} {status} is not described");
                }
            }
        }
        let count = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), count, "names of operations are unique");
        for reference in references(&described) {
            assert!(described.pointer(reference.trim_start_matches('#')).is_some(), "{reference} leads nowhere");
        }
        let page = app.anonymous().get("/openapi.yaml").await;
        for code in ["`wrong_state` | 409", "`photo_heic` | 415", "`too_many_requests` | 429"] {
            assert!(page.text().contains(code), "{code}");
        }
    }

    async fn the_documentation_comes_whole_from_the_program(app: &TestApp) {
        let page = app.anonymous().get("/docs/").await;
        assert_eq!((page.status, page.header("content-type")), (200, Some("text/html")));
        for file in ["swagger-ui-bundle.js", "swagger-ui.css", "swagger-ui-standalone-preset.js"] {
            assert!(page.text().contains(file), "{file}");
            assert_eq!(app.anonymous().get(&format!("/docs/{file}")).await.status, 200, "{file}");
        }
        for elsewhere in ["src=\"http", "href=\"http", "src=\"//", "href=\"//"] {
            assert!(!page.text().contains(elsewhere), "{elsewhere}");
        }
    }

    async fn every_answer_says_under_which_id_it_stands_in_the_log(app: &TestApp) {
        let wang = app.sign_in("demo-xy-wang").await;
        let mut ids = Vec::new();
        for path in ["/v1/me", "/v1/nowhere", "/healthz", "/v1/orders?limit=0"] {
            let reply = wang.get(path).await;
            ids.push(reply.header("x-request-id").expect("an id").to_owned());
        }
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 4);
    }

    async fn no_browser_of_others_may_call(app: &TestApp) {
        let preflight = app
            .anonymous()
            .ask("OPTIONS".parse().expect("a method"), "/v1/orders")
            .header("origin", "https://elsewhere.example")
            .header("access-control-request-method", "POST")
            .await;
        let simple = app.anonymous().get("/v1/communities").header("origin", "https://elsewhere.example").await;
        for reply in [&preflight, &simple] {
            assert!(reply.headers.keys().all(|name| !name.as_str().starts_with("access-control-")), "{:?}", reply.headers);
        }
        assert!(preflight.status >= 400, "{preflight}");
    }

    async fn answers_are_kept_by_nobody_in_between(app: &TestApp) {
        let wang = app.sign_in("demo-xy-wang").await;
        let reply = wang.get("/v1/me").await;
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
    }

    async fn the_server_says_when_it_cannot_take_orders(app: &TestApp) {
        let wang = app.sign_in("demo-xy-wang").await;
        assert_eq!(app.anonymous().get("/readyz").await.ok()["status"], "ready");
        app.lose_database().await;
        let reply = app.anonymous().get("/readyz").await;
        assert_eq!((reply.status, &reply.value()["status"]), (503, &json!("unavailable")));
        app.anonymous().get("/healthz").await.ok();
        let reply = wang.post("/v1/orders").json(&kerb()).await;
        reply.refused(503, "unavailable");
        assert!(reply.header("retry-after").is_some(), "{reply}");
        app.restart_with(|_| {}).await;
        wang.places(&kerb()).await;
    }

    async fn the_figures_name_nobody(app: &TestApp) {
        let wang = app.sign_in("demo-xy-wang").await;
        let order = wang.places(&kerb()).await;
        wang.sees(&order).await;
        let figures = app.anonymous().get("/metrics").await;
        assert!(figures.text().contains(r#"route="/v1/orders/{id}""#), "routes, not addresses");
        for name in [tests::id(&order), &wang.id, &wang.openid, "13800000001"] {
            assert!(!figures.text().contains(name), "{name}");
        }
    }
}

/// Every `$ref` in a document.
fn references(document: &Value) -> Vec<&str> {
    match document {
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(name, value)| match value {
                Value::String(to) if name == "$ref" => vec![to.as_str()],
                value => references(value),
            })
            .collect(),
        Value::Array(items) => items.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}
