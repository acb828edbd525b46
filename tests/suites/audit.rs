//! Who did what leaves a line, refusals too; nobody changes a line unnoticed.

use serde_json::{Value, json};
use tests::{Program, TestApp, id, on_both};

async fn lines(app: &TestApp, query: &str) -> Vec<Value> {
    let page = app.administrator().await.get(&format!("/v1/admin/audit?limit=100&{query}")).await.ok();
    page["items"].as_array().expect("items").clone()
}

/// The lines of moves follow within moments.
async fn lines_when_there(app: &TestApp, query: &str, wanted: usize) -> Vec<Value> {
    for _ in 0..200 {
        let found = lines(app, query).await;
        if found.len() >= wanted {
            return found;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    panic!("fewer than {wanted} lines for {query}");
}

on_both! {
    async fn every_change_and_every_refusal_leaves_a_line(app: &TestApp) {
        let cast = app.xiyuan().await;
        let order = cast.accepted().await;
        let secret = format!("/v1/orders/{}/reveal", id(&order));
        cast.clerk.post(&secret).json(&json!({ "purpose": "contact_resident" })).await.ok();
        cast.wang.post(&secret).json(&json!({ "purpose": "contact_resident" })).await.refused(403, "not_permitted");
        let stranger = app.sign_in("demo-ry-clerk").await;
        stranger.looks_at(&order).await.refused(404, "not_found");
        app.anonymous().get("/v1/orders").await.refused(401, "unauthenticated");

        let told = |lines: &[Value]| -> Vec<(String, String)> {
            lines.iter().map(|l| (l["action"].as_str().unwrap_or_default().into(), l["result"].as_str().unwrap_or_default().into())).collect()
        };
        let line = |action: &str, result: &str| (action.to_owned(), result.to_owned());
        let clerk = lines_when_there(app, &format!("person_id={}", cast.clerk.id), 3).await;
        let mut clerks = told(&clerk);
        clerks.sort();
        assert_eq!(clerks, [line("orders_accept", "done"), line("orders_reveal", "done"), line("sign_in_wechat", "done")]);
        let reveal = clerk.iter().find(|l| l["action"] == "orders_reveal").expect("a line");
        assert_eq!((&reveal["target_id"], &reveal["address"]), (&order["id"], &json!("127.0.0.1")));
        assert!(told(&lines(app, &format!("person_id={}", cast.wang.id)).await).contains(&line("orders_reveal", "not_permitted")));
        assert!(told(&lines(app, &format!("person_id={}", stranger.id)).await).contains(&line("orders_one", "not_found")));
        assert_eq!(told(&lines(app, "result=unauthenticated").await), [line("orders_list", "unauthenticated")]);
        let own = lines(app, "action=admin_audit").await;
        assert!(own.iter().all(|l| l["result"] == "done") && own.len() > 3, "looking at the log leaves a line: {own:?}");
        let all = json!(lines(app, "").await).to_string();
        for secret in ["13800000001", "王女士", "demo-xy", "路沿"] {
            assert!(!all.contains(secret), "{secret} is in the log");
        }
    }

    async fn signing_in_badly_leaves_a_line_and_a_flood_does_not_fill_the_disk(app: &TestApp) {
        app.try_sign_in("no-such-code").await.refused(401, "wechat_code_rejected");
        for _ in 0..100 {
            app.anonymous().get("/v1/me").await.refused(401, "unauthenticated");
        }
        let refused = lines(app, "result=wechat_code_rejected").await;
        assert_eq!(refused.len(), 1);
        assert_eq!((&refused[0]["action"], &refused[0]["person_id"]), (&json!("sign_in_wechat"), &Value::Null));
        let flood = lines(app, "result=unauthenticated").await.len();
        assert!((10..=35).contains(&flood), "{flood} lines");
    }

    async fn who_complains_of_whom_and_what_is_only_asked_leaves_no_line(app: &TestApp) {
        let cast = app.xiyuan().await;
        let complaint = json!({ "community_id": tests::community("XY"), "service_key": "advice",
            "description": "我要举报街道办主任李某收受施工方贿赂，贪污居民的维修基金" });
        cast.wang.post("/v1/orders").json(&complaint).await.refused(422, "discipline_matter");
        let asked = json!({ "community_id": tests::community("XY"), "description": "家里有很浓的煤气味" });
        cast.wang.post("/v1/orders/advice").json(&asked).await.ok();
        let order = cast.wang.post("/v1/orders").json(&tests::kerb()).key("k1").await.value();
        for _ in 0..2 {
            cast.clerk.tries("accept", &order, &json!({})).key("k2").await.ok();
        }
        let wang = lines_when_there(app, &format!("person_id={}", cast.wang.id), 2).await;
        let mut actions: Vec<_> = wang.iter().map(|line| format!("{} {}", line["action"], line["result"])).collect();
        actions.sort();
        assert_eq!(actions, ["\"orders_submit\" \"done\"", "\"sign_in_wechat\" \"done\""]);
        let clerk = lines_when_there(app, &format!("person_id={}", cast.clerk.id), 2).await;
        assert_eq!(clerk.iter().filter(|line| line["action"] == "orders_accept").count(), 1, "a replay is not done twice");
    }

    async fn whoever_is_signed_in_does_not_fill_the_disk_either(app: &TestApp) {
        let wang = app.sign_in("demo-xy-wang").await;
        for _ in 0..60 {
            wang.get(&format!("/v1/orders/{}", uuid::Uuid::new_v4())).await.refused(404, "not_found");
        }
        let tried = lines(app, &format!("person_id={}&action=orders_one", wang.id)).await.len();
        assert!((10..=35).contains(&tried), "{tried} lines");
    }

    async fn a_changed_log_is_noticed(app: &TestApp) {
        let cast = app.xiyuan().await;
        cast.submitted().await;
        app.restart_with(|_| {}).await;
        cast.submitted().await;
        app.restart_with(|_| {}).await;
        let environment = app.environment().await;
        let verify = async || {
            let output = Program::run(&environment, &["admin", "audit", "verify"]).await;
            (output.status.success(), String::from_utf8(output.stdout).expect("text"))
        };
        let (is_whole, said) = verify().await;
        assert!(is_whole && said.ends_with(" 0 faults\n"), "{said}");
        app.database.tamper("UPDATE audit_log SET result = 'not_permitted' WHERE action = 'orders_submit'").await;
        let (is_whole, said) = verify().await;
        assert!(!is_whole && said.contains("was changed") && said.contains("2 faults"), "{said}");
    }

    async fn the_log_is_exported_as_a_sheet_in_which_nothing_is_a_formula(app: &TestApp) {
        app.xiyuan().await;
        app.database.tamper("UPDATE audit_log SET address = '=HYPERLINK(\"http://x\")'").await;
        let environment = app.environment().await;
        let output = Program::run(&environment, &["admin", "audit", "export", "--since", "2026-11-23"]).await;
        let sheet = String::from_utf8(output.stdout).expect("text");
        assert!(sheet.starts_with("at,person_id,action,target_id,address,result,run,seq,hash\n"), "{sheet}");
        assert!(sheet.contains("sign_in_wechat") && sheet.contains("\"'=HYPERLINK"), "{sheet}");
        assert!(!sheet.contains(",=") && !sheet.contains(",\"="), "{sheet}");
    }
}
