//! What residents think of the result.

use serde_json::{Value, json};
use tests::{kerb, on_both};

fn stars(satisfaction: u8) -> Value {
    json!({ "solved": satisfaction > 2, "satisfaction": satisfaction })
}

on_both! {
    async fn a_round_is_rated_once(app: &TestApp) {
        let cast = app.xiyuan().await;
        let order = cast.rated().await;
        cast.wang.tries("rate", &order, &stars(1)).await.refused(409, "already_rated");
        assert_eq!(cast.wang.sees(&order).await["rating"]["satisfaction"], 5);

        let reopened = cast.wang.makes("reopen", &order, &json!({ "reason": "又裂开了" })).await;
        assert_eq!(reopened["rating"], Value::Null);
        assert_eq!(reopened["earlier_ratings"][0]["satisfaction"], 5);
        cast.clerk.makes("resolve", &order, &json!({ "result": "重新抹平" })).await;
        let rated = cast.wang.makes("rate", &order, &stars(3)).await;
        assert_eq!((&rated["rating"]["round"], &rated["rating"]["satisfaction"]), (&json!(2), &json!(3)));
        assert_eq!(rated["earlier_ratings"].as_array().map(Vec::len), Some(1));
    }

    async fn nobody_rates_before_the_result_is_there(app: &TestApp) {
        let cast = app.xiyuan().await;
        let (dispatched, _) = cast.dispatched().await;
        for order in [cast.submitted().await, cast.accepted().await, dispatched, cast.refused().await] {
            cast.wang.tries("rate", &order, &stars(5)).await.refused(409, "wrong_state");
        }
    }

    async fn only_the_resident_rates(app: &TestApp) {
        let cast = app.xiyuan().await;
        let order = cast.resolved().await;
        for staff in [&cast.clerk, &cast.secretary] {
            staff.tries("rate", &order, &stars(5)).await.refused(403, "not_permitted");
        }
        cast.li.tries("rate", &order, &stars(5)).await.refused(404, "not_found");
    }

    async fn the_desk_does_not_praise_itself(app: &TestApp) {
        let cast = app.xiyuan().await;
        let order = cast.clerk.places(&kerb()).await;
        cast.secretary.makes("accept", &order, &json!({})).await;
        let resolved = cast.secretary.makes("resolve", &order, &json!({ "result": "已处理" })).await;
        assert!(!cast.clerk.sees(&resolved).await["allowed_actions"].to_string().contains("rate"));
        cast.clerk.tries("rate", &order, &stars(5)).await.refused(403, "not_permitted");
    }

    async fn a_rating_has_one_to_five_stars(app: &TestApp) {
        let cast = app.xiyuan().await;
        let order = cast.resolved().await;
        for satisfaction in [json!(0), json!(6), json!(-1), json!(256), json!(4.5), json!("5"), Value::Null] {
            let body = json!({ "solved": true, "satisfaction": satisfaction });
            cast.wang.tries("rate", &order, &body).await.refused_field("/satisfaction");
        }
        cast.wang.tries("rate", &order, &json!({ "satisfaction": 5 })).await.refused_field("/solved");
        assert_eq!(cast.wang.sees(&order).await["rating"], Value::Null, "none is none");
    }

    async fn a_rating_for_somebody_else_says_so(app: &TestApp) {
        let cast = app.xiyuan().await;
        let mut order = kerb();
        order["on_behalf_of"] = json!({ "name": "张大爷" });
        let order = cast.wang.places(&order).await;
        cast.clerk.makes("accept", &order, &json!({})).await;
        cast.clerk.makes("resolve", &order, &json!({ "result": "已处理" })).await;
        assert_eq!(cast.wang.makes("rate", &order, &stars(4)).await["rating"]["by_proxy"], true);
    }
}
