//! A link to a photo opens that photo, in that size, for a short time.

use chrono::TimeDelta;
use serde_json::json;
use tests::{Picture, id, kerb, on_both, task_for};

on_both! {
    async fn a_link_that_was_changed_opens_nothing(app: &TestApp) {
        let wang = app.sign_in("demo-xy-wang").await;
        let jpeg = Picture { width: 64, height: 48 }.jpeg();
        let photo = wang.post("/v1/attachments").file("file", "a.jpg", jpeg.clone()).await.ok();
        let other = wang.post("/v1/attachments").file("file", "b.jpg", jpeg).await.ok();
        let link = photo["urls"]["thumbnail"].as_str().expect("a link");
        let nobody = app.anonymous();
        let opened = nobody.get(link).await;
        assert_eq!((opened.status, opened.header("content-type")), (200, Some("image/jpeg")));

        let (path, query) = link.split_once('?').expect("a query");
        let (expires, signature) = query.split_once('&').expect("two values");
        let seconds: i64 = expires.trim_start_matches("expires=").parse().expect("a number");
        let mut cut = signature.to_owned();
        cut.pop();
        for changed in [
            format!("{path}?expires={}&{signature}", seconds + 3600),
            format!("{path}?expires={}&{signature}", i64::MAX),
            format!("{path}?expires=-1&{signature}"),
            format!("{path}?{expires}&{cut}"),
            format!("{path}?{expires}&signature="),
            format!("{path}?{expires}&signature=%00"),
            link.replace("thumbnail", "original"),
            link.replace(id(&photo), id(&other)),
        ] {
            nobody.get(&changed).await.refused(403, "link_expired");
        }
        for changed in [path.to_owned(), format!("{path}?{signature}"), format!("{path}?{query}&x=1")] {
            nobody.get(&changed).await.refused(400, "bad_request");
        }
        nobody.get(&link.replace("thumbnail", "raw")).await.refused(404, "not_found");
    }

    async fn a_link_lives_between_ten_and_twenty_minutes(app: &TestApp) {
        let wang = app.sign_in("demo-xy-wang").await;
        let jpeg = Picture { width: 64, height: 48 }.jpeg();
        let photo = wang.post("/v1/attachments").file("file", "a.jpg", jpeg).await.ok();
        let link = photo["urls"]["original"].as_str().expect("a link");
        app.pass(TimeDelta::minutes(10));
        assert_eq!(app.anonymous().get(link).await.status, 200);
        app.pass(TimeDelta::minutes(10));
        app.anonymous().get(link).await.refused(403, "link_expired");
    }

    async fn a_handler_gets_fresh_links_while_the_order_is_in_sight(app: &TestApp) {
        let cast = app.xiyuan().await;
        let jpeg = Picture { width: 64, height: 48 }.jpeg();
        let photo = cast.wang.post("/v1/attachments").file("file", "a.jpg", jpeg).await.ok();
        let mut order = kerb();
        order["attachment_ids"] = json!([id(&photo)]);
        let order = cast.wang.places(&order).await;
        cast.clerk.makes("accept", &order, &json!({})).await;
        let dispatch = cast.clerk.dispatches(&order, &task_for("红色物业西苑管理科")).await;
        app.pass(TimeDelta::hours(1));
        let seen = cast.property.get(&format!("/v1/dispatches/{}", id(&dispatch))).await.ok();
        let link = seen["attachments"][0]["urls"]["thumbnail"].as_str().expect("a link");
        assert_eq!(cast.property.get(link).await.status, 200);
    }
}
