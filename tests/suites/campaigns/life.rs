//! One campaign from its order to its end.

use serde_json::{Value, json};
use tests::{Client, id, on_both, partner, task_for};

use super::{FIRE, PROPERTY, added, at, drive, elder, households, knocks, opened, reveals, signature, visit};

async fn totals(of: &Client, campaign: &Value) -> Value {
    of.get(&at(campaign, "/totals")).await.ok()
}

on_both! {
    async fn who_goes_along_is_told_and_reads_of_no_door(app: &TestApp) {
        let cast = app.xiyuan().await;
        let fire = app.sign_in("demo-xy-fire").await;
        let order = cast.accepted().await;
        let body = drive(&order);
        let reply = cast.clerk.post("/v1/campaigns").json(&body).key("drive").await;
        assert_eq!(reply.status, 201, "{reply}");
        cast.clerk.post("/v1/campaigns").json(&body).key("drive").await.ok();
        added(&cast.clerk, &reply.value(), &elder("西苑小区", "101")).await;
        app.drain_outbox().await;
        for staff in [&fire, &cast.property] {
            let inbox = staff.get("/v1/me/inbox").await.ok();
            let told: Vec<_> = inbox["items"].as_array().expect("items").iter().filter(|item| item["kind"] == "campaign_joined").collect();
            assert_eq!(told.len(), 1, "{inbox}");
            assert_eq!(told[0]["text"], "敲门入户送安全（西苑社区 11月23日起）：请查看行动安排。");
            assert_eq!((&told[0]["title"], &told[0]["order_id"]), (&json!("请参加专项行动"), &Value::Null));
            for secret in ["路沿", "张大爷爷", "3号楼", "独居", "王女士", "XY-2026"] {
                assert!(!inbox.to_string().contains(secret), "{secret}: {inbox}");
            }
        }
        for nobody in [&cast.builder, &cast.wang, &cast.clerk] {
            let inbox = nobody.get("/v1/me/inbox").await.ok();
            assert!(!inbox.to_string().contains("campaign_joined"), "{inbox}");
        }
    }

    async fn eleven_households_are_visited_in_two_rounds(app: &TestApp) {
        let cast = app.xiyuan().await;
        let (grid, fire) = (app.sign_in("demo-xy-grid").await, app.sign_in("demo-xy-fire").await);
        let campaign = opened(&cast).await;
        assert_eq!((&campaign["open"], &campaign["households"]), (&json!(true), &json!(0)));
        assert_eq!(campaign["partners"][0]["partner_name"], FIRE);
        let mut doors = Vec::new();
        for room in 1..=11 {
            doors.push(added(&cast.clerk, &campaign, &elder("西苑小区", &format!("{room}01"))).await);
        }
        assert_eq!((&doors[10]["number"], &doors[10]["next_round"]), (&json!(11), &json!(1)));

        // First round: nine are at home, one is not, one does not want it.
        for (n, door) in doors.iter().enumerate() {
            let mut report = match n {
                0 => visit(1, "not_at_home"),
                1 => visit(1, "refused"),
                _ => visit(1, "visited"),
            };
            let staff = if n % 2 == 0 { &grid } else { &fire };
            if n > 1 {
                let proof = signature(staff).await;
                report["findings"] = json!("厨房线路老化");
                report["handed_out"] = json!([
                    { "item": "烟感报警器", "quantity": 1, "attachment_ids": [proof] },
                    { "item": "防毒面具", "quantity": 2, "attachment_ids": [proof] },
                ]);
            }
            let done = knocks(staff, door, &report).await;
            assert_eq!(done.status, 201, "{done}");
        }
        let first = totals(&cast.secretary, &campaign).await;
        assert_eq!(first["rounds"], json!([{ "round": 1, "visited": 9, "not_at_home": 1, "refused": 1 }]));

        // Second round: only those who were not let in.
        let due = households(&grid, &campaign, "round=2&outcome=pending").await;
        assert_eq!(due.iter().map(|door| &door["number"]).collect::<Vec<_>>(), [1, 2]);
        knocks(&grid, &doors[2], &visit(2, "visited")).await.refused(409, "visit_not_due");
        for door in &due {
            let proof = signature(&grid).await;
            let mut report = visit(2, "visited");
            report["handed_out"] = json!([
                { "item": "烟感报警器", "quantity": 1, "attachment_ids": [proof] },
                { "item": "灭火器", "quantity": 1, "attachment_ids": [proof] },
            ]);
            knocks(&grid, door, &report).await.ok();
        }
        let line = |item: &str, unit: &str, quantity: u32, households: u32| {
            json!({ "item": item, "unit": unit, "quantity": quantity, "households": households })
        };
        let expected = json!({
            "households": 11, "visited": 11, "not_at_home": 0, "refused": 0, "untouched": 0,
            "rounds": [
                { "round": 1, "visited": 9, "not_at_home": 1, "refused": 1 },
                { "round": 2, "visited": 2, "not_at_home": 0, "refused": 0 },
            ],
            "handed_out": [line("烟感报警器", "个", 11, 11), line("防毒面具", "个", 18, 9), line("灭火器", "具", 2, 2)],
        });
        for viewer in [&cast.clerk, &grid, &fire] {
            assert_eq!(totals(viewer, &campaign).await, expected);
        }

        let closed = cast.secretary.post(&at(&campaign, "/close")).json(&json!({})).await.ok();
        assert_eq!((&closed["open"], &closed["closed_at"]), (&json!(false), &json!("2026-11-23T10:00:00+08:00")));
        app.pass(chrono::TimeDelta::hours(1));
        let again = cast.clerk.post(&at(&campaign, "/close")).json(&json!({})).await.ok();
        assert_eq!(again, closed, "it stays as it was closed");
        assert_eq!(totals(&cast.clerk, &campaign).await, expected);
        cast.clerk.post(&at(&campaign, "/households")).json(&elder("西苑小区", "1201")).await.refused(409, "campaign_closed");
        cast.clerk.post(&at(&campaign, "/households/choose")).json(&json!({})).await.refused(409, "campaign_closed");
        knocks(&grid, &doors[0], &visit(3, "visited")).await.refused(409, "campaign_closed");
        cast.clerk.post(&at(&campaign, "/assign")).json(&json!({ "household_ids": [] })).await.refused(409, "campaign_closed");
        let order = cast.clerk.get(&format!("/v1/orders/{}", campaign["order_id"].as_str().expect("an id"))).await.ok();
        assert_eq!(order["status"], "accepted", "the order goes its own way");
    }

    async fn a_visit_is_recorded_once(app: &TestApp) {
        let cast = app.xiyuan().await;
        let campaign = opened(&cast).await;
        let door = added(&cast.clerk, &campaign, &elder("西苑小区", "301")).await;
        let first = knocks(&cast.clerk, &door, &visit(1, "refused")).key("visit-1").await.ok();
        assert_eq!((&first["outcome_text"], &first["household_id"]), (&json!("婉拒入户"), &door["id"]));
        assert_eq!(knocks(&cast.clerk, &door, &visit(1, "refused")).key("visit-1").await.ok(), first);
        knocks(&cast.clerk, &door, &visit(1, "visited")).key("visit-1").await.refused(422, "key_reused");
        knocks(&cast.secretary, &door, &visit(1, "visited")).await.refused(409, "visit_recorded");
        knocks(&cast.clerk, &door, &visit(3, "visited")).await.refused(409, "visit_not_due");
        let (one, other) = (visit(2, "visited"), visit(2, "not_at_home"));
        let ends = tokio::join!(async { knocks(&cast.clerk, &door, &one).await }, async { knocks(&cast.secretary, &door, &other).await });
        let mut ends = [ends.0.status, ends.1.status];
        ends.sort_unstable();
        assert_eq!(ends, [201, 409], "of two at once one is too late");
    }

    async fn what_does_not_fit_is_refused_and_changes_nothing(app: &TestApp) {
        let cast = app.xiyuan().await;
        let campaign = opened(&cast).await;
        let door = added(&cast.clerk, &campaign, &elder("西苑小区", "301")).await;
        let (proof, strangers) = (signature(&cast.clerk).await, signature(&cast.wang).await);
        let before = app.database.picture().await;
        let handing = |outcome: &str, item: &str, quantity: u32, proof: &[&str]| {
            let mut visit = visit(1, outcome);
            visit["handed_out"] = json!([{ "item": item, "quantity": quantity, "attachment_ids": proof }]);
            knocks(&cast.clerk, &door, &visit)
        };
        handing("not_at_home", "灭火器", 1, &[&proof]).await.refused_field("/handed_out");
        handing("visited", "电视机", 1, &[&proof]).await.refused_field("/handed_out/0/item");
        for quantity in [0, 100] {
            handing("visited", "灭火器", quantity, &[&proof]).await.refused_field("/handed_out/0/quantity");
        }
        handing("visited", "灭火器", 1, &[]).await.refused_field("/handed_out/0/attachment_ids");
        handing("visited", "灭火器", 1, &[&strangers]).await.refused(422, "photo_unavailable");
        let with = |visitors: Value| {
            let mut visit = visit(1, "visited");
            visit["visitors"] = visitors;
            knocks(&cast.clerk, &door, &visit)
        };
        with(json!([])).await.refused_field("/visitors");
        with(json!([{ "from": "partner" }])).await.refused_field("/visitors/0/partner_id");
        with(json!([{ "from": "grid", "partner_id": partner(FIRE) }])).await.refused_field("/visitors/0/partner_id");
        with(json!([{ "from": "partner", "partner_id": partner("老旧小区改造施工方") }])).await.refused_field("/visitors/0/partner_id");
        with(json!([{ "from": "sky" }])).await.refused_field("/visitors/0/from");
        knocks(&cast.clerk, &door, &visit(1, "eaten")).await.refused_field("/outcome");
        knocks(&cast.clerk, &door, &json!({ "outcome": "visited" })).await.refused_field("/round");
        let mut wordy = visit(1, "visited");
        wordy["findings"] = json!("字".repeat(1001));
        knocks(&cast.clerk, &door, &wordy).await.refused_field("/findings");

        let add = |household: Value| cast.clerk.post(&at(&campaign, "/households")).json(&household);
        add(elder("润园小区", "1")).await.refused_field("/compound");
        add(elder("西苑小区", " ")).await.refused_field("/room");
        let mut nobody = elder("西苑小区", "302");
        nobody["people"] = json!([]);
        add(nobody).await.refused_field("/people");
        let mut misdialled = elder("西苑小区", "302");
        misdialled["people"][0]["phone"] = json!("12345");
        add(misdialled).await.refused_field("/people/0/phone");
        let mut unnamed = elder("西苑小区", "302");
        unnamed["partner_id"] = json!(partner("老旧小区改造施工方"));
        add(unnamed).await.refused_field("/partner_id");
        // The same door, as somebody else writes it.
        add(elder("西苑小区", "３０１室")).await.refused(409, "household_known");
        cast.clerk.get(&at(&campaign, "/households?outcome=lost")).await.refused(400, "bad_request");
        assert_eq!(app.database.picture().await, before);
    }

    async fn a_campaign_grows_from_an_order_of_the_desk(app: &TestApp) {
        let cast = app.xiyuan().await;
        let order = cast.accepted().await;
        let before = app.database.count("campaigns").await;
        let begin = |body: &Value| cast.clerk.post("/v1/campaigns").json(body);
        let mut unknown = drive(&order);
        unknown["order_id"] = json!(uuid::Uuid::nil());
        begin(&unknown).await.refused_field("/order_id");
        let chen = app.sign_in("demo-ry-chen").await;
        let elsewhere = chen.places(&tests::order_in("RY", "errand", "代缴电费")).await;
        begin(&drive(&elsewhere)).await.refused_field("/order_id");
        // Her own order elsewhere makes nobody a desk there.
        let own = cast.clerk.places(&tests::order_in("RY", "errand", "代缴电费")).await;
        begin(&drive(&own)).await.refused_field("/order_id");
        begin(&drive(&cast.withdrawn().await)).await.refused(409, "campaign_impossible");
        let with = |field: &str, value: Value| {
            let mut body = drive(&order);
            body[field] = value;
            begin(&body)
        };
        with("title", json!(" ")).await.refused_field("/title");
        let item = json!({ "name": "灭火器", "unit": "具" });
        with("items", json!([item, item])).await.refused_field("/items/1/name");
        let helper = |name: &str| json!({ "partner_id": partner(name) });
        with("partners", json!([helper(FIRE), helper(FIRE)])).await.refused_field("/partners/1/partner_id");
        with("partners", json!([helper("润园物业服务中心")])).await.refused_field("/partners/0/partner_id");
        with("partners", json!([{ "partner_id": partner(FIRE), "doors": "most" }])).await.refused_field("/partners/0/doors");
        assert_eq!(app.database.count("campaigns").await, before);

        let sealed = chen.places(&tests::order_in("RY", "mediation", "楼上漏水，邻居不肯修")).await;
        let secretary = app.sign_in("demo-ry-secretary").await;
        let mut quarrel = drive(&sealed);
        quarrel["partners"] = json!([]);
        secretary.post("/v1/campaigns").json(&quarrel).await.refused(409, "campaign_impossible");

        let first = begin(&drive(&order)).key("campaign-1").await.ok();
        assert_eq!(begin(&drive(&order)).key("campaign-1").await.ok(), first);
        assert_eq!(app.database.count("campaigns").await, before + 1);
    }

    async fn a_look_in_full_is_written_down_and_shows_what_was_done(app: &TestApp) {
        let cast = app.xiyuan().await;
        let (grid, fire) = (app.sign_in("demo-xy-grid").await, app.sign_in("demo-xy-fire").await);
        let campaign = opened(&cast).await;
        let door = added(&cast.clerk, &campaign, &elder("西苑小区", "301室")).await;
        assert_eq!((&door["room"], &door["people"][0]), (&json!("3***"), &json!({ "name": "张***", "phone": "139****0002" })));
        let mut report = visit(1, "visited");
        report["findings"] = json!("燃气软管过期");
        report["attachment_ids"] = json!([signature(&fire).await]);
        report["handed_out"] = json!([{ "item": "灭火器", "quantity": 3, "attachment_ids": [signature(&fire).await] }]);
        knocks(&fire, &door, &report).await.ok();

        let listed = households(&cast.clerk, &campaign, "").await[0].to_string();
        for secret in ["张大爷爷", "13900000002", "301室", "独居", "门铃", "燃气"] {
            assert!(!listed.contains(secret), "{secret}: {listed}");
        }
        assert_eq!(households(&grid, &campaign, "").await[0]["room"], "301室", "whoever knocks must find the door");
        reveals(&grid, &door).await.ok();
        let path = format!("/v1/households/{}/reveal", id(&door));
        grid.post(&path).json(&json!({})).await.refused_field("/purpose");
        let seen = reveals(&cast.secretary, &door).await.ok();
        assert_eq!((&seen["room"], &seen["note"]), (&json!("301室"), &json!("按门铃没用")));
        assert_eq!(seen["people"], json!([{ "name": "张大爷爷", "phone": "13900000002", "note": "独居，耳背" }]));
        let visit = &seen["visits"][0];
        assert_eq!((&visit["findings"], &visit["outcome_text"]), (&json!("燃气软管过期"), &json!("已入户")));
        assert_eq!(visit["visitors"][1], json!({ "from": "partner", "partner_name": FIRE, "name": "消防员小韩" }));
        assert_eq!((&visit["handed_out"][0]["quantity"], &visit["photos"].as_array().expect("photos").len()), (&json!(3), &1));
        let link = visit["handed_out"][0]["photos"][0]["urls"]["original"].as_str().expect("a link");
        assert_eq!(app.anonymous().get(link).await.status, 200);

        let looks = app.database.texts("SELECT hat || ' ' || purpose FROM household_looks ORDER BY hat").await;
        assert_eq!(looks, ["grid_worker home_visit", "secretary home_visit"]);
        let audit = app.administrator().await.get("/v1/admin/audit?limit=100&action=campaigns_reveal").await.ok();
        assert_eq!(audit["items"][0]["target_id"], door["id"]);
        let audit = app.administrator().await.get("/v1/admin/audit?limit=100&action=campaigns_households").await.ok();
        assert_eq!(audit["items"].as_array().expect("lines").len(), 2, "each look at the list, too");
        // The order shows nothing of it, and is not marked for it.
        let order = cast.clerk.get(&format!("/v1/orders/{}", campaign["order_id"].as_str().expect("an id"))).await.ok();
        assert_eq!((&order["attachments"], &order["unchecked"]), (&json!([]), &json!(false)));
    }

    async fn doors_are_given_to_a_partner(app: &TestApp) {
        let cast = app.xiyuan().await;
        let campaign = opened(&cast).await;
        let mut given = elder("西苑小区", "301");
        given["partner_id"] = json!(partner(PROPERTY));
        let given = added(&cast.clerk, &campaign, &given).await;
        assert_eq!(given["partner_name"], PROPERTY);
        let other = added(&cast.clerk, &campaign, &elder("泰华小区", "302")).await;
        let seen = async || households(&cast.property, &campaign, "").await.iter().map(|door| id(door).to_owned()).collect::<Vec<_>>();
        assert_eq!(seen().await, [id(&given)]);
        let assign = |body: Value| cast.clerk.post(&at(&campaign, "/assign")).json(&body);
        let done = assign(json!({ "partner_id": partner(PROPERTY), "household_ids": [id(&other)] })).await.ok();
        assert_eq!((done, seen().await.len()), (json!({ "assigned": 1 }), 2));
        assign(json!({ "partner_id": null, "household_ids": [id(&given), id(&other)] })).await.ok();
        assert_eq!(seen().await, Vec::<String>::new());
        assign(json!({ "partner_id": partner("老旧小区改造施工方"), "household_ids": [] })).await.refused_field("/partner_id");
        assign(json!({ "partner_id": partner(PROPERTY) })).await.refused_field("/household_ids");
        // A dispatch of the order is another matter: it lets nobody see the doors.
        let order = json!({ "id": campaign["order_id"] });
        cast.clerk.dispatches(&order, &task_for(PROPERTY)).await;
        assert_eq!(seen().await, Vec::<String>::new());
    }
}
