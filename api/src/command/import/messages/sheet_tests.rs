use super::*;

const HEADER: &str = "message_id,author,created_at,subject,body,replied_at\n";
const AT: &str = "2019-04-25T09:32:09+08:00";

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

fn read_sheet(file: &[u8]) -> (Vec<Letter>, Vec<Fault>) {
    read(file, instant("2026-11-23T04:00:00Z")).expect("a sheet")
}

fn read_rows(rows: impl AsRef<[u8]>) -> (Vec<Letter>, Vec<Fault>) {
    read_sheet(&[HEADER.as_bytes(), rows.as_ref()].concat())
}

/// The only reason why this row is not taken.
#[track_caller]
fn reason(row: impl AsRef<[u8]>) -> String {
    let (letters, faults) = read_rows(row);
    assert!(letters.is_empty(), "{letters:?}");
    let [fault] = faults.as_slice() else { panic!("{faults:?}") };
    assert_eq!(fault.line, 2);
    fault.reason.clone()
}

#[test]
fn a_letter_is_read_as_it_stands() {
    let (letters, faults) = read_rows(
        "8,A0,2019-05-01T08:00:00+08:00,路灯,\"第一行\n\"\"第二\"\"行\",2019-05-10T14:56:53.1239+08:00\n\
         7,A1,2019-04-25T09:32:09+08:00,,没有主题,\n",
    );
    assert_eq!(faults, []);
    let [old, young] = letters.as_slice() else { panic!("{letters:?}") };
    // The older one first, whatever the file's order.
    assert_eq!((old.reference.as_str(), old.subject.as_str(), old.replied_at), ("7", "", None));
    assert_eq!(old.created_at, instant("2019-04-25T01:32:09Z"));
    assert_eq!((young.author.as_str(), young.body.as_str()), ("A0", "第一行\n\"第二\"行"));
    assert_eq!(young.replied_at, Some(instant("2019-05-10T06:56:53.123Z")));
}

#[test]
fn what_is_wrong_with_a_row_is_said() {
    let vectors = [
        (format!("1,A,{AT},主题,,{AT}"), "请填写正文"),
        (format!("1,A,{AT},主题, \t ,{AT}"), "请填写正文"),
        (format!("1,,{AT},主题,正文,"), "请填写来信人"),
        (format!(",A,{AT},主题,正文,"), "请填写编号"),
        (format!("1,A,{AT},主题,正文"), "应有 6 列，实有 5 列"),
        (format!("1,A,{AT},主题,正文,,多的"), "应有 6 列，实有 7 列"),
        ("1,A,2019-04-25,主题,正文,".into(), "来信时间应写作 2019-04-25T09:32:09+08:00 这样，现为「2019-04-25」"),
        (format!("1,A,{AT},主题,正文,昨天"), "答复时间应写作 2019-04-25T09:32:09+08:00 这样，现为「昨天」"),
        (format!("1,A,{AT},主题,正文,2019-04-25T09:32:08+08:00"), "答复时间早于来信时间"),
        ("1,A,2027-04-25T09:32:08+08:00,主题,正文,".into(), "时间在将来"),
        ("1,A,1969-12-31T09:32:08+08:00,主题,正文,".into(), "来信时间早于 1970 年"),
        (format!("1,A,{AT},主题,{},", "长".repeat(5_001)), "正文太长了：最多 5000 个字，现在 5001 个字"),
        (format!("1,A,{AT},主题,路灯\0坏了,"), "正文里有不能识别的字符，请删除后再提交"),
        (format!("1,A,{AT},\u{202e}主题,正文,"), "主题里有不能识别的字符，请删除后再提交"),
    ];
    for (row, expected) in vectors {
        assert_eq!(reason(&row), expected, "{row}");
    }
    let in_gbk = [b"1,A,2019-04-25T09:32:09+08:00,", &[0xb2, 0xbb][..], b",body,"].concat();
    assert_eq!(reason(in_gbk), "主题不是 UTF-8 文字");
}

#[test]
fn a_fault_names_its_line_and_letter_and_stops_nothing() {
    let (letters, faults) =
        read_rows(format!("1,A,{AT},一,\"两\n行\",\n2,A,,二,正文,\n3,B,{AT},三,正文,\n3,B,{AT},三,正文,\n"));
    assert_eq!(letters.len(), 2);
    let [no_time, repeated] = faults.as_slice() else { panic!("{faults:?}") };
    assert_eq!((no_time.line, no_time.reference.as_str()), (4, "2"), "a row of two lines came before");
    assert_eq!((repeated.line, repeated.reason.as_str()), (6, "编号与第 5 行重复"));
}

#[test]
fn columns_are_found_by_name() {
    let file = format!("\u{feff}body,author,message_id,extra,created_at,replied_at,subject\n正文,A,1,x,{AT},,主题\n");
    let (letters, faults) = read_sheet(file.as_bytes());
    assert_eq!((letters.len(), faults.len()), (1, 0));
    assert_eq!((letters[0].reference.as_str(), letters[0].subject.as_str()), ("1", "主题"));

    let wrong = read("message_id,author,body\n1,A,B\n".as_bytes(), instant(AT)).expect_err("no sheet");
    assert_eq!(wrong.to_string(), "第一行应为列名，缺少：created_at、subject、replied_at");
}
