use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};

use domain::deadline::WorkCalendar;
use domain::ids::{MediationId, PersonId};
use domain::mediation::{
    Case, CaseError, Command, Decision, Docket, Mediations, Opening, Outcome, PartyStanding, Reply, Sight, Standing,
    State, decide,
};
use domain::order::usecase::{Asking, Orders, Written};
use domain::order::{Command as Move, Erased, Erasing, MEDIATION_SERVICE, Mediation, Order};
use domain::people::{Actor, Post, Role};
use domain::ports::{CaseChange, Commit, OrderErased, Slice, StoreError};
use infra::clock::{ManualClock, SystemIds};

use crate::bed::Bed;
use crate::story::{Story, accept, committed, minutes, moved, noon, resolve};

struct Nobody;

#[async_trait]
impl Reply for Nobody {
    async fn write(&self, case: &Case) -> Result<Written, StoreError> {
        Ok(Written { status: 200, body: "{}".to_owned(), version: case.version })
    }
}

pub fn mediations(bed: &Bed, at: DateTime<Utc>) -> Mediations {
    let (clock, calendar) = (Arc::new(ManualClock::new(at)), Arc::new(WorkCalendar::announced()));
    let (store, bookings) = (bed.stores.orders.clone(), bed.stores.bookings.clone());
    let orders = Orders { store, bookings, clock, ids: Arc::new(SystemIds), calendar };
    Mediations { orders, store: bed.stores.mediations.clone() }
}

fn asking(actor: &Actor) -> Asking {
    Asking { actor: actor.clone(), key: None, if_match: None, words: None }
}

/// The clerk of the story, as the secretary.
fn secretary(story: &Story) -> Actor {
    Actor { posts: vec![Post::at(story.community, Role::Secretary)], ..story.clerk.clone() }
}

async fn quarrel(bed: &Bed, story: &Story) -> Order {
    let change = story.submission_with(&story.resident, noon(), |s| {
        (s.sealed, s.service_key) = (true, MEDIATION_SERVICE.to_owned());
        s.content.description = "楼上漏水".to_owned();
    });
    let order = committed(bed, change).await;
    moved(bed, &order, &secretary(story), accept(), minutes(1)).await
}

async fn appoint(bed: &Bed, story: &Story, order: &Order) -> Result<(), CaseError> {
    let opening =
        Opening { mediator: story.worker.clone(), name: "陈美兰".to_owned(), phone: Some("13911110001".into()) };
    let secretary = asking(&secretary(story));
    mediations(bed, minutes(2)).open(&secretary, order.id, &opening, &Nobody).await.map(drop)
}

fn slice<Id>() -> Slice<Id> {
    Slice { before: None, limit: 9 }
}

fn sight(actor: &Actor, at: DateTime<Utc>) -> Sight {
    Sight::of(actor, at)
}

/// The worker mediates.
async fn opened(bed: &Bed, story: &Story) -> Case {
    let order = quarrel(bed, story).await;
    appoint(bed, story, &order).await.expect("appointed");
    let docket = Docket::Mine(sight(&story.worker, minutes(3)));
    // Two of one instant stand in any order.
    let cases = bed.stores.mediations.cases(&docket, slice()).await.expect("a list");
    cases.into_iter().find(|case| case.order == order.id).expect("its case")
}

async fn step(bed: &Bed, who: &Actor, id: MediationId, command: Command, at: DateTime<Utc>) {
    mediations(bed, at).step(&asking(who), id, &command, &Nobody).await.expect("a step");
}

fn invite(person: PersonId) -> Command {
    Command::Invite {
        name: "楼上李先生".into(), phone: Some("13911110002".into()), person: Some(person), code: None
    }
}

fn say(text: &str) -> Command {
    Command::State { party: None, text: text.to_owned() }
}

/// Both take part, and spoke.
async fn joined(bed: &Bed, story: &Story) -> Case {
    let case = opened(bed, story).await;
    let liu = story.neighbour.person;
    step(bed, &story.worker, case.id, invite(liu), minutes(4)).await;
    step(bed, &story.neighbour, case.id, Command::Join { party: 2, person: liu }, minutes(5)).await;
    step(bed, &story.resident, case.id, say("陈说的话"), minutes(6)).await;
    step(bed, &story.neighbour, case.id, say("李说的话"), minutes(7)).await;
    found(bed, &story.worker, case.id, minutes(8)).await.expect("it is there")
}

async fn found(bed: &Bed, who: &Actor, id: MediationId, at: DateTime<Utc>) -> Option<Case> {
    bed.stores.mediations.find_case(id, &sight(who, at)).await.expect("a search")
}

fn close(follow_up_on: Option<NaiveDate>) -> Command {
    Command::Close { outcome: Outcome::Referred { to: "司法所".to_owned() }, follow_up_on }
}

pub async fn a_case_comes_back_as_it_was_written(bed: &Bed) {
    let story = Story::begin(bed).await;
    let case = joined(bed, &story).await;
    let day = NaiveDate::from_ymd_opt(2026, 12, 1);
    let commands = [
        Command::Plan { at: minutes(60), place: "社区二楼".to_owned() },
        Command::Propose { text: "周五前修好".to_owned() },
        close(day),
        Command::FollowUp { result: domain::mediation::FollowUpResult::Unclear, note: Some("没人在家".to_owned()) },
    ];
    let mut expected = case.clone();
    for (command, minute) in commands.into_iter().zip(9..) {
        let decided = decide(&expected, Standing::Mediator, command.clone(), minutes(minute)).expect("a step");
        let Decision::Apply { next, .. } = decided else { panic!("it changes something") };
        step(bed, &story.worker, case.id, command, minutes(minute)).await;
        expected = *next;
        assert_eq!(found(bed, &story.worker, case.id, minutes(minute)).await.as_ref(), Some(&expected));
    }
    let dump = bed.texts("SELECT CAST(body AS TEXT) FROM mediation_parties WHERE 1 = 0").await;
    assert!(dump.is_empty());
}

pub async fn of_two_steps_at_once_one_is_stale(bed: &Bed) {
    let story = Story::begin(bed).await;
    let case = joined(bed, &story).await;
    let change = |text: &str| {
        let decided = decide(&case, Standing::Party(1), say(text), minutes(9)).expect("a step");
        let Decision::Apply { next, .. } = decided else { panic!("it changes something") };
        let (by, at) = (story.resident.person, minutes(9));
        CaseChange { next: *next, at, by, notices: Vec::new(), photos: Vec::new(), disclosures: Vec::new() }
    };
    let (one, other) = (change("一"), change("二"));
    let store = &bed.stores.mediations;
    let ends = tokio::join!(store.save_case(&one, None), store.save_case(&other, None));
    let ends = [ends.0.expect("an end"), ends.1.expect("an end")];
    assert!(ends.contains(&Commit::Done) && ends.contains(&Commit::Stale(case.order)), "{ends:?}");
    let seen = found(bed, &story.worker, case.id, minutes(10)).await.expect("it is there");
    assert_eq!(seen.parties[0].statements.len(), 2);
    // Both take the step again, each on what it finds.
    let answer = story.answer("k", minutes(10));
    let again = CaseChange { next: Case { version: seen.version + 1, ..seen.clone() }, ..change("一") };
    assert_eq!(store.save_case(&again, Some(&answer)).await.expect("an end"), Commit::Done);
    assert_eq!(store.save_case(&again, Some(&answer)).await.expect("an end"), Commit::KeyTaken);
}

pub async fn an_order_has_one_open_case(bed: &Bed) {
    let story = Story::begin(bed).await;
    let order = quarrel(bed, &story).await;
    let ends = tokio::join!(appoint(bed, &story, &order), appoint(bed, &story, &order));
    assert!(ends.0.is_ok() != ends.1.is_ok(), "{ends:?}");
    assert_eq!(bed.count("mediations").await, 1);
}

/// Every kind of reader: what the statement finds is what the rule shows, of the case and of its order.
pub async fn the_store_keeps_the_rule_of_sight(bed: &Bed) {
    let story = Story::begin(bed).await;
    let open = joined(bed, &story).await;
    let closed = opened(bed, &story).await;
    step(bed, &story.worker, closed.id, close(None), minutes(9)).await;
    let closed = found(bed, &story.worker, closed.id, minutes(10)).await.expect("it is there");
    let until = closed.mediator_until().expect("an end");
    let (mut seen, mut listed, mut parties) = (0, 0, 0);
    let people = [&story.resident, &story.neighbour, &story.worker, &story.clerk, &story.stranger];
    for (person, role, place, at) in people.iter().flat_map(|who| {
        let roles = [None, Some(Role::Secretary), Some(Role::Volunteer), Some(Role::Supervisor)];
        roles.into_iter().flat_map(move |role| {
            [story.community, story.elsewhere]
                .map(|place| (who.person, role, place))
                .into_iter()
                .flat_map(move |(person, role, place)| [minutes(11), until].map(|at| (person, role, place, at)))
        })
    }) {
        let posts = role.map(|role| Post::at(place, role)).into_iter().collect();
        let reader = Actor { person, former: Vec::new(), posts };
        let sight = sight(&reader, at);
        let mine = bed.stores.mediations.cases(&Docket::Mine(sight.clone()), slice()).await.expect("a list");
        for case in [&open, &closed] {
            let standing = sight.standing(case);
            let is_found = found(bed, &reader, case.id, at).await.as_ref() == Some(case);
            assert_eq!(is_found, standing.is_some(), "{role:?} {standing:?}");
            let is_mine = mine.contains(case);
            assert_eq!(is_mine, standing.is_some_and(|standing| standing != Standing::Office), "{role:?} {standing:?}");
            seen += usize::from(is_found);
            listed += usize::from(is_mine);
            let orders = domain::people::Sight::of(&reader);
            let order = bed.stores.orders.find(case.order, &orders).await.expect("a search");
            assert!(order.as_ref().is_none_or(|order| orders.sees(order)));
            // Another party is a stranger to the order, whatever role the person holds.
            if person == story.neighbour.person && case.parties.len() > 1 {
                assert_eq!((standing, order), (Some(Standing::Party(2)), None), "{role:?}");
                parties += 1;
            }
        }
        let offices =
            bed.stores.mediations.cases(&Docket::Offices(sight.offices.clone()), slice()).await.expect("a list");
        assert_eq!(offices.len(), if sight.offices.contains(&story.community) { 2 } else { 0 });
    }
    assert!(seen > 30 && listed > 20 && parties > 9, "{seen} {listed} {parties}");
}

pub async fn a_code_leads_to_its_case_once(bed: &Bed) {
    let story = Story::begin(bed).await;
    let case = opened(bed, &story).await;
    let code = domain::mediation::Code::new("7K2MZ-0QX9B".to_owned(), minutes(3));
    let end = code.expires_at;
    let by_code = Command::Invite { name: "李先生".into(), phone: None, person: None, code: Some(code) };
    step(bed, &story.worker, case.id, by_code, minutes(3)).await;
    let store = &bed.stores.mediations;
    assert_eq!(store.find_by_code("7K2MZ-0QX9C", minutes(4)).await.expect("a search"), None);
    assert_eq!(store.find_by_code("7K2MZ-0QX9B", end).await.expect("a search"), None, "it ran out");
    let (found, party) = store.find_by_code("7K2MZ-0QX9B", minutes(4)).await.expect("a search").expect("a case");
    assert_eq!((found.id, party), (case.id, 2));
    let neighbour = asking(&story.neighbour);
    let joined = mediations(bed, minutes(5)).join_by_code(&neighbour, "7K2MZ-0QX9B", &Nobody).await;
    joined.expect("joined");
    assert_eq!(store.find_by_code("7K2MZ-0QX9B", minutes(6)).await.expect("a search"), None, "it works once");
    assert_eq!(bed.texts("SELECT 'x' FROM mediation_parties WHERE code_index IS NOT NULL").await, [""; 0]);
}

pub async fn what_one_party_said_goes_and_the_others_stay(bed: &Bed) {
    let story = Story::begin(bed).await;
    let case = joined(bed, &story).await;
    bed.stores.erasures.remove_traces(story.neighbour.person, minutes(9)).await.expect("removed");
    let left = found(bed, &story.worker, case.id, minutes(10)).await.expect("it is there");
    let gone = &left.parties[1];
    assert!(gone.erased && gone.person.is_none() && gone.statements.is_empty() && gone.phone.is_none());
    assert_eq!((gone.name.as_str(), gone.standing), ("", PartyStanding::Joined));
    assert_eq!(left.parties[0], case.parties[0]);
    assert_eq!(left.version, case.version + 1, "whoever was just changing it decides anew");
    assert_eq!(found(bed, &story.neighbour, case.id, minutes(10)).await, None);
    bed.stores.erasures.remove_traces(story.neighbour.person, minutes(11)).await.expect("again");
    // What is written later keeps it that way.
    step(bed, &story.worker, case.id, Command::Propose { text: "修好".to_owned() }, minutes(12)).await;
    let later = found(bed, &story.worker, case.id, minutes(13)).await.expect("it is there");
    assert!(later.parties[1].erased && matches!(later.state, State::Proposed { .. }));
}

pub async fn a_case_goes_with_the_words_of_its_order(bed: &Bed) {
    let story = Story::begin(bed).await;
    let case = joined(bed, &story).await;
    step(bed, &story.worker, case.id, close(None), minutes(9)).await;
    let erase = async |why| bed.stores.erasures.erase_order(case.order, Erasing::Words(why), minutes(10)).await;
    assert_eq!(erase(Erased::ByRequest).await.expect("erased"), OrderErased::Done);
    assert_eq!(bed.count("mediations").await, 1, "it is the other party's as well");
    assert_eq!(erase(Erased::OutOfTime).await.expect("erased"), OrderErased::Done);
    assert_eq!((bed.count("mediations").await, bed.count("mediation_parties").await), (0, 0));
}

pub async fn a_follow_up_is_told_once(bed: &Bed) {
    let story = Story::begin(bed).await;
    let case = joined(bed, &story).await;
    step(bed, &story.worker, case.id, close(NaiveDate::from_ymd_opt(2026, 12, 1)), minutes(9)).await;
    let remind = async |at: &str| {
        let at = at.parse().expect("an instant");
        bed.stores.mediations.remind_of_follow_ups(at, 9).await.expect("reminders")
    };
    let told = "SELECT 'x' FROM outbox WHERE kind = 'follow_up_due'";
    assert_eq!((remind("2026-11-30T23:59:00+08:00").await, bed.texts(told).await.len()), (0, 0));
    assert_eq!((remind("2026-12-01T00:00:00+08:00").await, bed.texts(told).await.len()), (1, 1));
    assert_eq!((remind("2026-12-02T00:00:00+08:00").await, bed.texts(told).await.len()), (0, 1));
}

pub async fn a_mediator_whose_time_is_over_is_released(bed: &Bed) {
    let story = Story::begin(bed).await;
    let case = joined(bed, &story).await;
    step(bed, &story.worker, case.id, close(None), minutes(9)).await;
    let sees = async || {
        let sight = domain::people::Sight::of(&story.worker);
        bed.stores.orders.find(case.order, &sight).await.expect("a search").map(|order| order.mediation)
    };
    let by = story.worker.person;
    assert_eq!(sees().await, Some(Some(Mediation::Ended { by })));
    let closed = found(bed, &story.worker, case.id, minutes(10)).await.expect("it is there");
    let until = closed.mediator_until().expect("an end");
    let just_before = until - chrono::TimeDelta::milliseconds(1);
    assert_eq!(mediations(bed, just_before).look_at_the_clock().await.expect("a look"), 0);
    assert_eq!(mediations(bed, until).look_at_the_clock().await.expect("a look"), 1);
    assert_eq!(sees().await, None);
    assert_eq!(mediations(bed, until).look_at_the_clock().await.expect("a look"), 0, "once");
    let secretary = secretary(&story);
    let order = bed.stores.orders.find(case.order, &domain::people::Sight::of(&secretary)).await.expect("a search");
    let order = order.expect("in sight");
    assert_eq!(order.mediation, Some(Mediation::Over));
    // It lives on like any other order.
    let resolved = moved(bed, &order, &secretary, resolve(), until).await;
    let rate = Move::Rate { solved: true, satisfaction: 5, comment: None };
    moved(bed, &resolved, &story.resident, rate, until).await;
}
