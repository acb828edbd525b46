//! `--describe`: what programs need to know to take part.

use std::path::Path;

use anyhow::Context;
use domain::ids::CommunityId;
use domain::place::Community;
use domain::ports::Directory;
use domain::service::{Service, offered};
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
    let directory = directory();
    let description = Description {
        api: &stage.api,
        sandbox: &stage.sandbox,
        app_id: APP_ID,
        communities: communities(stage, &directory),
        personas: &stage.cast.personas,
    };
    let mut text = serde_json::to_string_pretty(&description)?;
    text.push('\n');
    let mut unfinished = file.as_os_str().to_owned();
    unfinished.push(format!(".{}.unfinished", std::process::id()));
    let written = std::fs::write(&unfinished, text).and_then(|()| std::fs::rename(&unfinished, file));
    written.with_context(|| format!("不能写入 {}", file.display()))
}

fn communities<'a>(stage: &'a Stage, directory: &'a Directory) -> Vec<CommunityLine<'a>> {
    let tree = directory.tree();
    let line = |service: &'a Service| ServiceLine { key: &service.key, name: &service.offer.name };
    let communities = stage.cast.communities.iter();
    let community = |c: &Community| CommunityLine {
        id: c.id,
        name: stage.cast.place(c.id),
        services: offered(&directory.services, c.id, &tree).into_iter().map(line).collect(),
    };
    communities.map(community).collect()
}
