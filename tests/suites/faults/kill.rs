//! `kill -9` in the middle of 500 submits: what was answered is there, and what was not can be asked again.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::join_all;
use tests::{Client, Picture, Program, TestApp, id, kerb, on_both};

const SUBMITS: usize = 500;
const CONNECTIONS: usize = 16;

fn key(n: usize) -> String {
    format!("submit-{n}")
}

/// Submits the orders with these numbers over 16 connections; what was answered, by number. A broken connection ends the
/// work of its caller.
async fn submit(caller: &Client, numbers: Vec<usize>, answered: Arc<AtomicUsize>) -> Vec<(usize, String)> {
    let share = numbers.len().div_ceil(CONNECTIONS);
    let callers = numbers.chunks(share).map(|numbers| {
        let (caller, numbers, answered) = (caller.clone(), numbers.to_vec(), answered.clone());
        tokio::spawn(async move {
            let mut orders = Vec::new();
            for n in numbers {
                let Ok(reply) = caller.post("/v1/orders").json(&kerb()).key(&key(n)).send().await else { break };
                assert_eq!(reply.status, 201, "{reply}");
                orders.push((n, id(&reply.value()).to_owned()));
                answered.fetch_add(1, Ordering::SeqCst);
            }
            orders
        })
    });
    join_all(callers).await.into_iter().flat_map(|orders| orders.expect("no panic")).collect()
}

async fn verify(app: &TestApp) -> String {
    let verified = Program::run(&app.environment().await, &["verify-history"]).await;
    assert!(verified.status.success(), "{verified:?}");
    String::from_utf8(verified.stdout).expect("text")
}

on_both! {
    async fn killed_among_five_hundred_submits_nothing_answered_is_lost(app: &TestApp) {
        let environment = app.environment().await;
        let program = Program::serve(&environment).await;
        let wang = app.sign_in_at(&program, "demo-xy-wang").await;

        let answered = Arc::new(AtomicUsize::new(0));
        let working = tokio::spawn({
            let (wang, answered) = (wang.clone(), answered.clone());
            async move { submit(&wang, (0..SUBMITS).collect(), answered).await }
        });
        while answered.load(Ordering::SeqCst) < SUBMITS / 4 {
            tokio::task::yield_now().await;
        }
        program.dies().await;
        let first = working.await.expect("no panic");
        assert!(first.len() < SUBMITS, "killed too late to show anything");

        let program = Program::serve(&environment).await;
        let caller = app.at(&program, &wang.access_token);
        for (_, order) in &first {
            caller.get(&format!("/v1/orders/{order}")).await.ok();
        }
        let stored = app.database.count("orders").await;
        assert!((first.len()..=first.len() + CONNECTIONS).contains(&stored), "{stored} stored, {} answered", first.len());
        assert!(verify(app).await.contains(&format!("{stored} orders, {stored} events, 0 faults")));

        // Every phone asks again with its key, also those that were answered: each order is placed once.
        let all = submit(&caller, (0..SUBMITS).collect(), Arc::default()).await;
        assert_eq!((all.len(), app.database.count("orders").await), (SUBMITS, SUBMITS));
        let again: BTreeSet<_> = all.into_iter().collect();
        assert!(first.iter().all(|answer| again.contains(answer)), "the same answer as before");
        let numbers: BTreeSet<_> = app.database.texts("SELECT number FROM orders").await.into_iter().collect();
        assert_eq!(numbers.len(), SUBMITS, "no number is given twice");
        assert!(verify(app).await.contains("500 orders, 500 events, 0 faults"));
        program.dies().await;
    }

    async fn killed_among_uploads_no_file_stays_for_good(app: &TestApp) {
        let program = Program::serve(&app.environment().await).await;
        let wang = app.sign_in_at(&program, "demo-xy-wang").await;
        let photo = Picture { width: 1600, height: 1200 }.jpeg();
        let uploads: Vec<_> = (0..24)
            .map(|n| wang.post("/v1/attachments").key(&key(n)).file("file", "a.jpg", photo.clone()).send())
            .map(tokio::spawn)
            .collect();
        while app.database.count("attachments").await < 6 {
            tokio::task::yield_now().await;
        }
        program.dies().await;
        let answers = join_all(uploads).await;
        let answered = answers.into_iter().filter_map(|upload| upload.expect("no panic").ok());
        let answered: Vec<_> = answered.map(|reply| id(&reply.ok()).to_owned()).collect();
        assert!(answered.len() < 24, "killed too late to show anything");
        for photo in &answered {
            assert!(app.photo_files().iter().filter(|file| file.contains(photo)).count() >= 2, "answered, and not there");
        }
        // Nobody uses them, so a day later all are gone, also what was half written.
        app.clock.set(chrono::Utc::now() + chrono::TimeDelta::hours(25));
        app.keep_house().await;
        assert_eq!((app.database.count("attachments").await, app.photo_files()), (0, vec![]));
    }
}
