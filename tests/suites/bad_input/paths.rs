//! Addresses that lead nowhere, queries that mean nothing, moves that cannot be.

use serde_json::json;
use tests::{Ask, id, on_both};

use super::refusal;

const STRANGE_IDS: [&str; 7] = [
    "7",
    "not-an-id",
    "00000000-0000-0000-0000-00000000000g",
    "..%2f..%2fetc%2fpasswd",
    "%00",
    "'%20or%201=1--",
    "%E2%80%AE",
];
const NOBODYS: &str = "01a20d67-4257-7451-8d8a-557a009247e5";

on_both! {
    async fn what_is_not_an_id_names_nothing(app: &TestApp) {
        let cast = app.xiyuan().await;
        for thing in STRANGE_IDS.into_iter().chain([NOBODYS]) {
            let asks: [Ask; 5] = [
                cast.clerk.get(&format!("/v1/orders/{thing}")),
                cast.clerk.get(&format!("/v1/orders/{thing}/timeline")),
                cast.clerk.post(&format!("/v1/orders/{thing}/accept")).json(&json!({})),
                cast.property.post(&format!("/v1/dispatches/{thing}/sign")).json(&json!({})),
                cast.clerk.get(&format!("/v1/communities/{thing}")),
            ];
            for ask in asks {
                refusal(app, ask).await.refused(404, "not_found");
            }
        }
        let order = cast.accepted().await;
        for partner in STRANGE_IDS {
            let body = json!({ "partner_id": partner, "role": "lead", "task": "看一看" });
            refusal(app, cast.clerk.tries("dispatch", &order, &body)).await.refused_field("/partner_id");
        }
    }

    async fn another_residents_order_does_not_exist(app: &TestApp) {
        let cast = app.xiyuan().await;
        let order = cast.submitted().await;
        let missing = cast.li.get(&format!("/v1/orders/{NOBODYS}")).await.refused(404, "not_found");
        let hidden = refusal(app, cast.li.get(&format!("/v1/orders/{}", id(&order)))).await.refused(404, "not_found");
        assert_eq!(hidden["detail"], missing["detail"], "nothing tells the two apart");
        for a_move in ["withdraw", "urge"] {
            refusal(app, cast.li.tries(a_move, &order, &json!({}))).await.refused(404, "not_found");
        }
    }

    async fn a_move_from_the_wrong_state_says_which_state_it_is(app: &TestApp) {
        let cast = app.xiyuan().await;
        let accepted = cast.accepted().await;
        let problem = refusal(app, cast.clerk.tries("accept", &accepted, &json!({}))).await.refused(409, "wrong_state");
        assert_eq!(problem["detail"], "订单现在是「已接单」，不能接单");
        let rated = cast.rated().await;
        let body = json!({ "result": "再办结一次" });
        refusal(app, cast.clerk.tries("resolve", &rated, &body)).await.refused(409, "wrong_state");
    }

    async fn a_method_that_a_path_does_not_have_is_refused_with_those_it_has(app: &TestApp) {
        let cast = app.xiyuan().await;
        let order = cast.submitted().await;
        let detail = format!("/v1/orders/{}", id(&order));
        for (method, path, allowed) in [
            ("DELETE", detail.as_str(), "GET"),
            ("PUT", "/v1/orders", "GET, POST"),
            ("PATCH", "/v1/me", "DELETE, GET, PUT"),
            ("GET", "/v1/auth/wechat", "POST"),
            ("SING", "/v1/orders", "GET, POST"),
            ("TRACE", "/v1/orders", "GET, POST"),
        ] {
            let ask = cast.wang.ask(method.parse().expect("a method"), path);
            let reply = refusal(app, ask).await;
            reply.refused(405, "method_not_allowed");
            assert_eq!(reply.header("allow"), Some(allowed), "{method} {path}");
        }
        for path in ["/", "/v1", "/v2/orders", "/v1/orders/", "/v1//orders", "/.env", "/v1/ordérs"] {
            refusal(app, cast.wang.get(path)).await.refused(404, "not_found");
        }
    }

    async fn a_query_that_means_nothing_is_refused(app: &TestApp) {
        let cast = app.xiyuan().await;
        for query in [
            "limit=0",
            "limit=101",
            "limit=-1",
            "limit=ten",
            "cursor=7",
            "cursor=%00",
            "view=everything",
            "status=broken",
            "overdue=maybe",
            "colour=red",
            "limit=1&limit=2",
            "q=%00",
        ] {
            let reply = refusal(app, cast.clerk.get(&format!("/v1/orders?view=community&{query}"))).await;
            assert_eq!(reply.status, 400, "{query}: {reply}");
            reply.refused(400, "bad_request");
        }
        // Signs that mean something to a database are letters to us.
        cast.submitted().await;
        for harmless in ["%25", "_", "'", "%27%3B%20DROP%20TABLE%20orders%3B--", "%5C", "\""] {
            let page = cast.clerk.get(&format!("/v1/orders?view=community&q={harmless}")).await.ok();
            assert_eq!(page["items"], json!([]), "{harmless}");
        }
    }
}
