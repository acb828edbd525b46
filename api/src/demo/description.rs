//! `--describe`: what programs need to know to take part.

use std::path::Path;

use anyhow::Context;
use domain::ids::CommunityId;
use domain::place::Community;
use domain::service::Service;
use serde::Serialize;

use super::stage::{APP_ID, Stage};
use crate::seed::{Persona, directory};

#[derive(Serialize)]
struct Description<'a> {
    api: &'a str,
    sandbox: &'a str,
    app_id: &'a str,
    communities: Vec<CommunityLine<'a>>,
    personas: &'a [Persona],
}

#[derive(Serialize)]
struct CommunityLine<'a> {
    id: CommunityId,
    name: &'a str,
    services: Vec<ServiceLine<'a>>,
}

#[derive(Serialize)]
struct ServiceLine<'a> {
    key: &'a str,
    name: &'a str,
}

/// Whoever waits for the file finds all of it or none of it.
pub fn describe(stage: &Stage, file: &Path) -> anyhow::Result<()> {
    let services = directory().services;
    let description = Description {
        api: &stage.api,
        sandbox: &stage.sandbox,
        app_id: APP_ID,
        communities: communities(stage, &services),
        personas: &stage.cast.personas,
    };
    let mut text = serde_json::to_string_pretty(&description)?;
    text.push('\n');
    let mut unfinished = file.as_os_str().to_owned();
    unfinished.push(format!(".{}.unfinished", std::process::id()));
    let written = std::fs::write(&unfinished, text).and_then(|()| std::fs::rename(&unfinished, file));
    written.with_context(|| format!("不能写入 {}", file.display()))
}

fn communities<'a>(stage: &'a Stage, services: &'a [Service]) -> Vec<CommunityLine<'a>> {
    let of = |id| services.iter().filter(move |service| service.community_id == id);
    let line = |service: &'a Service| ServiceLine { key: &service.key, name: &service.name };
    let communities = stage.cast.communities.iter();
    let community = |c: &Community| CommunityLine {
        id: c.id,
        name: stage.cast.place(c.id),
        services: of(c.id).map(line).collect(),
    };
    communities.map(community).collect()
}
