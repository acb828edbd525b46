//! What a worker needs to tell a notice: its words' parts and those who have not been told yet.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, Func, Query, SelectStatement, UnionType};
use sea_orm::{ConnectionTrait, DatabaseConnection, FromQueryResult};
use uuid::Uuid;

use domain::notice::Audience;
use domain::people::Role;
use domain::ports::{OutboxItem, Recipient, StoreError};
use domain::wechat::WechatAccount;

use crate::database::store_error;
use crate::entity::{delivery, former_self, identity, membership, order, outbox, partner, person, service};
use crate::store::cell;

#[derive(FromQueryResult)]
struct Words {
    item: Uuid,
    order_number: String,
    service_name: String,
    partner_name: Option<String>,
}

#[derive(FromQueryResult)]
struct Addressee {
    item: Uuid,
    person: Uuid,
    app_id: Option<String>,
    openid: Option<String>,
}

/// Two statements whatever was claimed. The rows are lent to us, so nobody changes them meanwhile.
pub(super) async fn with_words(
    db: &DatabaseConnection,
    app_ids: &[String],
    claimed: Vec<outbox::Model>,
    now: DateTime<Utc>,
) -> Result<Vec<OutboxItem>, StoreError> {
    if claimed.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = claimed.iter().map(|row| row.id).collect();
    let words = all::<Words>(db, &words_of(&ids)).await?;
    let mut words: HashMap<Uuid, Words> = words.into_iter().map(|w| (w.item, w)).collect();
    let mut addressees = gather(all::<Addressee>(db, &addressees_of(&ids, app_ids, now)).await?, app_ids);
    let item = |row: outbox::Model| {
        let words = words.remove(&row.id).ok_or_else(|| StoreError::corrupt("notice", "its order is missing"))?;
        let recipients = addressees.remove(&row.id).unwrap_or_default();
        to_item(row, words, recipients)
    };
    claimed.into_iter().map(item).collect()
}

/// A row for each account of a person, the preferred one first; one without account for people without WeChat.
fn gather(rows: Vec<Addressee>, app_ids: &[String]) -> HashMap<Uuid, Vec<Recipient>> {
    let mut people: HashMap<Uuid, Vec<Recipient>> = HashMap::new();
    for Addressee { item, person, app_id, openid } in rows {
        let people = people.entry(item).or_default();
        let account = app_id.zip(openid).map(|(app_id, openid)| WechatAccount { app_id, openid });
        match people.iter_mut().find(|known| known.person.0 == person) {
            Some(known) => known.accounts.extend(account),
            None => people.push(Recipient { person: person.into(), accounts: account.into_iter().collect() }),
        }
    }
    for recipient in people.values_mut().flatten() {
        recipient.accounts.sort_by_key(|account| app_ids.iter().position(|id| *id == account.app_id));
    }
    people
}

fn to_item(row: outbox::Model, words: Words, recipients: Vec<Recipient>) -> Result<OutboxItem, StoreError> {
    Ok(OutboxItem {
        id: row.id.into(),
        kind: cell::named("notice", &row.kind)?,
        audience: audience(&row)?,
        order: row.order_id.into(),
        order_number: words.order_number,
        service_name: words.service_name,
        partner_name: words.partner_name,
        at: row.at,
        attempts: cell::number("notice", row.attempts)?,
        recipients,
    })
}

fn audience(row: &outbox::Model) -> Result<Audience, StoreError> {
    let person = row.to_person_id.map(|id| Audience::Person(id.into()));
    let partner = row.to_partner_id.map(|id| Audience::Partner(id.into()));
    let desk = row.to_desk_id.map(|id| Audience::Desk(id.into()));
    person.or(partner).or(desk).ok_or_else(|| StoreError::corrupt("notice", "it is for nobody"))
}

async fn all<T: FromQueryResult>(db: &DatabaseConnection, query: &SelectStatement) -> Result<Vec<T>, StoreError> {
    let rows = db.query_all(query).await.map_err(store_error)?;
    rows.iter().map(|row| T::from_query_result(row, "")).collect::<Result<_, _>>().map_err(store_error)
}

fn words_of(ids: &[Uuid]) -> SelectStatement {
    use sea_orm::sea_query::JoinType::{InnerJoin, LeftJoin};
    let same_service = Expr::col((service::Entity, service::Column::CommunityId))
        .equals((order::Entity, order::Column::CommunityId))
        .and(Expr::col((service::Entity, service::Column::Key)).equals((order::Entity, order::Column::ServiceKey)));
    let same_order = Expr::col((order::Entity, order::Column::Id)).equals((outbox::Entity, outbox::Column::OrderId));
    let same_partner =
        Expr::col((partner::Entity, partner::Column::Id)).equals((outbox::Entity, outbox::Column::AboutPartnerId));
    Query::select()
        .expr_as(Expr::col((outbox::Entity, outbox::Column::Id)), "item")
        .expr_as(Expr::col((order::Entity, order::Column::Number)), "order_number")
        .expr_as(Expr::col((service::Entity, service::Column::Name)), "service_name")
        .expr_as(Expr::col((partner::Entity, partner::Column::Name)), "partner_name")
        .from(outbox::Entity)
        .join(InnerJoin, order::Entity, same_order)
        .join(InnerJoin, service::Entity, same_service)
        .join(LeftJoin, partner::Entity, same_partner)
        .and_where(Expr::col((outbox::Entity, outbox::Column::Id)).is_in(ids.iter().copied()))
        .take()
}

/// One person once, even where several memberships lead to the same partner or desk.
fn addressees_of(ids: &[Uuid], app_ids: &[String], now: DateTime<Utc>) -> SelectStatement {
    let to_person = || Expr::col((outbox::Entity, outbox::Column::ToPersonId));
    let now_is = Query::select()
        .column((former_self::Entity, former_self::Column::PersonId))
        .from(former_self::Entity)
        .and_where(Expr::col((former_self::Entity, former_self::Column::FormerId)).eq(to_person()))
        .take();
    // Whoever took the account over is told in its place.
    let addressee = Func::coalesce([Expr::SubQuery(None, Box::new(now_is.into())), to_person()]);
    let itself = Expr::col((person::Entity, person::Column::Id)).eq(addressee);
    let ends_at = || Expr::col((membership::Entity, membership::Column::EndsAt));
    let runs_still = || ends_at().is_null().or(ends_at().gt(now));
    let held = || Expr::col((membership::Entity, membership::Column::EndedAt)).is_null().and(runs_still());
    let is = |role: Role| Expr::col((membership::Entity, membership::Column::Role)).eq(<&str>::from(role));
    let staff = Expr::col((membership::Entity, membership::Column::PartnerId))
        .equals((outbox::Entity, outbox::Column::ToPartnerId))
        .and(is(Role::PartnerStaff))
        .and(held());
    let same_order = Expr::col((order::Entity, order::Column::Id)).equals((outbox::Entity, outbox::Column::OrderId));
    // The secretary reads all matters, the clerk those that are not sealed.
    let reads =
        is(Role::Secretary).or(is(Role::IntakeClerk).and(Expr::col((order::Entity, order::Column::Sealed)).eq(false)));
    let on_duty = Expr::col((membership::Entity, membership::Column::PlaceId))
        .equals((outbox::Entity, outbox::Column::ToDeskId))
        .and(reads)
        .and(held());
    let member =
        || Expr::col((person::Entity, person::Column::Id)).equals((membership::Entity, membership::Column::PersonId));

    let mut persons = untold(ids).inner_join(person::Entity, itself).take();
    let mut partners = untold(ids).inner_join(membership::Entity, staff).inner_join(person::Entity, member()).take();
    let mut desks = untold(ids)
        .inner_join(order::Entity, same_order)
        .inner_join(membership::Entity, on_duty)
        .inner_join(person::Entity, member())
        .take();
    for some in [&mut persons, &mut partners, &mut desks] {
        some.left_join(identity::Entity, is_called(app_ids));
    }
    persons.union(UnionType::Distinct, partners).union(UnionType::Distinct, desks).take()
}

/// What the mini-programs call the person.
fn is_called(app_ids: &[String]) -> Expr {
    Expr::col((identity::Entity, identity::Column::PersonId))
        .equals((person::Entity, person::Column::Id))
        .and(Expr::col((identity::Entity, identity::Column::AppId)).is_in(app_ids))
}

/// Item, person and account of those without an end for this notice.
fn untold(ids: &[Uuid]) -> SelectStatement {
    let same = |ours: delivery::Column, theirs: outbox::Column| {
        Expr::col((delivery::Entity, ours)).equals((outbox::Entity, theirs))
    };
    let told = Query::select()
        .expr(Expr::val(1))
        .from(delivery::Entity)
        .and_where(same(delivery::Column::OrderId, outbox::Column::OrderId))
        .and_where(same(delivery::Column::Seq, outbox::Column::Seq))
        .and_where(same(delivery::Column::Kind, outbox::Column::Kind))
        .and_where(
            Expr::col((delivery::Entity, delivery::Column::PersonId)).equals((person::Entity, person::Column::Id)),
        )
        .take();
    Query::select()
        .expr_as(Expr::col((outbox::Entity, outbox::Column::Id)), "item")
        .expr_as(Expr::col((person::Entity, person::Column::Id)), "person")
        .expr_as(Expr::col((identity::Entity, identity::Column::AppId)), "app_id")
        .expr_as(Expr::col((identity::Entity, identity::Column::Openid)), "openid")
        .from(outbox::Entity)
        .and_where(Expr::col((outbox::Entity, outbox::Column::Id)).is_in(ids.iter().copied()))
        .and_where(Expr::exists(told).not())
        .take()
}
