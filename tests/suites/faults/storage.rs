//! The folder of photos is full, read-only, or not there.

use serde_json::json;
use tests::{Picture, Program, TestApp, id, kerb, on_both};

fn jpeg() -> Vec<u8> {
    Picture { width: 320, height: 240 }.jpeg()
}

/// Puts a file where the folder of photos belongs: whatever is written there fails, for root as well.
fn spoil(app: &TestApp) {
    let photos = app.folder.path().join("photos");
    std::fs::rename(&photos, app.folder.path().join("aside")).expect("moved");
    std::fs::write(photos, "").expect("a file");
}

fn mend(app: &TestApp) {
    let photos = app.folder.path().join("photos");
    std::fs::remove_file(&photos).expect("removed");
    std::fs::rename(app.folder.path().join("aside"), photos).expect("moved back");
}

on_both! {
    async fn without_room_for_photos_orders_go_on(app: &TestApp) {
        let wang = app.sign_in("demo-xy-wang").await;
        let kept = wang.post("/v1/attachments").file("file", "a.jpg", jpeg()).await.ok();
        spoil(app);
        let before = app.database.picture().await;
        let reply = wang.post("/v1/attachments").file("file", "b.jpg", jpeg()).await;
        reply.refused(503, "photos_unavailable");
        assert_eq!(reply.header("retry-after"), Some("60"));
        let link = kept["urls"]["original"].as_str().expect("a link");
        app.anonymous().get(link).await.refused(503, "photos_unavailable");
        assert_eq!(app.database.picture().await, before, "no row without its picture");
        wang.places(&kerb()).await;

        mend(app);
        assert_eq!(app.anonymous().get(link).await.status, 200);
        let mut order = kerb();
        order["attachment_ids"] = json!([id(&wang.post("/v1/attachments").file("file", "b.jpg", jpeg()).await.ok())]);
        wang.places(&order).await;
    }

    async fn a_photo_that_does_not_fit_leaves_no_half_of_it(app: &TestApp) {
        // No file of this process may grow beyond 2,048 blocks of 512 bytes; then it is as on a disk that is full.
        let program = Program::serve_under("trap '' XFSZ; ulimit -f 2048", &app.environment().await).await;
        let wang = app.sign_in_at(&program, "demo-xy-wang").await;
        wang.post("/v1/attachments").file("file", "small.jpg", jpeg()).await.ok();
        let large = wang.post("/v1/attachments").file("file", "large.jpg", tests::noise(2048, 1536)).await;
        large.refused(503, "photos_unavailable");
        assert_eq!(app.database.count("attachments").await, 1);
        let left = app.photo_files();
        assert_eq!(left.len(), 2, "{left:?}");
        wang.places(&kerb()).await;
        program.dies().await;
    }
}
