//! The words of all notices. A lock screen is read by others: they never hold a resident's words or name, and of sealed
//! matters not even the service.

use super::{Facts, NoticeKind, Side};
use crate::deadline::in_shanghai;

/// What a message speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject<'a> {
    pub kind: NoticeKind,
    pub side: Side,
    /// The service's name.
    pub service: &'a str,
    pub sealed: bool,
    pub partner: Option<&'a str>,
    pub facts: Option<&'a Facts>,
    /// Notices that this one message stands for.
    pub count: u32,
}

/// What a notice about no one order speaks of.
pub const ORDERS: &str = "社区订单";

/// What a message says, besides the order's number and a time. Each part has at most 20 characters; of kinds that have a
/// template of their own with a phrase, the status has at most five.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    pub title: &'static str,
    pub matter: String,
    pub status: String,
    pub hint: String,
}

impl Words {
    /// All of it but the title in one sentence, for whoever reads it in the mini-program itself or says it on the telephone:
    /// there is nothing to open. A status that the title or the hint says as well is left out.
    pub fn sentence(&self) -> String {
        let hint = self.hint.replace("打开小程序", "");
        let is_said = self.title.contains(&self.status) || hint.contains(&self.status);
        let status = if is_said { String::new() } else { format!("（{}）", self.status) };
        format!("{}{status}：{hint}。", self.matter)
    }
}

/// WeChat's limit for most values.
const LONGEST: usize = 20;

pub fn words(subject: &Subject<'_>) -> Words {
    let (title, status, hint) = said(subject);
    let matter = match (subject.count, subject.sealed) {
        (2.., _) => format!("{} 个订单", subject.count),
        (_, true) => "社区事项".to_owned(),
        (_, false) => beside(subject).unwrap_or(subject.service).to_owned(),
    };
    let hint = match subject.facts {
        Some(Facts::Said { hint }) if !subject.sealed => hint.clone(),
        Some(_) | None => hint,
    };
    let hint = if subject.count > 1 { format!("{} {}", subject.count, folded(subject.kind)) } else { hint };
    Words { title, matter: cut(matter), status: cut(status), hint: cut(hint) }
}

/// What a notice speaks of that comes from no order, where it says so.
fn beside<'a>(subject: &Subject<'a>) -> Option<&'a str> {
    match subject.facts? {
        Facts::Paper { .. } => subject.partner,
        Facts::Campaign { title, .. } => Some(title),
        Facts::VisitAt { .. }
        | Facts::MeetingAt { .. }
        | Facts::Quote { .. }
        | Facts::QuoteAnswer { .. }
        | Facts::Said { .. }
        | Facts::Desk { .. } => None,
    }
}

fn said(subject: &Subject<'_>) -> (&'static str, String, String) {
    let partner = || subject.partner.unwrap_or("承办单位").to_owned();
    let plain = |title: &'static str, status: &str, hint: &str| (title, status.to_owned(), hint.to_owned());
    match (subject.kind, subject.side) {
        (NoticeKind::Received, _) if matches!(subject.facts, Some(Facts::MeetingAt { .. })) => {
            ("预约成功", meeting(subject.facts), "请记好时间，按要求带齐材料".into())
        }
        (NoticeKind::Received, _) => plain("已收到您的订单", "待接单", "社区将尽快接单，请留意进度"),
        (NoticeKind::OrderedForYou, _) => plain("有人替您下单", "已下单", "有人替您下单，如不同意可撤单"),
        (NoticeKind::Accepted, _) => plain("社区已接单", "已接单", "社区已接单，请保持电话畅通"),
        (NoticeKind::PapersMissing, _) => plain("材料还需补充", "需补材料", "请打开小程序查看需要补的材料"),
        (NoticeKind::Refused, _) => plain("订单不予受理", "不予受理", "请打开小程序查看原因和去处"),
        (NoticeKind::Dispatched, Side::Resident) => ("订单已派单", partner(), "已派给承办单位，请留意进度".into()),
        (NoticeKind::Dispatched, _) => ("新派单", partner(), "请打开小程序签收并按时办理".into()),
        (NoticeKind::VisitPlanned, _) => ("上门时间已定", visit(subject.facts), "承办单位将按此时间上门".into()),
        (NoticeKind::SeatFree, _) => ("候补成功", meeting(subject.facts), "候补成功，请按时间前来".into()),
        (NoticeKind::Resolved, _) => plain("订单已办结", "已办结", "请打开小程序评价办理结果"),
        (NoticeKind::Merged, _) => plain("订单已并单", "已并单", "与另一订单一并办理，办结会通知您"),
        (NoticeKind::Reopened, Side::Resident) => plain("订单已重办", "重新办理", "社区将重新办理，请留意进度"),
        (NoticeKind::Reopened, _) => plain("订单要求重办", "要求重办", "请打开小程序查看原因并处理"),
        (NoticeKind::Comment, Side::Resident) => plain("订单有新留言", "有新留言", "请打开小程序查看留言"),
        (NoticeKind::Comment, _) => plain("订单有新留言", "有新留言", "请打开小程序查看并回复"),
        (NoticeKind::NewOrder, _) => plain("新订单", "待接单", "请打开小程序接单"),
        (NoticeKind::Alarm, _) => plain("疑似紧急情况", "疑似紧急情况", "请马上打开小程序核实，并联系居民"),
        (NoticeKind::Returned, _) => ("派单被退回", partner(), "派单被退回，请重新派单".into()),
        (NoticeKind::Completed, _) => ("承办单位已完工", partner(), "已报告完工，请核实后办结".into()),
        (NoticeKind::Withdrawn, _) => plain("居民已撤单", "已撤单", "居民已撤单，无需再办理"),
        (NoticeKind::Urged, _) => plain("居民催办", "居民催办", "居民催办，请尽快办理"),
        (NoticeKind::NearDue, _) => plain("订单即将到期", "即将到期", "期限将至，请抓紧办理"),
        (NoticeKind::Overdue, _) => plain("订单已超期", "已超期", "已过期限，请马上办理"),
        (NoticeKind::Recalled, _) => plain("派单已收回", "已收回", "派单已收回，无需再办理"),
        (NoticeKind::Reworked, _) => plain("要求返工", "要求返工", "社区要求返工，请打开小程序查看"),
        // Whoever reads it neither withdrew nor was refused, and cannot see the other order.
        (NoticeKind::TargetEnded, _) => plain("并单未能办理", "未能办理", "并入的订单已终止，如仍需要请重新下单"),
        (NoticeKind::CallNeeded, _) => plain("请电话告知居民", "待电话告知", "居民未收到消息，请打电话告知"),
        (NoticeKind::Entrusted, _) => plain("有事项交给您办理", "请您办理", "请打开小程序查看并安排"),
        (NoticeKind::Invited, _) => plain("社区邀请您参加", "邀请您参加", "请打开小程序查看并答复"),
        (NoticeKind::Meeting, _) => ("见面时间已定", meeting(subject.facts), "请打开小程序查看地点".into()),
        (NoticeKind::MeetingMoved, _) => ("见面时间有变", meeting(subject.facts), "请打开小程序查看地点".into()),
        (NoticeKind::ConfirmNeeded, _) => plain("请您确认", "待您确认", "请打开小程序查看内容并确认"),
        (NoticeKind::FollowUpDue, _) => plain("该回访了", "该回访了", "请打开小程序登记回访结果"),
        (NoticeKind::MediationEnded, _) => plain("事项已结束", "已结束", "请打开小程序查看结果"),
        (NoticeKind::Quoted, _) => ("请确认费用", quote(subject.facts), "请打开小程序查看报价并答复".into()),
        (NoticeKind::QuoteAnswered, _) if subject.facts == Some(&Facts::QuoteAnswer { agreed: false }) => {
            plain("居民已答复报价", "未同意", "居民未同意报价，请先不要动工")
        }
        (NoticeKind::QuoteAnswered, _) => plain("居民已答复报价", "已同意", "居民已同意报价，可以动工"),
        (NoticeKind::PaperNearEnd, Side::Desk) => ("证照即将到期", paper(subject.facts), "请提醒该单位尽早更新".into()),
        (NoticeKind::PaperNearEnd, _) => ("证照即将到期", paper(subject.facts), "请尽早更新，并告知社区".into()),
        (NoticeKind::PaperEnds, Side::Desk) => ("证照到期", paper(subject.facts), "更新之前，次日起不能派单".into()),
        (NoticeKind::PaperEnds, _) => ("证照到期", paper(subject.facts), "更新之前，次日起接不到新派单".into()),
        (NoticeKind::CampaignJoined, _) => {
            ("请参加专项行动", campaign(subject.facts), "请打开小程序查看行动安排".into())
        }
        (NoticeKind::MediatorChanged, _) => plain("经办人已更换", "经办人已更换", "请打开小程序查看现在的经办人"),
        (NoticeKind::SeatMoved, Side::Resident) => ("预约已改期", meeting(subject.facts), "请按新的时间办理".into()),
        (NoticeKind::SeatMoved, _) => ("预约改期", meeting(subject.facts), "居民改了时间，请按新的时间安排".into()),
        (NoticeKind::SeatNotFound, _) => ("候补未成功", meeting(subject.facts), "候补未成功，请另选时段预约".into()),
        (NoticeKind::Digest, _) => ("今日待办", digest(subject.facts), "请打开小程序查看今日待办".into()),
    }
}

/// What several of a kind are called: “3 个新订单”.
fn folded(kind: NoticeKind) -> &'static str {
    match kind {
        NoticeKind::NewOrder | NoticeKind::Received => "个新订单",
        NoticeKind::Alarm => "个疑似紧急情况",
        NoticeKind::Dispatched => "个新派单",
        NoticeKind::Comment => "个订单有新留言",
        NoticeKind::Returned => "个派单被退回",
        NoticeKind::Completed => "个派单已完工",
        NoticeKind::Withdrawn => "个订单已撤单",
        NoticeKind::Urged => "个订单被催办",
        NoticeKind::NearDue => "个订单即将到期",
        NoticeKind::Overdue => "个订单已超期",
        NoticeKind::Recalled => "个派单已收回",
        NoticeKind::Reworked => "个派单要求返工",
        NoticeKind::TargetEnded => "个并入的订单已终止",
        NoticeKind::CallNeeded => "位居民待电话告知",
        NoticeKind::Accepted => "个订单已接单",
        NoticeKind::PapersMissing => "个订单需补材料",
        NoticeKind::Refused => "个订单不予受理",
        NoticeKind::VisitPlanned => "个订单已定上门时间",
        NoticeKind::SeatFree => "个候补成功",
        NoticeKind::Resolved => "个订单已办结",
        NoticeKind::Merged => "个订单已并单",
        NoticeKind::Reopened => "个订单要求重办",
        NoticeKind::OrderedForYou => "个代下订单",
        NoticeKind::Digest => "个今日待办",
        NoticeKind::Entrusted => "个事项交给您办理",
        NoticeKind::Invited => "个参加邀请",
        NoticeKind::Meeting => "次见面时间已定",
        NoticeKind::MeetingMoved => "次见面时间有变",
        NoticeKind::ConfirmNeeded => "件事待您确认",
        NoticeKind::FollowUpDue => "件事该回访了",
        NoticeKind::MediationEnded => "件事已结束",
        NoticeKind::Quoted => "个报价待您答复",
        NoticeKind::QuoteAnswered => "个报价已有答复",
        NoticeKind::PaperNearEnd => "个证照即将到期",
        NoticeKind::PaperEnds => "个证照到期",
        NoticeKind::CampaignJoined => "个专项行动",
        NoticeKind::MediatorChanged => "件事已换经办人",
        NoticeKind::SeatNotFound => "个候补未成功",
        NoticeKind::SeatMoved => "个预约已改期",
    }
}

fn visit(facts: Option<&Facts>) -> String {
    let Some(Facts::VisitAt { at }) = facts else { return "上门时间已定".to_owned() };
    in_shanghai(*at).format("%-m月%-d日 %H:%M 上门").to_string()
}

fn meeting(facts: Option<&Facts>) -> String {
    let Some(Facts::MeetingAt { at, .. }) = facts else { return "时间请看小程序".to_owned() };
    in_shanghai(*at).format("%-m月%-d日 %H:%M").to_string()
}

fn quote(facts: Option<&Facts>) -> String {
    let Some(Facts::Quote { total }) = facts else { return "待您同意".to_owned() };
    format!("{total}，待您同意")
}

fn paper(facts: Option<&Facts>) -> String {
    let Some(Facts::Paper { kind, until }) = facts else { return "请查看".to_owned() };
    // The day is what it is about: a long name is cut.
    let ends = until.format("%-m月%-d日到期").to_string();
    let kind: String = kind.chars().take(LONGEST - 1 - ends.chars().count()).collect();
    format!("{kind} {ends}")
}

fn campaign(facts: Option<&Facts>) -> String {
    let Some(Facts::Campaign { community, from, .. }) = facts else { return "请查看".to_owned() };
    format!("{community} {}", from.format("%-m月%-d日起"))
}

fn digest(facts: Option<&Facts>) -> String {
    let Some(Facts::Desk { waiting, open, overdue }) = facts else { return "请查看".to_owned() };
    format!("待接{waiting} 在办{open} 超期{overdue}")
}

/// Names of services and partners may be longer than a message's line.
fn cut(text: String) -> String {
    if text.chars().count() <= LONGEST {
        return text;
    }
    text.chars().take(LONGEST - 1).chain(['…']).collect()
}

#[cfg(test)]
#[path = "words_tests.rs"]
mod tests;
