//! What volunteers can do, and the hours that they gave.

use domain::ids::{CommunityId, PartnerId, PersonId};
use domain::people::{Membership, Role};
use domain::ports::Grant;
use serde_json::{Value, json};
use tests::{Client, Person, TestApp, community, id, on_both, order_in, partner, task_for};

const TEAM: &str = "润园红色联盟维修队";

/// 润园 at work: a tap to mend, and a team that mends it.
struct Runyuan {
    chen: Person,
    clerk: Person,
    secretary: Person,
    /// Of the team.
    plumber: Person,
    /// Volunteers for the community, in no team.
    neighbour: Person,
}

async fn join(app: &TestApp, openid: &str, membership: Membership) -> Person {
    let person = app.sign_in(openid).await;
    let id = PersonId(person.id.parse().expect("an id"));
    app.grant(&Grant { person: id, membership, by: None, at: app.now(), until: None }).await;
    person
}

fn home() -> CommunityId {
    CommunityId(community("RY").parse().expect("an id"))
}

impl Runyuan {
    async fn of(app: &TestApp) -> Self {
        let team = PartnerId(partner(TEAM).parse().expect("an id"));
        let plumber = join(app, "test-plumber", Membership::staff(home(), team)).await;
        plumber.put("/v1/me").json(&json!({ "nickname": "老周师傅" })).await.ok();
        Self {
            chen: app.sign_in("demo-ry-chen").await,
            clerk: app.sign_in("demo-ry-clerk").await,
            secretary: app.sign_in("demo-ry-secretary").await,
            plumber,
            neighbour: join(app, "test-neighbour", Membership::at(home(), Role::Volunteer)).await,
        }
    }

    /// A tap that the team is asked to mend.
    async fn tap(&self) -> (Value, Value) {
        let order = self.chen.places(&order_in("RY", "errand", "厨房水龙头漏水")).await;
        self.clerk.makes("accept", &order, &json!({})).await;
        let mut task = task_for(TEAM);
        task["share_contact"] = json!(false);
        let dispatch = self.clerk.dispatches(&order, &task).await;
        self.plumber.does("sign", &dispatch, &json!({})).await;
        (order, dispatch)
    }

    async fn mended(&self) -> Value {
        let (order, dispatch) = self.tap().await;
        self.plumber.does("complete", &dispatch, &json!({ "result": "换了水龙头" })).await;
        order
    }
}

fn hours(who: &Client, order: &Value, body: Value) -> tests::Ask {
    who.post(&format!("/v1/orders/{}/volunteer_hours", id(order))).json(&body)
}

fn given(minutes: u32) -> Value {
    json!({ "minutes": minutes, "note": "换了水龙头，试水不漏" })
}

async fn years(who: &Client) -> Value {
    who.get("/v1/me/volunteer_hours").await.ok()["years"].clone()
}

on_both! {
    async fn the_desk_finds_who_can_mend_a_tap(app: &TestApp) {
        let here = Runyuan::of(app).await;
        let offered = json!({ "community_id": community("RY"), "skills": ["plumbing", "locks", "plumbing"], "hours_per_week": 4 });
        let seen = here.plumber.put("/v1/me/volunteer").json(&offered).await.ok();
        assert_eq!(seen["skills"], json!([{ "skill": "locks", "text": "门锁维修" }, { "skill": "plumbing", "text": "水暖" }]));
        assert_eq!(here.plumber.get("/v1/me/volunteer").await.ok()["items"], json!([seen]));
        let path = format!("/v1/communities/{}/volunteers", community("RY"));
        let page = here.clerk.get(&format!("{path}?skill=plumbing")).await.ok();
        let [found] = page["items"].as_array().expect("items").as_slice() else { panic!("{page}") };
        assert_eq!((&found["person_id"], &found["name"], &found["hours_per_week"]), (&json!(here.plumber.id), &json!("老***"), &json!(4)));
        assert_eq!((&found["teams"], &found["minutes_this_year"]), (&json!([TEAM]), &json!(0)));
        let all = here.secretary.get(&path).await.ok();
        assert_eq!(all["items"].as_array().map(Vec::len), Some(3), "those who said nothing are listed too: {all}");
        assert!(!all.to_string().contains("老周师傅"), "{all}");
        here.clerk.get(&format!("{path}?skill=magic")).await.refused(400, "bad_request");
        let wrong = [("/skills/0", json!({ "skills": ["magic"] })), ("/hours_per_week", json!({ "hours_per_week": 61 })), ("/skills", json!({ "skills": null }))];
        for (pointer, change) in wrong {
            let mut body = offered.clone();
            change.as_object().expect("an object").iter().for_each(|(name, value)| body[name] = value.clone());
            here.plumber.put("/v1/me/volunteer").json(&body).await.refused_field(pointer);
        }
        // Who is no volunteer there offers nothing there.
        let elsewhere = json!({ "community_id": community("XY"), "skills": [], "hours_per_week": 1 });
        here.plumber.put("/v1/me/volunteer").json(&elsewhere).await.refused(403, "not_permitted");
        here.chen.put("/v1/me/volunteer").json(&offered).await.refused(403, "not_permitted");
        app.sign_in("demo-ry-property").await.put("/v1/me/volunteer").json(&offered).await.refused(403, "not_permitted");
    }

    async fn ones_own_hours_wait_for_the_desk(app: &TestApp) {
        let here = Runyuan::of(app).await;
        let (order, dispatch) = here.tap().await;
        hours(&here.plumber, &order, given(90)).await.refused(409, "work_not_done");
        here.plumber.does("complete", &dispatch, &json!({ "result": "换了水龙头" })).await;
        let noted = hours(&here.plumber, &order, given(90)).key("hours").await;
        assert_eq!(noted.status, 201, "{noted}");
        let noted = noted.value();
        assert_eq!((&noted["person_id"], &noted["confirmed_at"]), (&json!(here.plumber.id), &Value::Null));
        assert_eq!(hours(&here.plumber, &order, given(90)).key("hours").await.ok(), noted);
        hours(&here.plumber, &order, given(30)).await.refused(409, "hours_noted");
        assert_eq!(years(&here.plumber).await, json!([]), "nothing counts yet");

        let waiting = format!("/v1/communities/{}/volunteer_hours", community("RY"));
        assert_eq!(here.clerk.get(&waiting).await.ok()["items"], json!([noted]));
        let confirm = format!("/v1/volunteer_hours/{}/confirm", id(&noted));
        here.plumber.post(&confirm).json(&json!({})).await.refused(403, "not_permitted");
        here.clerk.post(&confirm).json(&json!({ "minutes": 0 })).await.refused_field("/minutes");
        let confirmed = here.clerk.post(&confirm).json(&json!({ "minutes": 75 })).key("yes").await.ok();
        assert_eq!((&confirmed["minutes"], &confirmed["confirmed_at"]), (&json!(75), &json!("2026-11-23T10:00:00+08:00")));
        assert_eq!(here.clerk.post(&confirm).json(&json!({ "minutes": 75 })).key("yes").await.ok(), confirmed);
        here.secretary.post(&confirm).json(&json!({})).await.refused(409, "hours_confirmed");
        here.plumber.delete(&format!("/v1/volunteer_hours/{}", id(&noted))).await.refused(409, "hours_confirmed");
        assert_eq!(here.clerk.get(&waiting).await.ok()["items"], json!([]));
        assert_eq!(years(&here.plumber).await, json!([{ "year": 2026, "minutes": 75 }]));
        let ledger = here.plumber.get("/v1/me/volunteer_hours").await.ok();
        assert_eq!(ledger["items"], json!([confirmed]));
        let export = here.plumber.get("/v1/me/export").await.ok();
        assert_eq!(export["volunteer_hours"], json!([confirmed]));
        assert_eq!(years(&here.neighbour).await, json!([]));
    }

    async fn the_desk_credits_those_who_have_no_phone_at_hand(app: &TestApp) {
        let here = Runyuan::of(app).await;
        let (order, _) = here.tap().await;
        let body = |person: &Person| json!({ "person_id": person.id, "minutes": 120, "note": "陪着一起修" });
        hours(&here.clerk, &order, body(&here.neighbour)).await.refused(409, "work_not_done");
        here.clerk.makes("resolve", &order, &json!({ "result": "好了", "override_reason": "已电话确认" })).await;
        let noted = hours(&here.clerk, &order, body(&here.neighbour)).await.ok();
        assert_eq!(noted["confirmed_at"], "2026-11-23T10:00:00+08:00", "the desk's word counts at once");
        assert_eq!(years(&here.neighbour).await, json!([{ "year": 2026, "minutes": 120 }]));
        for nobody in [&here.chen, &here.secretary] {
            hours(&here.clerk, &order, body(nobody)).await.refused_field("/person_id");
        }
        for (pointer, minutes) in [("/minutes", json!(0)), ("/minutes", json!(961)), ("/minutes", json!(-5)), ("/minutes", json!("90"))] {
            hours(&here.clerk, &order, json!({ "minutes": minutes, "note": "修" })).await.refused_field(pointer);
        }
        hours(&here.clerk, &order, json!({ "minutes": 10, "note": " " })).await.refused_field("/note");
    }

    async fn what_the_desk_has_not_confirmed_can_be_taken_back(app: &TestApp) {
        let here = Runyuan::of(app).await;
        let order = here.mended().await;
        let noted = hours(&here.plumber, &order, given(90)).await.ok();
        let path = format!("/v1/volunteer_hours/{}", id(&noted));
        for stranger in [&here.chen, &here.neighbour, &app.sign_in("demo-xy-clerk").await] {
            stranger.delete(&path).await.refused(404, "not_found");
        }
        assert_eq!(here.plumber.delete(&path).await.status, 204);
        here.plumber.delete(&path).await.refused(404, "not_found");
        let again = hours(&here.plumber, &order, given(60)).await.ok();
        assert_eq!(here.clerk.delete(&format!("/v1/volunteer_hours/{}", id(&again))).await.status, 204);
        assert_eq!(here.plumber.get("/v1/me/volunteer_hours").await.ok()["items"], json!([]));
    }

    async fn nobody_confirms_the_own_hours(app: &TestApp) {
        let here = Runyuan::of(app).await;
        let order = here.mended().await;
        // The clerk mends taps besides.
        let team = PartnerId(partner(TEAM).parse().expect("an id"));
        let clerk = join(app, "demo-ry-clerk", Membership::staff(home(), team)).await;
        let noted = hours(&clerk, &order, given(600)).await.ok();
        assert_eq!(noted["confirmed_at"], Value::Null, "the own word counts nothing");
        let confirm = format!("/v1/volunteer_hours/{}/confirm", id(&noted));
        clerk.post(&confirm).json(&json!({})).await.refused(403, "not_permitted");
        here.secretary.post(&confirm).json(&json!({})).await.ok();
    }

    async fn hours_are_the_communitys_own(app: &TestApp) {
        let here = Runyuan::of(app).await;
        let order = here.mended().await;
        let noted = hours(&here.plumber, &order, given(90)).await.ok();
        let (waiting, list) = (format!("/v1/communities/{}/volunteer_hours", community("RY")), format!("/v1/communities/{}/volunteers", community("RY")));
        let confirm = format!("/v1/volunteer_hours/{}/confirm", id(&noted));
        let before = app.database.picture().await;
        for far in ["demo-xy-clerk", "demo-xy-secretary"] {
            let far = app.sign_in(far).await;
            far.get(&waiting).await.refused(404, "not_found");
            far.get(&list).await.refused(404, "not_found");
            far.post(&confirm).json(&json!({})).await.refused(404, "not_found");
            hours(&far, &order, given(10)).await.refused(404, "not_found");
        }
        let admin = app.administrator().await;
        let street = app.sign_in("demo-xy-street").await;
        for nobody in [&here.chen, &here.neighbour, &here.plumber, &admin, &street] {
            nobody.get(&waiting).await.refused(403, "not_permitted");
            nobody.get(&list).await.refused(403, "not_permitted");
            nobody.post(&confirm).json(&json!({})).await.refused(403, "not_permitted");
        }
        // Whoever sees the order but is neither desk nor team is told so; whoever does not, learns nothing.
        hours(&here.chen, &order, given(10)).await.refused(403, "not_permitted");
        hours(&here.neighbour, &order, given(10)).await.refused(404, "not_found");
        let staff = app.sign_in("demo-ry-property").await;
        hours(&staff, &order, given(10)).await.refused(404, "not_found");
        hours(&app.anonymous(), &order, given(10)).await.refused(401, "unauthenticated");
        let after = app.database.picture().await;
        assert_eq!(after.0["volunteer_hours"], before.0["volunteer_hours"]);
        // Of sealed matters, the clerk knows nothing.
        app.database.tamper("UPDATE orders SET sealed = NOT sealed").await;
        assert_eq!(here.clerk.get(&waiting).await.ok()["items"], json!([]));
        here.clerk.post(&confirm).json(&json!({})).await.refused(404, "not_found");
        assert_eq!(here.secretary.get(&waiting).await.ok()["items"].as_array().map(Vec::len), Some(1));
    }
}
