//! Two neighbours, one kerb.

use serde_json::{Value, json};
use tests::{RESOLVED, id, kerb, on_both, order_in};

fn into(target: &Value) -> Value {
    json!({ "into": id(target) })
}

on_both! {
    async fn who_was_merged_is_told_when_the_other_order_is_resolved(app: &TestApp) {
        let cast = app.xiyuan().await;
        let (first, second) = (cast.wang.places(&kerb()).await, cast.li.places(&kerb()).await);
        let merged = cast.clerk.makes("merge", &second, &into(&first)).await;
        assert_eq!(merged["status"], "merged");
        assert_eq!(merged["merged_into"]["number"], first["number"]);
        let text = format!("接访员把订单并入 {}", first["number"].as_str().expect("a number"));
        assert_eq!(cast.li.timeline(&second).await[1]["text"], text.as_str());

        cast.clerk.makes("accept", &first, &json!({})).await;
        app.drain_outbox().await;
        app.agrees_to_messages("demo-xy-wang");
        app.agrees_to_messages("demo-xy-li");
        cast.clerk.makes("resolve", &first, &json!({ "result": "路沿已抹平" })).await;
        app.drain_outbox().await;
        let last = |openid| app.messages_of(openid).pop().expect("a message");
        for openid in ["demo-xy-wang", "demo-xy-li"] {
            assert_eq!(last(openid).template_id, RESOLVED);
        }
        // The order itself stays its owner's.
        cast.li.looks_at(&first).await.refused(404, "not_found");
    }

    async fn followers_move_on_with_a_second_merge(app: &TestApp) {
        let cast = app.xiyuan().await;
        let chen = app.sign_in("demo-xy-grid").await;
        let (a, b, c) = (chen.places(&kerb()).await, cast.li.places(&kerb()).await, cast.wang.places(&kerb()).await);
        cast.clerk.makes("merge", &a, &into(&b)).await;
        cast.clerk.makes("merge", &b, &into(&c)).await;
        cast.clerk.makes("accept", &c, &json!({})).await;
        app.drain_outbox().await;
        app.agrees_to_messages("demo-xy-grid");
        app.agrees_to_messages("demo-xy-li");
        cast.clerk.makes("resolve", &c, &json!({ "result": "路沿已抹平" })).await;
        app.drain_outbox().await;
        assert_eq!((app.messages_of("demo-xy-grid").len(), app.messages_of("demo-xy-li").len()), (1, 1));
    }

    async fn an_accepted_order_may_be_merged_and_a_dispatched_one_not(app: &TestApp) {
        let cast = app.xiyuan().await;
        let target = cast.li.places(&kerb()).await;
        cast.clerk.makes("merge", &cast.accepted().await, &into(&target)).await;
        let (dispatched, _) = cast.dispatched().await;
        cast.clerk.tries("merge", &dispatched, &into(&target)).await.refused(409, "wrong_state");
    }

    async fn merging_again_into_the_same_changes_nothing(app: &TestApp) {
        let cast = app.xiyuan().await;
        let (order, target) = (cast.submitted().await, cast.li.places(&kerb()).await);
        let merged = cast.clerk.makes("merge", &order, &into(&target)).await;
        let again = cast.clerk.makes("merge", &order, &into(&target)).await;
        assert_eq!(again["version"], merged["version"]);
        assert_eq!(cast.clerk.sees(&target).await["version"], 2);
        let other = cast.li.places(&kerb()).await;
        cast.clerk.tries("merge", &order, &into(&other)).await.refused(409, "wrong_state");
    }

    async fn what_may_not_be_merged(app: &TestApp) {
        let cast = app.xiyuan().await;
        let order = cast.submitted().await;
        cast.clerk.tries("merge", &order, &into(&order)).await.refused(409, "merge_into_itself");
        for closed in [cast.resolved().await, cast.refused().await, cast.withdrawn().await, cast.merged().await] {
            cast.clerk.tries("merge", &order, &into(&closed)).await.refused(409, "merge_target_closed");
        }
        let nowhere = json!({ "into": "0197a3c2-5b1e-7c40-9d2f-3a6b8c1d4e5f" });
        cast.clerk.tries("merge", &order, &nowhere).await.refused_field("/into");
        // Out of sight is not there.
        let elsewhere = app.sign_in("demo-ry-chen").await.places(&order_in("RY", "errand", "代缴电费")).await;
        cast.clerk.tries("merge", &order, &into(&elsewhere)).await.refused_field("/into");
        assert_eq!(cast.clerk.sees(&order).await["version"], 1);
    }

    async fn not_even_a_person_with_two_desks_merges_across_communities(app: &TestApp) {
        let cast = app.xiyuan().await;
        let order = cast.submitted().await;
        let elsewhere = app.sign_in("demo-ry-chen").await.places(&order_in("RY", "errand", "代缴电费")).await;
        // The clerk of 西苑 helps out in 润园.
        let grant = "UPDATE memberships SET person_id = (SELECT person_id FROM identities WHERE openid = 'demo-xy-clerk') \
             WHERE person_id = (SELECT person_id FROM identities WHERE openid = 'demo-ry-clerk')";
        app.database.tamper(grant).await;
        cast.clerk.tries("merge", &order, &into(&elsewhere)).await.refused(409, "merge_across_communities");
    }
}
