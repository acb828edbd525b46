//! How people can be reached now: three statements, however many they are.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use sea_orm::sea_query::JoinType::LeftJoin;
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use domain::ids::PersonId;
use domain::notice::{Channel, Importance, NoticeKind, NoticeLevel, Reach, Side, Template, next_rung, template};
use domain::ports::{Doors, Program, StoreError};

use super::circuits;
use crate::database::store_error;
use crate::entity::{circuit, follower, person, wecom_member};
use crate::store::cell;
use crate::store::memberships::works_now;
use crate::store::wechat::{AllowedRow, allowed};

pub(in crate::store) struct Reaches {
    doors: Doors,
    people: HashMap<PersonId, Known>,
    closed: Vec<circuit::Model>,
}

/// What is told, as far as the way to somebody depends on it.
#[derive(Clone, Copy)]
pub(in crate::store) struct Errand {
    pub kind: NoticeKind,
    pub side: Side,
    pub importance: Importance,
}

/// A channel, and the account that sends by it; empty where the channel has but one.
pub(in crate::store) struct Way {
    pub channel: Channel,
    pub app_id: String,
}

#[derive(Default)]
struct Known {
    level: NoticeLevel,
    follows: bool,
    has_wecom: bool,
    /// Mini-programs that know the person, with the templates whose messages the ledger allows.
    rights: BTreeMap<String, BTreeSet<String>>,
}

#[derive(FromQueryResult)]
struct Beside {
    person: Uuid,
    notice_level: String,
    follows: Option<String>,
    wecom: Option<String>,
}

impl Reaches {
    pub async fn of(
        db: &impl ConnectionTrait,
        persons: &BTreeSet<PersonId>,
        doors: &Doors,
        now: DateTime<Utc>,
    ) -> Result<Self, StoreError> {
        let mut people: HashMap<PersonId, Known> = HashMap::new();
        if persons.is_empty() {
            return Ok(Self { doors: doors.clone(), people, closed: Vec::new() });
        }
        let closed = circuits::closed(db, now).await?;
        for row in &db.query_all(&beside(persons, doors, now)).await.map_err(store_error)? {
            let row = Beside::from_query_result(row, "").map_err(store_error)?;
            let known = people.entry(row.person.into()).or_default();
            known.level = cell::named("person", &row.notice_level)?;
            known.follows |= row.follows.is_some();
            known.has_wecom = row.wecom.is_some();
        }
        for AllowedRow { person, app_id, template_id } in allowed(db, persons.iter().copied(), doors.app_ids()).await? {
            people.entry(person.into()).or_default().rights.entry(app_id).or_default().extend(template_id);
        }
        Ok(Self { doors: doors.clone(), people, closed })
    }

    /// The next way after those up to `after`, open or not.
    pub fn next(&self, person: PersonId, errand: Errand, after: Option<Channel>) -> Option<Way> {
        self.rung(errand, after, self.reach(person, template(errand.kind, errand.side)))
    }

    /// The next one by which a message leaves now.
    pub fn next_open(&self, person: PersonId, errand: Errand, after: Option<Channel>) -> Option<Way> {
        let reach = self.reach(person, template(errand.kind, errand.side));
        let is_open = |channel, app_id: &str| !circuits::is_among(&self.closed, channel, app_id);
        let service = self.doors.service_account.as_deref().unwrap_or_default();
        let reach = Reach {
            subscribe: reach.subscribe.filter(|app_id| is_open(Channel::Subscribe, app_id)),
            service_account: reach.service_account && is_open(Channel::ServiceAccount, service),
            wecom: reach.wecom && is_open(Channel::Wecom, ""),
            ..reach
        };
        self.rung(errand, after, reach).filter(|way| way.channel != Channel::Call)
    }

    fn rung(&self, errand: Errand, after: Option<Channel>, reach: Reach) -> Option<Way> {
        let Errand { kind, side, importance } = errand;
        let channel = next_rung(after, kind, side, importance, &reach)?;
        let app_id = match channel {
            Channel::Subscribe => reach.subscribe,
            Channel::ServiceAccount => self.doors.service_account.clone(),
            Channel::Inbox | Channel::Wecom | Channel::Call => None,
        };
        Some(Way { channel, app_id: app_id.unwrap_or_default() })
    }

    pub fn reach(&self, person: PersonId, template: Template) -> Reach {
        let Some(known) = self.people.get(&person) else { return Reach::default() };
        let allows = |program: &&Program| {
            let rights = known.rights.get(&program.app_id);
            program.template(template).is_some_and(|id| rights.is_some_and(|rights| rights.contains(id)))
        };
        let mut programs = self.doors.programs.iter();
        let is_open = |program: &&Program| !circuits::is_among(&self.closed, Channel::Subscribe, &program.app_id);
        let open = programs.clone().filter(allows).find(is_open);
        Reach {
            has_wechat: !known.rights.is_empty(),
            subscribe: open.or_else(|| programs.find(allows)).map(|program| program.app_id.clone()),
            service_account: self.doors.service_account.is_some() && known.follows,
            wecom: self.doors.wecom && known.has_wecom,
            level: known.level,
        }
    }
}

fn beside(persons: &BTreeSet<PersonId>, doors: &Doors, now: DateTime<Utc>) -> SelectStatement {
    let own = |column| Expr::col((person::Entity, column));
    let follows = own(person::Column::Unionid).equals((follower::Entity, follower::Column::Unionid)).and(
        Expr::col((follower::Entity, follower::Column::AppId)).eq(doors.service_account.clone().unwrap_or_default()),
    );
    let is_member = own(person::Column::Id)
        .equals((wecom_member::Entity, wecom_member::Column::PersonId))
        .and(Expr::exists(works_now((person::Entity, person::Column::Id), now)));
    Query::select()
        .expr_as(Expr::col((person::Entity, person::Column::Id)), "person")
        .expr_as(Expr::col((person::Entity, person::Column::NoticeLevel)), "notice_level")
        .expr_as(Expr::col((follower::Entity, follower::Column::Openid)), "follows")
        .expr_as(Expr::col((wecom_member::Entity, wecom_member::Column::UserId)), "wecom")
        .from(person::Entity)
        .join(LeftJoin, follower::Entity, follows)
        .join(LeftJoin, wecom_member::Entity, is_member)
        .and_where(Expr::col((person::Entity, person::Column::Id)).is_in(persons.iter().map(|id| id.0)))
        .take()
}
