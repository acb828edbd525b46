use serde_json::{Value, json};
use wechat_adapter::Endpoint;

use crate::stage::APP_ID;
use crate::wire::{OTHER_APP, Wire};

#[tokio::test]
async fn a_code_is_a_picture_that_says_where_it_leads() {
    let wire = Wire::set().await;
    let body = json!({ "scene": "b=3&u=2", "page": "pages/index", "env_version": "trial", "width": 280 });
    let response = wire.send(APP_ID, Endpoint::UnlimitedCode, &body).await.unwrap();
    assert_eq!(response.headers()["content-type"], "image/png");
    let picture = response.bytes().await.unwrap();
    assert!(picture.starts_with(b"\x89PNG"));
    let says = format!("{APP_ID}/pages/index?scene=b=3&u=2");
    assert!(picture.windows(says.len()).any(|window| window == says.as_bytes()));
}

#[tokio::test]
async fn a_code_that_cannot_be_is_refused_in_json() {
    let wire = Wire::set().await;
    let cases = [
        (json!({}), 40169),
        (json!({ "scene": "x".repeat(33) }), 40169),
        (json!({ "scene": "100%" }), 40129),
        (json!({ "scene": "三号楼" }), 40129),
        (json!({ "scene": "a", "page": "/pages/index" }), 41030),
        (json!({ "scene": "a", "page": "pages/index?a=1" }), 41030),
        (json!({ "scene": "a", "page": "pages/new" }), 41030),
        (json!({ "scene": "a", "width": 279 }), 40097),
        (json!({ "scene": "a", "env_version": "formal" }), 40097),
    ];
    for (body, errcode) in cases {
        assert_eq!(wire.post_as(OTHER_APP, Endpoint::UnlimitedCode, &body).await["errcode"], errcode, "{body}");
    }
    let unreleased = json!({ "scene": "a", "page": "pages/new", "check_path": false });
    let response = wire.send(OTHER_APP, Endpoint::UnlimitedCode, &unreleased).await.unwrap();
    assert_eq!(response.headers()["content-type"], "image/png");
}

async fn link(wire: &Wire, body: Value) -> Value {
    wire.post_as(OTHER_APP, Endpoint::UrlLink, &body).await
}

#[tokio::test]
async fn a_link_lives_thirty_days_at_most() {
    let wire = Wire::set().await;
    let made =
        link(&wire, json!({ "path": "pages/index", "query": "a=1", "expire_type": 1, "expire_interval": 30 })).await;
    assert!(made["url_link"].as_str().unwrap().starts_with("https://wxaurl.cn/"));

    let now = 1_795_395_600;
    let cases = [
        (json!({ "expire_type": 1, "expire_interval": 31 }), 85401),
        (json!({ "expire_time": now }), 85401),
        (json!({ "expire_time": now + 30 * 86400 + 1 }), 85401),
        (json!({ "expire_time": now + 60 }), 0),
        (json!({ "path": "pages/new" }), 40165),
        (json!({ "path": "pages/index?a=1" }), 40165),
        (json!({ "query": "q".repeat(1025) }), 40212),
    ];
    for (body, errcode) in cases {
        assert_eq!(link(&wire, body.clone()).await["errcode"], errcode, "{body}");
    }
}
