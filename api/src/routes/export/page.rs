//! The export as a page. It is made from the same JSON, so that it holds the same; maud escapes whatever people wrote.

use maud::{DOCTYPE, Markup, html};
use serde_json::{Map, Value};

use super::Export;
use crate::problem::Problem;

pub(super) fn page(export: &Export) -> Result<String, Problem> {
    let value = serde_json::to_value(export).map_err(Problem::internal)?;
    Ok(whole(&value).into_string())
}

const STYLE: &str = "body{font-family:sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem;line-height:1.6}\
                     dt{color:#666}dd{margin:0 0 .5rem 1rem}li{margin-bottom:1rem;border-bottom:1px solid #ddd}";

fn whole(export: &Value) -> Markup {
    html! {
        (DOCTYPE)
        html lang="zh-CN" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width";
                title { "我在红管家的个人信息" }
                style { (maud::PreEscaped(STYLE)) }
            }
            body {
                h1 { "我在红管家的个人信息" }
                p { "这里是红管家保存的与您有关的内容。请妥善保管，不要转发给他人。" }
                @for (key, value) in sorted(export) {
                    section { h2 { (label(key)) } (shown(key, value)) }
                }
            }
        }
    }
}

fn shown(key: &str, value: &Value) -> Markup {
    match value {
        Value::Null => html! { "无" },
        Value::Bool(yes) => html! { @if *yes { "是" } @else { "否" } },
        Value::Number(number) => html! { (number) },
        Value::String(link) if matches!(key, "original" | "thumbnail") => html! { a href=(link) { "查看" } },
        Value::String(text) => html! { (text) },
        Value::Array(items) if items.is_empty() => html! { "无" },
        Value::Array(items) => html! { ol { @for item in items { li { (shown(key, item)) } } } },
        Value::Object(_) => html! {
            dl { @for (key, value) in sorted(value) { dt { (label(key)) } dd { (shown(key, value)) } } }
        },
    }
}

/// In the order of the labels; a code that stands beside its own words is left out.
fn sorted(value: &Value) -> Vec<(&str, &Value)> {
    let none = Map::new();
    let fields = value.as_object().unwrap_or(&none);
    let has_words = |key: &str| fields.contains_key(&format!("{key}_text"));
    let mut kept: Vec<_> = value
        .as_object()
        .into_iter()
        .flatten()
        .map(|(key, value)| (key.as_str(), value))
        .filter(|(key, _)| !has_words(key))
        .collect();
    kept.sort_by_key(|(key, _)| place(key).unwrap_or(LABELS.len()));
    kept
}

fn place(key: &str) -> Option<usize> {
    LABELS.iter().position(|(name, _)| *name == key)
}

fn label(key: &str) -> &str {
    LABELS.iter().find(|(name, _)| *name == key).map_or(key, |(_, label)| label)
}

/// Every field that an export may hold, in the order in which it is read.
const LABELS: &[(&str, &str)] = &[
    ("exported_at", "导出时间"),
    ("complete", "内容完整"),
    ("emergency", "紧急情况"),
    ("elsewhere", "其他途径"),
    ("about_partner", "反映的单位"),
    ("kind_text", "类型"),
    ("say", "提示"),
    ("calls", "电话"),
    ("tel", "拨打"),
    ("not_an_emergency_channel", "说明"),
    ("route", "办理途径"),
    ("may_submit", "可以提交"),
    ("refuse_reason", "不予受理的原因"),
    ("profile", "我的资料"),
    ("nickname", "称呼"),
    ("name", "姓名"),
    ("phone", "电话"),
    ("may_share", "同意向承办单位提供"),
    ("age_band", "年龄段"),
    ("residences", "住址"),
    ("is_main", "主要住址"),
    ("since", "自何时"),
    ("verified", "社区已核实"),
    ("delegations", "代下单授权"),
    ("direction", "授权方向"),
    ("evidence_text", "依据"),
    ("evidence", "依据"),
    ("expires_at", "到期时间"),
    ("ended_at", "结束时间"),
    ("active", "有效"),
    ("volunteering", "志愿服务意向"),
    ("skills", "技能"),
    ("skill", "技能代号"),
    ("hours_per_week", "每周小时"),
    ("volunteer_hours", "志愿服务时长"),
    ("minutes", "分钟"),
    ("reported_at", "登记时间"),
    ("confirmed_at", "确认时间"),
    ("memberships", "担任职务"),
    ("role_text", "角色"),
    ("role", "角色"),
    ("wechat_openid", "微信标识"),
    ("wechat_accounts", "微信账号"),
    ("app_id", "小程序"),
    ("openid", "微信标识"),
    ("message_rights", "可发送的消息"),
    ("left", "剩余次数"),
    ("standing", "长期有效"),
    ("wechat_unionid", "微信开放平台标识"),
    ("wecom_user_id", "企业微信账号"),
    ("notice_level_text", "消息提醒"),
    ("notice_level", "消息提醒"),
    ("registered_at", "注册时间"),
    ("orders", "我的订单"),
    ("order", "订单"),
    ("timeline", "办理经过"),
    ("number", "编号"),
    ("order_number", "订单编号"),
    ("status_text", "状态"),
    ("status", "状态"),
    ("title", "标题"),
    ("description", "描述"),
    ("community_name", "社区"),
    ("service_name", "服务"),
    ("service_key", "服务代码"),
    ("service_version", "服务版本"),
    ("service_place_id", "服务所属"),
    ("form", "表单"),
    ("answers", "填写内容"),
    ("hidden", "另行保管的项"),
    ("signature", "签字照片"),
    ("suggested_partner_id", "建议的承办单位"),
    ("papers", "材料"),
    ("charge", "费用"),
    ("quotes", "报价"),
    ("mediation_id", "事项标识"),
    ("booking", "预约"),
    ("slot_id", "时段标识"),
    ("starts_at", "开始时间"),
    ("ends_at", "结束时间"),
    ("state_text", "状态"),
    ("ahead", "前面还有几位"),
    ("booked_at", "预约时间"),
    ("promoted_at", "候补成功时间"),
    ("submitted_at", "下单时间"),
    ("accepted_at", "接单时间"),
    ("resolved_at", "办结时间"),
    ("due", "期限"),
    ("accept_by", "接单期限"),
    ("resolve_by", "办结期限"),
    ("overdue", "已超期"),
    ("place", "地点"),
    ("compound", "小区"),
    ("building", "楼栋"),
    ("unit", "单元"),
    ("room", "室"),
    ("detail", "地点说明"),
    ("point", "坐标"),
    ("latitude", "纬度"),
    ("longitude", "经度"),
    ("coord_sys", "坐标系"),
    ("accuracy_m", "精度（米）"),
    ("grid", "网格"),
    ("found_by", "网格依据"),
    ("point_elsewhere", "坐标在其他社区"),
    ("contact", "联系方式"),
    ("on_behalf_of", "代谁下单"),
    ("ordered_by", "代为下单的人"),
    ("visibility", "公开程度"),
    ("dispatches", "派单"),
    ("partner_name", "承办单位"),
    ("task", "任务"),
    ("due_at", "完成期限"),
    ("share_contact", "提供了联系方式"),
    ("relay", "如何联系"),
    ("sent_at", "派出时间"),
    ("signed_at", "签收时间"),
    ("visit_at", "约定上门时间"),
    ("visits", "现场记录"),
    ("visit", "现场记录"),
    ("attendees", "到场人员"),
    ("who", "是谁"),
    ("side", "哪一方"),
    ("opinions", "提的意见"),
    ("opinion", "意见"),
    ("plan", "商定的办法"),
    ("mediation", "进展"),
    ("mediations", "我参加的调解"),
    ("matter", "事项"),
    ("my_party", "我的编号"),
    ("my_standing", "我是否参加"),
    ("next_session_at", "下次见面"),
    ("party_count", "当事人数"),
    ("outcome_text", "结果"),
    ("outcome", "结果"),
    ("follow_up_on", "回访日期"),
    ("mediator_name", "调解员"),
    ("mediator_id", "调解员标识"),
    ("parties", "当事人"),
    ("standing_text", "是否参加"),
    ("code", "邀请码"),
    ("code_expires_at", "邀请码有效期"),
    ("statements", "陈述"),
    ("by_mediator", "由调解员代记"),
    ("held", "已召开"),
    ("attended", "到场的当事人"),
    ("notes", "记录"),
    ("agreed", "商定的事"),
    ("agreement", "协议"),
    ("assents", "确认"),
    ("party", "当事人编号"),
    ("how", "确认方式"),
    ("photo", "签字照片"),
    ("referred_to", "转到哪里"),
    ("follow_up", "回访"),
    ("on", "日期"),
    ("result_text", "结果"),
    ("completion", "完工"),
    ("returned", "退单"),
    ("recalled", "收回"),
    ("reworks", "返工次数"),
    ("resolution", "办理结果"),
    ("result", "结果"),
    ("override_reason", "直接办结的理由"),
    ("rating", "评价"),
    ("earlier_ratings", "以前的评价"),
    ("solved", "已解决"),
    ("satisfaction", "满意度"),
    ("comment", "评语"),
    ("by_proxy", "代为评价"),
    ("refusal", "不予受理"),
    ("reason_text", "原因"),
    ("reason", "原因"),
    ("redirect_to", "去处"),
    ("merged_into", "并入"),
    ("round", "第几轮"),
    ("supervised", "督办"),
    ("urges", "催办次数"),
    ("urged_at", "催办时间"),
    ("source", "来源"),
    ("unchecked", "内容待核查"),
    ("hidden_photos", "未通过审核、未展示的照片数"),
    ("check", "内容核查"),
    ("minor", "未成年人"),
    ("erased", "内容已删除"),
    ("mine", "我的"),
    ("allowed_actions", "可以进行的操作"),
    ("seq", "序号"),
    ("at", "时间"),
    ("text", "事项"),
    ("note", "说明"),
    ("by_text", "由谁"),
    ("by", "由谁"),
    ("photos", "未使用的照片"),
    ("attachments", "照片"),
    ("urls", "链接"),
    ("original", "原图"),
    ("thumbnail", "缩略图"),
    ("media_type", "格式"),
    ("width", "宽"),
    ("height", "高"),
    ("bytes", "字节"),
    ("household_visits", "入户走访"),
    ("campaign", "专项行动"),
    ("findings", "走访发现"),
    ("handed_out", "发放物品"),
    ("consents", "我的同意"),
    ("purpose_text", "用途"),
    ("purpose", "用途"),
    ("version", "版本"),
    ("channel", "方式"),
    ("by_guardian", "由监护人同意"),
    ("given_at", "同意时间"),
    ("withdrawn_at", "撤回时间"),
    ("data_access", "谁查看过我的信息"),
    ("sessions", "登录记录"),
    ("opened_at", "登录时间"),
    ("closed_at", "退出时间"),
    ("subscriptions", "消息订阅"),
    ("template_id", "模板"),
    ("accepted", "同意接收"),
    ("deliveries", "消息发送记录"),
    ("state", "状态"),
    ("visit_at", "约定上门时间"),
    ("kind", "类型"),
    ("state", "发送结果"),
    ("id", "标识"),
    ("order_id", "订单标识"),
    ("dispatch_id", "派单标识"),
    ("community_id", "社区标识"),
    ("partner_id", "承办单位标识"),
    ("place_id", "地点标识"),
];
