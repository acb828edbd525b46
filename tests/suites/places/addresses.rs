//! Buildings, units and rooms: entered, listed, assigned to grids, and locked.

use serde_json::{Value, json};
use tests::{Client, community, id, on_both, place_in};

use super::{grid_of_runyuan, second};

fn path() -> String {
    format!("/v1/communities/{}/addresses", community("XY"))
}

async fn entered(staff: &Client, body: &Value) -> Value {
    let reply = staff.post(&path()).json(body).await;
    assert_eq!(reply.status, 201, "{reply}");
    reply.value()
}

async fn names(staff: &Client, path: &str) -> Vec<String> {
    let page = staff.get(path).await.ok();
    let items = page["items"].as_array().expect("items");
    let mut names: Vec<_> = items.iter().map(|item| item["name"].as_str().expect("a name").to_owned()).collect();
    names.sort();
    names
}

fn below(address: &Value) -> String {
    format!("/v1/addresses/{}/below", id(address))
}

fn room(compound: &str, building: &str, unit: Option<&str>, room: Option<&str>) -> Value {
    json!({ "compound": compound, "building": building, "unit": unit, "room": room })
}

fn sheet(rows: &[&str]) -> Vec<u8> {
    format!("小区,楼栋,单元,室,网格,备注\n{}\n", rows.join("\n")).into_bytes()
}

on_both! {
    async fn an_address_is_known_once_however_it_is_written(app: &TestApp) {
        let cast = app.xiyuan().await;
        let one = entered(&cast.clerk, &room("西苑小区", "3-甲", Some("2单元"), Some("1204"))).await;
        assert_eq!((&one["level"], &one["name"], &one["compound"]), (&json!("room"), &json!("1204"), &json!("西苑小区")));
        let same = entered(&cast.secretary, &room(" 西苑小区 ", " ３－甲 栋", Some("2门"), Some("１２０４室"))).await;
        assert_eq!(same, one);
        // Old yards have no units.
        let yard = entered(&cast.clerk, &room("西苑小区", "东平房", None, Some("7"))).await;
        assert_eq!(app.database.count("addresses").await, 5);
        assert_eq!(names(&cast.clerk, &path()).await, ["3-甲", "东平房"]);
        let page = cast.clerk.get(&path()).await.ok();
        let building = page["items"].as_array().expect("items").iter().find(|item| item["name"] == "3-甲").expect("it").clone();
        let units = cast.clerk.get(&below(&building)).await.ok();
        assert_eq!((&units["items"][0]["name"], &units["items"][0]["level_text"]), (&json!("2单元"), &json!("单元")));
        assert_eq!(names(&cast.clerk, &below(&units["items"][0])).await, ["1204"]);
        let of_yard = json!({ "id": yard["parent_id"] });
        assert_eq!(names(&cast.clerk, &below(&of_yard)).await, ["7"]);
        // Pages.
        let first = cast.clerk.get(&format!("{}?limit=1", path())).await.ok();
        let cursor = first["next_cursor"].as_str().expect("more");
        let rest = cast.clerk.get(&format!("{}?limit=1&cursor={cursor}", path())).await.ok();
        assert_eq!((first["items"].as_array().map(Vec::len), &rest["next_cursor"]), (Some(1), &json!(null)));
        assert_ne!(first["items"][0]["id"], rest["items"][0]["id"]);
    }

    async fn rooms_lie_locked_and_each_look_leaves_a_line(app: &TestApp) {
        let cast = app.xiyuan().await;
        let one = entered(&cast.clerk, &room("西苑小区", "3号楼", None, Some("一二零四西户"))).await;
        let stolen = app.database.stolen().await;
        let needle = "一二零四西户".as_bytes();
        assert!(!stolen.windows(needle.len()).any(|part| part == needle), "a room stands in the open");
        let building = json!({ "id": one["parent_id"] });
        cast.clerk.get(&path()).await.ok();
        cast.clerk.get(&below(&building)).await.ok();
        let admin = app.administrator().await;
        let lines = async |action: &str| {
            let page = admin.get(&format!("/v1/admin/audit?limit=100&action={action}")).await.ok();
            page["items"].as_array().expect("items").clone()
        };
        let looks = lines("addresses_below").await;
        assert_eq!(looks.len(), 1, "{looks:?}");
        assert_eq!((&looks[0]["person_id"], &looks[0]["target_id"]), (&json!(cast.clerk.id), &building["id"]));
        assert_eq!(lines("addresses_buildings").await, Vec::<Value>::new(), "buildings are no secret");
        // What everybody reads of a community stops at its compounds.
        for path in ["/v1/communities", &format!("/v1/communities/{}", community("XY"))] {
            let seen = app.anonymous().get(path).await.ok().to_string();
            assert!(!seen.contains("3号楼") && !seen.contains("一二零四"), "{seen}");
        }
    }

    async fn addresses_are_for_the_staff_of_the_place(app: &TestApp) {
        let cast = app.xiyuan().await;
        let here = entered(&cast.clerk, &room("西苑小区", "3号楼", Some("1单元"), Some("101"))).await;
        let there = entered(&cast.clerk, &room("泰华小区", "9号楼", None, None)).await;
        let unit = json!({ "id": here["parent_id"] });
        let before = app.database.picture().await;
        let worker = app.sign_in("demo-xy-grid").await;
        assert_eq!(names(&worker, &path()).await, ["3号楼"], "those of her grid's compounds");
        assert_eq!(names(&worker, &below(&unit)).await, ["101"]);
        worker.get(&below(&there)).await.refused(404, "not_found");
        for reader in [&worker, &cast.wang, &cast.property] {
            reader.post(&path()).json(&room("西苑小区", "8号楼", None, None)).await.refused(403, "not_permitted");
        }
        for stranger in [&cast.wang, &cast.property] {
            stranger.get(&path()).await.refused(403, "not_permitted");
            stranger.get(&below(&unit)).await.refused(403, "not_permitted");
        }
        let elsewhere = app.sign_in("demo-ry-secretary").await;
        let assign = format!("/v1/addresses/{}/grid", id(&there));
        elsewhere.get(&path()).await.refused(404, "not_found");
        elsewhere.get(&below(&unit)).await.refused(404, "not_found");
        elsewhere.post(&path()).json(&room("西苑小区", "8号楼", None, None)).await.refused(404, "not_found");
        elsewhere.put(&assign).json(&json!({ "grid_id": null })).await.refused(404, "not_found");
        elsewhere.delete(&format!("/v1/addresses/{}", id(&there))).await.refused(404, "not_found");
        let import = format!("{}/import", path());
        elsewhere.post(&import).file("file", "a.csv", sheet(&["西苑小区,1号楼,,,,"])).await.refused(404, "not_found");
        let mut after = app.database.picture().await;
        for changed in ["identities", "persons", "sessions", "refresh_tokens"] {
            after.0.insert(changed, before.0[changed]);
        }
        assert_eq!(after, before);
        // An administrator keeps buildings, and looks into none.
        let admin = app.administrator().await;
        assert_eq!(names(&admin, &path()).await, ["3号楼", "9号楼"]);
        admin.get(&below(&unit)).await.refused(403, "not_permitted");
    }

    async fn a_building_is_assigned_to_a_grid_and_taken_away(app: &TestApp) {
        let cast = app.xiyuan().await;
        let room = entered(&cast.clerk, &room("西苑小区", "3号楼", None, Some("101"))).await;
        let building = json!({ "id": room["parent_id"] });
        let assign = |address: &Value| format!("/v1/addresses/{}/grid", id(address));
        let assigned = cast.secretary.put(&assign(&building)).json(&json!({ "grid_id": second() })).await.ok();
        assert_eq!((&assigned["grid_id"], &assigned["grid_name"]), (&json!(second()), &json!("第二网格")));
        assert_eq!(names(&cast.clerk, &format!("{}?grid_id={}", path(), second())).await, ["3号楼"]);
        let elsewhere = grid_of_runyuan(app).await;
        for wrong in [elsewhere, place_in("XY", "西苑小区")] {
            cast.secretary.put(&assign(&building)).json(&json!({ "grid_id": wrong })).await.refused_field("/grid_id");
        }
        cast.secretary.put(&assign(&room)).json(&json!({ "grid_id": second() })).await.refused(404, "not_found");
        let worker = app.sign_in("demo-xy-grid").await;
        worker.put(&assign(&building)).json(&json!({ "grid_id": null })).await.refused(403, "not_permitted");
        let free = cast.secretary.put(&assign(&building)).json(&json!({ "grid_id": null })).await.ok();
        assert_eq!(free["grid_id"], json!(null));
        let gone = |address: &Value| cast.secretary.delete(&format!("/v1/addresses/{}", id(address)));
        gone(&building).await.refused(409, "address_in_use");
        assert_eq!(gone(&room).await.status, 204);
        assert_eq!(gone(&building).await.status, 204);
        gone(&building).await.refused(404, "not_found");
        assert_eq!(app.database.count("addresses").await, 0);
    }

    async fn what_is_no_address_is_refused(app: &TestApp) {
        let cast = app.xiyuan().await;
        let before = app.database.picture().await;
        let refused = [
            (room("润园小区", "3号楼", None, None), "/compound"),
            (room("西苑小区", "  ", None, None), "/building"),
            (room("西苑小区", &"9".repeat(21), None, None), "/building"),
            (room("西苑小区", "3号楼", Some(&"9".repeat(21)), None), "/unit"),
            (room("西苑小区", "3号楼", None, Some("\u{202e}101")), "/room"),
            (json!({ "compound": "西苑小区" }), "/building"),
        ];
        for (body, pointer) in refused {
            cast.clerk.post(&path()).json(&body).await.refused_field(pointer);
        }
        let mut body = room("西苑小区", "3号楼", None, None);
        body["grid_id"] = json!(place_in("XY", "西苑小区"));
        cast.clerk.post(&path()).json(&body).await.refused_field("/grid_id");
        assert_eq!(app.database.picture().await, before);
    }

    async fn a_sheet_is_entered_whole_or_not_at_all(app: &TestApp) {
        let cast = app.xiyuan().await;
        let import = format!("{}/import", path());
        let bring = |rows: &[&str]| cast.clerk.post(&import).key("a-sheet").file("file", "楼栋.csv", sheet(rows));
        let before = app.database.picture().await;
        let faulty = ["西苑小区,3号楼,,,第一网格,", "东苑小区,4号楼,,,,", "西苑小区,,1单元,,,", "西苑小区,5号楼,,,第九网格,", "西苑小区,3栋,,101,第二网格,", "西苑小区,=1+1,,,,"];
        let problem = bring(&faulty).await.refused(422, "sheet_refused");
        let told: Vec<_> = problem["errors"].as_array().expect("errors").iter().map(|e| e["pointer"].as_str().expect("a pointer")).collect();
        assert_eq!(told, ["/rows/3/小区", "/rows/4/楼栋", "/rows/5/网格", "/rows/6/网格", "/rows/7/楼栋"], "{problem}");
        cast.clerk.post(&import).file("file", "a.csv", vec![0, 1, 2, 3]).await.refused(415, "sheet_unsupported");
        assert_eq!(app.database.picture().await, before, "nothing is half imported");

        let rows = ["西苑小区,3号楼,1单元,101,第二网格,", "西苑小区,3栋,1,102,,", "泰华小区,1号楼,,,,"];
        let done = bring(&rows).await;
        assert_eq!(done.status, 201, "{done}");
        let done = done.value();
        assert_eq!((&done["rows"], &done["added"], &done["ignored_columns"]), (&json!(3), &json!(5), &json!(["备注"])));
        assert_eq!(bring(&rows).await.value(), done, "under the same key, the same answer");
        let again = cast.clerk.post(&import).file("file", "楼栋.csv", sheet(&rows)).await.value();
        assert_eq!((&again["added"], app.database.count("addresses").await), (&json!(0), 5));
        assert_eq!(names(&cast.clerk, &format!("{}?grid_id={}", path(), second())).await, ["3号楼"]);
        cast.wang.post(&import).file("file", "楼栋.csv", sheet(&rows)).await.refused(403, "not_permitted");
    }

    async fn two_who_enter_the_same_building_enter_it_once(app: &TestApp) {
        let cast = app.xiyuan().await;
        let bodies: Vec<_> = (0..20).map(|n| room("西苑小区", "3号楼", Some("1单元"), Some(&(101 + n % 5).to_string()))).collect();
        let asks = bodies.iter().map(|body| async { entered(&cast.clerk, body).await });
        futures_util::future::join_all(asks).await;
        assert_eq!(app.database.count("addresses").await, 7);
    }
}
