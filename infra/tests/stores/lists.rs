use domain::ids::{CommunityId, OrderId};
use domain::order::{Command, DispatchStatus, HandlerRole, Order, OrderStatus, ReturnReason};
use domain::people::{Area, Desk};
use domain::ports::{DispatchQuery, OrderQuery, Slice};

use crate::bed::Bed;
use crate::story::{Story, accept, committed, ids, minutes, moved, noon, resolve};

pub fn everything(desk: Desk) -> OrderQuery {
    let slice = Slice { before: None, limit: 100 };
    OrderQuery::all(desk, slice)
}

async fn listed(bed: &Bed, query: &OrderQuery) -> Vec<OrderId> {
    ids(&bed.stores.orders.list(query).await.expect("a list"))
}

pub async fn pages_stay_whole_while_orders_come_in(bed: &Bed) {
    let story = Story::begin(bed).await;
    let mut expected = Vec::new();
    for n in 0..25 {
        let order = if n % 3 == 0 {
            story.dispatched(bed, minutes(n), story.partner).await
        } else {
            story.placed(bed, minutes(n)).await
        };
        expected.insert(0, order);
    }
    let mut met: Vec<Order> = Vec::new();
    let mut query = everything(Desk::Community(area(&[story.community])));
    query.slice.limit = 10;
    loop {
        let page = bed.stores.orders.list(&query).await.expect("a page");
        query.slice.before = page.last().map(|order| order.id);
        let is_last = page.len() < 10;
        met.extend(page);
        if is_last {
            break;
        }
        // Newer than every page to come.
        story.placed(bed, minutes(100)).await;
    }
    assert_eq!(met, expected, "whole orders, with their dispatches");
}

pub async fn each_desk_shows_its_own(bed: &Bed) {
    let story = Story::begin(bed).await;
    let mine = story.placed(bed, minutes(0)).await.id;
    let neighbours = committed(bed, story.submission_with(&story.neighbour, minutes(1), |_| {})).await.id;
    let far =
        committed(bed, story.submission_with(&story.neighbour, minutes(2), |s| s.community = story.elsewhere)).await.id;
    let handled = story.dispatched(bed, minutes(3), story.partner).await.id;
    let helped = story.dispatched(bed, minutes(4), story.helper).await.id;

    let resident = Desk::Mine(vec![story.resident.person]);
    assert_eq!(listed(bed, &everything(resident)).await, [helped, handled, mine]);
    let here = Desk::Community(area(&[story.community]));
    assert_eq!(listed(bed, &everything(here)).await, [helped, handled, neighbours, mine]);
    let both = Desk::Community(area(&[story.elsewhere, story.community]));
    assert_eq!(listed(bed, &everything(both)).await, [helped, handled, far, neighbours, mine]);
    assert_eq!(listed(bed, &everything(Desk::Assigned(vec![story.partner]))).await, [handled]);
    let partners = Desk::Assigned(vec![story.partner, story.helper]);
    assert_eq!(listed(bed, &everything(partners.clone())).await, [helped, handled]);
    let mut second = everything(partners);
    second.slice = Slice { before: Some(helped), limit: 1 };
    assert_eq!(listed(bed, &second).await, [handled]);
    for nobody in [Desk::Mine(vec![story.stranger.person]), Desk::Community(area(&[])), Desk::Assigned(vec![])] {
        assert_eq!(listed(bed, &everything(nobody)).await, []);
    }
}

pub async fn an_order_with_two_handlers_takes_one_place_on_the_page(bed: &Bed) {
    let story = Story::begin(bed).await;
    let older = story.dispatched(bed, minutes(0), story.partner).await;
    let shared = story.dispatched(bed, minutes(1), story.partner).await;
    let second = story.dispatch(story.helper, HandlerRole::Co, minutes(2));
    let shared = moved(bed, &shared, &story.clerk, second, minutes(2)).await;
    let mut query = everything(Desk::Assigned(vec![story.partner, story.helper]));
    query.slice.limit = 2;
    assert_eq!(listed(bed, &query).await, [shared.id, older.id]);
}

pub async fn narrowing_by_status_service_and_words(bed: &Bed) {
    let story = Story::begin(bed).await;
    let with = |title: &str, service: &str, at| {
        story.submission_with(&story.resident, minutes(at), |s| {
            s.content.title = title.to_owned();
            s.service_key = service.to_owned();
        })
    };
    let half = committed(bed, with("Lamp 50% 亮度", "repair", 0)).await;
    let fifty = committed(bed, with("50 盏灯", "danger", 1)).await;
    let path = committed(bed, with(r"a_b\c", "repair", 2)).await;
    let taken = story.accepted(bed, minutes(3)).await;
    let handled = story.dispatched(bed, minutes(4), story.partner).await;

    let query = everything(Desk::Community(area(&[story.community])));
    let by_text = |text: &str| OrderQuery { text: Some(text.to_owned()), ..query.clone() };
    assert_eq!(listed(bed, &by_text("50%")).await, [half.id]);
    assert_eq!(listed(bed, &by_text("50")).await, [fifty.id, half.id]);
    assert_eq!(listed(bed, &by_text("_")).await, [path.id]);
    assert_eq!(listed(bed, &by_text(r"b\c")).await, [path.id]);
    assert_eq!(listed(bed, &by_text("LAMP")).await, [half.id]);
    assert_eq!(listed(bed, &by_text(&taken.number.to_lowercase())).await, [taken.id]);
    assert_eq!(listed(bed, &by_text("3号楼")).await.len(), 5);

    let status = Some(OrderStatus::Accepted);
    assert_eq!(listed(bed, &OrderQuery { status, ..query.clone() }).await, [taken.id]);
    let service_key = Some("danger".to_owned());
    assert_eq!(listed(bed, &OrderQuery { service_key, ..query.clone() }).await, [fifty.id]);
    let assigned = everything(Desk::Assigned(vec![story.partner]));
    assert_eq!(
        listed(bed, &OrderQuery { status: Some(OrderStatus::Dispatched), ..assigned.clone() }).await,
        [handled.id]
    );
    assert_eq!(listed(bed, &OrderQuery { status, ..assigned.clone() }).await, []);
    assert_eq!(listed(bed, &OrderQuery { text: Some("50".to_owned()), ..assigned }).await, []);
}

pub async fn what_is_overdue(bed: &Bed) {
    let story = Story::begin(bed).await;
    let waiting = story.placed(bed, noon()).await;
    let taken = story.accepted(bed, minutes(1)).await;
    let done = moved(bed, &taken, &story.clerk, resolve(), minutes(2)).await;
    let working = story.accepted(bed, minutes(3)).await;
    assert_eq!(done.next_due(), None);

    let (soon, late) = (waiting.next_due().expect("a clock"), working.next_due().expect("a clock"));
    let before =
        |instant| OrderQuery { due_before: Some(instant), ..everything(Desk::Community(area(&[story.community]))) };
    assert!(soon < late);
    assert_eq!(listed(bed, &before(soon)).await, []);
    assert_eq!(listed(bed, &before(late)).await, [waiting.id]);
    assert_eq!(listed(bed, &before(late + chrono::TimeDelta::milliseconds(1))).await, [working.id, waiting.id]);
}

pub async fn a_partners_dispatches(bed: &Bed) {
    let story = Story::begin(bed).await;
    let first = story.dispatched(bed, minutes(0), story.partner).await;
    let other = story.dispatched(bed, minutes(1), story.helper).await;
    let second = story.dispatched(bed, minutes(2), story.partner).await;
    let second =
        moved(bed, &second, &story.clerk, story.dispatch(story.helper, HandlerRole::Co, minutes(3)), minutes(3)).await;
    let back = Command::Return {
        dispatch: first.dispatches[0].id,
        reason: ReturnReason::OtherArea,
        note: "不在片区".to_owned(),
    };
    let first = moved(bed, &first, &story.worker, back, minutes(4)).await;
    committed(bed, story.submission(minutes(5))).await;
    moved(bed, &story.placed(bed, minutes(6)).await, &story.clerk, accept(), minutes(6)).await;

    let query = |partners: &[_], status, before| {
        let slice = Slice { before, limit: 2 };
        DispatchQuery { partners: partners.to_vec(), status, slice }
    };
    let list = async |query: DispatchQuery| bed.stores.orders.list_dispatches(&query).await.expect("a list");
    let with = |order: &Order, n: usize| (order.dispatches[n].clone(), order.clone());

    assert_eq!(list(query(&[story.partner], None, None)).await, [with(&second, 0), with(&first, 0)]);
    assert_eq!(list(query(&[story.partner], Some(DispatchStatus::Sent), None)).await, [with(&second, 0)]);
    let both = [story.partner, story.helper];
    let page = list(query(&both, None, None)).await;
    assert_eq!(page, [with(&second, 1), with(&second, 0)]);
    assert_eq!(list(query(&both, None, Some(page[1].0.id))).await, [with(&other, 0), with(&first, 0)]);
    assert_eq!(list(query(&[], None, None)).await, []);
}

fn area(communities: &[CommunityId]) -> Area {
    Area { communities: communities.to_vec(), ..Area::default() }
}

pub async fn emergencies_only(bed: &Bed) {
    let story = Story::begin(bed).await;
    let burns = |s: &mut domain::order::Submission| s.advice.emergency = Some(domain::advice::Danger::Fire);
    let first = committed(bed, story.submission_with(&story.resident, minutes(0), burns)).await;
    story.placed(bed, minutes(1)).await;
    let second = committed(bed, story.submission_with(&story.neighbour, minutes(2), burns)).await;
    let query = OrderQuery { emergency: true, ..everything(Desk::Community(area(&[story.community]))) };
    assert_eq!(listed(bed, &query).await, [second.id, first.id]);
    assert_eq!(listed(bed, &OrderQuery { status: Some(OrderStatus::Accepted), ..query }).await, []);
}
