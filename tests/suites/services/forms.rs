use serde_json::{Value, json};
use tests::{id, on_both, order_in, persona};

use super::{path, plain, with};

const ID_NUMBER: &str = "130105199001010014";

fn insurance() -> Value {
    with(
        &order_in("RY", "medical_insurance", "母亲要缴今年的医保"),
        json!({
            "form": { "matter": "缴费", "id_number": ID_NUMBER, "visit": true },
        }),
    )
}

on_both! {
    async fn what_is_sensitive_leaves_only_with_a_reason(app: &TestApp) {
        let chen = app.sign_in("demo-ry-chen").await;
        let (clerk, secretary) = (app.sign_in("demo-ry-clerk").await, app.sign_in("demo-ry-secretary").await);
        let order = chen.places(&insurance()).await;
        let all = json!({ "matter": "缴费", "id_number": ID_NUMBER, "visit": true });
        assert_eq!(order["form"], json!({ "answers": all, "hidden": [] }), "one's own");
        let open = json!({ "answers": { "matter": "缴费", "visit": true }, "hidden": ["id_number"] });
        for staff in [&clerk, &secretary] {
            assert_eq!(staff.sees(&order).await["form"], open);
        }
        let listed = clerk.get("/v1/orders?view=community").await.text().to_owned();
        assert!(!listed.contains(ID_NUMBER), "{listed}");
        let path = format!("/v1/orders/{}/reveal", id(&order));
        let revealed = clerk.post(&path).json(&json!({ "purpose": "verify_facts" })).await.ok();
        assert_eq!(revealed["form"], json!({ "id_number": ID_NUMBER }));
        let looks = chen.get("/v1/me/data-access").await.ok();
        assert_eq!(looks["items"].as_array().expect("items").len(), 1, "{looks}");
        // Neither an answer that is kept nor the database says it.
        assert!(!app.database.dump().await.contains(ID_NUMBER));
    }

    async fn a_handler_reads_what_belongs_to_the_task(app: &TestApp) {
        let (liu, clerk) = (app.sign_in("demo-ry-liu").await, app.sign_in("demo-ry-clerk").await);
        let property = app.sign_in("demo-ry-property").await;
        let partner = persona("demo-ry-property").partner_id.expect("a partner");
        let form = json!({ "type": "object", "properties": {
            "what": { "type": "string", "title": "修什么", "x-task": true },
            "mood": { "type": "string", "title": "心情" },
            "door_code": { "type": "string", "title": "门禁密码", "x-sensitive": true },
        } });
        let secretary = app.sign_in("demo-ry-secretary").await;
        let line = with(&plain("上门维修"), json!({ "form": form }));
        secretary.put(&path(&tests::community("RY"), "home_repair")).json(&line).await.ok();
        let mut order = with(&order_in("RY", "home_repair", "厨房龙头漏水"), json!({
            "form": { "what": "水管龙头", "mood": "着急", "door_code": "8864#" },
            "contact": { "name": "刘大爷", "phone": "13800000003", "may_share": true },
        }));
        let order_of = async |order: &Value| {
            let order = liu.places(order).await;
            clerk.makes("accept", &order, &json!({})).await;
            order
        };
        let placed = order_of(&order).await;
        let task = json!({ "partner_id": partner, "role": "lead", "task": "修龙头", "share_contact": true });
        let dispatch = clerk.dispatches(&placed, &task).await;
        let seen = property.get(&format!("/v1/dispatches/{}", id(&dispatch))).await.ok();
        assert_eq!(seen["form"], json!({ "what": "水管龙头" }));
        let whole = property.sees(&placed).await.to_string();
        for hidden in ["着急", "8864", "刘大爷"] {
            assert!(!whole.contains(hidden), "{hidden}: {whole}");
        }
        let reveal = format!("/v1/dispatches/{}/reveal", id(&dispatch));
        let purpose = json!({ "purpose": "home_visit" });
        assert_eq!(property.post(&reveal).json(&purpose).await.ok()["form"], json!({ "door_code": "8864#" }));
        // Without the contact lease, nothing sensitive.
        order["contact"]["may_share"] = json!(false);
        let placed = order_of(&order).await;
        let dispatch = clerk.dispatches(&placed, &with(&task, json!({ "share_contact": false }))).await;
        let reveal = format!("/v1/dispatches/{}/reveal", id(&dispatch));
        property.post(&reveal).json(&purpose).await.refused(409, "contact_not_agreed");
    }

    async fn answers_that_do_not_fit_are_named_and_nothing_is_kept(app: &TestApp) {
        let chen = app.sign_in("demo-ry-chen").await;
        let before = app.database.picture().await;
        let ask = |form: Value| chen.post("/v1/orders").json(&with(&insurance(), json!({ "form": form })));
        for (form, pointer) in [
            (json!({}), "/form/matter"),
            (json!({ "matter": "退保" }), "/form/matter"),
            (json!({ "matter": 3 }), "/form/matter"),
            (json!({ "matter": "查询", "id_number": "130105199001010015" }), "/form/id_number"),
            (json!({ "matter": "查询", "visit": "是" }), "/form/visit"),
            (json!({ "matter": "查询", "hobby": "钓鱼" }), "/form/hobby"),
        ] {
            ask(form).await.refused_field(pointer);
        }
        ask(json!({ "matter": "a\u{0}b" })).await.refused_field("/form");
        ask(json!("缴费")).await.refused(422, "invalid_fields");
        let without = order_in("RY", "medical_insurance", "查询缴费");
        let problem = chen.post("/v1/orders").json(&without).await.refused_field("/form/matter");
        assert_eq!(problem["detail"], "请填写「办理事项」");
        let unasked = with(&order_in("RY", "errand", "代取快递"), json!({ "form": { "matter": "代取" } }));
        chen.post("/v1/orders").json(&unasked).await.refused_field("/form");
        let long = with(&order_in("RY", "certificate", "开证明"), json!({ "form": { "kind": "居".repeat(41), "used_for": "入学" } }));
        chen.post("/v1/orders").json(&long).await.refused_field("/form/kind");
        assert_eq!(app.database.picture().await, before);
    }

    async fn answers_go_with_the_words_when_somebody_leaves(app: &TestApp) {
        let chen = app.sign_in("demo-ry-chen").await;
        let clerk = app.sign_in("demo-ry-clerk").await;
        let order = chen.places(&insurance()).await;
        clerk.makes("refuse", &order, &json!({ "reason": "other" })).await;
        let exported = chen.get("/v1/me/export").await.ok();
        assert_eq!(exported["orders"][0]["order"]["form"]["answers"]["id_number"], ID_NUMBER);
        app.drain_outbox().await;
        chen.delete("/v1/me").await.ok();
        app.keep_house().await;
        let left = clerk.sees(&order).await;
        assert_eq!((&left["erased"], &left["form"]), (&json!(true), &Value::Null));
        assert!(!app.opened().await.contains(ID_NUMBER));
    }
}
