//! What people said of themselves they change and take away.

use serde_json::{Value, json};
use tests::on_both;

on_both! {
    async fn a_profile_is_changed_and_cleared(app: &TestApp) {
        let li = app.sign_in("demo-xy-li").await;
        let home = json!({ "community_id": tests::community("XY"), "compound": "西苑小区", "building": "3", "unit": null, "room": "1204" });
        let lives = li.put("/v1/me/residence").json(&home).await.ok()["residence"].clone();
        assert_eq!((&lives["building"], &lives["room"], &lives["unit"]), (&home["building"], &home["room"], &home["unit"]));
        let named = li.put("/v1/me").json(&json!({ "nickname": "老李", "age_band": "adult" })).await.ok();
        assert_eq!((&named["nickname"], &named["age_band"]), (&json!("老李"), &json!("adult")));
        let cleared = li.put("/v1/me").json(&json!({ "nickname": null })).await.ok();
        assert_eq!((&cleared["nickname"], &cleared["age_band"]), (&Value::Null, &json!("adult")), "left out it stays");
        let cleared = li.put("/v1/me").json(&json!({ "age_band": null })).await.ok();
        assert_eq!(cleared["age_band"], Value::Null);
        li.put("/v1/me").json(&json!({ "age_band": "120" })).await.refused_field("/age_band");
        assert_eq!(li.ask("DELETE".parse().expect("a method"), "/v1/me/residence").await.ok()["residence"], Value::Null);
        assert_eq!(li.get("/v1/me").await.ok()["residence"], Value::Null);
    }
}
