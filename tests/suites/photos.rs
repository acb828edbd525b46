//! Photos: taken in upright and bare, or refused with advice.

use std::io::Cursor;

use chrono::TimeDelta;
use futures_util::future::join_all;
use image::{ImageReader, RgbImage};
use serde_json::{Value, json};
use tests::{Client, Picture, Reply, TestApp, id, kerb, on_both, real_photo};

async fn upload(client: &Client, name: &str, bytes: Vec<u8>) -> Reply {
    client.post("/v1/attachments").file("file", name, bytes).await
}

async fn download(app: &TestApp, photo: &Value, variant: &str) -> Vec<u8> {
    let reply = app.anonymous().get(photo["urls"][variant].as_str().expect("a link")).await;
    assert_eq!((reply.status, reply.header("content-type")), (200, Some("image/jpeg")));
    reply.body
}

fn decoded(jpeg: &[u8]) -> RgbImage {
    let reader = ImageReader::new(Cursor::new(jpeg)).with_guessed_format().expect("a format");
    assert_eq!(reader.format(), Some(image::ImageFormat::Jpeg));
    reader.decode().expect("a picture").into_rgb8()
}

/// Red, green, blue or white: the colour in a corner of [`Picture`], counted from the upper left to the lower right.
fn corner(picture: &RgbImage, n: u32) -> &'static str {
    let (width, height) = picture.dimensions();
    let pixel = picture.get_pixel(width / 4 + (n % 2) * width / 2, height / 4 + (n / 2) * height / 2).0;
    match pixel.map(|channel| channel > 128) {
        [true, false, false] => "red",
        [false, true, false] => "green",
        [false, false, true] => "blue",
        [true, true, true] => "white",
        _ => panic!("{pixel:?}"),
    }
}

/// The segments of a JPEG before its data, by their markers.
fn markers(jpeg: &[u8]) -> Vec<u8> {
    let (mut at, mut found) = (2, Vec::new());
    while jpeg[at] == 0xFF && jpeg[at + 1] != 0xDA {
        found.push(jpeg[at + 1]);
        at += 2 + usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
    }
    found
}

/// No EXIF, XMP, ICC or comment: of the application segments only JFIF's own.
fn assert_bare(jpeg: &[u8]) {
    let told = markers(jpeg).into_iter().filter(|marker| matches!(marker, 0xE1..=0xEF | 0xFE));
    assert_eq!(told.collect::<Vec<_>>(), [0_u8; 0], "the picture says more than it shows");
    for word in [&b"Exif"[..], b"GPS", b"http://ns.adobe.com", b"Apple", b"Nokia", b"NIKON"] {
        assert!(!jpeg.windows(word.len()).any(|part| part == word), "{}", String::from_utf8_lossy(word));
    }
}

on_both! {
    async fn every_orientation_ends_upright(app: &TestApp) {
        let wang = app.sign_in("demo-xy-wang").await;
        // What the eight marks of EXIF make of red green / blue white.
        for (mark, upright) in [
            (1, ["red", "green", "blue", "white"]),
            (2, ["green", "red", "white", "blue"]),
            (3, ["white", "blue", "green", "red"]),
            (4, ["blue", "white", "red", "green"]),
            (5, ["red", "blue", "green", "white"]),
            (6, ["blue", "red", "white", "green"]),
            (7, ["white", "green", "blue", "red"]),
            (8, ["green", "white", "red", "blue"]),
        ] {
            let photo = upload(&wang, "a.jpg", Picture { width: 64, height: 48 }.jpeg_turned(mark)).await.ok();
            let size = (photo["width"].as_u64(), photo["height"].as_u64());
            assert_eq!(size, if mark < 5 { (Some(64), Some(48)) } else { (Some(48), Some(64)) });
            for variant in ["original", "thumbnail"] {
                let jpeg = download(app, &photo, variant).await;
                assert_bare(&jpeg);
                assert_eq!([0, 1, 2, 3].map(|n| corner(&decoded(&jpeg), n)), upright, "mark {mark}, {variant}");
            }
        }
    }

    async fn real_photos_come_out_bare_and_no_larger_than_needed(app: &TestApp) {
        let wang = app.sign_in("demo-xy-wang").await;
        for (name, is_upright) in
            [("HMD_Nokia_8.3_5G.jpg", None), ("portrait_6.jpg", Some(true)), ("landscape_3.jpg", Some(false)), ("DSCN0010.jpg", None)]
        {
            let photo = upload(&wang, name, real_photo(name)).await.ok();
            for (variant, longest) in [("original", 2048), ("thumbnail", 320)] {
                let jpeg = download(app, &photo, variant).await;
                assert_bare(&jpeg);
                let (width, height) = decoded(&jpeg).dimensions();
                assert!(width.max(height) <= longest, "{name}: {width} x {height}");
                assert!(is_upright.is_none_or(|is| is == (height > width)), "{name}: {width} x {height}");
            }
        }
    }

    async fn small_pictures_of_every_kind_keep_their_size(app: &TestApp) {
        let wang = app.sign_in("demo-xy-wang").await;
        let picture = Picture { width: 100, height: 60 };
        for (name, bytes) in [("a.jpg", picture.jpeg()), ("b.png", picture.png()), ("c.webp", picture.webp()), ("png.jpg", picture.png())] {
            let photo = upload(&wang, name, bytes).await.ok();
            assert_eq!((&photo["width"], &photo["height"], &photo["media_type"]), (&json!(100), &json!(60), &json!("image/jpeg")));
            let jpeg = download(app, &photo, "thumbnail").await;
            assert_eq!(decoded(&jpeg).dimensions(), (100, 60), "never enlarged");
        }
    }

    async fn where_a_photo_was_taken_is_offered_once_and_kept_nowhere(app: &TestApp) {
        let wang = app.sign_in("demo-xy-wang").await;
        let photo = upload(&wang, "a.jpg", Picture { width: 64, height: 48 }.jpeg_taken_at((38, 50), (114, 500))).await.ok();
        let place = &photo["suggested_place"];
        assert_eq!(place["coord_sys"], "gcj02");
        let (latitude, longitude) = (place["latitude"].as_f64().expect("degrees"), place["longitude"].as_f64().expect("degrees"));
        // GCJ-02 lies some hundred metres beside the satellites' 38.05, 114.5.
        assert!((0.0005..0.01).contains(&(latitude - 38.05).abs()), "{latitude}");
        assert!((0.0005..0.01).contains(&(longitude - 114.5).abs()), "{longitude}");
        let mut order = kerb();
        order["attachment_ids"] = json!([id(&photo)]);
        let order = wang.places(&order).await;
        let seen = wang.sees(&order).await;
        assert_eq!(seen["attachments"][0].get("suggested_place"), None);
        assert_eq!(seen["place"]["point"], Value::Null, "nobody chose it");
        for variant in ["original", "thumbnail"] {
            assert_bare(&download(app, &photo, variant).await);
        }
    }

    async fn what_is_no_photo_is_refused_with_advice_and_leaves_nothing(app: &TestApp) {
        let wang = app.sign_in("demo-xy-wang").await;
        let whole = Picture { width: 640, height: 480 }.jpeg();
        let picture = Picture { width: 64, height: 48 };
        let mut bomb = picture.png();
        // The header of a PNG promises 60,000 x 60,000 pixels.
        bomb[16..24].copy_from_slice(&[0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60]);
        let before = app.database.picture().await;
        for (name, bytes, status, code, word) in [
            ("iphone.jpg", real_photo("iphone_13_pro_max.HEIC"), 415, "photo_heic", "兼容性最佳"),
            ("half.jpg", whole[..whole.len() / 2].to_vec(), 422, "photo_broken", "重新选择"),
            ("letter.jpg", b"this is a letter".to_vec(), 415, "photo_unsupported", "JPEG"),
            ("page.png", b"<html><script>alert(1)</script></html>".to_vec(), 415, "photo_unsupported", "JPEG"),
            ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(), 415, "photo_unsupported", "JPEG"),
            ("moving.gif", b"GIF89a\x01\0\x01\0\0\0\0;".to_vec(), 415, "photo_unsupported", "JPEG"),
            ("nothing.jpg", Vec::new(), 415, "photo_unsupported", "JPEG"),
            ("bomb.png", bomb, 422, "photo_too_many_pixels", "像素"),
            ("heavy.jpg", vec![0xFF; 20 * 1024 * 1024 + 1], 413, "photo_too_large", "20 MB"),
        ] {
            let problem = upload(&wang, name, bytes).await.refused(status, code);
            assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains(word)), "{name}: {problem}");
        }
        wang.post("/v1/attachments").file("picture", "a.jpg", picture.jpeg()).await.refused_field("/file");
        wang.post("/v1/attachments").json(&json!({ "file": "a.jpg" })).await.refused(400, "bad_request");
        app.anonymous().post("/v1/attachments").file("file", "a.jpg", picture.jpeg()).await.refused(401, "unauthenticated");
        assert_eq!(app.database.picture().await, before);
        assert_eq!(app.photo_files().len(), 0);
    }

    async fn an_order_has_nine_photos_of_its_own(app: &TestApp) {
        let (wang, li) = (app.sign_in("demo-xy-wang").await, app.sign_in("demo-xy-li").await);
        let picture = Picture { width: 32, height: 24 }.jpeg();
        let uploads = join_all((0..10).map(|_| upload(&wang, "a.jpg", picture.clone()))).await;
        let ids: Vec<_> = uploads.iter().map(|reply| id(&reply.ok()).to_owned()).collect();
        let with = |ids: &[String]| {
            let mut order = kerb();
            order["attachment_ids"] = json!(ids);
            order
        };
        wang.post("/v1/orders").json(&with(&ids)).await.refused_field("/attachment_ids");
        let twice = [ids[0].clone(), ids[0].clone()];
        wang.post("/v1/orders").json(&with(&twice)).await.refused_field("/attachment_ids");
        li.post("/v1/orders").json(&with(&ids[..1])).await.refused(422, "photo_unavailable");
        let order = wang.places(&with(&ids[..9])).await;
        let shown: Vec<_> = order["attachments"].as_array().expect("photos").iter().map(id).collect();
        assert_eq!(shown, ids[..9], "in the order in which they were given");
        wang.post("/v1/orders").json(&with(&ids[..1])).await.refused(422, "photo_unavailable");
        wang.tries("comment", &order, &json!({ "text": "再看", "attachment_ids": [ids[0]] })).await.refused(422, "photo_unavailable");
    }

    async fn a_photo_that_nobody_uses_is_gone_after_a_day(app: &TestApp) {
        let wang = app.sign_in("demo-xy-wang").await;
        let jpeg = Picture { width: 32, height: 24 }.jpeg();
        let (used, unused) = (upload(&wang, "a.jpg", jpeg.clone()).await.ok(), upload(&wang, "b.jpg", jpeg).await.ok());
        let mut order = kerb();
        order["attachment_ids"] = json!([id(&used)]);
        let order = wang.places(&order).await;
        app.pass(TimeDelta::hours(23));
        app.keep_house().await;
        assert_eq!(app.photo_files().len(), 4);
        app.pass(TimeDelta::hours(2));
        app.keep_house().await;
        assert_eq!(app.photo_files().len(), 2);
        let mut late = kerb();
        late["attachment_ids"] = json!([id(&unused)]);
        wang.post("/v1/orders").json(&late).await.refused(422, "photo_unavailable");
        let seen = wang.sees(&order).await;
        download(app, &seen["attachments"][0], "original").await;
    }

    async fn the_same_key_and_photo_give_the_same_answer(app: &TestApp) {
        let wang = app.sign_in("demo-xy-wang").await;
        // The form's boundary is part of the message, not of the photo.
        let send = |jpeg: Vec<u8>| wang.post("/v1/attachments").key("photo-1").file("file", "a.jpg", jpeg);
        let jpeg = Picture { width: 32, height: 24 }.jpeg();
        let (first, again) = (send(jpeg.clone()).await, send(jpeg).await);
        assert_eq!((again.status, &again.body), (201, &first.body));
        send(Picture { width: 24, height: 32 }.jpeg()).await.refused(422, "key_reused");
        assert_eq!((app.database.count("attachments").await, app.photo_files().len()), (1, 2));
    }

    async fn twenty_phones_at_once_all_get_their_answer(app: &TestApp) {
        let wang = app.sign_in("demo-xy-wang").await;
        let photo = Picture { width: 1600, height: 1200 }.jpeg();
        let replies = join_all((0..20).map(|_| upload(&wang, "a.jpg", photo.clone()))).await;
        assert!(replies.iter().all(|reply| reply.status == 201));
        assert_eq!((app.database.count("attachments").await, app.photo_files().len()), (20, 40));
    }
}
