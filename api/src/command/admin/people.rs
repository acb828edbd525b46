use anyhow::{Context, bail};
use chrono::TimeDelta;
use clap::Args;
use domain::ids::{InvitationId, MembershipId, PersonId};
use domain::people::{Invitation, Membership, Post, Reach, Role, may_give, spoken_code};
use domain::ports::{Clock, Commit, Ids};
use infra::clock::{SystemClock, SystemIds};
use uuid::Uuid;

use super::Desk;

#[derive(Debug, Args)]
pub struct AtPlace {
    /// The path from the top down: 河北省/石家庄市/新华区
    place: String,
}

#[derive(Debug, Args)]
pub struct Invite {
    /// grid_worker, intake_clerk, secretary, partner_staff, volunteer, class_monitor, matchmaker, supervisor, administrator
    role: Role,
    /// The path from the top down; left out only for administrators of everything
    place: Option<String>,
    /// The unit's name, for partner_staff
    #[arg(long)]
    organisation: Option<String>,
    /// How many days the code works
    #[arg(long, default_value_t = 7)]
    days: i64,
    /// After how many days the role ends by itself
    #[arg(long)]
    role_days: Option<i64>,
}

#[derive(Debug, Args)]
pub struct End {
    /// The id of the membership, as `people` prints it
    membership: Uuid,
}

/// Rows printed in one go.
const BATCH: u16 = 100;

pub(super) async fn list(desk: &Desk, at: &AtPlace) -> anyhow::Result<()> {
    let place = desk.place(&at.place)?;
    let (places, mut after): (Vec<_>, _) = (desk.tree.within(place).iter().map(|place| place.id).collect(), None);
    loop {
        let held = desk.storage.stores.memberships.held_at(&places, after, BATCH, SystemClock.now()).await?;
        let Some(last) = held.last() else { return Ok(()) };
        after = Some(last.id);
        for held in &held {
            let place = held.membership.place.map_or("", |place| desk.tree.name(place));
            println!("{}  {}  {}  {}", held.id, held.membership.role.text(), place, held.person);
        }
    }
}

pub(super) async fn invite(desk: &Desk, invite: &Invite) -> anyhow::Result<()> {
    let place = invite.place.as_deref().map(|path| desk.place(path)).transpose()?;
    let directory = desk.storage.stores.directory.directory().await?;
    let partner = match &invite.organisation {
        None => None,
        Some(name) => {
            let known = directory.partners.iter().find(|p| p.name == *name && Some(p.place_id) == place);
            Some(known.with_context(|| format!("这里没有名叫「{name}」的单位"))?)
        }
    };
    let membership = Membership { role: invite.role, place, partner_id: partner.map(|partner| partner.id) };
    // The operator stands above all places.
    let operator = domain::people::Actor {
        person: PersonId(Uuid::nil()),
        former: Vec::new(),
        posts: vec![Post { role: Role::Administrator, place: None, reach: Reach::Everywhere, partner: None }],
    };
    may_give(&operator, &membership, partner, &desk.tree)?;
    let now = SystemClock.now();
    let invitation = Invitation {
        id: InvitationId(SystemIds.at(now)),
        membership,
        issued_by: None,
        issued_at: now,
        expires_at: Invitation::expiry(now, Some(invite.days)),
        role_ends_at: invite.role_days.map(|days| now + TimeDelta::days(days)),
    };
    let code = spoken_code(SystemIds.salt());
    anyhow::ensure!(
        desk.storage.stores.invitations.invite(&invitation, &code, None).await? == Commit::Done,
        "邀请没有写入，请再试一次"
    );
    desk.note("admin_invite", Some(invitation.id.0)).await?;
    println!("{code}");
    Ok(())
}

pub(super) async fn end(desk: &Desk, end: &End) -> anyhow::Result<()> {
    let (id, now) = (MembershipId(end.membership), SystemClock.now());
    if desk.storage.stores.memberships.end(id, None, now).await?.is_none() {
        bail!("没有这个任职，或者已经结束");
    }
    desk.note("admin_end", Some(id.0)).await?;
    println!("已结束；此人的所有设备都已退出登录");
    Ok(())
}
