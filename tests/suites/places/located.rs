//! The grid of an order: from its address, else from its point, else from a person.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tests::{Cast, Person, community, id, kerb, on_both, place_in, task_for};

use super::{FIRST, SECOND, THERE, draws, first, grid_of_runyuan, middle, order_at, second, square};

async fn with_borders(cast: &Cast) {
    draws(&cast.secretary, &first(), &square(FIRST)).await.ok();
    draws(&cast.secretary, &second(), &square(SECOND)).await.ok();
}

/// What somebody's list shows.
async fn listed(of: &Person, query: &str) -> BTreeSet<String> {
    of.list(query).await.into_iter().collect()
}

fn ids<const N: usize>(orders: [&Value; N]) -> BTreeSet<String> {
    orders.iter().map(|order| id(order).to_owned()).collect()
}

fn grid(order: &Value) -> (Option<&str>, Option<&str>) {
    (order["grid"]["name"].as_str(), order["grid"]["found_by"].as_str())
}

on_both! {
    async fn a_place_that_lies_elsewhere_is_said_to(app: &TestApp) {
        let cast = app.xiyuan().await;
        let before = app.database.picture().await;
        let elsewhere = order_at(json!({ "compound": "润园小区" }));
        let problem = cast.wang.post("/v1/orders").json(&elsewhere).await.refused_field("/place/compound");
        assert!(problem["detail"].as_str().expect("words").contains("不在西苑社区"), "{problem}");
        let london = json!({ "latitude": 51.5, "longitude": 0.1, "coord_sys": "gcj02" });
        cast.wang.post("/v1/orders").json(&order_at(json!({ "point": london }))).await.refused_field("/place/point");
        assert_eq!(app.database.picture().await, before);
        // A compound that nobody knows may be a new one.
        cast.wang.places(&order_at(json!({ "compound": "没有的小区" }))).await;
    }

    async fn address_goes_before_point_and_point_before_nothing(app: &TestApp) {
        let cast = app.xiyuan().await;
        with_borders(&cast).await;
        let (address, point) = (Some("address"), Some("point"));
        let table: [(Value, (Option<&str>, Option<&str>)); 7] = [
            (json!({ "compound": "西苑小区" }), (Some("第一网格"), address)),
            (json!({ "compound": "泰华小区", "detail": "3号楼东侧" }), (Some("第二网格"), address)),
            (json!({ "compound": "泰华小区", "point": middle(FIRST) }), (Some("第二网格"), address)),
            (json!({ "point": middle(SECOND) }), (Some("第二网格"), point)),
            (json!({ "compound": "没有的小区", "point": middle(FIRST) }), (Some("第一网格"), point)),
            (json!({ "point": middle(114.5) }), (None, None)),
            (json!({ "detail": "大门口" }), (None, None)),
        ];
        for (place, found) in table {
            let order = cast.wang.places(&order_at(place)).await;
            assert_eq!(grid(&order), found, "{order}");
            assert_eq!(grid(&cast.clerk.sees(&order).await), found, "it is kept");
            assert_eq!(order["point_elsewhere"], json!(null));
        }
        let nowhere = json!({ "community_id": community("XY"), "service_key": "repair", "description": "路灯不亮" });
        assert_eq!(grid(&cast.wang.places(&nowhere).await), (None, None));
    }

    async fn a_building_says_more_than_its_compound(app: &TestApp) {
        let cast = app.xiyuan().await;
        let body = json!({ "compound": "西苑小区", "building": "3号楼", "grid_id": second() });
        let path = format!("/v1/communities/{}/addresses", community("XY"));
        assert_eq!(cast.clerk.post(&path).json(&body).await.status, 201);
        let at = |building: &str| order_at(json!({ "compound": "西苑小区", "building": building }));
        let moved = cast.wang.places(&at("３ 栋")).await;
        assert_eq!((grid(&moved), &moved["place"]["building"]), ((Some("第二网格"), Some("address")), &json!("３ 栋")));
        let stays = cast.wang.places(&at("4号楼")).await;
        assert_eq!(grid(&stays), (Some("第一网格"), Some("address")));
    }

    async fn a_person_says_where_it_lies_and_the_history_tells(app: &TestApp) {
        let cast = app.xiyuan().await;
        let order = cast.wang.places(&order_at(json!({ "detail": "大门口" }))).await;
        let there = json!({ "grid_id": second() });
        assert!(cast.clerk.sees(&order).await["allowed_actions"].to_string().contains("locate"));
        let located = cast.clerk.makes("locate", &order, &there).await;
        assert_eq!(grid(&located), (Some("第二网格"), Some("person")));
        assert_eq!(located["version"], 2);
        let again = cast.secretary.makes("locate", &order, &there).await;
        assert_eq!(again["version"], 2, "said once is enough");
        let history = cast.wang.get(&format!("/v1/orders/{}/timeline", id(&order))).await.ok();
        let last = &history["items"][1];
        assert_eq!((&last["kind"], &last["text"]), (&json!("located"), &json!("接访员划到第二网格")));
        // A person is believed before an address.
        let kerb = cast.wang.places(&kerb()).await;
        assert_eq!(grid(&cast.secretary.makes("locate", &kerb, &there).await), (Some("第二网格"), Some("person")));

        let before = app.database.picture().await;
        let wrong = [json!(place_in("XY", "西苑小区")), json!(community("XY")), json!(uuid::Uuid::nil())];
        for grid_id in wrong {
            cast.clerk.tries("locate", &order, &json!({ "grid_id": grid_id })).await.refused_field("/grid_id");
        }
        cast.clerk.tries("locate", &order, &json!({ "grid_id": "第二网格" })).await.refused_field("/grid_id");
        cast.clerk.tries("locate", &order, &json!({})).await.refused_field("/grid_id");
        cast.wang.tries("locate", &order, &there).await.refused(403, "not_permitted");
        cast.li.tries("locate", &order, &there).await.refused(404, "not_found");
        assert_eq!(app.database.picture().await, before);
        let closed = cast.withdrawn().await;
        cast.clerk.tries("locate", &closed, &there).await.refused(409, "wrong_state");
    }

    async fn a_grid_of_another_community_is_none_of_ours(app: &TestApp) {
        let cast = app.xiyuan().await;
        let there = grid_of_runyuan(app).await;
        let order = cast.submitted().await;
        cast.clerk.tries("locate", &order, &json!({ "grid_id": there })).await.refused_field("/grid_id");
        assert_eq!(cast.clerk.sees(&order).await["version"], 1);
    }

    async fn a_point_elsewhere_moves_no_order(app: &TestApp) {
        let cast = app.xiyuan().await;
        with_borders(&cast).await;
        grid_of_runyuan(app).await;
        let order = cast.wang.places(&order_at(json!({ "point": middle(THERE) }))).await;
        assert_eq!((order["community_id"].as_str(), grid(&order)), (Some(community("XY").as_str()), (None, None)));
        assert_eq!(order["point_elsewhere"]["community_id"], community("RY"));
        let text = order["point_elsewhere"]["text"].as_str().expect("words");
        assert!(text.contains("润园社区") && text.contains("撤单"), "{text}");
        assert_eq!(cast.clerk.sees(&order).await["point_elsewhere"]["community_name"], "润园社区");
        let neighbours = app.sign_in("demo-ry-secretary").await;
        assert_eq!(neighbours.list("view=community").await, Vec::<String>::new());
        neighbours.looks_at(&order).await.refused(404, "not_found");
        // The desk says where; a handler reads neither.
        cast.clerk.makes("accept", &order, &json!({})).await;
        cast.clerk.makes("dispatch", &order, &task_for_no_contact()).await;
        let task = cast.property.sees(&order).await;
        assert_eq!((&task["point_elsewhere"], &task["grid"]), (&json!(null), &json!(null)));
        let located = cast.clerk.makes("locate", &order, &json!({ "grid_id": first() })).await;
        assert_eq!((grid(&located), &located["point_elsewhere"]), ((Some("第一网格"), Some("person")), &json!(null)));
    }

    async fn a_grid_worker_sees_what_was_found_to_lie_there(app: &TestApp) {
        let cast = app.xiyuan().await;
        with_borders(&cast).await;
        let worker = app.sign_in("demo-xy-grid").await;
        let by_point = cast.wang.places(&order_at(json!({ "point": middle(FIRST) }))).await;
        let beside = cast.wang.places(&order_at(json!({ "point": middle(SECOND) }))).await;
        let nowhere = cast.wang.places(&order_at(json!({ "detail": "大门口" }))).await;
        let by_address = cast.wang.places(&kerb()).await;
        assert_eq!(listed(&worker, "view=community").await, ids([&by_address, &by_point]));
        assert_eq!(grid(&worker.sees(&by_point).await), (Some("第一网格"), Some("point")));
        for order in [&beside, &nowhere] {
            worker.looks_at(order).await.refused(404, "not_found");
        }
        worker.makes("visit", &by_point, &json!({ "note": "看过了" })).await;
        worker.tries("locate", &by_point, &json!({ "grid_id": second() })).await.refused(403, "not_permitted");
        // The desk gives one, and takes one away.
        cast.clerk.makes("locate", &nowhere, &json!({ "grid_id": first() })).await;
        cast.clerk.makes("locate", &by_point, &json!({ "grid_id": second() })).await;
        assert_eq!(listed(&worker, "view=community").await, ids([&by_address, &nowhere]));
        worker.looks_at(&by_point).await.refused(404, "not_found");
        let own = format!("view=community&grid_id={}", first());
        assert_eq!(listed(&worker, &own).await, ids([&by_address, &nowhere]));
        assert_eq!(worker.list(&format!("view=community&grid_id={}", second())).await, Vec::<String>::new());
    }

    async fn the_desk_lists_the_orders_of_one_grid(app: &TestApp) {
        let cast = app.xiyuan().await;
        with_borders(&cast).await;
        let one = cast.wang.places(&kerb()).await;
        let two = cast.wang.places(&order_at(json!({ "point": middle(SECOND) }))).await;
        let three = cast.wang.places(&order_at(json!({ "compound": "泰华小区" }))).await;
        cast.wang.places(&order_at(json!({ "detail": "大门口" }))).await;
        let of = |grid: String| format!("view=community&grid_id={grid}");
        assert_eq!(cast.clerk.list(&of(first())).await, [id(&one)]);
        assert_eq!(listed(&cast.secretary, &of(second())).await, ids([&three, &two]));
        assert_eq!(app.sign_in("demo-xy-street").await.list(&of(first())).await, [id(&one)]);
        assert_eq!(app.sign_in("demo-ry-secretary").await.list(&of(first())).await, Vec::<String>::new());
        cast.clerk.get("/v1/orders?view=community&grid_id=second").await.refused(400, "bad_request");
        cast.wang.get(&format!("/v1/orders?view=mine&grid_id={}", first())).await.refused(400, "bad_request");
    }

    async fn a_sealed_matter_in_a_grid_is_not_its_workers(app: &TestApp) {
        let there = grid_of_runyuan(app).await;
        let chen = app.sign_in("demo-ry-chen").await;
        let mut quarrel = tests::order_in("RY", "mediation", "楼上漏水，邻居不肯修，吵过三次");
        quarrel["place"] = json!({ "point": middle(THERE) });
        let quarrel = chen.places(&quarrel).await;
        assert_eq!(grid(&quarrel), (Some("润园网格"), Some("point")));
        let admin = app.administrator().await;
        let invited = admin.post("/v1/invitations").json(&json!({ "role": "grid_worker", "place_id": there })).await.value();
        let worker = app.sign_in_with_phone("test-ry-grid", "13900000031").await;
        worker.post("/v1/invitations/accept").json(&json!({ "code": invited["code"] })).await.ok();
        worker.looks_at(&quarrel).await.refused(404, "not_found");
        assert_eq!(worker.list("view=community").await, Vec::<String>::new());
    }

    async fn an_unknown_system_of_coordinates_places_no_order(app: &TestApp) {
        let cast = app.xiyuan().await;
        let before = app.database.picture().await;
        for (coord_sys, words) in [(json!("bd09"), "百度坐标"), (json!("cgcs2000"), "坐标系请填"), (json!(4326), "类型不对")] {
            let mut point = middle(FIRST);
            point["coord_sys"] = coord_sys;
            let problem = cast.wang.post("/v1/orders").json(&order_at(json!({ "point": point }))).await;
            let problem = problem.refused_field("/place/point/coord_sys");
            assert!(problem["detail"].as_str().expect("words").contains(words), "{problem}");
        }
        let mut point = middle(FIRST);
        point.as_object_mut().expect("a point").remove("coord_sys");
        let problem = cast.wang.post("/v1/orders").json(&order_at(json!({ "point": point }))).await;
        problem.refused_field("/place/point/coord_sys");
        assert_eq!(app.database.picture().await, before);
    }
}

fn task_for_no_contact() -> Value {
    let mut task = task_for("红色物业西苑管理科");
    task["share_contact"] = json!(false);
    task
}
