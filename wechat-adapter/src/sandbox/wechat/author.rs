use chrono::{DateTime, Utc};

use super::Refusal;
use crate::sandbox::world::World;

/// Content has an author, who was in this mini-program within two hours.
pub(super) fn check_author(world: &World, app_id: &str, openid: &str, now: DateTime<Utc>) -> Result<(), Refusal> {
    if !world.people.knows(openid) {
        return Err(Refusal::new(40003, "invalid openid"));
    }
    if !world.people.belongs(openid, app_id) {
        return Err(Refusal::new(43104, "openid does not belong to this appid"));
    }
    if !world.people.was_active(openid, now) {
        return Err(Refusal::new(61010, "user's recent access is absent"));
    }
    Ok(())
}
