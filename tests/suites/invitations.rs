//! Roles are given by a code that works once, and end at once.

use chrono::TimeDelta;
use serde_json::{Value, json};
use tests::{Client, community, id, on_both, partner, persona};

async fn invited(giver: &Client, body: &Value) -> String {
    let reply = giver.post("/v1/invitations").json(body).await;
    assert_eq!(reply.status, 201, "{reply}");
    reply.value()["code"].as_str().expect("a code").to_owned()
}

fn clerk_of(prefix: &str) -> Value {
    json!({ "role": "intake_clerk", "place_id": community(prefix) })
}

async fn accepts(person: &Client, code: &str) -> tests::Reply {
    person.post("/v1/invitations/accept").json(&json!({ "code": code })).await
}

async fn roles(person: &Client) -> Vec<String> {
    let me = person.get("/v1/me").await.ok();
    me["memberships"]
        .as_array()
        .expect("roles")
        .iter()
        .map(|m| m["role"].as_str().expect("a role").to_owned())
        .collect()
}

/// The id of the only membership with this role at the place.
async fn membership(secretary: &Client, place: &str, role: &str) -> String {
    let page = secretary.get(&format!("/v1/memberships?place_id={place}&limit=100")).await.ok();
    let held = page["items"].as_array().expect("items").iter().find(|held| held["role"] == role);
    id(held.unwrap_or_else(|| panic!("no {role} in {page}"))).to_owned()
}

on_both! {
    async fn a_secretary_brings_in_a_clerk(app: &TestApp) {
        let cast = app.xiyuan().await;
        let code = invited(&cast.secretary, &clerk_of("XY")).await;
        let waiting = cast.secretary.get(&format!("/v1/invitations?place_id={}", community("XY"))).await.ok();
        assert_eq!(waiting["items"][0]["role"], "intake_clerk");
        assert!(!waiting.to_string().contains(&code), "a code is told once");

        let order = cast.submitted().await;
        accepts(&cast.li, &code).await.refused(409, "phone_needed");
        let li = app.sign_in_with_phone("demo-xy-li", "13900000002").await;
        li.looks_at(&order).await.refused(404, "not_found");
        // As people type it.
        assert_eq!(accepts(&li, &code.to_lowercase().replace('-', " ")).await.ok()["role_text"], "接访员");
        assert_eq!(roles(&li).await, ["intake_clerk"]);
        li.makes("accept", &order, &json!({})).await;
        assert_eq!(app.database.texts("SELECT role FROM invitations WHERE closed_at IS NULL").await, Vec::<String>::new());
    }

    async fn a_code_works_once_and_not_for_ever(app: &TestApp) {
        let cast = app.xiyuan().await;
        let (li, chen) = (
            app.sign_in_with_phone("demo-xy-li", "13900000002").await,
            app.sign_in_with_phone("demo-ry-chen", "13900000003").await,
        );
        let used = invited(&cast.secretary, &clerk_of("XY")).await;
        accepts(&li, &used).await.ok();
        accepts(&chen, &used).await.refused(422, "verification_failed");
        accepts(&li, &used).await.refused(422, "verification_failed");

        let old = invited(&cast.secretary, &clerk_of("XY")).await;
        app.pass(TimeDelta::days(7));
        accepts(&chen, &old).await.refused(422, "verification_failed");

        let withdrawn = cast.secretary.post("/v1/invitations").json(&clerk_of("XY")).await.value();
        let path = format!("/v1/invitations/{}", id(&withdrawn));
        assert_eq!(cast.secretary.delete(&path).await.status, 204);
        accepts(&chen, withdrawn["code"].as_str().expect("a code")).await.refused(422, "verification_failed");
        for never in ["AAAAA-AAAAA", "hello", "00000-00000"] {
            accepts(&chen, never).await.refused(422, "verification_failed");
        }
        // Whoever guesses waits, and a right code waits with them.
        let right = invited(&cast.secretary, &clerk_of("XY")).await;
        accepts(&chen, &right).await.refused(429, "locked");
        assert_eq!(roles(&chen).await, Vec::<String>::new());
        app.pass(TimeDelta::minutes(2));
        accepts(&chen, &right).await.ok();
    }

    async fn of_two_who_accept_at_once_one_gets_the_role(app: &TestApp) {
        let cast = app.xiyuan().await;
        let (li, chen) = (
            app.sign_in_with_phone("demo-xy-li", "13900000002").await,
            app.sign_in_with_phone("demo-ry-chen", "13900000003").await,
        );
        let code = invited(&cast.secretary, &clerk_of("XY")).await;
        let (one, other) = tokio::join!(accepts(&li, &code), accepts(&chen, &code));
        let mut answers = [one.status, other.status];
        answers.sort_unstable();
        assert_eq!(answers, [200, 422]);
    }

    async fn asked_again_with_its_key_an_invitation_is_the_same(app: &TestApp) {
        let cast = app.xiyuan().await;
        let first = cast.secretary.post("/v1/invitations").json(&clerk_of("XY")).key("k1").await.value();
        let again = cast.secretary.post("/v1/invitations").json(&clerk_of("XY")).key("k1").await;
        assert_eq!((again.status, again.value()), (201, first));
        assert_eq!(app.database.count("invitations").await, 1);
        cast.secretary.post("/v1/invitations").json(&clerk_of("RY")).key("k1").await.refused(422, "key_reused");
    }

    async fn nobody_gives_what_is_not_theirs_to_give(app: &TestApp) {
        let cast = app.xiyuan().await;
        let before = app.database.picture().await;
        for stranger in [&cast.clerk, &cast.wang, &cast.property] {
            stranger.post("/v1/invitations").json(&clerk_of("XY")).await.refused(403, "not_permitted");
        }
        let ask = async |body: Value| cast.secretary.post("/v1/invitations").json(&body).await;
        ask(json!({ "role": "secretary", "place_id": community("XY") })).await.refused(403, "not_permitted");
        ask(json!({ "role": "administrator" })).await.refused(403, "not_permitted");
        ask(clerk_of("RY")).await.refused_field("/place_id");
        ask(json!({ "role": "intake_clerk" })).await.refused_field("/place_id");
        ask(json!({ "role": "partner_staff", "place_id": community("XY") })).await.refused_field("/partner_id");
        let foreign = partner("润园物业服务中心");
        ask(json!({ "role": "partner_staff", "place_id": community("XY"), "partner_id": foreign })).await.refused_field("/partner_id");
        ask(json!({ "role": "intake_clerk", "place_id": community("XY"), "days": 0 })).await.refused_field("/days");
        ask(json!({ "role": "resident", "place_id": community("XY") })).await.refused(403, "not_permitted");
        // Mass assignment.
        ask(json!({ "role": "volunteer", "place_id": community("XY"), "issued_by": cast.wang.id })).await.refused_field("/issued_by");
        assert_eq!(app.database.picture().await, before);

        let invitation = cast.secretary.post("/v1/invitations").json(&clerk_of("XY")).await.value();
        let elsewhere = app.sign_in("demo-ry-secretary").await;
        elsewhere.delete(&format!("/v1/invitations/{}", id(&invitation))).await.refused(404, "not_found");
        elsewhere.get(&format!("/v1/invitations?place_id={}", community("XY"))).await.refused(404, "not_found");
        elsewhere.get(&format!("/v1/memberships?place_id={}", community("XY"))).await.refused(404, "not_found");
    }

    async fn leaving_ends_everything_at_once(app: &TestApp) {
        let cast = app.xiyuan().await;
        let order = cast.submitted().await;
        let role = membership(&cast.secretary, &community("XY"), "intake_clerk").await;
        let path = format!("/v1/memberships/{role}");
        for stranger in [&cast.wang, &cast.property, &app.sign_in("demo-ry-secretary").await] {
            stranger.delete(&path).await.refused(404, "not_found");
        }
        assert_eq!(cast.secretary.delete(&path).await.status, 204);
        cast.clerk.looks_at(&order).await.refused(401, "unauthenticated");
        let refresh = json!({ "refresh_token": cast.clerk.refresh_token });
        app.anonymous().post("/v1/auth/refresh").json(&refresh).await.refused(401, "invalid_refresh_token");
        let clerk = app.sign_in("demo-xy-clerk").await;
        assert_eq!(roles(&clerk).await, Vec::<String>::new());
        clerk.looks_at(&order).await.refused(404, "not_found");
        cast.secretary.delete(&path).await.refused(404, "not_found");

        // One's own role, given back by oneself.
        let grid = app.sign_in("demo-xy-grid").await;
        let own = membership(&cast.secretary, &community("XY"), "grid_worker").await;
        assert_eq!(grid.delete(&format!("/v1/memberships/{own}")).await.status, 204);
        grid.get("/v1/me").await.refused(401, "unauthenticated");
    }

    async fn whoever_was_dismissed_comes_back_by_no_code_of_their_own(app: &TestApp) {
        let cast = app.xiyuan().await;
        let admin = app.administrator().await;
        let back_door = invited(&admin, &json!({ "role": "administrator", "days": 30 })).await;
        let second = json!({ "role": "administrator" });
        let successor = app.sign_in_with_phone("test-successor", "13900000023").await;
        accepts(&successor, &invited(&admin, &second).await).await.ok();
        let waiting = successor.get("/v1/invitations").await.ok();
        assert_eq!(waiting["items"].as_array().map(Vec::len), Some(1), "{waiting}");
        let held = successor.get("/v1/memberships").await.ok();
        let of_admin = held["items"].as_array().expect("items").iter().find(|held| held["person_id"] == admin.id.as_str());
        assert_eq!(successor.delete(&format!("/v1/memberships/{}", id(of_admin.expect("a role")))).await.status, 204);
        let admin = app.sign_in("test-admin").await;
        accepts(&admin, &back_door).await.refused(422, "verification_failed");

        // A role that ran out by itself gives nothing any more, either.
        let code = invited(&successor, &json!({ "role": "secretary", "place_id": community("RY"), "role_days": 1 })).await;
        let interim = app.sign_in_with_phone("test-interim", "13900000024").await;
        accepts(&interim, &code).await.ok();
        let late = invited(&interim, &clerk_of("RY")).await;
        app.pass(TimeDelta::days(1));
        let li = app.sign_in_with_phone("demo-xy-li", "13900000002").await;
        accepts(&li, &late).await.refused(422, "verification_failed");
        cast.secretary.get("/v1/invitations").await.refused(404, "not_found");
    }

    async fn nobody_takes_back_what_is_above_them(app: &TestApp) {
        let cast = app.xiyuan().await;
        let admin = app.administrator().await;
        let body = json!({ "role": "secretary", "place_id": community("XY") });
        let successor = admin.post("/v1/invitations").json(&body).await.value();
        cast.secretary.delete(&format!("/v1/invitations/{}", id(&successor))).await.refused(404, "not_found");
    }

    async fn a_role_that_is_given_again_has_the_new_end(app: &TestApp) {
        let cast = app.xiyuan().await;
        let li = app.sign_in_with_phone("demo-xy-li", "13900000002").await;
        for days in [10, 100] {
            let again = json!({ "role": "volunteer", "place_id": community("XY"), "role_days": days });
            accepts(&li, &invited(&cast.secretary, &again).await).await.ok();
        }
        app.pass(TimeDelta::days(99));
        assert_eq!(roles(&li).await, ["volunteer"]);
        app.pass(TimeDelta::days(1));
        assert_eq!(roles(&li).await, Vec::<String>::new());
    }

    async fn a_role_ends_by_itself(app: &TestApp) {
        let cast = app.xiyuan().await;
        let li = app.sign_in_with_phone("demo-xy-li", "13900000002").await;
        let grid = persona("demo-xy-grid").place_id;
        let summer = json!({ "role": "grid_worker", "place_id": grid, "role_days": 30 });
        accepts(&li, &invited(&cast.secretary, &summer).await).await.ok();
        app.pass(TimeDelta::days(29));
        assert_eq!(roles(&li).await, ["grid_worker"]);
        app.pass(TimeDelta::days(1));
        assert_eq!(roles(&li).await, Vec::<String>::new());
    }

    async fn the_list_of_roles_masks_names(app: &TestApp) {
        let cast = app.xiyuan().await;
        let page = cast.secretary.get(&format!("/v1/memberships?place_id={}&limit=2", community("XY"))).await.ok();
        assert_eq!(page["items"].as_array().map(Vec::len), Some(2));
        let next = page["next_cursor"].as_str().expect("more");
        let rest = cast.secretary.get(&format!("/v1/memberships?place_id={}&limit=100&cursor={next}", community("XY"))).await.ok();
        let all = format!("{page}{rest}");
        assert!(all.contains("接**") && all.contains("第一网格"), "{all}");
        assert!(!all.contains("接访员小赵") && !all.contains("物业老孙"), "{all}");
    }
}
