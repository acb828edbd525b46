//! What people may do with what is held about them: agree and take it back, read it, correct it, have it erased.

mod children;
mod consents;
mod correction;
mod erasure;
mod export;
mod retention;

use serde_json::{Value, json};
use tests::{Picture, TestApp, id, kerb, task_for};

async fn photo(person: &tests::Person) -> String {
    let picture = Picture { width: 64, height: 48 }.jpeg();
    id(&person.post("/v1/attachments").file("file", "a.jpg", picture).await.ok()).to_owned()
}

/// Words that must not outlive Zhao's account, wherever people wrote them.
const SECRETS: [&str; 9] =
    ["赵铁柱", "13811112222", "赵奶奶", "0311-85551234", "漏水", "厨房", "甲单元", "phone-of-zhao", "脾气"];

/// Somebody with a profile, a finished order that everybody wrote about, one that is being handled, and a new one.
async fn zhao(app: &TestApp) -> (tests::Person, [Value; 3]) {
    let cast = app.xiyuan().await;
    let zhao = app.sign_in("phone-of-zhao").await;
    zhao.put("/v1/me").json(&json!({ "nickname": "赵铁柱" })).await.ok();
    let home =
        json!({ "community_id": tests::community("XY"), "compound": "西苑小区", "building": "3", "unit": "甲单元" });
    zhao.put("/v1/me/residence").json(&home).await.ok();
    let mut leak = kerb();
    leak["title"] = json!("厨房漏水");
    leak["description"] = json!("赵铁柱家厨房漏水");
    leak["place"]["detail"] = json!("3号楼甲单元");
    leak["contact"] = json!({ "name": "赵铁柱", "phone": "13811112222", "may_share": true });
    leak["on_behalf_of"] = json!({ "name": "赵奶奶", "phone": "0311-85551234" });
    leak["attachment_ids"] = json!([photo(&zhao).await]);
    let rated = zhao.places(&leak).await;
    let note = json!({ "note": "赵铁柱脾气急，先打电话" });
    cast.clerk.tries("accept", &rated, &note).key("accept-zhao").await.ok();
    let mut task = task_for("红色物业西苑管理科");
    task["task"] = json!("去赵铁柱家修厨房");
    let dispatch = cast.clerk.dispatches(&rated, &task).await;
    cast.property.does("sign", &dispatch, &json!({})).await;
    let visit =
        json!({ "note": "赵铁柱在家", "attendees": ["赵奶奶"], "attachment_ids": [photo(&cast.property).await] });
    cast.property.does("visit", &dispatch, &visit).await;
    cast.property.does("complete", &dispatch, &json!({ "result": "赵铁柱家厨房不漏水了" })).await;
    cast.clerk.makes("resolve", &rated, &json!({ "result": "已为赵铁柱修好" })).await;
    zhao.makes("rate", &rated, &json!({ "solved": true, "satisfaction": 4, "comment": "厨房好了，赵铁柱" })).await;
    leak["attachment_ids"] = json!([]);
    let handled = zhao.places(&leak).await;
    cast.clerk.makes("accept", &handled, &json!({})).await;
    cast.clerk.dispatches(&handled, &task).await;
    let new = zhao.places(&leak).await;
    photo(&zhao).await;
    (zhao, [rated, handled, new])
}

async fn assert_nothing_is_left(app: &TestApp) {
    let (dump, opened) = (app.database.dump().await.to_lowercase(), app.opened().await);
    assert!(dump.lines().count() > 20 && opened.contains("XY-"), "the dump shows what there is");
    for secret in SECRETS {
        let bytes: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
        for line in dump.lines() {
            assert!(!line.contains(secret) && !line.contains(&bytes), "{secret}: {line}");
        }
        assert!(!opened.contains(secret), "{secret}: {opened}");
    }
    assert_eq!(app.photo_files(), Vec::<String>::new());
}
