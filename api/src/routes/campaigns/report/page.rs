//! One page, nothing beside it, nothing in it that runs; maud escapes whatever people wrote.

use maud::{DOCTYPE, Markup, html};

use super::{DoorLine, Report, VisitLine};

const STYLE: &str = "body{font-family:sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;line-height:1.5}\
                     table{border-collapse:collapse;width:100%;margin-bottom:1.5rem}\
                     th,td{border:1px solid #999;padding:.25rem .5rem;text-align:left;vertical-align:top}\
                     thead{display:table-header-group}tr{break-inside:avoid}footer{color:#666}\
                     @media print{body{margin:0;max-width:none}}";

pub(super) fn page(report: &Report) -> String {
    let title = format!("{}总结", report.campaign.title);
    let page = html! {
        (DOCTYPE)
        html lang="zh-CN" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width";
                title { (title) }
                style { (maud::PreEscaped(STYLE)) }
            }
            body {
                h1 { (title) }
                (head(report))
                (totals(report))
                (doors(&report.doors))
                footer {
                    p { "打印人：" (report.printed_by) "　打印时间：" (report.printed_at.format("%Y-%m-%d %H:%M")) }
                    p { "姓名、电话和门牌已隐去；本页涉及居民家庭情况，请妥善保管，不要转发、张贴。" }
                }
            }
        }
    };
    page.into_string()
}

fn head(report: &Report) -> Markup {
    let campaign = &report.campaign;
    let closed = campaign.closed.map(|closing| crate::view::local(closing.at).format("%Y-%m-%d").to_string());
    html! {
        table {
            tr { th { "社区" } td { (report.community) } th { "订单" } td { (report.order_number) } }
            tr {
                th { "开始" } td { (crate::view::local(campaign.opened_at).format("%Y-%m-%d")) }
                th { "结束" } td { (closed.as_deref().unwrap_or("进行中")) }
            }
            tr { th { "目的" } td colspan="3" { (campaign.purpose) } }
            tr {
                th { "参与单位" }
                td colspan="3" { @if report.partners.is_empty() { "无" } @else { (report.partners.join("、")) } }
            }
        }
    }
}

fn totals(report: &Report) -> Markup {
    let totals = &report.totals;
    html! {
        h2 { "合计" }
        table {
            thead { tr { th { "" } th { "已入户" } th { "家中无人" } th { "婉拒入户" } th { "未走访" } } }
            @for round in &totals.rounds {
                tr {
                    th { "第 " (round.round) " 轮" }
                    td { (round.visited) } td { (round.not_at_home) } td { (round.refused) } td {}
                }
            }
            tr {
                th { "共 " (totals.households) " 户" }
                td { (totals.visited) } td { (totals.not_at_home) } td { (totals.refused) } td { (totals.untouched()) }
            }
        }
        table {
            thead { tr { th { "发放物品" } th { "数量" } th { "户数" } } }
            @for handed in &totals.handed_out {
                tr { td { (handed.item) } td { (handed.quantity) " " (handed.unit) } td { (handed.households) } }
            }
        }
    }
}

fn doors(doors: &[DoorLine]) -> Markup {
    html! {
        h2 { "逐户情况" }
        table {
            thead { tr { th { "序号" } th { "住址" } th { "住户" } th { "电话" } th { "走访" } } }
            @for door in doors {
                tr {
                    td { (door.number) }
                    td { (address(door)) }
                    td { (door.people) }
                    td { (door.phones) }
                    td { @for visit in &door.visits { (knock(visit)) } }
                }
            }
        }
    }
}

fn address(door: &DoorLine) -> String {
    let parts = [&door.compound, &door.building, &door.unit, &door.room];
    parts.into_iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(" ")
}

fn knock(visit: &VisitLine) -> Markup {
    html! {
        div {
            (visit.at.format("%m-%d")) " 第 " (visit.round) " 轮：" (visit.outcome.text())
            @if !visit.handed_out.is_empty() { "；发放" (visit.handed_out) }
            @if !visit.findings.is_empty() { "；" (visit.findings) }
        }
    }
}
