//! What everybody looks at before they order: the service list and the page of dates, by fifty at a time. And the largest
//! thing that a desk brings: a campaign's list of doors.

use std::sync::Arc;
use std::time::{Duration, Instant};

use api::storage::Storage;
use async_trait::async_trait;
use chrono::{TimeDelta, Utc};
use domain::booking::Slot;
use domain::deadline::Urgency;
use domain::ids::{CommunityId, SlotId};
use domain::ports::Fulfilled;
use domain::service::{Offer, Privacy, Service};
use infra::clock::SystemClock;
use serde_json::json;
use tests::{community, id, kerb, long_list};
use uuid::Uuid;

use crate::line::Line;
use crate::load::{Work, drive};
use crate::report::Report;
use crate::site::Site;

const PEOPLE: usize = 50;
/// In all communities together, and in the one that people look at.
const SERVICES: usize = 1_000;
const HERE: usize = 40;
const DATES: i64 = 1_000;
const DOORS: u32 = 10_000;
/// One of the services has these dates.
const BOOKED: &str = "service_0";

struct Look {
    line: Line,
    path: String,
}

#[async_trait]
impl Work for Look {
    async fn once(&mut self) -> anyhow::Result<bool> {
        self.line.get(&self.path).await?;
        Ok(true)
    }
}

pub async fn measure(site: &mut Site, rounds: usize, time: Duration, report: &mut Report) -> anyhow::Result<()> {
    furnish(site).await?;
    // What the server knew before is out of date.
    site.restart(1).await?;
    let here = format!("/v1/communities/{}", community("XY"));
    for (name, path) in [
        ("service list", format!("{here}/services")),
        ("one service with its form", format!("{here}/services/safety")),
        ("page of 20 dates", format!("{here}/slots?service_key={BOOKED}")),
    ] {
        eprintln!("{:?}: {name}", site.backend());
        let mut measured = Vec::new();
        for _ in 0..rounds {
            let mut people: Vec<Box<dyn Work>> = Vec::new();
            for _ in 0..PEOPLE {
                let line = Line::open(site.program.address(), "").await?;
                people.push(Box::new(Look { line, path: path.clone() }));
            }
            measured.push(drive(people, time).await?);
        }
        report.browsing(site.backend(), name, measured);
    }
    let mut taken = Vec::new();
    for _ in 0..rounds {
        taken.push(import(site).await);
    }
    report.took(site.backend(), &format!("import of {DOORS} households"), taken);
    Ok(())
}

/// From the first byte of the file to the answer that all doors are there.
async fn import(site: &Site) -> Duration {
    eprintln!("{:?}: a list of {DOORS} households", site.backend());
    let [resident, desk] = [&site.residents, &site.clerks].map(|tokens| site.app.at(&site.program, &tokens[0]));
    let order = desk.makes("accept", &resident.places(&kerb()).await, &json!({})).await;
    let drive = json!({ "order_id": id(&order), "title": "敲门入户送安全", "purpose": "走访独居老人，查火用火隐患" });
    let campaign = desk.post("/v1/campaigns").json(&drive).await.value();
    let (path, file) = (format!("/v1/campaigns/{}/households/import", id(&campaign)), long_list(DOORS));
    let start = Instant::now();
    let imported = desk.post(&path).file("file", "名单.xlsx", file).await.ok();
    let taken = start.elapsed();
    assert_eq!(imported["added"], DOORS, "{imported}");
    taken
}

/// Services in all communities, and three weeks of dates.
async fn furnish(site: &Site) -> anyhow::Result<()> {
    let Storage { database, stores, .. } = Storage::open(&site.app.settings().await, Arc::new(SystemClock)).await?;
    let communities = ["XY", "RY", "CL", "GX"].map(community);
    let service = |n: usize| {
        let name = format!("第 {n} 项服务");
        let description = "社区的一项日常服务，办理时间为工作日上班时间，请按说明准备材料".to_owned();
        let offer = Offer::plain(name, "便民/日常".to_owned(), description, Urgency::Ordinary, Privacy::Normal);
        let keeper = if n < HERE { 0 } else { 1 + n % (communities.len() - 1) };
        let place = Uuid::parse_str(&communities[keeper])?.into();
        anyhow::Ok(Service { place, key: format!("service_{n}"), version: 0, offer, closed: false })
    };
    let services = (0..SERVICES).map(service).collect::<anyhow::Result<Vec<_>>>()?;
    stores.services.save_all(&services, None, Utc::now()).await?;
    let here: CommunityId = Uuid::parse_str(&communities[0])?.into();
    let date = |n: i64| {
        let starts_at = Utc::now() + TimeDelta::minutes(30 * n + 5);
        let ends_at = starts_at + TimeDelta::minutes(30);
        let (id, service_key) = (SlotId(Uuid::now_v7()), BOOKED.to_owned());
        let (capacity, taken, waiting, partner, closed) = (2, 1, 0, None, false);
        Slot { id, community: here, service_key, starts_at, ends_at, capacity, taken, waiting, partner, closed }
    };
    let added = stores.bookings.add_slots(&(0..DATES).map(date).collect::<Vec<_>>(), None).await?;
    anyhow::ensure!(matches!(added, Fulfilled::Done(_)), "no key was named");
    Ok(database.close().await?)
}
