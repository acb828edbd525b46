//! How many streams one person may hold.

use api::config::Settings;
use tests::on_both;

fn beating(settings: &mut Settings) {
    settings.limits.heartbeat_seconds = 1;
}

on_both! {
    async fn five_streams_are_enough_for_anybody(app: &TestApp) with beating {
        let cast = app.xiyuan().await;
        let mut streams = Vec::new();
        for _ in 0..5 {
            streams.push(cast.wang.watches().await);
        }
        let refused = cast.wang.get("/v1/events").await;
        refused.refused(429, "too_many_requests");
        assert!(refused.header("retry-after").is_some(), "{refused}");
        assert!(refused.text().contains("页面"), "it says what to do: {refused}");
        assert_eq!(cast.wang.asks_to_watch(None).await.status(), 429);
        cast.li.watches().await;
        let figures = app.anonymous().get("/metrics").await;
        assert!(figures.text().contains("hgj_watchers"), "operators see how many watch");

        // A heartbeat into a line that is gone gives its place back.
        streams.pop();
        let back = async { while cast.wang.asks_to_watch(None).await.status() != 200 {} };
        tokio::time::timeout(std::time::Duration::from_secs(20), back).await.expect("a place");
    }
}
