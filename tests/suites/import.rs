//! `hongguanjia import messages`: old letters become orders, each of them once.

use std::process::Output;

use tests::{Person, Program, TestApp, community, on_both, shared_data};

const HEADER: &str = "message_id,author,created_at,subject,body,replied_at\n";

fn real_letters() -> String {
    shared_data().join("citizen-messages.csv").display().to_string()
}

async fn import(app: &TestApp, file: &str, more: &[&str]) -> Output {
    let arguments = [&["import", "messages", file][..], more].concat();
    Program::run(&app.environment().await, &arguments).await
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("text")
}

fn complained(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("text")
}

/// Every order of the desk, page by page.
async fn all_orders(desk: &Person) -> Vec<serde_json::Value> {
    let (mut orders, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = desk.get(&format!("/v1/orders?view=community&limit=100{cursor}")).await.ok();
        orders.extend(page["items"].as_array().expect("items").iter().cloned());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return orders,
        }
    }
}

on_both! {
    async fn every_letter_becomes_an_order_once(app: &TestApp) {
        let first = import(app, &real_letters(), &["--community", "XY"]).await;
        assert!(first.status.success(), "{first:?}");
        assert!(said(&first).contains("新导入 2816 封，此前已导入 0 封，未能导入 0 行"), "{}", said(&first));
        let before = app.database.picture().await;
        let again = import(app, &real_letters(), &["--community", &community("XY")]).await;
        assert!(said(&again).contains("新导入 0 封，此前已导入 2816 封"), "{}", said(&again));
        assert_eq!(app.database.picture().await, before, "nothing doubled");
        assert_eq!(app.waiting().await, 0, "nobody is told of what is long past");

        let verified = Program::run(&app.environment().await, &["verify-history"]).await;
        assert!(said(&verified).starts_with("2816 orders, ") && said(&verified).contains(" 0 faults"), "{verified:?}");

        // The desk reads them all, word for word and with their own times.
        let desk = app.sign_in("demo-xy-secretary").await;
        let orders = all_orders(&desk).await;
        assert_eq!(orders.len(), 2_816);
        let mut seen: Vec<_> = orders
            .iter()
            .map(|o| (o["submitted_at"].as_str().expect("a time").to_owned(), o["description"].as_str().expect("a text").to_owned()))
            .collect();
        let mut rows = csv::Reader::from_path(real_letters()).expect("the letters");
        let mut written: Vec<_> = rows
            .records()
            .map(|row| row.expect("a row"))
            .map(|row| (in_milliseconds(&row[2]), row[4].trim().to_owned()))
            .collect();
        seen.sort();
        written.sort();
        assert!(seen == written, "every letter, its time and its words");
        assert!(orders.iter().all(|order| ["submitted", "resolved"].contains(&order["status"].as_str().expect("a status"))));
    }

    async fn killed_in_the_middle_it_goes_on(app: &TestApp) {
        let mut child = Program::start(&app.environment().await, &["import", "messages", &real_letters(), "--community", "XY"]);
        while app.database.count("orders").await == 0 {
            assert!(child.try_wait().expect("a process").is_none(), "it ended before it could be killed");
        }
        child.kill().await.expect("dead");
        let half = app.database.count("orders").await;
        assert!((1..2_816).contains(&half), "{half}");
        let rest = import(app, &real_letters(), &["--community", "XY"]).await;
        let expected = format!("新导入 {} 封，此前已导入 {half} 封，未能导入 0 行", 2_816 - half);
        assert!(said(&rest).contains(&expected), "{}", said(&rest));
        assert_eq!(app.database.count("orders").await, 2_816);
        let verified = Program::run(&app.environment().await, &["verify-history"]).await;
        assert!(verified.status.success() && said(&verified).starts_with("2816 orders, "), "{verified:?}");
    }

    async fn two_imports_at_once_share_the_letters(app: &TestApp) {
        let (file, to) = (real_letters(), ["--community", "XY"]);
        let (a, b) = tokio::join!(import(app, &file, &to), import(app, &file, &to));
        assert!(a.status.success() && b.status.success(), "{a:?} {b:?}");
        assert_eq!(app.database.count("orders").await, 2_816);
    }

    async fn a_row_that_cannot_be_taken_is_told_and_stops_nothing(app: &TestApp) {
        let (file, errors) = (app.folder.path().join("letters.csv"), app.folder.path().join("errors.csv"));
        let at = "2019-04-25T09:32:09+08:00";
        let rows = format!("1,甲,{at},路灯,路灯不亮,\n2,乙,昨天,井盖,井盖丢了,\n3,丙,{at},噪音,,\n4,丁,{at},停车,车位被占,{at}\n");
        std::fs::write(&file, format!("{HEADER}{rows}")).expect("a file");
        let errors_path = errors.display().to_string();
        let done = import(app, &file.display().to_string(), &["--community", "XY", "--errors", &errors_path]).await;
        assert_eq!(done.status.code(), Some(2), "{done:?}");
        let said = said(&done);
        assert!(said.contains("第 3 行（编号 2）：来信时间应写作") && said.contains("第 4 行（编号 3）：请填写正文"), "{said}");
        assert!(said.contains("新导入 2 封，此前已导入 0 封，未能导入 2 行"), "{said}");
        let told = std::fs::read_to_string(errors).expect("the errors");
        assert!(told.starts_with("line,message_id,reason\n3,2,"), "{told}");
        let desk = app.sign_in("demo-xy-clerk").await;
        let mut statuses: Vec<_> = all_orders(&desk).await.iter().map(|o| o["status"].as_str().expect("a status").to_owned()).collect();
        statuses.sort();
        assert_eq!(statuses, ["resolved", "submitted"], "one was answered in its day, one waits");
    }

    async fn what_cannot_be_done_is_said_and_changes_nothing(app: &TestApp) {
        let before = app.database.picture().await;
        let wrong = app.folder.path().join("wrong.csv");
        std::fs::write(&wrong, "id,text\n1,路灯不亮\n").expect("a file");
        let wrong = wrong.display().to_string();
        for (file, to, word) in [
            (real_letters(), "ZZ", "请从下列社区中选择"),
            ("no-such-file.csv".to_owned(), "XY", "打不开 no-such-file.csv"),
            (wrong, "XY", "第一行应为列名，缺少：message_id"),
        ] {
            let done = import(app, &file, &["--community", to]).await;
            assert_eq!(done.status.code(), Some(1), "{done:?}");
            assert!(complained(&done).contains(word), "{}", complained(&done));
        }
        let done = import(app, &real_letters(), &["--community", "XY", "--service", "magic"]).await;
        assert!(complained(&done).contains("西苑社区没有这项服务"), "{}", complained(&done));
        assert_eq!(app.database.picture().await, before);
    }

    async fn a_book_on_paper_becomes_orders_that_count(app: &TestApp) {
        let folder = tempfile::tempdir().expect("a folder");
        let book = folder.path().join("book.csv");
        let head = "reference,service_key,compound,submitted_on,resolved_on,title,result\n";
        let lines = "1,errand,润园小区,2020-03-09,2020-03-10,代取药品,已送到家\n\
                     2,mediation,,2021-05-06,2021-05-20,楼上漏水的纠纷,双方已签字\n\
                     3,volunteer_repair,润园小区,2021-05-06,2021-05-07,换水龙头,不再滴水\n";
        let faults = "4,errand,月亮小区,2020-03-09,2020-03-10,代取药品,已送到家\n\
                      5,dancing,,2020-03-09,2020-03-10,跳舞,跳了\n\
                      6,errand,,2020-03-09,2020-03-08,代取药品,已送到家\n\
                      7,errand,,2020-03-09,2199-03-08,代取药品,已送到家\n\
                      1,errand,,2020-03-09,2020-03-10,代取药品,已送到家\n\
                      8,errand,,昨天,2020-03-10,代取药品,已送到家\n\
                      9,errand,,2020-03-09\n";
        std::fs::write(&book, [head, lines, faults].concat()).expect("a file");
        let file = book.display().to_string();
        let bring = async || {
            let arguments = ["import", "ledger", &file, "--community", "RY"];
            Program::run(&app.environment().await, &arguments).await
        };
        let first = bring().await;
        assert_eq!(first.status.code(), Some(2), "{first:?}");
        let words = said(&first);
        assert!(words.contains("新导入 3 件，此前已导入 0 件，未能导入 7 行"), "{words}");
        for fault in ["第 5 行：本社区没有「月亮小区」", "第 6 行：本社区没有「dancing」", "第 7 行：办结日期早于", "第 9 行：编号与第 2 行重复", "第 11 行"] {
            assert!(words.contains(fault), "{fault}: {words}");
        }
        let before = app.database.picture().await;
        assert!(said(&bring().await).contains("新导入 0 件，此前已导入 3 件"));
        assert_eq!(app.database.picture().await, before, "nothing doubled");
        assert_eq!(app.waiting().await, 0, "nobody is told of what is long past");

        let path = format!("/v1/communities/{}/figures", community("RY"));
        let counts = async |query: &str| {
            let figures = app.anonymous().get(&format!("{path}{query}")).await.ok();
            let items = figures["items"].as_array().expect("items").clone();
            items.iter().map(|item| item["count"].as_i64().expect("a count")).collect::<Vec<_>>()
        };
        assert_eq!(counts("?from=2020-01-01").await, [0, 1, 1, 1], "matters, errands, disputes, repairs");
        assert_eq!(counts("?from=2020-01-01&until=2020-12-31").await, [0, 1, 0, 0]);
        assert_eq!(counts("?from=2021-05-02").await, [0, 0, 0, 1], "a quarrel counts in its month, not on its day");
        // What neighbours quarrelled about is sealed here as everywhere.
        let clerk = app.sign_in("demo-ry-clerk").await;
        let seen = all_orders(&clerk).await;
        assert!(seen.iter().all(|order| order["service_key"] != "mediation"), "{seen:?}");
        assert_eq!(seen.len(), 2);
        let verified = Program::run(&app.environment().await, &["verify-history"]).await;
        assert!(said(&verified).starts_with("3 orders, ") && said(&verified).contains(" 0 faults"), "{verified:?}");
    }
}

/// As the API shows an instant.
fn in_milliseconds(written: &str) -> String {
    let at: chrono::DateTime<chrono::FixedOffset> = written.parse().expect("an instant");
    at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, false)
}
