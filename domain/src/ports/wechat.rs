use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::ids::PersonId;
use crate::ports::StoreError;
use crate::wechat::{Allowed, Forgetting, Heard, HeldRight, Right, RightChange, Stranger, Told, WechatAccount};

/// What WeChat told us, and what we may send.
#[async_trait]
pub trait WechatStore: Send + Sync {
    /// Notes what was told together with what follows from it, in one transaction, once.
    async fn hear(&self, told: &Told, now: DateTime<Utc>) -> Result<Heard, StoreError>;

    /// Changes one right of somebody whom we know; a stranger has none.
    async fn change_right(
        &self,
        account: &WechatAccount,
        template: &str,
        change: RightChange,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError>;

    /// What may be sent to this account by this template of its mini-program.
    async fn right(&self, account: &WechatAccount, template: &str) -> Result<Right, StoreError>;

    /// The person's accounts with these apps, in the order of the apps, each with the templates by which something may be sent
    /// now. One round trip.
    async fn allowed(&self, person: PersonId, app_ids: &[String]) -> Result<Vec<Allowed>, StoreError>;

    /// Every right that the person ever gave, those that are used up included.
    async fn rights_of(&self, person: PersonId) -> Result<Vec<HeldRight>, StoreError>;

    /// The person's accounts with these apps, in the order of the apps.
    async fn accounts_of(&self, person: PersonId, app_ids: &[String]) -> Result<Vec<WechatAccount>, StoreError>;

    /// What is still to be forgotten, oldest first.
    async fn to_forget(&self, limit: u16) -> Result<Vec<Forgetting>, StoreError>;

    /// It is forgotten. What was told of the same person meanwhile stays.
    async fn forgotten(&self, what: &Forgetting) -> Result<(), StoreError>;

    /// Followers of this service account of whom WeChat was not asked yet.
    async fn strangers(&self, app_id: &str, limit: u16) -> Result<Vec<Stranger>, StoreError>;

    /// What WeChat said of a follower: the name that all apps of one operator share, where there is one; `None` in its place:
    /// there is none, and nobody asks again.
    async fn introduce(
        &self,
        account: &WechatAccount,
        unionid: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError>;

    /// Deletes what was told before `before`; says how many.
    async fn sweep_told(&self, before: DateTime<Utc>) -> Result<u64, StoreError>;
}
