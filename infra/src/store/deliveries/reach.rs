//! How people can be reached now: two statements, however many they are.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use sea_orm::sea_query::JoinType::LeftJoin;
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ConnectionTrait, DatabaseTransaction, FromQueryResult};
use uuid::Uuid;

use domain::ids::PersonId;
use domain::notice::{Channel, NoticeLevel, Reach, Template};
use domain::ports::{Doors, StoreError};

use crate::database::store_error;
use crate::entity::{follower, person, wecom_member};
use crate::store::cell;
use crate::store::wechat::{AllowedRow, allowed};

pub(in crate::store) struct Reaches {
    doors: Doors,
    people: HashMap<PersonId, Known>,
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
    pub async fn of(tx: &DatabaseTransaction, persons: &BTreeSet<PersonId>, doors: &Doors) -> Result<Self, StoreError> {
        let mut people: HashMap<PersonId, Known> = HashMap::new();
        if persons.is_empty() {
            return Ok(Self { doors: doors.clone(), people });
        }
        for row in &tx.query_all(&beside(persons, doors)).await.map_err(store_error)? {
            let row = Beside::from_query_result(row, "").map_err(store_error)?;
            let known = people.entry(row.person.into()).or_default();
            known.level = cell::named("person", &row.notice_level)?;
            known.follows |= row.follows.is_some();
            known.has_wecom = row.wecom.is_some();
        }
        for AllowedRow { person, app_id, template_id } in allowed(tx, persons.iter().copied(), doors.app_ids()).await? {
            people.entry(person.into()).or_default().rights.entry(app_id).or_default().extend(template_id);
        }
        Ok(Self { doors: doors.clone(), people })
    }

    pub fn reach(&self, person: PersonId, template: Template) -> Reach {
        let Some(known) = self.people.get(&person) else { return Reach::default() };
        let allows = |program: &&domain::ports::Program| {
            let rights = known.rights.get(&program.app_id);
            program.template(template).is_some_and(|id| rights.is_some_and(|rights| rights.contains(id)))
        };
        Reach {
            has_wechat: !known.rights.is_empty(),
            subscribe: self.doors.programs.iter().find(allows).map(|program| program.app_id.clone()),
            service_account: self.doors.service_account.is_some() && known.follows,
            wecom: self.doors.wecom && known.has_wecom,
            level: known.level,
        }
    }

    /// The account that sends by this channel; empty where the channel has but one.
    pub fn app_id(&self, channel: Channel, reach: &Reach) -> String {
        match channel {
            Channel::Subscribe => reach.subscribe.clone().unwrap_or_default(),
            Channel::ServiceAccount => self.doors.service_account.clone().unwrap_or_default(),
            Channel::Inbox | Channel::Wecom | Channel::Call => String::new(),
        }
    }
}

fn beside(persons: &BTreeSet<PersonId>, doors: &Doors) -> SelectStatement {
    let same = |ours, theirs| Expr::col((person::Entity, ours)).equals(theirs);
    let follows = same(person::Column::Unionid, (follower::Entity, follower::Column::Unionid)).and(
        Expr::col((follower::Entity, follower::Column::AppId)).eq(doors.service_account.clone().unwrap_or_default()),
    );
    let is_member =
        Expr::col((person::Entity, person::Column::Id)).equals((wecom_member::Entity, wecom_member::Column::PersonId));
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
