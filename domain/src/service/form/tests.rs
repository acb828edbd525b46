use serde_json::{Map, Value, json};

use super::*;

fn insurance() -> Value {
    json!({
        "type": "object",
        "title": "医保帮办",
        "required": ["kind", "id_number"],
        "properties": {
            "kind": { "type": "string", "title": "办理事项", "enum": ["参保", "缴费", "查询"], "x-order": 1, "x-task": true },
            "id_number": { "type": "string", "title": "身份证号", "format": "id_number", "x-sensitive": true },
            "birthday": { "type": "string", "title": "出生日期", "format": "date" },
            "people": { "type": "integer", "title": "人数", "minimum": 1, "maximum": 9 },
            "by_phone": { "type": "boolean", "title": "电话回复" },
            "phone": { "type": "string", "title": "手机号", "format": "phone" },
            "card": { "type": "string", "title": "社保卡号", "pattern": "^[0-9]{9}$", "description": "9 位数字" },
            "days": { "type": "array", "title": "方便的日子", "items": { "type": "string", "enum": ["周一", "周二"] } }
        }
    })
}

fn map(value: Value) -> Map<String, Value> {
    value.as_object().cloned().expect("an object")
}

fn faults(answers: Value) -> Vec<(String, String)> {
    let form = Form::read(&insurance()).expect("a form");
    let faults = form.answered(&map(answers)).expect_err("faults");
    faults.into_iter().map(|fault| (fault.pointer, fault.text)).collect()
}

#[test]
fn answers_are_kept_apart_by_who_may_read_them() {
    let form = Form::read(&insurance()).expect("a form");
    let answers =
        json!({ "kind": " 缴费 ", "id_number": "13010519900101001X", "people": 2, "days": ["周一"], "phone": "  " });
    let wrong = form.answered(&map(answers.clone()));
    assert!(wrong.is_err(), "the check digit is another");
    let mut answers = map(answers);
    answers["id_number"] = json!("130105199001010014");
    let answers = form.answered(&answers).expect("answers");
    assert_eq!(Value::Object(answers.task.clone()), json!({ "kind": "缴费" }));
    assert_eq!(
        Value::Object(answers.plain.clone()),
        json!({ "people": 2, "days": ["周一"] }),
        "an empty text is no answer"
    );
    assert_eq!(Value::Object(answers.sensitive.clone()), json!({ "id_number": "130105199001010014" }));
    assert_eq!(Value::Object(answers.open()), json!({ "kind": "缴费", "people": 2, "days": ["周一"] }));
}

#[test]
fn every_wrong_answer_is_named_in_the_words_of_the_form() {
    let all_wrong = json!({
        "kind": "退保", "id_number": "130105199001010015", "birthday": "2026-02-30", "people": 10, "by_phone": "是",
        "phone": "12345678901", "card": "12", "days": ["周三"], "hobby": "钓鱼"
    });
    let mut found = faults(all_wrong);
    found.sort_unstable();
    let text: Vec<_> = found.iter().map(|(pointer, text)| format!("{pointer} {text}")).collect();
    insta::assert_snapshot!(text.join("\n"));
}

#[test]
fn what_must_be_answered_is_asked_for() {
    let missing = [("/id_number", "请填写「身份证号」"), ("/kind", "请填写「办理事项」")];
    let mut found = faults(json!({ "kind": "  ", "id_number": null }));
    found.sort_unstable();
    assert_eq!(found.iter().map(|(p, t)| (p.as_str(), t.as_str())).collect::<Vec<_>>(), missing);
}

#[test]
fn a_text_has_an_end_though_the_form_says_none() {
    let form =
        Form::read(&json!({ "type": "object", "properties": { "what": { "type": "string", "title": "说明" } } }));
    let form = form.expect("a form");
    let long = "长".repeat(201);
    let faults = form.answered(&map(json!({ "what": long }))).expect_err("too long");
    assert_eq!(faults, [FormFault { pointer: "/what".into(), text: "「说明」最多 200 个字".into() }]);
    assert!(form.answered(&Map::new()).expect("nothing is needed").is_empty());
}

#[test]
fn what_no_client_can_draw_is_no_form() {
    let field = |field: Value| json!({ "type": "object", "properties": { "a": field } });
    let text = |more: Value| {
        let mut text = map(json!({ "type": "string", "title": "甲" }));
        text.extend(map(more));
        field(Value::Object(text))
    };
    let refused = [
        json!([]),
        json!({ "type": "array", "properties": {} }),
        json!({ "type": "object", "properties": {} }),
        json!({ "type": "object", "properties": { "A": { "type": "string", "title": "甲" } } }),
        json!({ "type": "object", "required": ["b"], "properties": { "a": { "type": "string", "title": "甲" } } }),
        json!({ "type": "object", "$ref": "https://example.com/form", "properties": {} }),
        json!({ "type": "object", "allOf": [], "properties": { "a": { "type": "string", "title": "甲" } } }),
        field(json!({ "type": "string" })),
        field(json!({ "type": "object", "title": "甲", "properties": {} })),
        field(json!({ "$ref": "#/properties/a", "title": "甲" })),
        field(json!({ "type": "array", "title": "甲" })),
        field(json!({ "type": "array", "title": "甲", "items": { "type": "integer", "enum": ["1"] } })),
        field(json!({ "type": "integer", "title": "甲", "pattern": "^1$" })),
        text(json!({ "minimum": 1 })),
        text(json!({ "enum": [] })),
        text(json!({ "enum": ["一", "一"] })),
        text(json!({ "maxLength": 100_000 })),
        text(json!({ "pattern": "(" })),
        text(json!({ "pattern": "(?=a)" })),
        text(json!({ "pattern": "(a{1000}){1000}" })),
        text(json!({ "x-widget": "hologram" })),
        text(json!({ "x-sensitive": true, "x-task": true })),
    ];
    for schema in refused {
        assert!(Form::read(&schema).is_err(), "{schema}");
    }
}

#[test]
fn what_is_not_taken_is_named_in_chinese() {
    let field = |field: Value| json!({ "type": "object", "properties": { "a": field } });
    for (schema, pointer, text) in [
        (
            field(json!({ "$ref": "#/x", "type": "string", "title": "甲" })),
            "/properties/a",
            "这一项不支持 $ref，请去掉",
        ),
        (field(json!({ "type": "string" })), "/properties/a", "这一项缺少 title，请填写"),
        (
            field(json!({ "type": "object", "title": "甲" })),
            "/properties/a",
            "这一项不能填「object」，只能是：string、integer、number、boolean、array",
        ),
        (json!({ "type": "object", "allOf": [], "properties": {} }), "", "表单的 JSON Schema 不支持 allOf，请去掉"),
        (json!({ "type": "list", "properties": {} }), "", "表单的 JSON Schema 不能填「list」，只能是：object"),
    ] {
        let faults = Form::read(&schema).expect_err("no form");
        assert_eq!(faults, [FormFault { pointer: pointer.into(), text: text.into() }]);
    }
    for odd in [json!([]), json!("表单"), field(json!({ "type": "string", "title": 3 })), field(json!(7))] {
        let text = &Form::read(&odd).expect_err("no form")[0].text;
        assert!(text.ends_with("请对照说明检查") && !text.contains("expected"), "{text}");
    }
}

#[test]
fn a_form_is_the_same_when_it_is_read_again() {
    let form = Form::read(&insurance()).expect("a form");
    assert_eq!(Form::read(form.schema()), Ok(form.clone()));
    let kept = serde_json::to_value(&form).expect("JSON");
    assert_eq!(serde_json::from_value::<Form>(kept).expect("a form"), form);
}

#[test]
fn forty_questions_are_enough() {
    let fields = |count| {
        let fields: Map<String, Value> =
            (0..count).map(|n| (format!("q{n}"), json!({ "type": "boolean", "title": "问" }))).collect();
        json!({ "type": "object", "properties": fields })
    };
    assert!(Form::read(&fields(MAX_FIELDS)).is_ok());
    assert!(Form::read(&fields(MAX_FIELDS + 1)).is_err());
}
