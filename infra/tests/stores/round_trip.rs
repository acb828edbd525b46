use std::collections::HashSet;

use strum::IntoEnumIterator;

use domain::advice::{Advice, Danger, Matter};
use domain::ids::DispatchId;
use domain::order::{
    Attendee, Beneficiary, Command, HandlerRole, MergeTarget, Opinion, Order, OrderStatus, Place, Point, PointSource,
    RefuseReason, ReturnReason, Source, Visibility, VisitReport, VisitSide,
};
use domain::people::{Actor, Post, Role, Sight};
use domain::place::Located;
use domain::place::coordinates::Gcj02;
use domain::ports::StoreError;

use crate::bed::Bed;
use crate::story::{Story, accept, committed, compound, grid, minutes, noon, photo, planned, resolve};

/// Moves one order and looks after each move whether all of it came back.
struct Walk<'a> {
    bed: &'a Bed,
    sight: Sight,
    order: Order,
    minute: i64,
    seen: HashSet<OrderStatus>,
}

impl Walk<'_> {
    async fn go(&mut self, who: &Actor, command: Command) {
        // Hours apart, so that a second urge is no repetition.
        self.minute += 300;
        let change = planned(&self.order, who, command, minutes(self.minute));
        let event = change.chained.event.clone();
        self.order = committed(self.bed, change).await;
        self.look().await;
        let orders = &self.bed.stores.orders;
        let timeline = orders.timeline(self.order.id, &self.sight, event.seq - 1, 9).await.expect("a timeline");
        assert_eq!(timeline, [event]);
    }

    async fn look(&mut self) {
        let found = self.bed.stores.orders.find(self.order.id, &self.sight).await.expect("a search");
        assert_eq!(found.as_ref(), Some(&self.order));
        self.seen.insert(self.order.status());
    }

    fn last_dispatch(&self) -> DispatchId {
        self.order.dispatches.last().expect("a dispatch").id
    }
}

pub async fn every_field_of_every_state(bed: &Bed) {
    let story = Story::begin(bed).await;
    let mut seen = the_long_way(bed, &story).await;
    seen.extend(Box::pin(the_short_ends(bed, &story)).await);
    assert_eq!(seen, OrderStatus::iter().collect());
}

/// Everything that can be filled in is, and every move that keeps an order open is made.
async fn the_long_way(bed: &Bed, story: &Story) -> HashSet<OrderStatus> {
    let (at_first, proof, on_site) = (
        photo(bed, &story.resident, noon()).await,
        photo(bed, &story.clerk, noon()).await,
        photo(bed, &story.worker, noon()).await,
    );
    let change = story.submission_with(&story.resident, noon(), |s| {
        let point = Gcj02::new(38.045_123, 114.514_987).expect("a point");
        s.content.place = Some(Place {
            compound: Some("东苑".to_owned()),
            compound_id: Some(compound(story.community, "东苑")),
            building: Some("3号楼".to_owned()),
            words: Some("健身器材旁 \"红色\" 100%_\\".to_owned()),
            point: Some(Point { at: point, accuracy_m: Some(12), source: PointSource::Picked }),
        });
        s.content.attachments = vec![at_first];
        s.content.on_behalf_of = Some(Beneficiary {
            name: "李大爷".to_owned(),
            phone: Some("13800000000".to_owned()),
            person: Some(story.neighbour.person),
        });
        s.located = Some(Located::Beyond { community: story.elsewhere });
        s.sealed = true;
        s.advice = Advice { emergency: Some(Danger::Violence), elsewhere: Some(Matter::Litigation) };
        s.content.about_partner = Some(story.helper);
        s.content.visibility = Visibility::Normal;
        s.content.source = Source::Import { system: "12345".to_owned(), reference: "R-1".to_owned() };
        s.due.note = Some("期限待定".to_owned());
    });
    let order = committed(bed, change).await;
    let mut walk = Walk { bed, sight: Sight::of(&story.resident), order, minute: 0, seen: HashSet::new() };
    // Sealed matters are the secretary's.
    let secretary = Post::at(story.community, Role::Secretary);
    let clerk = &Actor { person: story.clerk.person, former: Vec::new(), posts: vec![secretary] };
    let (resident, worker) = (&story.resident, &story.worker);
    walk.look().await;
    walk.go(resident, Command::Urge).await;
    walk.go(clerk, Command::Accept { note: Some("收到".to_owned()) }).await;
    walk.go(
        clerk,
        Command::Absorb {
            child: walk.order.id,
            child_number: "XY-1".to_owned(),
            followers: vec![story.neighbour.person],
        },
    )
    .await;

    let grid = grid(story.community, "第一网格");
    walk.go(clerk, Command::Locate { grid, of: Some(story.community) }).await;

    walk.go(clerk, story.dispatch(story.helper, HandlerRole::Lead, minutes(walk.minute))).await;
    let refused = walk.last_dispatch();
    walk.go(
        &story.second_worker,
        Command::Return { dispatch: refused, reason: ReturnReason::NoCapacity, note: "人手不足".to_owned() },
    )
    .await;
    walk.go(clerk, story.dispatch(story.partner, HandlerRole::Lead, minutes(walk.minute))).await;
    let lead = walk.last_dispatch();
    walk.go(clerk, story.dispatch(story.helper, HandlerRole::Co, minutes(walk.minute))).await;
    let co = walk.last_dispatch();
    walk.go(worker, Command::Sign { dispatch: lead, visit_at: Some(minutes(90)) }).await;
    walk.go(
        worker,
        Command::Visit {
            dispatch: Some(lead),
            at: Some(minutes(1)),
            report: VisitReport { photos: vec![on_site], ..on_the_spot() },
        },
    )
    .await;
    walk.go(clerk, Command::Visit { dispatch: None, at: None, report: on_the_spot() }).await;
    walk.go(worker, Command::Complete { dispatch: lead, result: "换了灯泡".to_owned(), photos: vec![], charge: None })
        .await;
    walk.go(clerk, Command::Rework { dispatch: lead, reason: "还是不亮".to_owned() }).await;
    walk.go(clerk, Command::Recall { dispatch: co, reason: "不需要了".to_owned() }).await;
    walk.go(clerk, Command::Comment { text: "明天再来".to_owned(), photos: vec![] }).await;
    // The lead's open dispatch is recalled by the resolution.
    walk.go(
        clerk,
        Command::Resolve {
            result: "已修好".to_owned(),
            photos: vec![proof],
            signature: None,
            override_reason: Some("已确认".to_owned()),
            charge: None,
        },
    )
    .await;
    for comment in [None, Some("又坏了".to_owned())] {
        walk.go(resident, Command::Rate { solved: false, satisfaction: 2, comment }).await;
        walk.go(resident, Command::Reopen { reason: "没修好".to_owned() }).await;
        walk.go(clerk, story.dispatch(story.partner, HandlerRole::Lead, minutes(walk.minute))).await;
        walk.go(clerk, resolve()).await;
    }
    assert!(walk.order.supervised);
    walk.seen
}

/// The ends that nothing leaves.
async fn the_short_ends(bed: &Bed, story: &Story) -> HashSet<OrderStatus> {
    let mut seen = HashSet::new();
    let target = story.accepted(bed, noon()).await;
    let into = MergeTarget {
        id: target.id,
        number: target.number,
        community: target.community,
        requester: target.requester,
        sealed: target.sealed,
        status: OrderStatus::Accepted,
    };
    let refuse = Command::Refuse { reason: RefuseReason::OtherCommunity, redirect_to: Some("东风社区".to_owned()) };
    let withdraw = Command::Withdraw { reason: Some("自己修好了".to_owned()) };
    for (who, end) in [(&story.clerk, refuse), (&story.resident, withdraw), (&story.clerk, Command::Merge { into })] {
        let order = story.placed(bed, noon()).await;
        let mut walk = Walk { bed, sight: story.clerk_sight(), order, minute: 0, seen };
        walk.go(who, end).await;
        seen = walk.seen;
    }
    // A withdrawal takes the work away from its handlers.
    let order = story.dispatched(bed, noon(), story.partner).await;
    let mut walk = Walk { bed, sight: story.clerk_sight(), order, minute: 0, seen };
    walk.go(&story.resident, Command::Withdraw { reason: None }).await;
    walk.seen
}

pub async fn a_status_that_contradicts_its_state_is_corrupt(bed: &Bed) {
    let story = Story::begin(bed).await;
    let order = story.placed(bed, noon()).await;
    bed.tamper("UPDATE orders SET status = 'rated'").await;
    is_corrupt(bed, &story, &order).await;
    bed.tamper("UPDATE orders SET status = 'submitted'").await;
    bed.stores.orders.find(order.id, &story.clerk_sight()).await.expect("readable again");

    let order = planned(&order, &story.clerk, accept(), minutes(1));
    let order = committed(bed, order).await;
    let order = committed(
        bed,
        planned(&order, &story.clerk, story.dispatch(story.partner, HandlerRole::Lead, minutes(2)), minutes(2)),
    )
    .await;
    bed.tamper("UPDATE dispatches SET status = 'completed'").await;
    is_corrupt(bed, &story, &order).await;
}

pub async fn an_unknown_name_is_corrupt(bed: &Bed) {
    let story = Story::begin(bed).await;
    let order = story.placed(bed, noon()).await;
    bed.tamper("UPDATE orders SET followers = '{}'").await;
    is_corrupt(bed, &story, &order).await;
    bed.tamper("UPDATE orders SET followers = '[]'").await;
    bed.stores.orders.find(order.id, &story.clerk_sight()).await.expect("readable again");
    bed.tamper("UPDATE orders SET progress = private").await;
    is_corrupt(bed, &story, &order).await;
}

async fn is_corrupt(bed: &Bed, story: &Story, order: &Order) {
    let found = bed.stores.orders.find(order.id, &story.clerk_sight()).await;
    assert!(matches!(found, Err(StoreError::Corrupt { .. })), "{found:?}");
}

fn on_the_spot() -> VisitReport {
    let side = VisitSide::Resident;
    VisitReport {
        note: "到场".to_owned(),
        attendees: vec![Attendee { who: "王女士".to_owned(), side }],
        opinions: vec![Opinion { who: "王女士".to_owned(), side, opinion: "换个亮点的".to_owned() }],
        plan: Some("换灯泡".to_owned()),
        point: None,
        photos: Vec::new(),
    }
}
