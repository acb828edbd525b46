use serde_json::json;
use wechat_adapter::{Endpoint, ErrorClass, NewTemplate, TemplateKind, TitleQuery, WechatError};

use crate::stub::{Stub, TOKEN, pair, query};

#[tokio::test]
async fn categories_titles_and_keywords_are_looked_through() {
    let stub = Stub::start().await;
    let categories = json!({ "errcode": 0, "errmsg": "ok", "data": [{ "id": 616, "name": "街道居委" }] });
    stub.answers("GET", Endpoint::TemplateCategories, categories).await;
    let titles = json!({ "errcode": 0, "count": 55, "data": [
        { "tid": 99, "title": "工单进度", "type": 3, "categoryId": "616" },
    ]});
    stub.answers("GET", Endpoint::TemplateTitles, titles).await;
    let keywords = json!({ "errcode": 0, "count": 1, "data": [
        { "kid": 1, "name": "事项", "example": "路灯", "rule": "thing" },
    ]});
    stub.answers("GET", Endpoint::TemplateKeywords, keywords).await;
    let client = stub.mini_program();

    let categories = client.template_categories().await.unwrap();
    let page = client.template_titles(&TitleQuery::of([616, 2]).with_start(30).with_limit(10)).await.unwrap();
    let keywords = client.template_keywords(page.titles[0].tid).await.unwrap();

    assert_eq!(categories[0].name, "街道居委");
    assert_eq!((page.count, page.titles[0].kind), (55, TemplateKind::LongTerm));
    assert_eq!((keywords[0].kid, keywords[0].rule.as_str()), (1, "thing"));
    let asked = query(&stub.calls(Endpoint::TemplateTitles).await[0]);
    let token = pair("access_token", TOKEN);
    assert_eq!(asked, [pair("ids", "616,2"), pair("start", "30"), pair("limit", "10"), token.clone()]);
    assert_eq!(query(&stub.calls(Endpoint::TemplateKeywords).await[0]), [pair("tid", "99"), token]);
}

#[tokio::test]
async fn a_template_is_taken_and_put_back() {
    let stub = Stub::start().await;
    stub.answers("POST", Endpoint::TemplateAdd, json!({ "errcode": 0, "errmsg": "ok", "priTmplId": "t9" })).await;
    stub.answers("POST", Endpoint::TemplateDelete, json!({ "errcode": 0, "errmsg": "ok" })).await;
    let client = stub.mini_program();

    let id = client.add_template(&NewTemplate::new(99, [1, 2], "工单进度")).await.unwrap();
    client.delete_template(&id).await.unwrap();

    assert_eq!(
        stub.bodies(Endpoint::TemplateAdd).await,
        [json!({ "tid": "99", "kidList": [1, 2], "sceneDesc": "工单进度" })]
    );
    assert_eq!(stub.bodies(Endpoint::TemplateDelete).await, [json!({ "priTmplId": "t9" })]);
}

#[tokio::test]
async fn a_full_shelf_is_the_operators() {
    let stub = Stub::start().await;
    let full = json!({ "errcode": 200_012, "errmsg": "private template limit rid: 1-2-3" });
    stub.answers("POST", Endpoint::TemplateAdd, full).await;

    let error = stub.mini_program().add_template(&NewTemplate::new(99, [1, 2], "工单")).await.unwrap_err();

    assert_eq!(error.class(), ErrorClass::Operator);
    assert_eq!((error.errcode(), error.rid()), (Some(200_012), Some("1-2-3")));
    assert_eq!(error.endpoint(), Some(Endpoint::TemplateAdd));
}

#[tokio::test]
async fn too_many_titles_are_not_asked_for() {
    let stub = Stub::start().await;
    let client = stub.mini_program();
    for query in [TitleQuery::of([616]).with_limit(31), TitleQuery::of([])] {
        let error = client.template_titles(&query).await.unwrap_err();
        assert!(matches!(error, WechatError::Input { .. }));
    }
    assert!(stub.calls(Endpoint::TemplateTitles).await.is_empty());
}
