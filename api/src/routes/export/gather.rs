use domain::ids::OrderId;
use domain::mediation::Standing;
use domain::order::Order;
use domain::people::{Desk, Person, Sight};
use domain::ports::{Dossier, OrderQuery, PhotosOf, Slice};

use super::body::{DeliveryView, Export, ExportedHousehold, ExportedOrder, ProfileView};
use domain::wechat::WechatAccount;

use crate::app::App;
use crate::extract::Caller;
use crate::names::Book;
use crate::problem::Problem;
use crate::routes::consents::ConsentView;
use crate::routes::data_access::DataAccessView;
use crate::routes::delegations::DelegationView;
use crate::routes::me::MembershipView;
use crate::routes::mediations::MediationView;
use crate::routes::residences::ResidenceView;
use crate::view::photo::{photos_in, photos_of};
use crate::view::{OrderView, TimelineItem, local};

/// Orders, and lines of each other kind, in one file: more than anybody has, and what memory bears.
const MOST: u16 = 1_000;
/// Orders read in one go.
const PAGE: u16 = 100;
/// Events of one order.
const EVENTS: u16 = 10_000;

pub(super) async fn gather(app: &App, caller: &Caller) -> Result<Export, Problem> {
    let (person, book) = (&caller.person, app.names.book().await?);
    let selves: Vec<_> = caller.actor.selves().collect();
    let dossier = app.stores.dossiers.dossier_of(person.id, MOST).await?;
    let looks = app.stores.disclosures.disclosures_of(&selves, Slice { before: None, limit: MOST }).await?;
    let consents = app.stores.consents.consents_of(person.id, Slice { before: None, limit: MOST }).await?;
    let loose = app.stores.erasures.photos(PhotosOf::Uploader(person.id), MOST).await?;
    let scene = app.scene(&caller.actor, &loose).await?;
    let orders = orders(app, caller).await?;
    let homes = app.stores.residences.residences_of(person.id).await?;
    let delegations = app.stores.delegations.delegations_of(&selves, Slice { before: None, limit: MOST }).await?;
    let doors = app.stores.campaigns.naming(&selves, MOST).await?;
    let volunteering = app.stores.volunteers.volunteering_of(&selves).await?;
    let hours = app.stores.volunteers.credits_of(&selves, Slice { before: None, limit: MOST }).await?;
    let accounts = app.stores.wechat.accounts_of(person.id, &app.apps.ids()).await?;
    let rights = app.stores.wechat.rights_of(person.id).await?;
    let (mediations, of_others) = mediations(app, caller).await?;
    let profile = profile(person, &book, &dossier, accounts);
    let Dossier { sessions, subscriptions, deliveries, .. } = dossier;
    let lines = [
        sessions.len(),
        subscriptions.len(),
        deliveries.len(),
        looks.len(),
        consents.len(),
        orders.len(),
        delegations.len(),
        doors.len(),
        mediations.len(),
        hours.len(),
    ];
    Ok(Export {
        exported_at: local(app.clock.now()),
        complete: lines.iter().all(|count| *count < usize::from(MOST)),
        profile,
        residences: homes.iter().map(ResidenceView::new).collect(),
        delegations: delegations.iter().map(|d| DelegationView::of(&caller.actor, d, app.clock.now())).collect(),
        orders,
        mediations,
        photos: scene.album.show(&loose),
        household_visits: doors.into_iter().map(|(campaign, door)| ExportedHousehold::new(campaign, door)).collect(),
        consents: consents.iter().map(ConsentView::new).collect(),
        data_access: looks.iter().map(|look| DataAccessView::new(&book, look)).collect(),
        sessions: sessions.into_iter().map(Into::into).collect(),
        subscriptions: subscriptions.into_iter().map(Into::into).collect(),
        message_rights: rights.into_iter().map(Into::into).collect(),
        deliveries: deliveries.iter().map(|line| DeliveryView::new(line, &of_others)).collect(),
        volunteering: volunteering.iter().map(Into::into).collect(),
        volunteer_hours: hours.iter().map(Into::into).collect(),
    })
}

/// As a party, and not as a mediator: what others said in confidence is theirs. And the orders of those that others asked for.
async fn mediations(app: &App, caller: &Caller) -> Result<(Vec<MediationView>, Vec<OrderId>), Problem> {
    let selves: Vec<_> = caller.actor.selves().collect();
    let (mut views, mut of_others) = (Vec::new(), Vec::new());
    for case in app.stores.mediations.cases_of(&selves, MOST).await? {
        let own = case.parties.iter().find(|party| party.person.is_some_and(|person| selves.contains(&person)));
        if let Some(party) = own {
            views.push(app.mediation_view(&case, Standing::Party(party.number)).await?);
            if party.number > 1 {
                of_others.push(case.order);
            }
        }
    }
    Ok((views, of_others))
}

fn profile(person: &Person, book: &Book, dossier: &Dossier, accounts: Vec<WechatAccount>) -> ProfileView {
    ProfileView {
        id: person.id.0,
        nickname: person.nickname.clone(),
        phone: person.phone.clone(),
        age_band: person.age_band.map(Into::into),
        memberships: person.memberships.iter().map(|m| MembershipView::new(m, book.tree())).collect(),
        wechat_openid: accounts.first().map(|account| account.openid.clone()),
        wechat_accounts: accounts.into_iter().map(Into::into).collect(),
        wechat_unionid: dossier.unionid.clone(),
        wecom_user_id: dossier.wecom_user_id.clone(),
        notice_level: dossier.notice_level.into(),
        notice_level_text: dossier.notice_level.text(),
        registered_at: local(person.created_at),
    }
}

async fn orders(app: &App, caller: &Caller) -> Result<Vec<ExportedOrder>, Problem> {
    let mut exported = Vec::new();
    let mut before = None;
    while exported.len() < usize::from(MOST) {
        let page = app.stores.orders.list(&mine(caller, before)).await?;
        let Some(last) = page.last() else { break };
        before = Some(last.id);
        for order in &page {
            exported.push(one(app, caller, order).await?);
        }
    }
    Ok(exported)
}

fn mine(caller: &Caller, before: Option<OrderId>) -> OrderQuery {
    let (desk, slice) = (Desk::Mine(caller.actor.selves().collect()), Slice { before, limit: PAGE });
    OrderQuery::all(desk, slice)
}

/// As the person sees it elsewhere: what others may not tell them stands in no export either.
async fn one(app: &App, caller: &Caller, order: &Order) -> Result<ExportedOrder, Problem> {
    let events = app.stores.orders.timeline(order.id, &Sight::of(&caller.actor), 0, EVENTS).await?;
    let photos: Vec<_> = photos_of(order).chain(events.iter().flat_map(photos_in).copied()).collect();
    let scene = app.scene(&caller.actor, &photos).await?;
    let timeline = events.iter().filter_map(|event| TimelineItem::new(&scene, order, event)).collect();
    Ok(ExportedOrder { order: OrderView::new(&scene, order), timeline })
}
