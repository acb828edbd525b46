//! The same for Excel and WPS. Rows go to a file as they are written, however many there are.

use rust_xlsxwriter::{ColNum, RowNum, Workbook, Worksheet, XlsxError};

use super::Report;
use crate::sheet::plain;
use crate::view::local;

pub(super) fn workbook(report: &Report) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    totals(book.add_worksheet_with_constant_memory()?.set_name("合计")?, report)?;
    doors(book.add_worksheet_with_constant_memory()?.set_name("逐户")?, report)?;
    book.save_to_buffer()
}

fn totals(sheet: &mut Worksheet, report: &Report) -> Result<(), XlsxError> {
    let (campaign, totals) = (&report.campaign, &report.totals);
    sheet.set_column_width(0, 16)?.set_column_width(1, 24)?;
    let closed = campaign.closed.map_or_else(|| "进行中".to_owned(), |c| local(c.at).format("%Y-%m-%d").to_string());
    let mut row = 0;
    for (name, value) in [
        ("行动", campaign.title.as_str()),
        ("社区", &report.community),
        ("订单", &report.order_number),
        ("目的", &campaign.purpose),
        ("参与单位", &report.partners.join("、")),
        ("开始", &local(campaign.opened_at).format("%Y-%m-%d").to_string()),
        ("结束", &closed),
        ("打印人", &report.printed_by),
        ("打印时间", &report.printed_at.format("%Y-%m-%d %H:%M").to_string()),
    ] {
        texts(sheet, row, 0, &[name, value])?;
        row += 1;
    }
    row += 1;
    texts(sheet, row, 0, &["走访", "已入户", "家中无人", "婉拒入户", "未走访"])?;
    for round in &totals.rounds {
        row += 1;
        texts(sheet, row, 0, &[&format!("第 {} 轮", round.round)])?;
        numbers(sheet, row, &[round.visited, round.not_at_home, round.refused])?;
    }
    row += 1;
    texts(sheet, row, 0, &[&format!("共 {} 户", totals.households)])?;
    numbers(sheet, row, &[totals.visited, totals.not_at_home, totals.refused, totals.untouched()])?;
    row += 2;
    texts(sheet, row, 0, &["发放物品", "单位", "数量", "户数"])?;
    for handed in &totals.handed_out {
        row += 1;
        texts(sheet, row, 0, &[&handed.item, &handed.unit])?;
        sheet.write_number(row, 2, f64::from(u32::try_from(handed.quantity).unwrap_or(u32::MAX)))?;
        sheet.write_number(row, 3, handed.households)?;
    }
    Ok(())
}

fn doors(sheet: &mut Worksheet, report: &Report) -> Result<(), XlsxError> {
    let heads = ["序号", "小区", "楼栋", "单元", "室", "住户", "电话", "轮次", "日期", "结果", "发放", "发现"];
    texts(sheet, 0, 0, &heads)?;
    sheet.set_column_width(10, 30)?.set_column_width(11, 40)?;
    let mut row = 0;
    for door in &report.doors {
        let address = [&door.compound, &door.building, &door.unit, &door.room, &door.people, &door.phones];
        // One row a visit; a door at which nobody has knocked yet has one, too.
        let visits = door.visits.iter().map(Some).chain(door.visits.is_empty().then_some(None));
        for visit in visits {
            row += 1;
            sheet.write_number(row, 0, door.number)?;
            texts(sheet, row, 1, &address.map(String::as_str))?;
            let Some(visit) = visit else { continue };
            sheet.write_number(row, 7, visit.round)?;
            let at = visit.at.format("%Y-%m-%d").to_string();
            texts(sheet, row, 8, &[&at, visit.outcome.text(), &visit.handed_out, &visit.findings])?;
        }
    }
    Ok(())
}

/// What begins like a formula is text, also where the sheet is saved in another format later.
fn texts(sheet: &mut Worksheet, row: RowNum, first: ColNum, cells: &[&str]) -> Result<(), XlsxError> {
    for (column, cell) in (first..).zip(cells).filter(|(_, cell)| !cell.is_empty()) {
        sheet.write_string(row, column, plain(cell))?;
    }
    Ok(())
}

fn numbers(sheet: &mut Worksheet, row: RowNum, cells: &[u32]) -> Result<(), XlsxError> {
    for (column, number) in (1..).zip(cells) {
        sheet.write_number(row, column, *number)?;
    }
    Ok(())
}
