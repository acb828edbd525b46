//! 现场勘查: who was there, what they said, what was agreed; and what of it others read.

use chrono::TimeDelta;
use serde_json::{Value, json};
use tests::{Picture, id, on_both, task_for};

fn on_the_spot() -> Value {
    json!({
        "note": "到现场查看，尖角在拐弯处",
        "at": "2026-11-23T10:00:00+08:00",
        "attendees": [{ "who": "王女士", "side": "resident" }, { "who": "网格员小周", "side": "staff" }, "楼上赵大妈"],
        "opinions": [
            { "who": "王女士", "opinion": "光围起来没用" },
            { "who": "网格员小周", "opinion": "晚上看不清" },
            { "who": "楼上赵大妈", "side": "resident", "opinion": "孙子磕过一次" },
        ],
        "plan": "敲掉尖角再抹平",
        "point": { "latitude": 38.05, "longitude": 114.47, "coord_sys": "gcj02" },
    })
}

fn names(visit: &Value, part: &str) -> Vec<String> {
    let all = visit[part].as_array().expect("a list").iter();
    all.map(|one| one["who"].as_str().expect("a name").to_owned()).collect()
}

on_both! {
    async fn who_went_by_themselves_write_on_the_order(app: &TestApp) {
        let cast = app.xiyuan().await;
        let grid = app.sign_in("demo-xy-grid").await;
        let order = cast.submitted().await;
        app.pass(TimeDelta::minutes(30));
        let photo = id(&grid.post("/v1/attachments").file("file", "a.jpg", Picture { width: 64, height: 48 }.jpeg()).await.ok()).to_owned();
        let mut record = on_the_spot();
        record["attachment_ids"] = json!([photo]);
        let written = grid.makes("visit", &order, &record).await;
        assert_eq!(written["status"], "submitted", "it changes nothing but the record");
        let desk = cast.clerk.sees(&order).await;
        let visit = &desk["visits"][0];
        assert_eq!((&visit["at"], &visit["plan"]), (&json!("2026-11-23T10:00:00+08:00"), &json!("敲掉尖角再抹平")));
        assert_eq!(names(visit, "attendees"), ["王女士", "网格员小周", "楼上赵大妈"]);
        assert_eq!(names(visit, "opinions"), ["王女士", "网格员小周", "楼上赵大妈"]);
        assert_eq!((&visit["point"]["coord_sys"], visit["attachments"].as_array().map(Vec::len)), (&json!("gcj02"), Some(1)));

        // The resident reads plan, opinions and photos; names of residents not.
        let mine = cast.wang.sees(&order).await;
        assert_eq!(names(&mine["visits"][0], "attendees"), ["居民", "网格员小周", "居民"]);
        assert_eq!(names(&mine["visits"][0], "opinions"), ["居民", "网格员小周", "居民"]);
        assert_eq!(mine["visits"][0]["opinions"][2]["opinion"], "孙子磕过一次");
        let line = cast.wang.timeline(&order).await.pop().expect("a line");
        assert_eq!((&line["text"], &line["visit"]["plan"]), (&json!("网格员到现场查看"), &json!("敲掉尖角再抹平")));
        assert_eq!(line["attachments"].as_array().map(Vec::len), Some(1));
        assert!(!line.to_string().contains("赵大妈"), "{line}");
        for who in [&cast.wang, &cast.property] {
            let refused = who.tries("visit", &order, &on_the_spot()).await;
            assert!([403, 404].contains(&refused.status), "{refused}");
        }
    }

    async fn handlers_read_it_while_they_have_work_to_do_and_learn_no_name(app: &TestApp) {
        let cast = app.xiyuan().await;
        let order = cast.accepted().await;
        cast.clerk.makes("visit", &order, &on_the_spot()).await;
        let dispatch = cast.secretary.dispatches(&order, &task_for("红色物业西苑管理科")).await;
        let seen = cast.property.sees(&order).await;
        assert_eq!(names(&seen["visits"][0], "attendees"), ["居民", "网格员小周", "居民"]);
        assert_eq!(seen["visits"][0]["plan"], "敲掉尖角再抹平");
        let read = seen.to_string() + &json!(cast.property.timeline(&order).await).to_string();
        assert!(read.contains("敲掉尖角再抹平") && !read.contains("王女士") && !read.contains("赵大妈"), "{read}");
        // The own record as well, whatever was typed.
        cast.property.does("sign", &dispatch, &json!({})).await;
        let own = cast.property.does("visit", &dispatch, &on_the_spot()).await;
        assert_eq!(names(&own["visits"][0], "attendees"), ["居民", "网格员小周", "居民"]);
        assert_eq!(names(&cast.clerk.sees(&order).await["dispatches"][0]["visits"][0], "attendees")[0], "王女士");
        cast.property.does("complete", &dispatch, &json!({ "result": "好了" })).await;
        assert_eq!(cast.property.sees(&order).await["visits"], json!([]), "the work is done");
        let kinds: Vec<_> = cast.property.timeline(&order).await.iter().map(|line| line["by"].clone()).collect();
        assert!(!kinds.contains(&json!("intake_clerk")) || kinds.len() < 6, "{kinds:?}");
    }

    async fn whom_the_resident_complains_about_reads_no_record_of_the_desk(app: &TestApp) {
        let cast = app.xiyuan().await;
        let mut complaint = tests::kerb();
        complaint["about_partner_id"] = json!(tests::partner("红色物业西苑管理科"));
        let order = cast.wang.places(&complaint).await;
        cast.clerk.makes("accept", &order, &json!({})).await;
        cast.clerk.makes("visit", &order, &on_the_spot()).await;
        let mut task = task_for("红色物业西苑管理科");
        task["share_contact"] = json!(false);
        cast.secretary.dispatches(&order, &task).await;
        let seen = cast.property.sees(&order).await;
        assert_eq!(seen["visits"], json!([]));
        assert!(!json!(cast.property.timeline(&order).await).to_string().contains("光围起来没用"));
    }

    async fn a_record_is_of_the_past_and_of_the_order(app: &TestApp) {
        let cast = app.xiyuan().await;
        app.pass(TimeDelta::hours(1));
        let order = cast.submitted().await;
        app.pass(TimeDelta::hours(1));
        let at = |time: &str| json!({ "note": "看过", "at": time });
        for time in ["2026-11-23T12:06:00+08:00", "2026-11-23T10:54:00+08:00"] {
            cast.clerk.tries("visit", &order, &at(time)).await.refused_field("/at");
        }
        let recorded = cast.clerk.makes("visit", &order, &at("2026-11-23T12:04:00+08:00")).await;
        assert_eq!(recorded["visits"][0]["at"], "2026-11-23T12:00:00+08:00", "a clock that is a little fast");
        let plain = cast.clerk.makes("visit", &order, &json!({ "note": "又看过" })).await;
        assert_eq!(plain["visits"][1]["at"], "2026-11-23T12:00:00+08:00");
        for (body, pointer) in [
            (json!({ "note": "" }), "/note"),
            (json!({ "note": "看", "attendees": vec!["人"; 21] }), "/attendees"),
            (json!({ "note": "看", "point": { "latitude": 138.0, "longitude": 114.0, "coord_sys": "gcj02" } }), "/point"),
            (json!({ "note": "看", "opinions": [{ "who": "王", "opinion": "" }] }), "/opinions/0/opinion"),
        ] {
            cast.clerk.tries("visit", &order, &body).await.refused_field(pointer);
        }
        cast.wang.makes("withdraw", &order, &json!({})).await;
        cast.clerk.tries("visit", &order, &json!({ "note": "看过" })).await.refused(409, "wrong_state");
    }
}
