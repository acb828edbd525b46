use uuid::Uuid;

use super::*;
use crate::sheet::{Cell, Fault, known};

fn lines(rows: &[&[&str]]) -> Vec<Line> {
    let line = |(row, cells): (u32, &&[&str])| {
        let cells = (0..).zip(cells.iter()).filter(|(_, text)| !text.is_empty());
        Line { row, cells: cells.map(|(at, text)| (at, Cell::Text((*text).to_owned()))).collect() }
    };
    (1..).zip(rows).map(line).collect()
}

fn read(lines: &[Line]) -> Result<Roll, Faults> {
    let compound = |name: &str| (name == "西苑小区").then(|| PlaceId(Uuid::from_u128(7)));
    read_roll(lines, CommunityId(Uuid::nil()), compound)
}

fn told(lines: &[Line]) -> Vec<String> {
    read(lines).expect_err("faults").listed.iter().map(Fault::to_string).collect()
}

const HEAD: &[&str] = &["小区", "楼栋", "单元", "室", "姓名", "电话", "备注"];

#[test]
fn columns_may_stand_in_any_order_under_any_common_name() {
    let roll = read(&lines(&[
        &["序号", " 联系电话 ", "姓 名", "室号", "小区"],
        &["1", "138 0000 0001", "张大爷", "301", "西苑小区"],
    ]));
    let roll = roll.expect("a roll");
    assert_eq!(roll.ignored, ["序号"]);
    let [entry] = roll.entries.as_slice() else { panic!("one entry") };
    assert_eq!((entry.row, entry.compound), (2, PlaceId(Uuid::from_u128(7))));
    assert_eq!(entry.dweller.phone.as_deref(), Some("13800000001"), "as it is found again");
    assert_eq!(entry.dweller.name.as_deref(), Some("张大爷"));
    assert_eq!((entry.door.address.room.as_deref(), entry.door.address.building.as_deref()), (Some("301"), None));
}

#[test]
fn without_the_needed_columns_nothing_is_read() {
    assert_eq!(told(&[]).len(), 3);
    assert_eq!(
        told(&lines(&[&["小区", "姓名", "小区名称"], &["西苑小区", "张大爷", ""]])),
        ["第 1 行「C」：「小区」这一列出现了两次，请只留一列", "第 1 行：缺少「室」这一列，请补上表头",]
    );
}

#[test]
fn every_fault_is_named_at_its_place() {
    let mut sheet = lines(&[
        HEAD,
        &["西苑小区", "3", "1", "301", "张大爷", "13800000001", "独居"],
        &["东苑小区", "3", "1", "302", "李大妈", "12345", ""],
        &["西苑小区", "3号楼", "1单元", "301室", "张大爷", "", ""],
        &["西苑小区", "", "", "", "", "", "\u{202e}"],
        &["西苑小区", "3", "1", &"9".repeat(21), "王奶奶", "", ""],
    ]);
    sheet.push(Line {
        row: 9,
        cells: vec![
            (0, Cell::Text("西苑小区".into())),
            (1, Cell::Date),
            (2, Cell::Merged),
            (3, Cell::Formula),
            (4, Cell::NoText),
            (6, Cell::TooLong),
            (27, Cell::Formula),
            (28, Cell::TooLong),
        ],
    });
    assert_eq!(
        told(&sheet),
        [
            "第 3 行「小区」：不是本社区的小区，请改成本社区名单里的名称",
            "第 3 行「电话」：电话号码不对，请填 11 位手机号，或带区号的座机号，如 0311-85551234",
            "第 4 行：与第 2 行是同一户，请只留一行",
            "第 5 行「备注」：有不能识别的字符，请删除后再导入",
            "第 5 行「室」：没有填写，请补上",
            "第 5 行「姓名」：没有填写，请补上",
            "第 6 行「室」：太长了，最多 20 个字",
            "第 9 行「楼栋」：被存成了日期，请把单元格格式改为“文本”后重新填写",
            "第 9 行「单元」：是合并的单元格，请取消合并，每户一行填写完整",
            "第 9 行「室」：是公式，请改成填好的文字",
            "第 9 行「姓名」：不是文字，请改成文字后再导入",
            "第 9 行「备注」：太长了，最多 500 个字",
            "第 9 行「AB」：是公式，请改成填好的文字",
        ]
    );
}

#[test]
fn of_many_faults_the_rest_is_counted() {
    let mut rows: Vec<&[&str]> = vec![HEAD];
    let wrong = ["别处", "", "", "1", "张大爷", "", ""];
    rows.extend([wrong.as_slice(); 250]);
    let faults = read(&lines(&rows)).expect_err("faults");
    assert_eq!((faults.listed.len(), faults.more, faults.count()), (100, 150, 250));
    assert_eq!(known((2..=102).rev()).more, 1);
}
