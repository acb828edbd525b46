use clap::Args;
use domain::deadline::Urgency;
use domain::ids::{CommunityId, PartnerId, PlaceId};
use domain::place::{Addition, Community, Level, Partner, PartnerKind, Place, is_uscc};
use domain::ports::{Clock, Directory, Ids};
use domain::service::{Offer, Privacy, Service, is_key};
use infra::clock::{SystemClock, SystemIds};
use uuid::Uuid;

use super::Desk;

#[derive(Debug, Args)]
pub struct AtPlace {
    /// The path from the top down; the top of the tree where it is left out
    place: Option<String>,
}

#[derive(Debug, Args)]
pub struct AddPlace {
    /// province, city, district, street, community, grid or compound
    level: Level,
    name: String,
    /// The path of the place that it lies in
    #[arg(long = "in")]
    parent: Option<String>,
    /// Starts the numbers of a community's orders: XY
    #[arg(long)]
    prefix: Option<String>,
}

#[derive(Debug, Args)]
pub struct AddOrganisation {
    /// The path of the place where it works
    place: String,
    /// community_office, party_branch, street_office, property_company, contractor, fire_brigade, shop, volunteer_team
    kind: PartnerKind,
    name: String,
    /// 统一社会信用代码
    #[arg(long)]
    uscc: Option<String>,
}

#[derive(Debug, Args)]
pub struct SaveService {
    /// The path of the community, or of the place above it whose catalogue it is
    place: String,
    /// Stable and English: repair
    key: String,
    name: String,
    category: String,
    #[arg(long, default_value = "")]
    description: String,
    /// urgent or ordinary
    #[arg(long, default_value = "ordinary")]
    urgency: Urgency,
    /// public, normal, confidential or sealed
    #[arg(long, default_value = "normal")]
    privacy: Privacy,
    /// No longer offered
    #[arg(long)]
    closed: bool,
}

pub(super) async fn list(desk: &Desk, at: &AtPlace) -> anyhow::Result<()> {
    let place = at.place.as_deref().map(|path| desk.place(path)).transpose()?;
    let directory = desk.storage.stores.directory.directory().await?;
    for child in desk.tree.children(place) {
        println!("{}  {}", child.level.text(), child.name);
    }
    for partner in directory.partners.iter().filter(|partner| Some(partner.place_id) == place) {
        println!("{}  {}{}", partner.kind.text(), partner.name, if partner.closed { "（已停用）" } else { "" });
    }
    for service in directory.services.iter().filter(|service| Some(service.place) == place) {
        println!("服务  {}  {}{}", service.key, service.offer.name, if service.closed { "（已停用）" } else { "" });
    }
    Ok(())
}

pub(super) async fn add_place(desk: &Desk, new: AddPlace) -> anyhow::Result<()> {
    let parent = new.parent.as_deref().map(|path| desk.place(path)).transpose()?;
    let addition = Addition { parent, level: new.level, name: new.name, prefix: new.prefix };
    addition.check(&desk.tree, &desk.storage.stores.directory.directory().await?.communities)?;
    let id = PlaceId(new_id());
    let place = Place { id, parent, level: addition.level, name: addition.name };
    let community = addition.prefix.map(|prefix| Community { id: CommunityId(id.0), prefix });
    let (places, communities) = (vec![place], community.into_iter().collect());
    save(desk, Directory { places, communities, ..Directory::default() }, "admin_add_place", id.0).await
}

pub(super) async fn add_organisation(desk: &Desk, new: AddOrganisation) -> anyhow::Result<()> {
    let place_id = desk.place(&new.place)?;
    let known = desk.storage.stores.directory.directory().await?.partners;
    anyhow::ensure!(!known.iter().any(|p| p.place_id == place_id && p.name == new.name), "这里已有同名的单位");
    anyhow::ensure!(new.uscc.as_deref().is_none_or(is_uscc), "统一社会信用代码不对，请核对 18 位代码");
    let is_taken = |p: &Partner| p.place_id == place_id && p.uscc == new.uscc;
    anyhow::ensure!(new.uscc.is_none() || !known.iter().any(is_taken), "这里已有这个统一社会信用代码的单位");
    let id = PartnerId(new_id());
    let partner = Partner { id, place_id, kind: new.kind, name: new.name, uscc: new.uscc, closed: false };
    let directory = Directory { partners: vec![partner], ..Directory::default() };
    save(desk, directory, "admin_add_organisation", id.0).await
}

pub(super) async fn save_service(desk: &Desk, service: SaveService) -> anyhow::Result<()> {
    let place = desk.place(&service.place)?;
    let keeps_a_list = desk.tree.get(place).is_some_and(|place| place.level <= Level::Community);
    anyhow::ensure!(keeps_a_list, "「{}」不是社区，也不是它的上级", service.place);
    let SaveService { key, name, category, description, urgency, privacy, closed, .. } = service;
    anyhow::ensure!(is_key(&key), "服务代号应为 1 至 40 个小写字母、数字或下划线，例如 repair");
    let standing = desk.storage.stores.directory.directory().await?.services;
    let known = standing.into_iter().find(|line| line.place == place && line.key == key);
    // What is not said here stays as it is.
    let offer = match known {
        Some(line) => Offer { name, category, description, urgency, privacy, ..line.offer },
        None => Offer::plain(name, category, description, urgency, privacy),
    };
    anyhow::ensure!(offer.faults().is_empty(), "这样的服务不能保存：{:?}", offer.faults());
    let service = Service { place, key, version: 0, offer, closed };
    desk.storage.stores.services.save_all(&[service], None, SystemClock.now()).await?;
    desk.note("services_save", Some(place.0)).await?;
    println!("已保存");
    Ok(())
}

async fn save(desk: &Desk, directory: Directory, action: &str, target: Uuid) -> anyhow::Result<()> {
    desk.storage.stores.directory.save_directory(&directory).await?;
    desk.note(action, Some(target)).await?;
    println!("已保存");
    Ok(())
}

fn new_id() -> Uuid {
    SystemIds.at(SystemClock.now())
}
