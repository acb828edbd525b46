use serde_json::{Value, json};
use wechat_adapter::Endpoint;

use crate::stage::{APP_ID, RESIDENT};
use crate::wire::Wire;

async fn titles(wire: &Wire, ids: &str, start: &str, limit: &str) -> Value {
    let query = [("ids", ids), ("start", start), ("limit", limit)];
    wire.get_as(APP_ID, Endpoint::TemplateTitles, &query).await
}

#[tokio::test]
async fn a_template_is_found_taken_used_and_given_back() {
    let wire = Wire::set().await;
    let categories = wire.get_as(APP_ID, Endpoint::TemplateCategories, &[]).await;
    assert!(categories["data"][0]["name"].as_str().unwrap().contains("政务民生"));
    let category = categories["data"][0]["id"].to_string();

    let found = titles(&wire, &category, "0", "30").await;
    let activity = found["data"].as_array().unwrap().iter().find(|title| title["title"] == "活动报名结果通知").unwrap();
    assert_eq!(activity["categoryId"], json!(category));
    let tid = activity["tid"].to_string();
    let keywords = wire.get_as(APP_ID, Endpoint::TemplateKeywords, &[("tid", &tid)]).await;
    assert_eq!(keywords["data"][1]["rule"], "enum_string");

    let wanted = json!({ "tid": tid, "kidList": [2, 1], "sceneDesc": "活动报名" });
    let added = wire.post(Endpoint::TemplateAdd, &wanted).await;
    let id = added["priTmplId"].as_str().unwrap();
    let listed = wire.get_as(APP_ID, Endpoint::TemplateList, &[]).await;
    let own = listed["data"].as_array().unwrap().last().unwrap();
    assert_eq!(own["content"], "报名结果:{{enum_string2.DATA}}\n活动名称:{{thing1.DATA}}\n");
    assert_eq!(own["keywordEnumValueList"][0]["enumValueList"][1], "候补中");

    wire.wechat().grant(RESIDENT, id);
    let message = |result: &str| {
        let data = json!({ "enum_string2": { "value": result }, "thing1": { "value": "重阳节包饺子" } });
        json!({ "touser": RESIDENT, "template_id": id, "data": data })
    };
    let refused = wire.post(Endpoint::SubscribeSend, &message("也许")).await;
    assert_eq!(refused["errcode"], 47003);
    assert!(refused["errmsg"].as_str().unwrap().contains("data.enum_string2.value"));
    assert_eq!(wire.post(Endpoint::SubscribeSend, &message("候补中")).await["errcode"], 0);

    assert_eq!(wire.post(Endpoint::TemplateDelete, &json!({ "priTmplId": id })).await["errcode"], 0);
    assert_eq!(wire.post(Endpoint::SubscribeSend, &message("候补中")).await["errcode"], 40037);
    assert_eq!(wire.post(Endpoint::TemplateDelete, &json!({ "priTmplId": id })).await["errcode"], 20002);
}

#[tokio::test]
async fn the_library_holds_both_kinds_and_is_read_in_pages() {
    let wire = Wire::set().await;
    let all = titles(&wire, "1001,1002,1101,1201", "0", "30").await;
    let kinds: Vec<_> = all["data"].as_array().unwrap().iter().map(|title| title["type"].as_i64().unwrap()).collect();
    assert!(kinds.len() >= 12 && kinds.contains(&2) && kinds.contains(&3));
    assert_eq!(all["count"], kinds.len());

    let page = titles(&wire, "1001,1002,1101,1201", "10", "5").await;
    assert_eq!(page["data"][0], all["data"][10]);
    assert_eq!(wire.wechat().library().len(), kinds.len());
}

#[tokio::test]
async fn wrong_parameters_have_their_codes() {
    let wire = Wire::set().await;
    assert_eq!(titles(&wire, "", "0", "30").await["errcode"], 200_018);
    assert_eq!(titles(&wire, "77", "0", "30").await["errcode"], 200_019);
    assert_eq!(titles(&wire, "1001", "first", "30").await["errcode"], 200_016);
    assert_eq!(titles(&wire, "1001", "0", "31").await["errcode"], 200_017);
    assert_eq!(wire.get_as(APP_ID, Endpoint::TemplateKeywords, &[("tid", "7")]).await["errcode"], 200_014);

    let add = |kids: Value, scene: &str| json!({ "tid": "30101", "kidList": kids, "sceneDesc": scene });
    let cases = [
        (json!({ "tid": "7", "kidList": [1, 2], "sceneDesc": "诉求" }), 200_014),
        (add(json!([1]), "诉求"), 200_020),
        (add(json!([1, 1]), "诉求"), 200_020),
        (add(json!([1, 9]), "诉求"), 200_020),
        (add(json!([1, 2]), ""), 200_021),
        (add(json!([1, 2]), "一二三四五六七八九十一二三四五六"), 200_021),
    ];
    for (body, errcode) in cases {
        assert_eq!(wire.post(Endpoint::TemplateAdd, &body).await["errcode"], errcode, "{body}");
    }
    assert_eq!(wire.get_as(APP_ID, Endpoint::TemplateAdd, &[]).await["errcode"], 43002);
}
