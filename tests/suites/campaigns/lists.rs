//! Households chosen among those who live here, pages of lists, and people who leave.

use serde_json::{Value, json};
use tests::{Person, TestApp, community, id, on_both};

use super::{added, at, elder, households, knocks, opened, reveals, signature, visit};

pub(super) async fn lives(
    app: &TestApp,
    openid: &str,
    compound: &str,
    building: &str,
    room: Option<&str>,
    verified: bool,
) -> Person {
    let person = app.sign_in(openid).await;
    let home = json!({ "community_id": community("XY"), "compound": compound, "building": building, "room": room });
    let me = person.put("/v1/me/residence").json(&home).await.ok();
    if verified {
        let clerk = app.sign_in("demo-xy-clerk").await;
        let path = format!("/v1/residences/{}/verify", id(&me["residence"]));
        clerk.post(&path).json(&json!({ "verified": true })).await.ok();
    }
    person
}

fn compound(name: &str) -> String {
    let tree = api::seed::directory().tree();
    tree.all().find(|place| place.name == name).expect("a compound").id.to_string()
}

on_both! {
    async fn verified_homes_are_chosen_one_household_a_home(app: &TestApp) {
        let cast = app.xiyuan().await;
        let campaign = opened(&cast).await;
        let wang = lives(app, "demo-xy-wang", "西苑小区", "3号楼", Some("301"), true).await;
        lives(app, "demo-xy-li", "西苑小区", "３栋", Some("３０１室"), true).await;
        lives(app, "demo-xy-property", "泰华小区", "1", Some("101"), true).await;
        lives(app, "demo-xy-builder", "西苑小区", "3", None, true).await;
        lives(app, "demo-xy-fire", "西苑小区", "5", Some("501"), false).await;
        lives(app, "demo-xy-street", "西苑小区", "15", Some("1501"), true).await;
        let choose = |body: Value| cast.clerk.post(&at(&campaign, "/households/choose")).json(&body);
        choose(json!({ "compound_ids": [compound("润园小区")] })).await.refused_field("/compound_ids/0");
        let body = json!({ "compound_ids": [compound("西苑小区")], "building": "3号楼" });
        assert_eq!(choose(body.clone()).await.ok(), json!({ "added": 1, "known": 0, "without_room": 1 }));
        assert_eq!(choose(body).await.ok(), json!({ "added": 0, "known": 1, "without_room": 1 }));
        let all = choose(json!({})).key("choose-all").await.ok();
        assert_eq!(all, json!({ "added": 2, "known": 1, "without_room": 1 }));
        assert_eq!(choose(json!({})).key("choose-all").await.ok(), all);

        let doors = households(&cast.clerk, &campaign, "").await;
        assert_eq!((doors.len(), &doors[0]["people"].as_array().expect("people").len()), (3, &2), "both behind one door");
        app.pass(chrono::TimeDelta::seconds(1));
        let seen = reveals(&cast.clerk, &doors[0]).await.ok();
        let mut names: Vec<_> = seen["people"].as_array().expect("people").iter().map(|p| p["name"].clone()).collect();
        names.sort_by_key(Value::to_string);
        assert_eq!(names, ["李先生", "王女士"]);
        let looks = wang.get("/v1/me/data-access").await.ok();
        assert_eq!(looks["items"][0]["by_text"], "接访员", "whoever has an account reads who looked");
        assert_eq!(looks["items"][0]["purpose_text"], "上门服务");
    }

    async fn households_come_by_number_page_by_page(app: &TestApp) {
        let cast = app.xiyuan().await;
        let campaign = opened(&cast).await;
        for room in ["5", "3", "4"] {
            added(&cast.clerk, &campaign, &elder("西苑小区", room)).await;
        }
        let first = cast.clerk.get(&at(&campaign, "/households?limit=2")).await.ok();
        let numbers = |page: &Value| page["items"].as_array().expect("items").iter().map(|d| d["number"].clone()).collect::<Vec<_>>();
        assert_eq!(numbers(&first), [1, 2]);
        let next = first["next_cursor"].as_str().expect("a cursor");
        let second = cast.clerk.get(&at(&campaign, &format!("/households?limit=2&cursor={next}"))).await.ok();
        assert_eq!((numbers(&second), &second["next_cursor"]), (vec![json!(3)], &Value::Null));
        cast.clerk.get(&at(&campaign, "/households?cursor=x")).await.refused(400, "bad_request");
        let doors = households(&cast.clerk, &campaign, "").await;
        knocks(&cast.clerk, &doors[1], &visit(1, "not_at_home")).await.ok();
        for (query, expected) in [
            ("outcome=not_at_home", vec![2]),
            ("outcome=pending", vec![1, 2, 3]),
            ("round=1", vec![2]),
            ("round=1&outcome=visited", vec![]),
            ("round=1&outcome=pending", vec![1, 3]),
            ("round=2&outcome=pending", vec![2]),
        ] {
            let found: Vec<_> = households(&cast.clerk, &campaign, query).await.iter().map(|d| d["number"].clone()).collect();
            assert_eq!(found, expected, "{query}");
        }
        app.pass(chrono::TimeDelta::seconds(1));
        let second = opened(&cast).await;
        let list = async |query: &str| {
            let page = cast.clerk.get(&format!("/v1/campaigns?{query}")).await.ok();
            page["items"].as_array().expect("items").iter().map(|c| id(c).to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(list("").await, [id(&second), id(&campaign)]);
        assert_eq!(list("limit=1").await, [id(&second)]);
        assert_eq!(list(&format!("order_id={}", campaign["order_id"].as_str().expect("an id"))).await, [id(&campaign)]);
        cast.clerk.post(&at(&second, "/close")).json(&json!({})).await.ok();
        assert_eq!((list("open=true").await, list("open=false").await), (vec![id(&campaign).to_owned()], vec![id(&second).to_owned()]));
    }

    async fn whoever_closes_the_account_is_forgotten_at_the_door(app: &TestApp) {
        let cast = app.xiyuan().await;
        let campaign = opened(&cast).await;
        lives(app, "demo-xy-wang", "西苑小区", "3号楼", Some("室1204号"), true).await;
        cast.clerk.post(&at(&campaign, "/households/choose")).json(&json!({})).await.ok();
        let [door] = households(&cast.clerk, &campaign, "").await.try_into().expect("one door");
        let mut report = visit(1, "visited");
        let proof = signature(&cast.clerk).await;
        report["findings"] = json!("王女士家燃气软管过期");
        report["handed_out"] = json!([{ "item": "灭火器", "quantity": 1, "attachment_ids": [proof] }]);
        knocks(&cast.clerk, &door, &report).await.ok();
        let files = app.photo_files().len();

        let wang = app.sign_in("demo-xy-wang").await;
        let export = wang.get("/v1/me/export").await.ok();
        let home = &export["household_visits"][0];
        assert_eq!((&home["campaign"], &home["room"]), (&json!("敲门入户送安全"), &json!("室1204号")));
        assert_eq!(home["visits"][0]["handed_out"], json!(["灭火器 1"]));
        assert_eq!(cast.li.get("/v1/me/export").await.ok()["household_visits"], json!([]));
        wang.delete("/v1/me").await.ok();
        let [door] = households(&cast.clerk, &campaign, "").await.try_into().expect("one door");
        assert_eq!((&door["forgotten"], &door["people"], &door["room"]), (&json!(true), &json!([]), &Value::Null));
        let seen = reveals(&cast.clerk, &door).await.ok();
        assert_eq!((&seen["room"], &seen["visits"][0]["findings"]), (&Value::Null, &Value::Null));
        knocks(&cast.clerk, &door, &visit(2, "visited")).await.refused(409, "visit_not_due");
        let totals = cast.clerk.get(&at(&campaign, "/totals")).await.ok();
        assert_eq!((&totals["visited"], &totals["handed_out"][2]["quantity"]), (&json!(1), &json!(1)), "counts stay");
        app.pass(chrono::TimeDelta::days(2));
        app.keep_house().await;
        assert_eq!(app.photo_files().len(), files - 2, "the signature's files are gone");
    }
}
