//! 网格边界: drawn, read, taken away; what is none is refused.

use serde_json::{Value, json};
use tests::{TestApp, community, on_both};

use super::{FIRST, SECOND, draws, first, grid_of_runyuan, middle, order_at, second, square};

fn path(grid: &str) -> String {
    format!("/v1/grids/{grid}/border")
}

fn ring(points: &[(f64, f64)]) -> Value {
    let ring: Vec<_> = points.iter().map(|(lon, lat)| json!([lon, lat])).collect();
    json!({ "type": "Polygon", "coordinates": [ring] })
}

/// A circle of a kilometre with so many points; the last one is the first.
fn circle(points: u32) -> Value {
    let at = |n: u32| {
        let turn = std::f64::consts::TAU * f64::from(n % points) / f64::from(points);
        (114.45 + 0.01 * turn.cos(), 38.05 + 0.01 * turn.sin())
    };
    ring(&(0..=points).map(at).collect::<Vec<_>>())
}

fn feature(name: &str, geometry: &Value) -> Value {
    json!({ "type": "Feature", "properties": { "name": name }, "geometry": geometry })
}

fn collection(features: &[Value]) -> Value {
    json!({ "coord_sys": "gcj02", "collection": { "type": "FeatureCollection", "features": features } })
}

async fn listed(app: &TestApp, openid: &str) -> Vec<Value> {
    let page = app.sign_in(openid).await.get(&format!("/v1/communities/{}/grids", community("XY"))).await.ok();
    page["items"].as_array().expect("items").clone()
}

on_both! {
    async fn a_secretary_draws_a_border_and_takes_it_away(app: &TestApp) {
        let (cast, grid) = (app.xiyuan().await, first());
        cast.secretary.get(&path(&grid)).await.refused(404, "not_found");
        let drawn = draws(&cast.secretary, &grid, &square(FIRST)).await.ok();
        assert_eq!((&drawn["coord_sys"], &drawn["geometry"]), (&json!("gcj02"), &square(FIRST)));
        assert_eq!(cast.clerk.get(&path(&grid)).await.ok(), drawn);
        let area = drawn["area_m2"].as_u64().expect("an area");
        assert!((960_000..985_000).contains(&area), "{area}");
        let grids = listed(app, "demo-xy-clerk").await;
        assert_eq!(grids.len(), 2);
        assert_eq!((&grids[0]["name"], &grids[0]["compounds"]), (&json!("第一网格"), &json!(["西苑小区", "联盟小区"])));
        assert!(grids[0]["border_drawn_at"].is_string() && grids[1]["border_drawn_at"].is_null(), "{grids:?}");
        // Drawn anew, it is the new one, wound as GeoJSON wants it.
        let clockwise = ring(&[(114.45, 38.05), (114.45, 38.07), (114.46, 38.07), (114.46, 38.05), (114.45, 38.05)]);
        let anew = draws(&cast.secretary, &grid, &clockwise).await.ok();
        assert_eq!(anew["geometry"]["coordinates"][0][1], json!([114.46, 38.05]));
        assert_eq!(cast.secretary.delete(&path(&grid)).await.status, 204);
        cast.secretary.delete(&path(&grid)).await.refused(404, "not_found");
        cast.secretary.get(&path(&grid)).await.refused(404, "not_found");
    }

    async fn the_list_says_who_works_in_a_grid(app: &TestApp) {
        let grids = listed(app, "demo-xy-secretary").await;
        let workers = grids[0]["workers"].as_array().expect("workers");
        assert_eq!(workers.len(), 1);
        assert_eq!((&workers[0]["name"], &workers[0]["place_name"]), (&json!("网****"), &json!("第一网格")));
        assert_eq!(workers[0]["person_id"], app.sign_in("demo-xy-grid").await.id);
        assert_eq!(grids[1]["workers"], json!([]));
        // Her own, and no more.
        let own = listed(app, "demo-xy-grid").await;
        assert_eq!((own.len(), &own[0]["name"]), (1, &json!("第一网格")));
        assert_eq!(listed(app, "demo-xy-street").await.len(), 2);
        let elsewhere = format!("/v1/communities/{}/grids", community("RY"));
        app.sign_in("demo-ry-secretary").await.get(&elsewhere).await.ok();
        app.sign_in("demo-xy-secretary").await.get(&elsewhere).await.refused(404, "not_found");
        app.sign_in("demo-xy-wang").await.get(&elsewhere).await.refused(403, "not_permitted");
    }

    async fn what_a_satellite_says_is_converted(app: &TestApp) {
        let (cast, grid) = (app.xiyuan().await, first());
        let body = json!({ "coord_sys": "wgs84", "geometry": square(FIRST) });
        let drawn = cast.secretary.put(&path(&grid)).json(&body).await.ok();
        let corner = &drawn["geometry"]["coordinates"][0][0];
        let east = corner[0].as_f64().expect("degrees") - 114.45;
        let north = corner[1].as_f64().expect("degrees") - 38.05;
        assert!((0.0055..0.0066).contains(&east) && (0.0004..0.0011).contains(&north), "{corner}");
        // Near its western end, only the same system finds it.
        let near = |system: &str| json!({ "latitude": 38.055, "longitude": 114.452, "coord_sys": system });
        let found = cast.wang.places(&order_at(json!({ "point": near("wgs84") }))).await;
        assert_eq!(found["grid"]["found_by"], "point");
        assert_eq!(found["place"]["point"]["coord_sys"], "gcj02");
        let lost = cast.wang.places(&order_at(json!({ "point": near("gcj02") }))).await;
        assert_eq!(lost["grid"], json!(null));
    }

    async fn what_is_no_border_is_refused_and_changes_nothing(app: &TestApp) {
        let (cast, grid) = (app.xiyuan().await, first());
        let before = app.database.picture().await;
        let gcj02 = |geometry: Value| json!({ "coord_sys": "gcj02", "geometry": geometry });
        let open = ring(&[(114.45, 38.05), (114.46, 38.05), (114.46, 38.06), (114.45, 38.06)]);
        let eight = ring(&[(114.45, 38.05), (114.46, 38.06), (114.46, 38.05), (114.45, 38.06), (114.45, 38.05)]);
        let swapped = ring(&[(38.05, 114.45), (38.05, 114.46), (38.06, 114.46), (38.05, 114.45)]);
        let south = ring(&[(38.05, 14.45), (38.05, 14.46), (38.06, 14.46), (38.05, 14.45)]);
        let wide = ring(&[(114.0, 38.0), (115.0, 38.0), (115.0, 39.0), (114.0, 38.0)]);
        let tiny = ring(&[(114.45, 38.05), (114.45001, 38.05), (114.45001, 38.05001), (114.45, 38.05)]);
        let refused: [(Value, &str, &str); 15] = [
            (json!({ "geometry": square(FIRST) }), "/coord_sys", "缺少 coord_sys"),
            (json!({ "coord_sys": "bd09", "geometry": square(FIRST) }), "/coord_sys", "百度坐标"),
            (json!({ "coord_sys": "WGS84", "geometry": square(FIRST) }), "/coord_sys", "坐标系请填"),
            (json!({ "coord_sys": "gcj02" }), "/geometry", "缺少 geometry"),
            (gcj02(json!("POLYGON")), "/geometry", "Polygon"),
            (gcj02(json!({ "type": "Point", "coordinates": [114.45, 38.05] })), "/geometry", "Polygon"),
            (gcj02(json!({ "type": "Polygon", "coordinates": [[[114.45], [114.46]]] })), "/geometry", "Polygon"),
            (gcj02(json!({ "type": "Polygon", "coordinates": [] })), "/geometry", "没有坐标点"),
            (gcj02(open), "/geometry", "没有闭合"),
            (gcj02(eight), "/geometry", "交叉"),
            (gcj02(swapped), "/geometry", "先经度，后纬度"),
            (gcj02(south), "/geometry", "先经度，后纬度"),
            (gcj02(wide), "/geometry", "20 公里"),
            (gcj02(tiny), "/geometry", "100 平方米"),
            (gcj02(circle(2_000)), "/geometry", "最多 2000 个点，现在有 2001 个"),
        ];
        for (body, pointer, words) in refused {
            let problem = cast.secretary.put(&path(&grid)).json(&body).await.refused_field(pointer);
            assert!(problem["detail"].as_str().expect("words").contains(words), "{words}: {problem}");
        }
        assert_eq!(app.database.picture().await, before);
        draws(&cast.secretary, &grid, &circle(1_999)).await.ok();
    }

    async fn no_grid_takes_from_another(app: &TestApp) {
        let cast = app.xiyuan().await;
        draws(&cast.secretary, &first(), &square(FIRST)).await.ok();
        let over = draws(&cast.secretary, &second(), &square(FIRST + 0.005)).await.refused_field("/geometry");
        assert_eq!(over["detail"], "与「第一网格」的边界重叠，请先调整其中一个网格");
        draws(&cast.secretary, &second(), &square(SECOND)).await.ok();
        // Another community may say where it ends by itself.
        let there = grid_of_runyuan(app).await;
        let secretary = app.sign_in("demo-ry-secretary").await;
        draws(&secretary, &there, &square(SECOND)).await.ok();
    }

    async fn several_grids_come_in_one_file_or_not_at_all(app: &TestApp) {
        let cast = app.xiyuan().await;
        let import = format!("/v1/communities/{}/grids/import", community("XY"));
        let before = app.database.picture().await;
        let open = ring(&[(114.45, 38.05), (114.46, 38.05), (114.46, 38.06), (114.45, 38.06)]);
        let faulty = collection(&[
            feature("第一网格", &square(FIRST)),
            feature("第九网格", &square(SECOND)),
            feature("第二网格", &open),
            json!({ "type": "Feature", "properties": {}, "geometry": square(SECOND) }),
            json!({ "type": "Feature", "properties": { "name": "第二网格" }, "geometry": null }),
            feature("第一网格", &square(SECOND)),
        ]);
        let problem = cast.secretary.post(&import).json(&faulty).await.refused(422, "invalid_fields");
        let told: Vec<_> = problem["errors"].as_array().expect("errors").iter().map(|e| e["pointer"].as_str().expect("a pointer")).collect();
        let at = |n: u8, field: &str| format!("/collection/features/{n}/{field}");
        let (name, geometry) = ("properties/name", "geometry");
        assert_eq!(told, [at(1, name), at(2, geometry), at(3, name), at(4, geometry), at(5, name)]);
        let over = collection(&[feature("第一网格", &square(FIRST)), feature("第二网格", &square(FIRST + 0.004))]);
        let problem = cast.secretary.post(&import).json(&over).await.refused_field(&at(1, geometry));
        assert!(problem.to_string().contains("与「第一网格」的边界重叠"), "{problem}");
        for (body, words) in [
            (json!({ "coord_sys": "gcj02", "collection": square(FIRST) }), "FeatureCollection"),
            (collection(&[]), "1 至 100 个网格"),
        ] {
            let problem = cast.secretary.post(&import).json(&body).await.refused_field("/collection");
            assert!(problem.to_string().contains(words), "{problem}");
        }
        assert_eq!(app.database.picture().await, before, "nothing is half imported");

        let fine = collection(&[feature("第二网格", &square(SECOND)), feature(" 第一网格 ", &square(FIRST))]);
        let drawn = cast.secretary.post(&import).key("one").json(&fine).await;
        assert_eq!((drawn.status, &drawn.value()["drawn"]), (201, &json!(2)), "{drawn}");
        let again = cast.secretary.post(&import).key("one").json(&fine).await;
        assert_eq!(again.value(), drawn.value());
        assert_eq!(cast.clerk.get(&path(&first())).await.ok()["geometry"], square(FIRST));
        assert_eq!(app.database.count("grid_borders").await, 2);
        cast.clerk.post(&import).json(&fine).await.refused(403, "not_permitted");
        app.sign_in("demo-ry-secretary").await.post(&import).json(&fine).await.refused(404, "not_found");
    }

    async fn borders_are_for_those_who_work_there(app: &TestApp) {
        let cast = app.xiyuan().await;
        draws(&cast.secretary, &first(), &square(FIRST)).await.ok();
        draws(&cast.secretary, &second(), &square(SECOND)).await.ok();
        let before = app.database.picture().await;
        let (worker, street) = (app.sign_in("demo-xy-grid").await, app.sign_in("demo-xy-street").await);
        worker.get(&path(&first())).await.ok();
        worker.get(&path(&second())).await.refused(404, "not_found");
        street.get(&path(&second())).await.ok();
        for reader in [&worker, &street, &cast.clerk, &cast.wang, &cast.property] {
            draws(reader, &first(), &square(SECOND)).await.refused(403, "not_permitted");
            reader.delete(&path(&first())).await.refused(403, "not_permitted");
        }
        for stranger in [&cast.wang, &cast.property] {
            stranger.get(&path(&first())).await.refused(403, "not_permitted");
        }
        let elsewhere = app.sign_in("demo-ry-secretary").await;
        elsewhere.get(&path(&first())).await.refused(404, "not_found");
        draws(&elsewhere, &first(), &square(0.0)).await.refused(404, "not_found");
        elsewhere.delete(&path(&first())).await.refused(404, "not_found");
        // A compound is no grid.
        let compound = tests::place_in("XY", "西苑小区");
        draws(&cast.secretary, &compound, &square(FIRST)).await.refused(404, "not_found");
        let mut after = app.database.picture().await;
        for changed in ["identities", "persons", "sessions", "refresh_tokens"] {
            after.0.insert(changed, before.0[changed]);
        }
        assert_eq!(after, before);
        let admin = app.administrator().await;
        draws(&admin, &first(), &square(FIRST)).await.ok();
        // What lies in it says nothing any more once it is gone.
        let point = order_at(json!({ "point": middle(FIRST) }));
        assert_eq!(cast.wang.places(&point).await["grid"]["name"], "第一网格");
        admin.delete(&path(&first())).await;
        assert_eq!(cast.wang.places(&point).await["grid"], json!(null));
    }
}
