use std::sync::Arc;

use anyhow::bail;
use clap::Args;
use domain::erasure::Begun;
use domain::ids::PersonId;
use domain::ports::{Clock, Ids};
use infra::clock::{SystemClock, SystemIds};
use uuid::Uuid;

use super::Desk;
use crate::config::Settings;
use crate::wiring::{eraser, orders, photo_store};

#[derive(Debug, Args)]
pub struct Options {
    /// The id of the person, as staff see it
    person: Uuid,
}

/// For those who cannot do it themselves: people without WeChat.
pub(super) async fn erase(desk: &Desk, settings: &Settings, options: &Options) -> anyhow::Result<()> {
    let (clock, ids): (Arc<dyn Clock>, Arc<dyn Ids>) = (Arc::new(SystemClock), Arc::new(SystemIds));
    let stores = &desk.storage.stores;
    let eraser = eraser(&orders(stores, &clock, &ids), stores, photo_store(settings)?);
    let person = PersonId(options.person);
    match eraser.begin(person).await? {
        Begun::Begun => {}
        Begun::HoldsRole => bail!("此人还担任职务，请先用 admin end 结束"),
        Begun::Gone => bail!("没有这个人，或者账号已经注销"),
    }
    desk.note("admin_erase", Some(person.0)).await?;
    eraser.clear(person).await?;
    println!("账号已注销，个人信息已删除；订单只保留编号、时间等办理记录");
    Ok(())
}
