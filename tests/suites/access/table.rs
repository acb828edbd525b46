//! The table of access: it names every operation, and it is what happens.

use domain::people::Role;
use domain::people::access::{Column, Operation, Scope, page, scope};
use serde_json::json;
use strum::IntoEnumIterator;
use tests::{Client, id, on_both, operations};

/// Roles of 润园, and of the street above 西苑: nobody of these has to do with an order of 西苑 but the last one.
const ELSEWHERE: [(&str, Role); 4] = [
    ("demo-ry-chen", Role::Resident),
    ("demo-ry-clerk", Role::IntakeClerk),
    ("demo-ry-secretary", Role::Secretary),
    ("demo-ry-property", Role::PartnerStaff),
];

/// Whoever does these is gone.
const ENDS: [&str; 2] = ["sign_in_logout", "me_erase"];

#[test]
fn the_table_and_the_description_name_the_same_operations() {
    let mut described: Vec<_> = operations().into_iter().map(|operation| operation.name).collect();
    let mut named: Vec<_> = Operation::iter().map(|operation| operation.to_string()).collect();
    described.sort();
    named.sort();
    assert_eq!(described, named, "domain/src/people/access/operation.rs and table.rs name what openapi.yaml names");
}

#[test]
fn whatever_is_open_to_nobody_signed_in_asks_for_no_token() {
    for operation in operations() {
        let named: Operation = operation.name.parse().expect("a named operation");
        let is_open = scope(named, Column::Anonymous) == Scope::Public;
        assert_eq!(is_open, !operation.needs_token, "{}", operation.name);
    }
}

#[test]
fn the_page_is_current() {
    let kept = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/access.md");
    let kept = std::fs::read_to_string(kept).expect("docs/access.md");
    assert_eq!(kept, page(), "cargo run -- access > docs/access.md");
}

/// Asks for the operation with an id of 西苑 wherever an id belongs, and a body that says nothing.
fn ask(client: &Client, operation: &tests::Operation, thing: &str) -> tests::Ask {
    let path = operation.path.replace("{id}", thing).replace("{variant}", "thumbnail").replace("{key}", "repair");
    // From the beginning, and without waiting for more.
    let path = if operation.name == "events_watch" { format!("{path}?after=0&wait=0") } else { path };
    let ask = client.ask(operation.method.parse().expect("a method"), &path);
    if operation.method == "GET" || operation.method == "DELETE" { ask } else { ask.json(&json!({})) }
}

on_both! {
    async fn nobody_reaches_further_than_the_table_says(app: &TestApp) {
        let cast = app.xiyuan().await;
        let (order, dispatch) = cast.signed().await;
        for (openid, role) in ELSEWHERE {
            let person = app.sign_in(openid).await;
            // Changing one's own session is tested where that belongs, and so is closing one's account.
            for operation in operations().into_iter().filter(|o| o.needs_token && !ENDS.contains(&o.name.as_str())) {
                let named: Operation = operation.name.parse().expect("a named operation");
                let may_try = [Role::Resident, role].iter().any(|r| scope(named, Column::Holder(*r)) != Scope::None);
                let thing = if operation.path.starts_with("/v1/dispatches") { id(&dispatch) } else { id(&order) };
                let reply = ask(&person, &operation, thing).await;
                let (name, status) = (&operation.name, reply.status);
                if named.is_judged_with_the_order() || operation.path.starts_with("/v1/orders/{id}") || operation.path.starts_with("/v1/dispatches/{id}") {
                    assert!([404, 422].contains(&status), "{role} {name}: {reply}");
                } else if !may_try {
                    assert_eq!(status, 403, "{role} {name}: {reply}");
                }
                assert!(status < 500, "{role} {name}: {reply}");
                assert!(!reply.text().contains("路沿"), "{role} {name}: {reply}");
            }
        }
    }

    async fn a_grid_worker_sees_her_grid_and_no_sealed_matter(app: &TestApp) {
        let cast = app.xiyuan().await;
        let grid = app.sign_in("demo-xy-grid").await;
        let in_grid = cast.submitted().await;
        let mut elsewhere = tests::kerb();
        elsewhere["place"]["compound"] = json!("泰华小区");
        let elsewhere = cast.wang.places(&elsewhere).await;
        assert_eq!(grid.list("view=community").await, [id(&in_grid)]);
        let seen = grid.sees(&in_grid).await;
        assert_eq!(seen["title"], "路沿尖角危险");
        assert_eq!((&seen["contact"], &seen["allowed_actions"]), (&json!(null), &json!(["visit", "comment"])));
        grid.looks_at(&elsewhere).await.refused(404, "not_found");
        grid.tries("accept", &in_grid, &json!({})).await.refused(403, "not_permitted");
        grid.makes("comment", &in_grid, &json!({ "text": "现场看过，已放警示桩" })).await;
    }

    async fn a_sealed_matter_is_the_secretarys(app: &TestApp) {
        let chen = app.sign_in("demo-ry-chen").await;
        let (clerk, secretary) = (app.sign_in("demo-ry-clerk").await, app.sign_in("demo-ry-secretary").await);
        let quarrel = chen.places(&tests::order_in("RY", "mediation", "楼上漏水，邻居不肯修，吵过三次")).await;
        clerk.looks_at(&quarrel).await.refused(404, "not_found");
        clerk.tries("accept", &quarrel, &json!({})).await.refused(404, "not_found");
        assert_eq!(clerk.list("view=community").await, Vec::<String>::new());
        assert_eq!(clerk.list("view=community&q=漏水").await, Vec::<String>::new());
        let path = format!("/v1/orders/{}/timeline", id(&quarrel));
        clerk.get(&path).await.refused(404, "not_found");
        assert_eq!(secretary.list("view=community").await, [id(&quarrel)]);
        assert_eq!(secretary.sees(&quarrel).await["description"], "楼上漏水，邻居不肯修，吵过三次");
        secretary.makes("accept", &quarrel, &json!({})).await;
        let words = app.database.texts("SELECT title || description FROM orders").await;
        assert_eq!(words, [""], "its words lie locked");
    }

    async fn the_street_sees_its_communities_and_decides_nothing(app: &TestApp) {
        let cast = app.xiyuan().await;
        let street = app.sign_in("demo-xy-street").await;
        let order = cast.accepted().await;
        let elsewhere = app.sign_in("demo-ry-chen").await.places(&tests::order_in("RY", "errand", "代缴电费")).await;
        assert_eq!(street.list("view=community").await, [id(&order)]);
        let seen = street.sees(&order).await;
        assert_eq!((&seen["contact"], &seen["allowed_actions"]), (&json!(null), &json!([])));
        street.looks_at(&elsewhere).await.refused(404, "not_found");
        street.tries("dispatch", &order, &tests::task_for("红色物业西苑管理科")).await.refused(403, "not_permitted");
        street.get(&format!("/v1/communities/{}/partners", tests::community("XY"))).await.ok();
        street.get(&format!("/v1/communities/{}/partners", tests::community("RY"))).await.refused(403, "not_permitted");
    }
}
