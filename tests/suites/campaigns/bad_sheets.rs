//! Sheets that are not taken: each is refused in words that say what to do, and leaves nothing behind.

use rust_xlsxwriter::{Format, Formula, Workbook};
use serde_json::{Value, json};
use tests::{HEAD, Picture, long_list, on_both};

use super::books::{bomb, book, broken_off, csv, empty_cells, merged, xlsx};
use super::{brings, opened};

fn details(problem: &Value) -> Vec<&str> {
    problem["errors"].as_array().expect("errors").iter().map(|e| e["detail"].as_str().expect("words")).collect()
}

const FINE: [&str; 7] = ["西苑小区", "3", "", "301", "张大爷爷", "13900000002", ""];

on_both! {
    async fn each_fault_is_named_by_row_and_column(app: &TestApp) {
        let cast = app.xiyuan().await;
        let campaign = opened(&cast).await;
        let before = app.database.picture().await;
        let rows = [
            FINE,
            ["润园小区", "3", "", "302", "李奶奶", "", ""],
            ["西苑小区", "3", "", "", "王大爷", "12345", ""],
            ["西苑小区", "３号楼", "", "301室", "张大爷爷", "", ""],
            ["", "", "", "", "", "", ""],
            ["西苑小区", "3", "", "305", "", "", ""],
        ];
        let expected = [
            "第 3 行「小区」：不是本社区的小区，请改成本社区名单里的名称",
            "第 4 行「室」：没有填写，请补上",
            "第 4 行「电话」：电话号码不对，请填 11 位手机号，或带区号的座机号，如 0311-85551234",
            "第 5 行：与第 2 行是同一户，请只留一行",
            "第 7 行「姓名」：没有填写，请补上",
        ];
        for file in [xlsx(&rows), csv(&rows).into_bytes()] {
            let problem = brings(&cast.clerk, &campaign, "名单", file).await.refused(422, "sheet_refused");
            assert_eq!(details(&problem), expected);
            assert_eq!(problem["errors"][2]["pointer"], "/rows/4/电话");
            assert!(problem["detail"].as_str().expect("words").contains("5 处"), "{problem}");
            assert!(!problem.to_string().contains("张大爷爷"), "no cell is repeated: {problem}");
        }
        assert_eq!(app.database.picture().await, before, "nothing is half-imported");
    }

    async fn of_many_faults_a_hundred_are_listed(app: &TestApp) {
        let cast = app.xiyuan().await;
        let campaign = opened(&cast).await;
        let rows = vec![["别处小区", "", "", "1", "张大爷", "", ""]; 250];
        let problem = brings(&cast.clerk, &campaign, "名单.csv", csv(&rows).into_bytes()).await.refused(422, "sheet_refused");
        assert_eq!(details(&problem).len(), 100);
        let detail = problem["detail"].as_str().expect("words");
        assert!(detail.contains("250 处") && detail.contains("其余 150 处"), "{detail}");
    }

    async fn formulas_merged_cells_and_dates_are_faults(app: &TestApp) {
        let cast = app.xiyuan().await;
        let campaign = opened(&cast).await;
        let refused = async |file: Vec<u8>| brings(&cast.clerk, &campaign, "名单.xlsx", file).await.refused(422, "sheet_refused");
        let file = book(|sheet| {
            for (column, head) in HEAD.iter().enumerate() {
                sheet.write_string(0, column as u16, *head).expect("a cell");
            }
            sheet.write_string(1, 0, "西苑小区").expect("a cell");
            sheet.write_datetime_with_format(1, 1, rust_xlsxwriter::ExcelDateTime::from_ymd(2026, 3, 1).expect("a day"), &Format::new().set_num_format("m-d")).expect("a cell");
            sheet.write_formula(1, 3, Formula::new("=100+1").set_result("101")).expect("a cell");
            sheet.write_boolean(1, 4, true).expect("a cell");
        });
        assert_eq!(details(&refused(file).await), [
            "第 2 行「楼栋」：被存成了日期，请把单元格格式改为“文本”后重新填写",
            "第 2 行「室」：是公式，请改成填好的文字",
            "第 2 行「姓名」：不是文字，请改成文字后再导入",
        ]);
        let merged = refused(merged()).await;
        assert_eq!(details(&merged)[0], "第 2 行「小区」：是合并的单元格，请取消合并，每户一行填写完整");
        let mut row = FINE;
        row[6] = "=HYPERLINK(\"http://x\")";
        let problem = brings(&cast.clerk, &campaign, "名单.csv", csv(&[row]).into_bytes()).await.refused(422, "sheet_refused");
        assert_eq!(problem["errors"][0]["pointer"], "/rows/2/备注");
        assert_eq!(app.database.count("households").await, 0);
    }

    async fn without_its_head_a_sheet_is_not_read(app: &TestApp) {
        let cast = app.xiyuan().await;
        let campaign = opened(&cast).await;
        for (file, expected) in [
            (Vec::new(), vec!["第 1 行：缺少「小区」这一列，请补上表头", "第 1 行：缺少「室」这一列，请补上表头", "第 1 行：缺少「姓名」这一列，请补上表头"]),
            ("小区,姓名,小区名称\n西苑小区,张大爷,".into(), vec!["第 1 行「C」：「小区」这一列出现了两次，请只留一列", "第 1 行：缺少「室」这一列，请补上表头"]),
        ] {
            let problem = brings(&cast.clerk, &campaign, "名单.csv", file).await.refused(422, "sheet_refused");
            assert_eq!(details(&problem), expected);
        }
        brings(&cast.clerk, &campaign, "名单.xlsx", book(|_| {})).await.refused(422, "sheet_refused");
        // A head alone is a list of nobody: whoever brings it has lost the rest.
        for file in [xlsx(&[]), csv(&[]).into_bytes()] {
            let problem = brings(&cast.clerk, &campaign, "名单", file).await.refused(422, "sheet_refused");
            assert_eq!(details(&problem), ["第 1 行：表头下面没有内容，请填好后再导入"]);
        }
    }

    async fn a_sheet_that_breaks_off_is_imported_nowhere(app: &TestApp) {
        let cast = app.xiyuan().await;
        let campaign = opened(&cast).await;
        let mut other = FINE;
        other[3] = "302";
        let whole = xlsx(&[FINE, other]);
        for rows in 0..=2 {
            for file in [broken_off(&whole, rows, ""), broken_off(&whole, rows, "<row r=\"9\"><c r=\"A9\" t=\"s"), broken_off(&whole, rows, "</sheetData>")] {
                brings(&cast.clerk, &campaign, "名单.xlsx", file).await.refused(422, "sheet_refused");
            }
        }
        assert_eq!(app.database.count("households").await, 0);
    }

    async fn columns_and_cells_without_end_are_not_looked_at(app: &TestApp) {
        let cast = app.xiyuan().await;
        let campaign = opened(&cast).await;
        let wide = format!("小区,室,姓名{}\n西苑小区,301,张大爷\n", ",列".repeat(1_500_000));
        let reply = brings(&cast.clerk, &campaign, "名单.csv", wide.into_bytes()).key("wide").await;
        assert_eq!(reply.status, 201, "{}", reply.text().chars().take(200).collect::<String>());
        assert_eq!(reply.value()["ignored_columns"].as_array().map(Vec::len), Some(20));
        let before = app.database.picture().await;
        // Millions of cells in which nothing stands, some kilobytes packed; and fewer, beside other sheets.
        for file in [empty_cells(1, 2_000_000), empty_cells(8, 800_000)] {
            let problem = brings(&cast.clerk, &campaign, "名单.xlsx", file).await.refused(422, "sheet_refused");
            assert!(problem["detail"].as_str().expect("words").contains("格子太多"), "{problem}");
        }
        assert_eq!(app.database.picture().await, before);
    }

    async fn too_much_is_refused_before_it_is_unpacked(app: &TestApp) {
        let cast = app.xiyuan().await;
        let campaign = opened(&cast).await;
        let before = app.database.picture().await;
        let bring = |file: Vec<u8>| brings(&cast.clerk, &campaign, "名单.xlsx", file);
        let says = |problem: Value, words: &str| assert!(problem["detail"].as_str().expect("words").contains(words), "{problem}");
        // A hundred megabytes in some kilobytes; and the same, which says that it is small.
        let honest = bomb(128 * 1024 * 1024, None);
        assert!(honest.len() < 1024 * 1024, "{}", honest.len());
        says(bring(honest).await.refused(422, "sheet_refused"), "解压后太大");
        let lying = bring(bomb(128 * 1024 * 1024, Some(1_000))).await.refused(422, "sheet_refused");
        assert_eq!(lying["errors"], Value::Null, "{lying}");
        let hundred_thousand = long_list(100_000);
        assert!(hundred_thousand.len() < 8 * 1024 * 1024, "{}", hundred_thousand.len());
        says(bring(hundred_thousand).await.refused(422, "sheet_refused"), "20000 行");
        let rows = vec![FINE; 20_001];
        says(bring(csv(&rows).into_bytes()).await.refused(422, "sheet_refused"), "20000 行");
        says(bring(vec![b'x'; 8 * 1024 * 1024 + 1]).await.refused(413, "payload_too_large"), "8 MB");
        // One cell far away makes no table of a million rows.
        let far = book(|sheet| {
            for (column, head) in HEAD.iter().enumerate() {
                sheet.write_string(0, column as u16, *head).expect("a cell");
            }
            sheet.write_string(1_048_575, 16_383, "远").expect("a cell");
            sheet.write_string(1_048_575, 4, "张大爷").expect("a cell");
        });
        let problem = bring(far).await.refused(422, "sheet_refused");
        assert!(details(&problem)[0].starts_with("第 1048576 行"), "{problem}");
        assert_eq!(app.database.picture().await, before);
    }

    async fn what_is_no_sheet_is_told_apart(app: &TestApp) {
        let cast = app.xiyuan().await;
        let campaign = opened(&cast).await;
        let bring = |file: Vec<u8>| brings(&cast.clerk, &campaign, "名单.xlsx", file);
        bring(Picture { width: 40, height: 20 }.png()).await.refused(415, "sheet_unsupported");
        bring([b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".as_slice(), &[0; 512]].concat()).await.refused(415, "sheet_unsupported");
        bring(bomb(10, None)).await.refused(415, "sheet_unsupported");
        let whole = xlsx(&[FINE]);
        bring(whole[..whole.len() / 2].to_vec()).await.refused(422, "sheet_refused");
        let mut damaged = whole.clone();
        let middle = damaged.len() / 3;
        damaged[middle..middle + 64].fill(0xff);
        bring(damaged).await.refused(422, "sheet_refused");
        let in_latin = bring(b"\xff\xff\xff\xff\x80\x80".to_vec()).await.refused(422, "sheet_refused");
        assert!(in_latin["detail"].as_str().expect("words").contains("编码"), "{in_latin}");
        let mut two = Workbook::new();
        for _ in 0..2 {
            two.add_worksheet().write_string(0, 0, "小区").expect("a cell");
        }
        let problem = bring(two.save_to_buffer().expect("a workbook")).await.refused(422, "sheet_refused");
        assert!(problem["detail"].as_str().expect("words").contains("多张工作表"), "{problem}");
        let path = super::at(&campaign, "/households/import");
        cast.clerk.post(&path).file("photo", "a.xlsx", whole).await.refused_field("/file");
        cast.clerk.post(&path).json(&json!({})).await.refused(400, "bad_request");
        assert_eq!(app.database.count("households").await, 0);
    }

    async fn sheets_are_the_desks_own(app: &TestApp) {
        let cast = app.xiyuan().await;
        let campaign = opened(&cast).await;
        let bring = async |who: &tests::Client| brings(who, &campaign, "名单.xlsx", xlsx(&[FINE])).await;
        let (grid, fire, elsewhere) = (app.sign_in("demo-xy-grid").await, app.sign_in("demo-xy-fire").await, app.sign_in("demo-ry-clerk").await);
        for other in [&grid, &fire, &cast.wang, &cast.property] {
            bring(other).await.refused(403, "not_permitted");
        }
        bring(&elsewhere).await.refused(404, "not_found");
        bring(&app.anonymous()).await.refused(401, "unauthenticated");
        cast.clerk.post(&super::at(&campaign, "/close")).json(&json!({})).await.ok();
        bring(&cast.clerk).await.refused(409, "campaign_closed");
        assert_eq!(app.database.count("households").await, 0);
    }
}
