use uuid::Uuid;

use super::super::{CampaignSight, Door, Doors, Dweller, Handed, Helper, Item, Share, Visitor, household_of};
use super::*;
use crate::advice::Advice;
use crate::campaign::Target;
use crate::deadline::Due;
use crate::ids::{AttachmentId, CommunityId, HouseholdId, OrderId, PlaceId};
use crate::order::{Content, Source, Submission, Visibility, submit};
use crate::people::access::{Operation, permits};
use crate::people::{Actor, Address, Hat, Post, Reach, Role};
use crate::service::{Answers, Terms};

const HERE: CommunityId = CommunityId(Uuid::from_u128(1));
const ELSEWHERE: CommunityId = CommunityId(Uuid::from_u128(2));
const FIRE: PartnerId = PartnerId(Uuid::from_u128(10));
const PROPERTY: PartnerId = PartnerId(Uuid::from_u128(11));
const UNNAMED: PartnerId = PartnerId(Uuid::from_u128(12));
const COMPOUND: PlaceId = PlaceId(Uuid::from_u128(20));
const OTHER_COMPOUND: PlaceId = PlaceId(Uuid::from_u128(21));
const SOMEBODY: PersonId = PersonId(Uuid::from_u128(30));

fn noon() -> DateTime<Utc> {
    "2026-11-23T04:00:00Z".parse().expect("an instant")
}

fn order() -> Order {
    let content = Content {
        title: "老人家里有火灾隐患".into(),
        description: "入户时看到".into(),
        place: None,
        attachments: Vec::new(),
        contact: None,
        on_behalf_of: None,
        visibility: Visibility::Normal,
        about_partner: None,
        source: Source::MiniProgram,
        minor: false,
        form: Answers::default(),
        erased: None,
    };
    let submission = Submission {
        id: OrderId(Uuid::from_u128(40)),
        number: "XY-20261123-0001".into(),
        community: HERE,
        service_key: "safety".into(),
        terms: Terms::default(),
        requester: SOMEBODY,
        sealed: false,
        advice: Advice::default(),
        content,
        due: Due { accept_by: None, resolve_by: None, preset: "ordinary".into(), note: None },
        located: None,
        hat: Hat::Requester,
    };
    submit(submission, noon()).expect("an order").0
}

fn draft() -> Draft {
    let item = |name: &str| Item { name: name.into(), unit: "个".into() };
    Draft {
        title: "敲门入户送安全".into(),
        purpose: "查隐患、送安全".into(),
        items: ["烟感报警器", "防毒面具", "灭火器"].map(item).to_vec(),
        partners: vec![
            Helper { partner: FIRE, doors: Doors::All },
            Helper { partner: PROPERTY, doors: Doors::Assigned },
        ],
    }
}

fn opened(order: &Order, draft: Draft) -> Result<Campaign, Refusal> {
    open(CampaignId(Uuid::from_u128(50)), order, draft, |partner| partner != UNNAMED, SOMEBODY, noon())
}

fn campaign() -> Campaign {
    opened(&order(), draft()).expect("a campaign")
}

fn household(campaign: &Campaign) -> Household {
    let address = Address {
        community_id: HERE,
        compound: "西苑小区".into(),
        building: Some("3".into()),
        unit: None,
        room: Some("301".into()),
    };
    let (id, door) = (HouseholdId(Uuid::from_u128(60)), Door { address, note: None });
    household_of(campaign.id, 1, Target { id, compound: COMPOUND, door, dwellers: Vec::new(), partner: None })
}

fn report(round: u8, outcome: Outcome) -> Report {
    let visitors = vec![Visitor { side: Side::Grid, name: None }, Visitor { side: Side::Partner(FIRE), name: None }];
    Report { round, outcome, findings: None, handed_out: Vec::new(), photos: Vec::new(), visitors }
}

fn handed(item: &str, quantity: u8) -> Handed {
    Handed { item: item.into(), quantity, proof: vec![AttachmentId(Uuid::from_u128(70))] }
}

const DESK: Standing = Standing { hat: Hat::IntakeClerk, partner: None };

fn recorded(campaign: &Campaign, household: &Household, report: Report, as_whom: Standing) -> Result<Visit, Refusal> {
    record(VisitId(Uuid::from_u128(80)), campaign, household, report, (SOMEBODY, as_whom), noon())
}

#[test]
fn a_campaign_grows_from_an_order_that_stands() {
    assert_eq!(campaign().community, HERE);
    let sealed = Order { sealed: true, ..order() };
    assert_eq!(opened(&sealed, draft()), Err(Refusal::SealedOrder));
    let state = crate::order::State::Withdrawn { reason: None, at: noon() };
    let withdrawn = Order { state, ..order() };
    assert!(matches!(opened(&withdrawn, draft()), Err(Refusal::OrderOver(_))));
    let mut erased = order();
    erased.content.erased = Some(crate::order::Erased::OutOfTime);
    assert_eq!(opened(&erased, draft()), Err(Refusal::OrderErased));
}

#[test]
fn what_is_handed_out_and_who_goes_along_is_said_once() {
    let twice = |mut draft: Draft| {
        draft.items.push(draft.items[0].clone());
        draft
    };
    assert_eq!(opened(&order(), twice(draft())), Err(Refusal::ItemTwice { at: 3, name: "烟感报警器".into() }));
    let with = |partner| {
        let mut draft = draft();
        draft.partners.push(Helper { partner, doors: Doors::All });
        opened(&order(), draft)
    };
    assert_eq!(with(FIRE), Err(Refusal::PartnerTwice { at: 2 }));
    assert_eq!(with(UNNAMED), Err(Refusal::NoSuchPartner { at: 2 }));
    let many = (0..=MAX_ITEMS).map(|n| Item { name: n.to_string(), unit: "个".into() }).collect();
    assert_eq!(opened(&order(), Draft { items: many, ..draft() }), Err(Refusal::TooManyItems));
}

#[test]
fn a_closed_campaign_stays_closed_and_takes_no_more() {
    let Closed::Now(closed) = close(&campaign(), SOMEBODY, noon()) else { panic!("it was open") };
    assert_eq!(close(&closed, PersonId(Uuid::nil()), noon()), Closed::Before);
    assert_eq!(may_enlist(&closed, 0), Err(Refusal::Closed));
    let visit = recorded(&closed, &household(&closed), report(1, Outcome::Visited), DESK);
    assert_eq!(visit, Err(Refusal::Closed));
}

#[test]
fn a_campaign_holds_so_many_households() {
    let full = Campaign { households: MAX_HOUSEHOLDS - 1, ..campaign() };
    assert_eq!(may_enlist(&full, 1), Ok(()));
    assert_eq!(may_enlist(&full, 2), Err(Refusal::TooManyHouseholds { have: MAX_HOUSEHOLDS - 1, more: 2 }));
}

#[test]
fn a_second_round_is_for_those_who_were_not_let_in() {
    let campaign = campaign();
    let fresh = household(&campaign);
    let after = |rounds, outcome| Household { rounds, outcome: Some(outcome), ..fresh.clone() };
    let knock = |household: &Household, round| {
        recorded(&campaign, household, report(round, Outcome::NotAtHome), DESK).map(|visit| visit.round)
    };
    assert_eq!(knock(&fresh, 1), Ok(1));
    assert_eq!(knock(&fresh, 2), Err(Refusal::WrongRound { round: 2, next: 1 }));
    assert_eq!(knock(&fresh, 0), Err(Refusal::WrongRound { round: 0, next: 1 }));
    for outcome in [Outcome::NotAtHome, Outcome::Refused] {
        assert_eq!(knock(&after(1, outcome), 1), Err(Refusal::RoundTaken { round: 1 }));
        assert_eq!(knock(&after(1, outcome), 2), Ok(2));
    }
    assert_eq!(knock(&after(1, Outcome::Visited), 1), Err(Refusal::RoundTaken { round: 1 }));
    assert_eq!(knock(&after(1, Outcome::Visited), 2), Err(Refusal::AlreadyVisited));
    assert_eq!(knock(&after(MAX_ROUNDS, Outcome::Refused), MAX_ROUNDS + 1), Err(Refusal::TooManyRounds));
    assert_eq!(knock(&Household { door: None, ..fresh }, 1), Err(Refusal::Forgotten));
}

#[test]
fn things_are_handed_over_inside_and_with_proof() {
    let campaign = campaign();
    let household = household(&campaign);
    let with = |outcome, handed_out| {
        let report = Report { handed_out, ..report(1, outcome) };
        recorded(&campaign, &household, report, DESK).map(|visit| visit.handed_out.len())
    };
    assert_eq!(with(Outcome::Visited, vec![handed("烟感报警器", 1), handed("灭火器", 99)]), Ok(2));
    for outcome in [Outcome::NotAtHome, Outcome::Refused] {
        assert_eq!(with(outcome, vec![handed("灭火器", 1)]), Err(Refusal::NothingHandedOver));
    }
    let refused = |handed_out: Vec<Handed>| with(Outcome::Visited, handed_out).expect_err("a refusal").pointer();
    assert_eq!(refused(vec![handed("灭火器", 0)]).as_deref(), Some("/handed_out/0/quantity"));
    assert_eq!(refused(vec![handed("灭火器", 100)]).as_deref(), Some("/handed_out/0/quantity"));
    assert_eq!(refused(vec![handed("灭火器", 1), handed("电视", 1)]).as_deref(), Some("/handed_out/1/item"));
    assert_eq!(refused(vec![handed("灭火器", 1), handed("灭火器", 1)]).as_deref(), Some("/handed_out/1/item"));
    let unproved = Handed { proof: Vec::new(), ..handed("灭火器", 1) };
    assert_eq!(refused(vec![unproved]).as_deref(), Some("/handed_out/0/attachment_ids"));
}

#[test]
fn one_signature_may_stand_for_several_things_but_photos_are_counted_once_each() {
    let campaign = campaign();
    let photos: Vec<_> = (0..MAX_PHOTOS as u128 - 1).map(|n| AttachmentId(Uuid::from_u128(100 + n))).collect();
    let handed_out = vec![handed("烟感报警器", 1), handed("防毒面具", 1)];
    let report = Report { handed_out, photos, ..report(1, Outcome::Visited) };
    let visit = recorded(&campaign, &household(&campaign), report.clone(), DESK).expect("a visit");
    assert_eq!(visit.all_photos().len(), MAX_PHOTOS);
    let mut more = report;
    more.photos.push(AttachmentId(Uuid::nil()));
    assert_eq!(recorded(&campaign, &household(&campaign), more, DESK), Err(Refusal::TooManyPhotos));
}

#[test]
fn visitors_come_from_the_desk_the_grid_and_whom_the_campaign_names() {
    let campaign = campaign();
    let by = |sides: &[Side], standing| {
        let visitors = sides.iter().map(|side| Visitor { side: *side, name: None }).collect();
        let report = Report { visitors, ..report(1, Outcome::Visited) };
        recorded(&campaign, &household(&campaign), report, standing).map(|visit| visit.visitors.len())
    };
    assert_eq!(by(&[Side::Desk, Side::Grid, Side::Partner(FIRE), Side::Partner(PROPERTY)], DESK), Ok(4));
    assert_eq!(by(&[], DESK), Err(Refusal::NobodyCame));
    assert_eq!(by(&[Side::Desk, Side::Partner(UNNAMED)], DESK), Err(Refusal::PartnerNotNamed { at: 1 }));
    assert_eq!(by(&[Side::Desk; MAX_VISITORS + 1], DESK), Err(Refusal::TooManyVisitors));
    let fire = Standing { hat: Hat::Partner, partner: Some(FIRE) };
    assert_eq!(by(&[Side::Grid, Side::Partner(PROPERTY)], fire), Err(Refusal::NotOneself));
    assert_eq!(by(&[Side::Grid, Side::Partner(FIRE)], fire), Ok(2));
}

fn sight(posts: Vec<Post>) -> CampaignSight {
    CampaignSight::of(&Actor { person: SOMEBODY, former: Vec::new(), posts }, Operation::CampaignsReveal)
}

fn grid_worker(compound: PlaceId) -> Post {
    let reach = Reach::Compounds { community: HERE, compounds: vec![compound], grid: None };
    Post { role: Role::GridWorker, place: None, reach, partner: None }
}

#[test]
fn who_may_know_of_a_door() {
    let campaign = campaign();
    let household = household(&campaign);
    let given = Household { partner: Some(PROPERTY), ..household.clone() };
    let hat = |posts: Vec<Post>, household: &Household| {
        let sight = sight(posts);
        let standing = sight.standing(&campaign, household);
        assert_eq!(standing.is_some(), sight.sees(&campaign) && sight.share(&campaign).holds(household), "one rule");
        standing.map(|standing| standing.hat)
    };
    let (clerk, secretary) = (Post::at(HERE, Role::IntakeClerk), Post::at(HERE, Role::Secretary));
    assert_eq!(hat(vec![clerk.clone()], &household), Some(Hat::IntakeClerk));
    assert_eq!(hat(vec![clerk, secretary], &household), Some(Hat::Secretary));
    assert_eq!(hat(vec![Post::at(ELSEWHERE, Role::Secretary)], &household), None);
    assert_eq!(hat(vec![grid_worker(COMPOUND)], &household), Some(Hat::GridWorker));
    assert_eq!(hat(vec![grid_worker(OTHER_COMPOUND)], &household), None);
    assert_eq!(hat(vec![Post::staff(HERE, FIRE)], &household), Some(Hat::Partner), "it may know of all");
    assert_eq!(hat(vec![Post::staff(HERE, PROPERTY)], &household), None, "not given to it");
    assert_eq!(hat(vec![Post::staff(HERE, PROPERTY)], &given), Some(Hat::Partner));
    assert_eq!(hat(vec![Post::staff(HERE, UNNAMED)], &given), None);
    for role in [Role::Supervisor, Role::Administrator, Role::Volunteer, Role::ClassMonitor, Role::Matchmaker] {
        assert_eq!(hat(vec![Post::at(HERE, role)], &given), None, "{role}");
        assert!(!permits(Operation::CampaignsReveal, role), "{role}");
    }
}

#[test]
fn a_unit_that_may_not_work_knows_of_no_door() {
    let campaign = campaign();
    let both = || sight(vec![Post::staff(HERE, FIRE), Post::staff(HERE, PROPERTY)]);
    let barred = both().of_those_who_may_work(|partner| partner != FIRE);
    assert_eq!(barred.partners, [PROPERTY]);
    assert_eq!(barred.standing(&campaign, &household(&campaign)), None);
    assert_eq!(both().of_those_who_may_work(|_| true), both());
}

#[test]
fn a_unit_that_was_taken_out_is_named_no_more() {
    let before = campaign();
    let after = dismiss(&before, FIRE).expect("dismissed");
    assert_eq!((after.helper(FIRE), after.partners.len()), (None, before.partners.len() - 1));
    assert_eq!(Campaign { partners: before.partners.clone(), ..after.clone() }, before, "nothing else changes");
    assert_eq!(dismiss(&after, FIRE), Err(Refusal::NotNamed));
    assert_eq!((may_assign(&after, Some(FIRE)), may_assign(&after, None)), (Err(Refusal::NotNamed), Ok(())));
    let Closed::Now(closed) = close(&before, SOMEBODY, noon()) else { panic!("it was open") };
    assert_eq!((dismiss(&closed, FIRE), may_assign(&closed, None)), (Err(Refusal::Closed), Err(Refusal::Closed)));
}

#[test]
fn partners_read_name_and_number_of_whoever_agrees() {
    let dweller =
        |person| Dweller { person, name: Some("王女士".into()), phone: Some("13800000001".into()), note: None };
    let fire = Standing { hat: Hat::Partner, partner: Some(FIRE) };
    let seen = |person, standing, agrees| {
        let seen = dweller(person).seen_as(standing, |_| agrees);
        assert_eq!(seen.name.is_some(), seen.phone.is_some());
        seen.name.is_some()
    };
    assert!(!seen(Some(SOMEBODY), fire, false) && seen(Some(SOMEBODY), fire, true));
    assert!(seen(None, fire, false), "the desk wrote it down for those who come");
    for hat in [Hat::GridWorker, Hat::IntakeClerk, Hat::Secretary] {
        assert!(seen(Some(SOMEBODY), Standing { hat, partner: None }, false), "{hat}");
    }
}

#[test]
fn a_partner_sees_nothing_of_a_closed_campaign() {
    let Closed::Now(closed) = close(&campaign(), SOMEBODY, noon()) else { panic!("it was open") };
    let partner = sight(vec![Post::staff(HERE, FIRE)]);
    assert!(!partner.sees(&closed));
    assert_eq!(partner.standing(&closed, &household(&closed)), None);
    assert_eq!(partner.share(&closed), Share::Some { compounds: Vec::new(), partners: Vec::new() });
    assert!(sight(vec![grid_worker(COMPOUND)]).standing(&closed, &household(&closed)).is_some());
}
