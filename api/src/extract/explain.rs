//! serde says in English what is wrong with what somebody sent. What helps a person is a name in backquotes and what stands
//! in its place in Chinese.

const INTEGERS: [&str; 4] = [
    "invalid digit found in string",
    "number too large to fit in target type",
    "number too small to fit in target type",
    "cannot parse integer from empty string",
];
const TIMES: [&str; 2] = ["input contains invalid characters", "input is out of range"];

/// Which field of a body, as a JSON pointer, and what is wrong with it.
pub(super) fn field(pointer: String, message: &str) -> (String, String) {
    let name = named(message);
    if message.starts_with("missing field") {
        return (format!("{pointer}/{name}"), format!("缺少 {name}，请填写"));
    }
    if message.starts_with("unknown field") {
        // serde_path_to_error names the unknown field as the last step of the path.
        return (pointer, format!("没有 {name} 这个字段，请去掉"));
    }
    (pointer, value(message))
}

/// What is wrong with this parameter of a query.
pub(super) fn parameter(name: &str, message: &str) -> String {
    if message.starts_with("missing field") {
        return format!("缺少网址参数 {}", named(message));
    }
    if message.starts_with("unknown field") {
        return format!("没有网址参数 {}，只能有：{}", named(message), expected(message));
    }
    if message.starts_with("duplicate field") {
        return format!("网址参数 {} 只能填一次", named(message));
    }
    format!("网址参数 {name} {}", value(message))
}

/// What a value may be.
fn value(message: &str) -> String {
    let starts_like = |known: &[&str]| known.iter().any(|known| message.starts_with(known));
    if message.starts_with("unknown variant") {
        return format!("不能填「{}」，只能是：{}", named(message), expected(message));
    }
    if message.starts_with("provided string was not `true` or `false`") {
        return "只能填 true 或 false".to_owned();
    }
    if message.starts_with("UUID parsing failed") {
        return "应为编号，例如 019ab1f0-6c1e-7c3b-9f0a-3a1f5b0c2d4e".to_owned();
    }
    if starts_like(&INTEGERS) {
        return "应为整数，且不能太大".to_owned();
    }
    // A day is read up to its end, a time wants more than a day.
    if message.starts_with("trailing input") {
        return "应为日期，例如 2026-11-23".to_owned();
    }
    if message.starts_with("premature end of input") {
        return "应为时间，例如 2026-11-23T08:00:00+08:00".to_owned();
    }
    if starts_like(&TIMES) {
        return "应为日期或时间，例如 2026-11-23 或 2026-11-23T08:00:00+08:00".to_owned();
    }
    // Our own words, behind which the reader of JSON says where.
    if message.starts_with(is_chinese) {
        return message.split(" at line ").next().unwrap_or(message).to_owned();
    }
    "填写的内容类型不对，请检查".to_owned()
}

fn is_chinese(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// The name that the message is about.
fn named(message: &str) -> &str {
    message.split('`').nth(1).unwrap_or_default()
}

fn expected(message: &str) -> String {
    let allowed = message.split_once("expected ").map(|(_, rest)| rest.split(" at line").next().unwrap_or(rest));
    allowed.unwrap_or_default().replace("one of ", "").replace(" or ", ", ").replace('`', "")
}
