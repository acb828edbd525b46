//! What an operator does at the machine itself. Everything here acts as the program, and leaves a line in the audit log.

mod audit;
mod deliveries;
mod erase;
mod first_code;
mod people;
mod places;
mod retention;

use std::sync::Arc;

use anyhow::Context;
use clap::Subcommand;
use domain::audit::{DONE, Entry, Head};
use domain::ids::{AuditId, PlaceId, RunId};
use domain::place::Tree;
use domain::ports::{Clock, Ids};
use infra::clock::{SystemClock, SystemIds};
use uuid::Uuid;

use crate::config::Settings;
use crate::storage::Storage;

pub(super) use first_code::announce;

#[derive(Debug, Subcommand)]
pub enum What {
    /// A one-time code for the first administrator of everything; the older one works no more
    FirstCode,
    /// Who holds which role at a place
    People(people::AtPlace),
    /// A one-time code for a role
    Invite(people::Invite),
    /// End a role; its holder is signed out everywhere
    End(people::End),
    /// Close somebody's account and erase what speaks of the person, where it was asked for at the office
    Erase(erase::Options),
    /// What lies directly in a place, with organisations and services
    Places(places::AtPlace),
    /// Add a place
    AddPlace(places::AddPlace),
    /// Add an organisation
    AddOrganisation(places::AddOrganisation),
    /// Add a service to a community's list, or change one
    SaveService(places::SaveService),
    /// Remove what is past its time; the worker does it daily
    Retention(retention::Options),
    /// Messages and how they ended; sends some of them again
    Deliveries(deliveries::Options),
    /// The log of who did what
    Audit {
        #[command(subcommand)]
        what: audit::What,
    },
}

pub(super) async fn admin(settings: &Settings, what: What) -> anyhow::Result<()> {
    let desk = Desk::open(settings).await?;
    match what {
        What::Retention(options) => {
            desk.note("admin_retention", None).await?;
            retention::retention(settings, &options).await?;
        }
        What::FirstCode => first_code::print(&desk).await?,
        What::People(place) => people::list(&desk, &place).await?,
        What::Invite(invite) => people::invite(&desk, &invite).await?,
        What::End(end) => people::end(&desk, &end).await?,
        What::Erase(options) => erase::erase(&desk, settings, &options).await?,
        What::Places(place) => places::list(&desk, &place).await?,
        What::AddPlace(place) => places::add_place(&desk, place).await?,
        What::AddOrganisation(organisation) => places::add_organisation(&desk, organisation).await?,
        What::SaveService(service) => places::save_service(&desk, service).await?,
        What::Deliveries(options) => deliveries::deliveries(&desk, &options).await?,
        What::Audit { what } => audit::audit(&desk, &what).await?,
    }
    Ok(desk.storage.database.close().await?)
}

/// What the operator works with.
struct Desk {
    storage: Storage,
    tree: Tree,
}

impl Desk {
    async fn open(settings: &Settings) -> anyhow::Result<Self> {
        let storage = Storage::open(settings, Arc::new(SystemClock)).await?;
        let tree = storage.stores.directory.directory().await?.tree();
        Ok(Self { storage, tree })
    }

    /// 河北省/石家庄市/新华区, as it stands in the tree.
    fn place(&self, path: &str) -> anyhow::Result<PlaceId> {
        let mut found = None;
        for name in path.split('/') {
            let child = self.tree.children(found).find(|place| place.name == name.trim());
            found = Some(child.with_context(|| format!("没有找到「{path}」：「{name}」这一级不存在"))?.id);
        }
        found.context("请写出地区的完整路径，例如 河北省/石家庄市/新华区")
    }

    /// A line in the audit log, in a run of its own.
    async fn note(&self, action: &str, target: Option<Uuid>) -> anyhow::Result<()> {
        let (at, audit) = (SystemClock.now(), &self.storage.stores.audit);
        let id = || AuditId(SystemIds.at(at));
        let (mut head, opening) = Head::of_new_run(RunId(SystemIds.at(at)), audit.last_line().await?, at);
        let (action, result) = (action.to_owned(), DONE.to_owned());
        let entry = Entry { at, person: None, action, target, address: None, result };
        let lines = [head.tie(id(), opening), head.tie(id(), entry)];
        Ok(audit.append(&lines).await?)
    }
}
