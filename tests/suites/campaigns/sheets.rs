//! Lists that are brought as a sheet.

use serde_json::json;
use tests::{long_list, on_both};

use super::books::{csv, xlsx};
use super::{brings, households, opened, reveals};

const ROWS: [[&str; 7]; 3] = [
    ["西苑小区", "3号楼", "2单元", "301", "张大爷爷", "13900000002", "独居"],
    ["西苑小区", "3号楼", "2单元", "302", "李奶奶奶", "0311-85551234", ""],
    ["泰华小区", "", "", "101", "赵大娘娘", "", "听力不好，敲门要响"],
];

on_both! {
    async fn every_kind_of_file_that_people_save_is_read(app: &TestApp) {
        let cast = app.xiyuan().await;
        let text = csv(&ROWS);
        let with_mark = [b"\xef\xbb\xbf", text.as_bytes()].concat();
        let (gb, _, had_faults) = encoding_rs::GB18030.encode(&text);
        assert!(!had_faults);
        for (name, file) in [
            ("名单.xlsx", xlsx(&ROWS)),
            ("名单.csv", text.clone().into_bytes()),
            ("名单.csv", with_mark),
            ("名单.csv", gb.into_owned()),
            ("misnamed.jpg", text.replace("\r\n", "\n\n").into_bytes()),
        ] {
            let campaign = opened(&cast).await;
            let reply = brings(&cast.clerk, &campaign, name, file).await;
            assert_eq!(reply.status, 201, "{name}: {reply}");
            assert_eq!(reply.value(), json!({ "added": 3, "households": 3, "ignored_columns": [] }), "{name}");
            let doors = households(&cast.clerk, &campaign, "").await;
            let seen = reveals(&cast.clerk, &doors[2]).await.ok();
            assert_eq!(seen["people"], json!([{ "name": "赵大娘娘", "phone": null, "note": "听力不好，敲门要响" }]), "{name}");
            assert_eq!((&seen["compound"], &seen["building"], &seen["room"]), (&json!("泰华小区"), &json!(null), &json!("101")));
            let seen = reveals(&cast.clerk, &doors[0]).await.ok();
            assert_eq!((&seen["building"], &seen["people"][0]["phone"]), (&json!("3号楼"), &json!("13900000002")), "{name}");
        }
    }

    async fn heads_may_stand_in_any_order_and_numbers_are_numbers(app: &TestApp) {
        let cast = app.xiyuan().await;
        let campaign = opened(&cast).await;
        let file = super::books::book(|sheet| {
            for (column, head) in ["序号", " 姓 名 ", "联系电话", "室号", "小区"].iter().enumerate() {
                sheet.write_string(2, column as u16, *head).expect("a cell");
            }
            sheet.write_number(4, 0, 1).expect("a cell");
            sheet.write_string(4, 1, "张大爷爷").expect("a cell");
            sheet.write_number(4, 2, 13_900_000_002.0).expect("a cell");
            sheet.write_number(4, 3, 1204).expect("a cell");
            sheet.write_string(4, 4, " 西苑小区 ").expect("a cell");
        });
        let reply = brings(&cast.clerk, &campaign, "名单.xlsx", file).await.ok();
        assert_eq!(reply, json!({ "added": 1, "households": 1, "ignored_columns": ["序号"] }));
        let [door] = households(&cast.clerk, &campaign, "").await.try_into().expect("one door");
        let seen = reveals(&cast.clerk, &door).await.ok();
        assert_eq!((&seen["room"], &seen["people"][0]["phone"]), (&json!("1204"), &json!("13900000002")));
    }

    async fn a_sheet_is_imported_once(app: &TestApp) {
        let cast = app.xiyuan().await;
        let campaign = opened(&cast).await;
        // A workbook that is made in another second is another file.
        let file = xlsx(&ROWS);
        let first = brings(&cast.clerk, &campaign, "a.xlsx", file.clone()).key("import-1").await.ok();
        assert_eq!(brings(&cast.clerk, &campaign, "a.xlsx", file).key("import-1").await.ok(), first);
        assert_eq!(app.database.count("households").await, 3);
        brings(&cast.clerk, &campaign, "a.csv", csv(&ROWS).into_bytes()).key("import-1").await.refused(422, "key_reused");
        // Without the key, every row is known.
        let problem = brings(&cast.clerk, &campaign, "a.xlsx", xlsx(&ROWS)).await.refused(422, "sheet_refused");
        let errors = problem["errors"].as_array().expect("errors");
        assert_eq!(errors.len(), 3);
        assert_eq!(errors[0], json!({ "pointer": "/rows/2", "detail": "第 2 行：这一户已经在名单里，请删去这一行" }));
        assert_eq!(app.database.count("households").await, 3);
    }

    async fn ten_thousand_households_come_in_one_sheet(app: &TestApp) {
        let cast = app.xiyuan().await;
        let campaign = opened(&cast).await;
        let file = long_list(10_000);
        let begun = std::time::Instant::now();
        let reply = brings(&cast.clerk, &campaign, "名单.xlsx", file).await.ok();
        println!("10,000 households: {:?}", begun.elapsed());
        assert_eq!(reply, json!({ "added": 10_000, "households": 10_000, "ignored_columns": [] }));
        let totals = cast.clerk.get(&super::at(&campaign, "/totals")).await.ok();
        assert_eq!((&totals["households"], &totals["untouched"]), (&json!(10_000), &json!(10_000)));
        let problem = brings(&cast.clerk, &campaign, "名单.xlsx", long_list(10_000)).await.refused(422, "sheet_refused");
        assert_eq!(problem["errors"].as_array().expect("errors").len(), 100);
        assert!(problem["detail"].as_str().expect("words").contains("其余 9900 处"), "{problem}");
    }
}
