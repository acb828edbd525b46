//! Papers that end: the secretary and the partner's own people hear of it in time.

use chrono::TimeDelta;
use serde_json::{Value, json};
use tests::{Client, TASK, on_both};

use super::keeps;

/// What somebody was told of papers, the oldest first.
async fn told(who: &Client) -> Vec<(String, String)> {
    let inbox = who.get("/v1/me/inbox?limit=100").await.ok();
    let text = |item: &Value, field: &str| item[field].as_str().expect("text").to_owned();
    let items = inbox["items"].as_array().expect("items").iter().rev();
    items.map(|item| (text(item, "kind"), text(item, "text"))).filter(|(kind, _)| kind.starts_with("paper")).collect()
}

fn papers(licence: &str) -> Value {
    json!({
        "licences": [{ "kind": "营业执照", "number": "1" }, { "kind": "电梯维保资质", "number": "2", "valid_until": licence }],
        "agreement": { "number": "XY-1", "from": "2026-01-01", "until": "2027-06-30" },
    })
}

on_both! {
    async fn a_paper_is_told_of_thirty_days_before_and_on_its_last_day(app: &TestApp) {
        let cast = app.xiyuan().await;
        keeps(&cast.secretary, papers("2026-12-31")).await;
        (0..4).for_each(|_| app.agrees_to(&cast.secretary.openid, TASK));
        app.look_at_the_clock().await;
        assert_eq!(told(&cast.secretary).await, []);

        // Half past midnight on the first of December: the inbox has it, and no phone rings.
        app.pass(TimeDelta::days(7) + TimeDelta::minutes(14 * 60 + 30));
        app.look_at_the_clock().await;
        app.look_at_the_clock().await;
        let near = |hint: &str| ("paper_near_end".to_owned(), format!("红色物业西苑管理科（电梯维保资质 12月31日到期）：{hint}。"));
        assert_eq!(told(&cast.secretary).await, [near("请提醒该单位尽早更新")]);
        assert_eq!(told(&cast.property).await, [near("请尽早更新，并告知社区")]);
        for nobody in [&cast.clerk, &cast.builder, &cast.wang] {
            assert_eq!(told(nobody).await, []);
        }
        let rung = || app.messages_of(&cast.secretary.openid).iter().filter(|message| format!("{message:?}").contains("电梯维保资质")).count();
        assert_eq!(rung(), 0, "it is night");
        app.pass(TimeDelta::hours(7));
        app.drain_outbox().await;
        assert_eq!(rung(), 1);

        app.pass(TimeDelta::days(30));
        app.look_at_the_clock().await;
        app.look_at_the_clock().await;
        let ends = |hint: &str| ("paper_ends".to_owned(), format!("红色物业西苑管理科（电梯维保资质 12月31日到期）：{hint}。"));
        assert_eq!(told(&cast.secretary).await[1..], [ends("更新之前，次日起不能派单")]);
        assert_eq!(told(&cast.property).await[1..], [ends("更新之前，次日起接不到新派单")]);

        // Renewed, nothing is said for a year.
        keeps(&cast.secretary, papers("2027-12-31")).await;
        app.pass(TimeDelta::days(60));
        app.look_at_the_clock().await;
        assert_eq!(told(&cast.secretary).await.len(), 2);
        app.pass(TimeDelta::days(91));
        app.look_at_the_clock().await;
        let last = told(&cast.secretary).await.pop().expect("the agreement");
        assert_eq!(last, ("paper_near_end".into(), "红色物业西苑管理科（共建协议 6月30日到期）：请提醒该单位尽早更新。".into()));
    }

    async fn nobody_hears_of_the_papers_of_a_partner_that_is_suspended_or_closed(app: &TestApp) {
        let cast = app.xiyuan().await;
        for (change, days) in [(json!({ "suspended": { "reason": "整改" } }), 8), (json!({ "closed": true }), 30)] {
            let mut kept = papers("2026-12-31");
            change.as_object().expect("an object").iter().for_each(|(name, value)| kept[name] = value.clone());
            keeps(&cast.secretary, kept).await;
            app.pass(TimeDelta::days(days));
            app.look_at_the_clock().await;
            assert_eq!(told(&cast.secretary).await, []);
        }
    }
}
