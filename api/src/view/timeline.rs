use chrono::{DateTime, FixedOffset};
use domain::ids::DispatchId;
use domain::order::{Charge, Event, EventKind, Happening, MediationStep, Order};
use domain::people::Hat;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::photo::photos_in;
use super::{ChargeView, PhotoView, Scene, Standing, ToldView, VisitView, local, sees_visits_of_the_desk};

/// One line of an order's history, in words for people.
#[derive(Debug, Serialize, ToSchema)]
pub struct TimelineItem {
    pub seq: i64,
    pub at: DateTime<FixedOffset>,
    /// What happened; `accepted`, `dispatched` …
    #[schema(example = "dispatched")]
    pub kind: &'static str,
    /// As which the person acted: `requester`, `grid_worker`, `intake_clerk`, `secretary`, `partner` or `system`.
    #[schema(example = "secretary")]
    pub by: &'static str,
    #[schema(example = "书记派单给红色物业西苑管理科（主办）")]
    pub text: String,
    #[schema(example = "打磨并用水泥抹平路沿尖角")]
    pub note: Option<String>,
    pub dispatch_id: Option<Uuid>,
    pub attachments: Vec<PhotoView>,
    /// Of an on-site record: what was said and agreed there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visit: Option<VisitView>,
    /// What it would cost the resident, or what it cost in the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charge: Option<ChargeView>,
    /// Whether those concerned were told, and how; for the desk and those who watch over it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub told: Option<Vec<ToldView>>,
}

impl TimelineItem {
    /// `None` where the line is not for this person's eyes.
    pub fn new(scene: &Scene<'_>, order: &Order, event: &Event) -> Option<Self> {
        let standing = scene.standing(order);
        if standing == Standing::Handler && !is_for_handler(scene, order, event) {
            return None;
        }
        // What was said before somebody was appointed to mediate is not read by who appointed them.
        let is_withheld = standing == Standing::Aside && event.hat != Hat::Secretary;
        Some(Self {
            seq: event.seq,
            at: local(event.at),
            kind: EventKind::from(&event.what).into(),
            by: event.hat.into(),
            text: format!("{}{}", who(scene, order, event), what(scene, standing, order, event)),
            note: note(standing, &event.what).filter(|_| !is_withheld),
            dispatch_id: event.what.dispatch().map(|id| id.0),
            attachments: if is_withheld { Vec::new() } else { scene.album.show(photos_in(event)) },
            visit: visit(scene, order, &event.what).filter(|_| !is_withheld),
            charge: charge(standing, &event.what).filter(|_| !is_withheld).map(Into::into),
            told: None,
        })
    }
}

/// Handlers read what concerns their own dispatches, what they said themselves, and that the order ended.
fn is_for_handler(scene: &Scene<'_>, order: &Order, event: &Event) -> bool {
    let is_own = |id: DispatchId| order.dispatch(id).is_some_and(|d| scene.actor.serves(d.partner));
    match &event.what {
        Happening::Resolved { .. } | Happening::Withdrawn { .. } => true,
        Happening::Commented { .. } => event.by == scene.actor.person,
        Happening::Visited { dispatch: None, .. } => sees_visits_of_the_desk(scene, order),
        what => what.dispatch().is_some_and(is_own),
    }
}

fn who(scene: &Scene<'_>, order: &Order, event: &Event) -> String {
    match event.hat {
        Hat::Requester if speaks_for_another(order, event) => "代办人".to_owned(),
        Hat::Requester => "居民".to_owned(),
        Hat::Mediator => "经办人".to_owned(),
        Hat::GridWorker => "网格员".to_owned(),
        Hat::IntakeClerk => "接访员".to_owned(),
        Hat::Secretary => "书记".to_owned(),
        Hat::System => "系统".to_owned(),
        Hat::Partner => {
            event.what.dispatch().and_then(|id| partner_name(scene, order, id)).unwrap_or_else(|| "承办单位".to_owned())
        }
    }
}

/// Whoever placed an order for an elder also rates it; nobody shall take that for the elder's own voice.
fn speaks_for_another(order: &Order, event: &Event) -> bool {
    order.content.on_behalf_of.is_some()
        && event.by == order.requester
        && !matches!(event.what, Happening::Submitted { .. })
}

fn partner_name(scene: &Scene<'_>, order: &Order, id: DispatchId) -> Option<String> {
    let dispatch = order.dispatch(id)?;
    scene.book.partner(dispatch.partner).map(|p| p.name.clone())
}

fn what(scene: &Scene<'_>, standing: Standing, order: &Order, event: &Event) -> String {
    let handler = |id| partner_name(scene, order, id).unwrap_or_else(|| "承办单位".to_owned());
    match &event.what {
        Happening::Submitted { content, .. } if content.on_behalf_of.is_some() => "代他人下单".to_owned(),
        Happening::Submitted { .. } => "下单".to_owned(),
        Happening::Accepted { .. } => "接单".to_owned(),
        Happening::Checked { missing, .. } if missing.is_empty() => "核对材料：已齐全".to_owned(),
        Happening::Checked { missing, .. } => format!("核对材料：还缺{}", missing.join("、")),
        Happening::Refused { reason, .. } => format!("不予受理：{}", reason.text()),
        Happening::Withdrawn { .. } => "撤单".to_owned(),
        Happening::Merged { into_number, .. } => format!("把订单并入 {into_number}"),
        Happening::Absorbed { child_number, .. } => format!("把 {child_number} 并入本订单"),
        Happening::Dispatched { dispatch } => {
            let role = match dispatch.role {
                domain::order::HandlerRole::Lead => "主办",
                domain::order::HandlerRole::Co => "协办",
            };
            format!("派单给{}（{role}）", handler(dispatch.id))
        }
        Happening::Located { grid } => format!("划到{}", scene.book.tree().name(*grid)),
        Happening::Signed { visit_at: None, .. } => "签收".to_owned(),
        Happening::Signed { visit_at: Some(at), .. } => {
            format!("签收，约定{}上门", local(*at).format("%-m月%-d日 %H:%M "))
        }
        Happening::Returned { reason, .. } => format!("退单：{}", reason.text()),
        Happening::Visited { .. } => "到现场查看".to_owned(),
        Happening::Quoted { charge, .. } => format!("报价 {}", charge.total()),
        Happening::QuoteAnswered { agreed, .. } => answered(event.hat, *agreed).to_owned(),
        Happening::Completed { charge: Some(charge), .. } => format!("报告完工，{}", cost(charge)),
        Happening::Completed { charge: None, .. } => "报告完工".to_owned(),
        Happening::Recalled { dispatch, .. } => format!("收回给{}的派单", handler(*dispatch)),
        Happening::Reworked { dispatch, .. } => format!("要求{}返工", handler(*dispatch)),
        // Every handler reads this line.
        Happening::Resolved { .. } => "办结".to_owned(),
        // Nor do they read whether the quarrel is over.
        Happening::Rated { .. } if standing == Standing::Aside => "评价".to_owned(),
        Happening::Rated { solved, satisfaction, .. } => {
            format!("评价：{}，{satisfaction} 分", if *solved { "已解决" } else { "未解决" })
        }
        Happening::Reopened { .. } => "要求重办".to_owned(),
        Happening::Urged => "催办".to_owned(),
        Happening::Commented { .. } => "留言".to_owned(),
        Happening::Unshared => "停止向承办单位提供联系方式".to_owned(),
        Happening::Mediated { step } => mediated(*step).to_owned(),
    }
}

fn cost(charge: &Charge) -> String {
    format!("费用 {}，由{}承担", charge.total(), charge.paid_by.text())
}

fn answered(hat: Hat, agreed: bool) -> &'static str {
    match (hat, agreed) {
        (Hat::Requester, true) => "同意报价",
        (Hat::Requester, false) => "不同意报价",
        (_, true) => "代居民答复：同意报价",
        (_, false) => "代居民答复：不同意报价",
    }
}

/// What one handler cost is for those who read the words of the order, and for that handler.
fn charge(standing: Standing, what: &Happening) -> Option<&Charge> {
    match what {
        Happening::Quoted { charge, .. } => Some(charge),
        Happening::Completed { charge, .. } => charge.as_ref(),
        Happening::Resolved { charge, .. } => charge.as_ref().filter(|_| standing.sees_words()),
        Happening::Submitted { .. }
        | Happening::Accepted { .. }
        | Happening::Checked { .. }
        | Happening::Refused { .. }
        | Happening::Withdrawn { .. }
        | Happening::Merged { .. }
        | Happening::Absorbed { .. }
        | Happening::Dispatched { .. }
        | Happening::Signed { .. }
        | Happening::Returned { .. }
        | Happening::Visited { .. }
        | Happening::Recalled { .. }
        | Happening::Reworked { .. }
        | Happening::QuoteAnswered { .. }
        | Happening::Rated { .. }
        | Happening::Reopened { .. }
        | Happening::Urged
        | Happening::Commented { .. }
        | Happening::Unshared
        | Happening::Mediated { .. } => None,
    }
}

/// In words that say nothing of a quarrel.
fn mediated(step: MediationStep) -> &'static str {
    match step {
        MediationStep::Appointed { .. } => "指定了经办人",
        MediationStep::Replaced { .. } => "更换了经办人",
        MediationStep::Ended => "报告办理完毕",
        MediationStep::Released => "收回了经办人的查看权限",
    }
}

fn visit(scene: &Scene<'_>, order: &Order, what: &Happening) -> Option<VisitView> {
    let Happening::Visited { visit, .. } = what else { return None };
    Some(VisitView::new(scene, order, visit))
}

fn note(standing: Standing, what: &Happening) -> Option<String> {
    match what {
        Happening::Submitted { content, .. } => content.erased.map(|why| why.text().to_owned()),
        Happening::Merged { .. }
        | Happening::Absorbed { .. }
        | Happening::Located { .. }
        | Happening::Signed { .. }
        | Happening::Quoted { .. }
        | Happening::QuoteAnswered { .. }
        | Happening::Urged
        | Happening::Unshared
        | Happening::Mediated { .. } => None,
        Happening::Accepted { note } => note.clone(),
        Happening::Checked { note, .. } => note.clone().filter(|_| standing.sees_words()),
        Happening::Refused { redirect_to, .. } => redirect_to.clone(),
        // A resident's reason is not for handlers.
        Happening::Withdrawn { reason } => reason.clone().filter(|_| standing.sees_words()),
        Happening::Dispatched { dispatch } => Some(dispatch.task.clone()),
        Happening::Returned { note, .. } => Some(note.clone()),
        Happening::Visited { visit, .. } => Some(visit.report.note.clone()),
        Happening::Completed { result, .. } | Happening::Resolved { result, .. } => Some(result.clone()),
        Happening::Recalled { reason, .. } | Happening::Reworked { reason, .. } | Happening::Reopened { reason } => {
            Some(reason.clone())
        }
        Happening::Rated { comment, .. } => comment.clone(),
        Happening::Commented { text, .. } => Some(text.clone()),
    }
}
