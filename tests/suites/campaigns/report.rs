//! The end report, on paper and as a workbook.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use serde_json::json;
use tests::{Reply, on_both};

use super::{added, at, drive, elder, knocks, opened, signature, visit};

fn sheet(reply: &Reply, name: &str) -> Vec<Vec<String>> {
    assert_eq!(reply.status, 200, "{reply}");
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(reply.body.clone())).expect("a workbook");
    assert!(book.worksheet_formula(name).expect("formulas").is_empty(), "nothing is run");
    let range = book.worksheet_range(name).expect("a sheet");
    range.rows().map(|row| row.iter().map(Data::to_string).collect()).collect()
}

on_both! {
    async fn it_says_what_was_done_and_who_printed_it(app: &TestApp) {
        let cast = app.xiyuan().await;
        let campaign = opened(&cast).await;
        let first = added(&cast.clerk, &campaign, &elder("西苑小区", "301")).await;
        let second = added(&cast.clerk, &campaign, &elder("泰华小区", "402")).await;
        let proof = signature(&cast.clerk).await;
        let mut report = visit(1, "visited");
        report["findings"] = json!("厨房线路老化");
        report["handed_out"] = json!([{ "item": "烟感报警器", "quantity": 2, "attachment_ids": [proof] }]);
        knocks(&cast.clerk, &first, &report).await.ok();
        knocks(&cast.clerk, &second, &visit(1, "not_at_home")).await.ok();

        let page = cast.secretary.get(&at(&campaign, "/report")).await;
        assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")), "{page}");
        for words in [
            "敲门入户送安全", "西苑社区", "XY-20261123-0001", "新华区消防救援大队、红色物业西苑管理科", "共 2 户", "烟感报警器",
            "2 个", "西苑小区 3号楼 2单元 3**", "张***", "139****0002", "第 1 轮：已入户；发放烟感报警器 2 个；厨房线路老化",
            "打印人：西苑社区书记", "打印时间：2026-11-23 10:00",
        ] {
            assert!(page.text().contains(words), "{words}: {}", page.text());
        }
        for secret in ["张大爷爷", "13900000002", "301", "<script", "src=", "href="] {
            assert!(!page.text().contains(secret), "{secret}: {}", page.text());
        }
        assert_eq!(page.header("cache-control"), Some("no-store"));

        let book = cast.clerk.get(&at(&campaign, "/report.xlsx")).await;
        let totals = sheet(&book, "合计");
        assert!(totals.contains(&["共 2 户", "1", "1", "0", "0"].map(str::to_owned).to_vec()), "{totals:?}");
        assert!(totals.iter().any(|row| row[..4] == ["烟感报警器", "个", "2", "1"]), "{totals:?}");
        assert!(totals.iter().any(|row| row[..2] == ["打印人", "接访员小赵"]), "{totals:?}");
        let doors = sheet(&book, "逐户");
        assert_eq!(doors.len(), 3);
        assert_eq!(doors[1][..10], ["1", "西苑小区", "3号楼", "2单元", "3**", "张***", "139****0002", "1", "2026-11-23", "已入户"]);
        assert_eq!((doors[2][9].as_str(), doors[1][11].as_str()), ("家中无人", "厨房线路老化"));

        let lines = async |action: &str| {
            let admin = app.administrator().await;
            let page = admin.get(&format!("/v1/admin/audit?limit=100&action={action}")).await.ok();
            page["items"].as_array().expect("lines").clone()
        };
        let [line] = lines("campaigns_report").await.try_into().expect("one line");
        assert_eq!((&line["person_id"], &line["target_id"]), (&json!(cast.secretary.id), &campaign["id"]));
        assert_eq!(lines("campaigns_sheet").await.len(), 1);
    }

    async fn what_people_write_does_nothing_there(app: &TestApp) {
        let cast = app.xiyuan().await;
        let order = cast.accepted().await;
        let mut wicked = drive(&order);
        wicked["title"] = json!("=1+1");
        wicked["purpose"] = json!("</td><script>alert(1)</script>");
        wicked["items"] = json!([{ "name": "@SUM(A1)", "unit": "<b>" }]);
        let campaign = cast.clerk.post("/v1/campaigns").json(&wicked).await.ok();
        let mut household = elder("西苑小区", "301");
        household["people"][0]["name"] = json!("=cmd|' /C calc'!A0");
        household["building"] = json!("-3");
        let door = added(&cast.clerk, &campaign, &household).await;
        let mut report = visit(1, "visited");
        report["findings"] = json!("+1<img src=x onerror=alert(1)>");
        knocks(&cast.clerk, &door, &report).await.ok();
        let page = cast.clerk.get(&at(&campaign, "/report")).await;
        for mark in ["<script", "<img", "<b>"] {
            assert!(!page.text().contains(mark), "{}", page.text());
        }
        assert!(page.text().contains("&lt;script&gt;"), "{}", page.text());
        let book = cast.clerk.get(&at(&campaign, "/report.xlsx")).await;
        assert_eq!(sheet(&book, "合计")[0][1], "'=1+1");
        let doors = sheet(&book, "逐户");
        assert_eq!((doors[1][2].as_str(), doors[1][11].as_str()), ("'-3", "'+1<img src=x onerror=alert(1)>"));
        assert!(doors[1][5].starts_with("'="), "{doors:?}");
    }

    async fn reports_are_made_at_the_desk(app: &TestApp) {
        let cast = app.xiyuan().await;
        let campaign = opened(&cast).await;
        let (grid, fire, street) = (app.sign_in("demo-xy-grid").await, app.sign_in("demo-xy-fire").await, app.sign_in("demo-xy-street").await);
        let elsewhere = app.sign_in("demo-ry-secretary").await;
        for path in [at(&campaign, "/report"), at(&campaign, "/report.xlsx")] {
            for other in [&grid, &fire, &street, &cast.wang] {
                other.get(&path).await.refused(403, "not_permitted");
            }
            elsewhere.get(&path).await.refused(404, "not_found");
        }
    }
}
