//! Whoever steals the database or reads the logs learns nobody's name, phone or room.

use serde_json::json;
use tests::{Program, community, id, kerb, on_both, task_for};

/// Where `needle` stands, with a little of what is around it.
fn found(hay: &[u8], needle: &str) -> Option<String> {
    let at = hay.windows(needle.len()).position(|window| window == needle.as_bytes())?;
    let around = &hay[at.saturating_sub(80)..(at + needle.len() + 40).min(hay.len())];
    Some(String::from_utf8_lossy(around).into_owned())
}

fn must_not_hold(what: &str, hay: &[u8], needles: &[&str]) {
    for needle in needles {
        if let Some(around) = found(hay, needle) {
            panic!("{needle} stands in {what}: …{around}…");
        }
    }
}

on_both! {
    async fn a_stolen_database_names_nobody(app: &TestApp) {
        let cast = app.xiyuan().await;
        let wang = app.sign_in_with_phone("demo-xy-wang", "13900000001").await;
        let home = json!({ "community_id": community("XY"), "compound": "西苑小区", "building": "3-甲", "unit": "二单元", "room": "室1204号" });
        wang.put("/v1/me/residence").json(&home).await.ok();
        let mut order = kerb();
        order["on_behalf_of"] = json!({ "name": "张大爷爷", "phone": "13900000002" });
        order["place"]["detail"] = json!("室1204号门口");
        let order = wang.places(&order).await;
        cast.clerk.makes("accept", &order, &json!({ "note": "已电话联系王女士" })).await;
        let dispatch = cast.clerk.dispatches(&order, &{
            let mut task = task_for("红色物业西苑管理科");
            task["task"] = json!("到室1204号找张大爷爷");
            task
        }).await;
        cast.property.does("sign", &dispatch, &json!({})).await;
        let visit = json!({ "note": "王女士在场", "attendees": ["王女士", "物业老孙"] });
        cast.property.does("visit", &dispatch, &visit).await;
        cast.property.does("complete", &dispatch, &json!({ "result": "王女士确认已修好" })).await;
        cast.clerk.makes("resolve", &order, &json!({ "result": "已回访王女士" })).await;
        wang.makes("comment", &order, &json!({ "text": "我是王女士，电话13900000001" })).await;
        wang.tries("rate", &order, &json!({ "solved": true, "satisfaction": 5, "comment": "谢谢物业老孙" })).key("rating").await.ok();
        cast.clerk.post(&format!("/v1/orders/{}/reveal", id(&order))).json(&json!({ "purpose": "follow_up" })).await.ok();
        app.administrator().await;
        app.drain_outbox().await;

        let dump = app.database.stolen().await;
        assert!(found(&dump, "路沿尖角危险").is_some(), "a dump is what it is taken for");
        let needles = [
            "王女士", "张大爷爷", "物业老孙", "13900000001", "13900000002", "13800000001", "13900000099", "室1204号", "3-甲", "二单元",
        ];
        must_not_hold("the database", &dump, &needles);
    }

    async fn what_people_write_makes_no_lines_of_the_log(app: &TestApp) {
        let program = Program::serve_quietly(&app.environment().await).await;
        let wang = app.sign_in_at(&program, "demo-xy-wang").await;
        let forged = "路灯坏了\n2026-11-23T10:00:00Z ERROR forged \u{1b}[31m";
        let mut order = kerb();
        order["description"] = json!("路灯坏了\n2026-11-23T10:00:00Z ERROR forged");
        wang.post("/v1/orders").json(&order).await;
        order["title"] = json!(forged);
        wang.post("/v1/orders").json(&order).await.refused_field("/title");
        wang.get("/v1/orders/%0aERROR%20forged").await.refused(404, "not_found");
        wang.get("/v1/orders?q=%0aERROR%20forged").await.refused(400, "bad_request");
        wang.get("/v1/orders?%0aERROR%20forged=1").await.refused(400, "bad_request");
        wang.get("/v1/orders").header("user-agent", "ERROR forged").header("x-forwarded-for", "=forged").await.ok();
        let log = program.log_at_its_end().await;
        assert!(log.contains("answered"), "{log}");
        assert!(!log.contains("forged"), "{log}");
    }
}

/// The stories of the demo, told by our own crates at their most talkative.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_logs_of_a_whole_demo_name_nobody() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let settings = [
        ("HGJ_LISTEN", "127.0.0.1:0".to_owned()),
        ("HGJ_SANDBOX_LISTEN", "127.0.0.1:0".to_owned()),
        ("HGJ_DATA_DIR", folder.path().display().to_string()),
        ("RUST_LOG", "info,api=trace,domain=trace,infra=trace,wechat_adapter=trace".to_owned()),
    ];
    let settings = settings.map(|(name, value)| (name.to_owned(), value));
    let played = Program::run(&settings, &["demo", "--exit"]).await;
    let (told, log) = (String::from_utf8_lossy(&played.stdout), played.stderr);
    assert!(played.status.success(), "{told}");
    assert!(told.contains("王女士") && found(&log, "answered").is_some(), "{told}");
    for persona in api::seed::personas() {
        must_not_hold("the log", &log, &[persona.openid, persona.name]);
    }
    let phone = told.split(|c: char| !c.is_ascii_digit()).find(|digits| digits.len() == 11 && digits.starts_with('1'));
    must_not_hold("the log", &log, &["138000", "路沿", "access_token", phone.unwrap_or("13800000001")]);

    let rows = std::fs::read(folder.path().join("hongguanjia.db")).expect("the database");
    let wal = std::fs::read(folder.path().join("hongguanjia.db-wal")).unwrap_or_default();
    let everything = [rows, wal].concat();
    let names: Vec<&str> = api::seed::personas().iter().map(|persona| persona.name).collect();
    // Offices are no persons: 「西苑社区书记」 is what the secretary is called.
    let names: Vec<&str> = names.into_iter().filter(|name| !name.ends_with("书记")).collect();
    must_not_hold("the database of the demo", &everything, &names);
}
