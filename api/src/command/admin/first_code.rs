//! The first administrator comes in by a one-time code: there is no default password to forget about.

use chrono::{DateTime, Utc};
use domain::ids::InvitationId;
use domain::people::{Invitation, Membership, Role, spoken_code};
use domain::ports::{Clock, Ids, InvitationStore, StoreError};
use infra::clock::{SystemClock, SystemIds};

use super::Desk;
use crate::app::App;

pub(super) async fn print(desk: &Desk) -> anyhow::Result<()> {
    match make(desk.storage.stores.invitations.as_ref(), SystemClock.now(), &SystemIds).await? {
        Some(code) => {
            desk.note("admin_first_code", None).await?;
            println!("{}", sentence(&code));
        }
        None => println!("已有系统管理员；请由管理员在系统里邀请新的管理员"),
    }
    Ok(())
}

/// At a start without any administrator: the code goes to the terminal and nowhere else.
pub(in crate::command) async fn announce(app: &App) -> anyhow::Result<()> {
    if let Some(code) = make(app.stores.invitations.as_ref(), app.clock.now(), app.ids.as_ref()).await? {
        eprintln!("{}", sentence(&code));
    }
    Ok(())
}

async fn make(store: &dyn InvitationStore, now: DateTime<Utc>, ids: &dyn Ids) -> Result<Option<String>, StoreError> {
    let invitation = Invitation {
        id: InvitationId(ids.at(now)),
        membership: Membership { role: Role::Administrator, place: None, partner_id: None },
        issued_by: None,
        issued_at: now,
        expires_at: Invitation::expiry(now, None),
        role_ends_at: None,
    };
    let code = spoken_code(ids.salt());
    Ok(store.invite_first_administrator(&invitation, &code).await?.then_some(code))
}

fn sentence(code: &str) -> String {
    format!("还没有系统管理员。管理员邀请码：{code}（7 天内有效，只能用一次；在小程序里绑定手机号后接受）")
}
