//! Days and instants of years that nobody means.

use serde_json::{Value, json};
use tests::{Client, Moment, MomentAt, Reply, community, moments, on_both};

use super::refusal;

const YEARS: [&str; 5] = ["-262143", "-0001", "1999", "2101", "+262142"];

/// The only thing in the body, at its place.
fn body(steps: &[String], moment: &str) -> Value {
    steps.iter().rev().fold(json!(moment), |inner, step| match step.as_str() {
        "0" => json!([inner]),
        name => json!({ name: inner }),
    })
}

/// Asks as the first of these who may try it at all; what is sent is read before anything else is looked at.
async fn ask(people: &[&Client], of: &Moment, year: &str) -> Reply {
    let at = if of.is_day { format!("{year}-12-31") } else { format!("{year}-12-31T00:00:00Z") };
    let path = of.operation.path.replace("{id}", &community("XY")).replace("{pid}", &community("XY"));
    let path = path.replace("{key}", "residence").replace("{number}", "1");
    for person in people {
        let ask = |path: &str| person.ask(of.operation.method.parse().expect("a method"), path);
        let reply = match &of.place {
            MomentAt::Query(name) => ask(&format!("{path}?{name}={}", at.replace('+', "%2B"))).await,
            MomentAt::Body(steps) => ask(&path).json(&body(steps, &at)).await,
        };
        if reply.status != 403 {
            return reply;
        }
    }
    panic!("nobody may try {of:?}");
}

on_both! {
    async fn no_year_breaks_a_sum(app: &TestApp) {
        let cast = app.xiyuan().await;
        let admin = app.administrator().await;
        let people: [&Client; 5] = [&cast.secretary, &cast.clerk, &cast.property, &cast.wang, &admin];
        let all = moments();
        assert!(all.len() >= 20, "{all:?}");
        let before = app.database.texts("SELECT CAST(COUNT(*) AS TEXT) FROM slots").await;
        for moment in &all {
            for year in YEARS {
                let reply = ask(&people, moment, year).await;
                match &moment.place {
                    MomentAt::Query(name) => {
                        let problem = reply.refused(400, "bad_request");
                        let words = format!("网址参数 {name} 年份应在 2000 至 2100 之间，请检查");
                        assert_eq!(problem["detail"], words, "{moment:?}");
                    }
                    MomentAt::Body(steps) => {
                        // A list of days is read as a whole.
                        let steps = if steps.ends_with(&["0".to_owned()]) { &steps[..steps.len() - 1] } else { steps };
                        let problem = reply.refused_field(&format!("/{}", steps.join("/")));
                        assert_eq!(problem["detail"], "年份应在 2000 至 2100 之间，请检查", "{moment:?}");
                    }
                }
            }
        }
        assert_eq!(app.database.texts("SELECT CAST(COUNT(*) AS TEXT) FROM slots").await, before);
    }

    async fn a_month_and_a_page_of_no_time_are_refused(app: &TestApp) {
        let cast = app.xiyuan().await;
        let record = format!("/v1/communities/{}/partners/{}/record", community("XY"), tests::partner("红色物业西苑管理科"));
        for month in ["1999-12", "2101-01", "-262-01", "9999-12"] {
            refusal(app, cast.clerk.get(&format!("{record}?until={month}"))).await.refused(400, "bad_request");
        }
        for cursor in ["-8333994300800000_019ab1f0-6c1e-7c3b-9f0a-3a1f5b0c2d4e", "9999999999999_019ab1f0-6c1e-7c3b-9f0a-3a1f5b0c2d4e"] {
            let path = format!("/v1/communities/{}/slots?cursor={cursor}", community("XY"));
            refusal(app, app.anonymous().get(&path)).await.refused(400, "bad_request");
        }
    }
}
