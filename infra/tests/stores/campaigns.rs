use domain::campaign::{
    Campaign, CampaignSight, Closing, Door, Doors, Dweller, Handed, HandedOut, Helper, Household, Item, Outcome,
    Refusal, RoundTotals, Share, Side, Target, Totals, Visit, Visitor,
};
use domain::ids::{AttachmentId, CampaignId, HouseholdId};
use domain::people::{Address, Hat, Residence, Verification};
use domain::ports::{
    Answer, CampaignQuery, Commit, Enlisted, Fulfilled, HouseholdQuery, PhotosOf, Promised, Recorded, ResidenceStore,
    Slice, Stands, StoreError, Which,
};
use domain::retention::Kind;

use crate::bed::Bed;
use crate::story::{Story, compound, minutes, new_id, noon, photo};

/// What the clerk of the story sees.
fn desk(story: &Story) -> CampaignSight {
    CampaignSight { desks: vec![(story.community, Hat::IntakeClerk)], ..CampaignSight::default() }
}

/// Opened by the clerk, out of an order of the resident's.
async fn opened(bed: &Bed, story: &Story, minute: i64) -> Campaign {
    let order = story.accepted(bed, minutes(minute)).await;
    let item = |name: &str| Item { name: name.into(), unit: "个".into() };
    let campaign = Campaign {
        id: new_id(minutes(minute)),
        order: order.id,
        community: story.community,
        title: "敲门入户送安全".into(),
        purpose: "走访独居老人".into(),
        items: ["烟感报警器", "防毒面具", "灭火器"].map(item).to_vec(),
        partners: vec![
            Helper { partner: story.helper, doors: Doors::All },
            Helper { partner: story.partner, doors: Doors::Assigned },
        ],
        households: 0,
        opened_by: story.clerk.person,
        opened_at: minutes(minute),
        closed: None,
    };
    assert_eq!(bed.stores.campaigns.open(&campaign, &[], None).await.expect("an end"), Commit::Done);
    campaign
}

fn target(story: &Story, compound_name: &str, room: &str) -> Target {
    let address = Address {
        community_id: story.community,
        compound: compound_name.to_owned(),
        building: Some("3号楼".to_owned()),
        unit: None,
        room: Some(room.to_owned()),
    };
    let dweller = Dweller {
        person: None,
        name: Some("张大爷".to_owned()),
        phone: Some("13800000009".to_owned()),
        note: Some("独居".to_owned()),
    };
    Target {
        id: new_id(noon()),
        compound: compound(story.community, compound_name),
        door: Door { address, note: Some("敲响一点".to_owned()) },
        dwellers: vec![dweller],
        partner: None,
    }
}

async fn enlisted(bed: &Bed, campaign: &Campaign, targets: &[Target]) {
    let ended = bed.stores.campaigns.enlist(campaign.id, targets, None).await.expect("an end");
    assert!(matches!(ended, Enlisted::Done(_)), "{ended:?}");
}

fn all(campaign: CampaignId) -> HouseholdQuery {
    HouseholdQuery { campaign, share: Share::All, stands: None, after: 0, limit: 100 }
}

async fn doors(bed: &Bed, query: &HouseholdQuery) -> Vec<Household> {
    bed.stores.campaigns.households(query).await.expect("a page")
}

fn numbers(households: &[Household]) -> Vec<u32> {
    households.iter().map(|household| household.number).collect()
}

fn visit(story: &Story, campaign: &Campaign, household: HouseholdId, round: u8, outcome: Outcome) -> Visit {
    Visit {
        id: new_id(minutes(i64::from(round))),
        campaign: campaign.id,
        household,
        round,
        outcome,
        findings: Some("厨房线路老化".to_owned()),
        handed_out: Vec::new(),
        photos: Vec::new(),
        visitors: vec![Visitor { side: Side::Partner(story.helper), name: Some("小韩".to_owned()) }],
        by: story.clerk.person,
        hat: Hat::IntakeClerk,
        partner: None,
        at: minutes(i64::from(round)),
    }
}

fn handed(item: &str, quantity: u8, proof: AttachmentId) -> Handed {
    Handed { item: item.to_owned(), quantity, proof: vec![proof] }
}

async fn record(bed: &Bed, visit: &Visit) -> Recorded {
    bed.stores.campaigns.record(visit, None).await.expect("an end")
}

pub async fn a_campaign_comes_back_as_given(bed: &Bed) {
    let (story, store) = (Story::begin(bed).await, &bed.stores.campaigns);
    let (first, second) = (opened(bed, &story, 0).await, opened(bed, &story, 1).await);
    assert_eq!(store.find_campaign(first.id, &desk(&story)).await.expect("a search"), Some(first.clone()));
    let page = async |order, open, before| {
        let slice = Slice { before, limit: 1 };
        store.campaigns(&CampaignQuery { sight: desk(&story), order, open, slice }).await.expect("a page")
    };
    assert_eq!(page(None, None, None).await, std::slice::from_ref(&second));
    assert_eq!(page(None, None, Some(second.id)).await, std::slice::from_ref(&first));
    assert_eq!(page(Some(first.order), Some(true), None).await, std::slice::from_ref(&first));
    assert_eq!(page(Some(first.order), Some(false), None).await, []);

    assert!(store.close(first.id, story.clerk.person, minutes(5)).await.expect("an end"));
    assert!(
        !store.close(first.id, story.stranger.person, minutes(6)).await.expect("an end"),
        "it stays as it was closed"
    );
    let closed = Campaign { closed: Some(Closing { by: story.clerk.person, at: minutes(5) }), ..first };
    assert_eq!(page(None, Some(false), None).await, [closed]);
}

pub async fn each_sees_the_campaigns_and_doors_that_are_theirs(bed: &Bed) {
    let (story, store) = (Story::begin(bed).await, &bed.stores.campaigns);
    let campaign = opened(bed, &story, 0).await;
    let (east, west) = (target(&story, "东苑", "1"), target(&story, "西苑", "1"));
    let given = Target { partner: Some(story.partner), ..target(&story, "西苑", "2") };
    enlisted(bed, &campaign, &[east.clone(), west, given.clone()]).await;
    let campaign = Campaign { households: 3, ..campaign };

    let east_compound = compound(story.community, "东苑");
    let grid =
        CampaignSight { grids: vec![story.community], compounds: vec![east_compound], ..CampaignSight::default() };
    let partner = |id| CampaignSight { partners: vec![id], ..CampaignSight::default() };
    let elsewhere = CampaignSight { desks: vec![(story.elsewhere, Hat::Secretary)], ..CampaignSight::default() };
    let seen = async |sight: &CampaignSight| {
        let found = store.find_campaign(campaign.id, sight).await.expect("a search");
        assert_eq!(found.is_some(), sight.sees(&campaign), "the store keeps the rule");
        let listed =
            CampaignQuery { sight: sight.clone(), order: None, open: None, slice: Slice { before: None, limit: 9 } };
        assert_eq!(store.campaigns(&listed).await.expect("a page").len(), usize::from(found.is_some()));
        let page = doors(bed, &HouseholdQuery { share: sight.share(&campaign), ..all(campaign.id) }).await;
        for household in doors(bed, &all(campaign.id)).await {
            let one = store.find_household(household.id, sight).await.expect("a search");
            let knows = sight.sees(&campaign) && page.contains(&household);
            assert_eq!(one, knows.then(|| (campaign.clone(), household)));
        }
        numbers(&page)
    };
    assert_eq!(seen(&desk(&story)).await, [1, 2, 3]);
    assert_eq!(seen(&grid).await, [1]);
    assert_eq!(seen(&partner(story.helper)).await, [1, 2, 3], "it may know of all");
    assert_eq!(seen(&partner(story.partner)).await, [3]);
    assert_eq!(seen(&partner(new_id(noon()))).await, [0_u32; 0]);
    assert_eq!(seen(&CampaignSight::default()).await, [0_u32; 0]);
    assert!(store.find_campaign(campaign.id, &elsewhere).await.expect("a search").is_none());

    let assign = async |which: Which, to| store.assign(campaign.id, &which, to, None).await.expect("an end");
    assert_eq!(assign(Which::InCompound(east_compound), Some(story.partner)).await, Ok(Fulfilled::Done(1)));
    assert_eq!(seen(&partner(story.partner)).await, [1, 3]);
    assert_eq!(assign(Which::These(vec![given.id, new_id(noon())]), None).await, Ok(Fulfilled::Done(1)));
    assert_eq!(seen(&partner(story.partner)).await, [1]);
    let other = opened(bed, &story, 9).await;
    let of_another = store.assign(other.id, &Which::These(vec![east.id]), None, None).await.expect("an end");
    assert_eq!(of_another, Ok(Fulfilled::Done(0)));
}

pub async fn a_partner_that_is_taken_out_leaves_its_doors(bed: &Bed) {
    let (story, store) = (Story::begin(bed).await, &bed.stores.campaigns);
    let (campaign, other) = (opened(bed, &story, 0).await, opened(bed, &story, 1).await);
    let given = Target { partner: Some(story.partner), ..target(&story, "东苑", "1") };
    enlisted(bed, &campaign, std::slice::from_ref(&given)).await;
    let elsewhere = Target { partner: Some(story.partner), ..target(&story, "东苑", "1") };
    enlisted(bed, &other, std::slice::from_ref(&elsewhere)).await;
    let answer = story.answer("dismiss-1", noon());
    let dismiss = async |answer| store.dismiss(campaign.id, story.partner, answer).await.expect("an end");
    assert_eq!(dismiss(Some(&answer)).await, Ok(Commit::Done));
    assert_eq!(dismiss(Some(&answer)).await, Ok(Commit::KeyTaken));
    assert_eq!(dismiss(None).await, Err(Refusal::NotNamed));
    let found = store.find_campaign(campaign.id, &desk(&story)).await.expect("a search").expect("a campaign");
    assert_eq!(found.partners, [Helper { partner: story.helper, doors: Doors::All }]);
    assert_eq!(doors(bed, &all(campaign.id)).await[0].partner, None);
    assert_eq!(doors(bed, &all(other.id)).await[0].partner, Some(story.partner), "in another campaign it stays");
    let door = Which::These(vec![given.id]);
    let again = store.assign(campaign.id, &door, Some(story.partner), None).await.expect("an end");
    assert_eq!(again, Err(Refusal::NotNamed));
    assert!(store.close(campaign.id, story.clerk.person, minutes(2)).await.expect("an end"));
    let late = store.dismiss(campaign.id, story.helper, None).await.expect("an end");
    assert_eq!(late, Err(Refusal::Closed));
    let late = store.assign(campaign.id, &door, None, None).await.expect("an end");
    assert_eq!(late, Err(Refusal::Closed));
}

pub async fn the_answer_is_written_with_what_it_tells_of(bed: &Bed) {
    let (story, store) = (Story::begin(bed).await, &bed.stores.campaigns);
    let campaign = opened(bed, &story, 0).await;
    let targets = targets_of(&story, "东苑", 0..3);
    let blank = || Answer { body: String::new(), ..story.answer("choose-1", noon()) };
    let words = |added: &u32| Ok(format!("{{\"added\":{added}}}"));
    let promised = Promised { blank: blank(), words: &words };
    let ask = || store.enlist_new(campaign.id, &targets, Some(&promised));
    let (one, other) = tokio::join!(ask(), ask());
    let mut ends = [one.expect("an end"), other.expect("an end")];
    ends.sort_by_key(|(_, added)| *added);
    assert_eq!(ends, [(Enlisted::KeyTaken, 0), (Enlisted::Done(1), 3)]);
    let kept = bed.stores.answers.find_answer(story.resident.person, "choose-1").await.expect("a search");
    assert_eq!(kept.expect("an answer").body, "{\"added\":3}");
    // What is not done answers nothing, and what cannot be answered is not done.
    assert!(store.close(campaign.id, story.clerk.person, minutes(1)).await.expect("an end"));
    let more = Promised { blank: Answer { key: "choose-2".into(), ..blank() }, words: &words };
    let closed = store.enlist_new(campaign.id, &targets, Some(&more)).await.expect("an end");
    assert_eq!(closed, (Enlisted::Closed, 0));
    let kept = bed.stores.answers.find_answer(story.resident.person, "choose-2").await.expect("a search");
    assert_eq!(kept, None);
    let open = opened(bed, &story, 2).await;
    let speechless = |_: &u32| Err(StoreError::unavailable("no words"));
    let more = Promised { blank: Answer { key: "choose-3".into(), ..blank() }, words: &speechless };
    assert!(store.enlist_new(open.id, &targets, Some(&more)).await.is_err());
    assert_eq!(doors(bed, &all(open.id)).await, []);
}

pub async fn a_door_is_enlisted_once_however_it_is_written(bed: &Bed) {
    let (story, store) = (Story::begin(bed).await, &bed.stores.campaigns);
    let campaign = opened(bed, &story, 0).await;
    enlisted(bed, &campaign, &[target(&story, "东苑", "301")]).await;
    let (again, fresh) = (target(&story, "东苑", "３０１室"), target(&story, "东苑", "302"));
    let both = [fresh.clone(), again.clone()];
    assert_eq!(store.enlist(campaign.id, &both, None).await.expect("an end"), Enlisted::Known(vec![again.id]));
    assert_eq!(numbers(&doors(bed, &all(campaign.id)).await), [1], "all or none");
    let twice = [fresh.clone(), target(&story, "东苑", "302室")];
    assert_eq!(store.enlist(campaign.id, &twice, None).await.expect("an end"), Enlisted::Known(vec![twice[1].id]));

    assert_eq!(store.enlist_new(campaign.id, &both, None).await.expect("an end"), (Enlisted::Done(2), 1));
    assert_eq!(store.enlist_new(campaign.id, &both, None).await.expect("an end"), (Enlisted::Done(3), 0));
    let [_, second] = doors(bed, &all(campaign.id)).await.try_into().expect("two doors");
    let expected = domain::campaign::household_of(campaign.id, 2, fresh);
    assert_eq!(second, expected, "it comes back as given");
    let other = opened(bed, &story, 1).await;
    enlisted(bed, &other, &[target(&story, "东苑", "301")]).await;

    let lying = bed.texts("SELECT title FROM campaigns").await;
    assert_eq!(lying.len(), 2);
}

pub async fn of_many_doors_all_or_none_are_enlisted(bed: &Bed) {
    let (story, store) = (Story::begin(bed).await, &bed.stores.campaigns);
    let campaign = opened(bed, &story, 0).await;
    let targets: Vec<_> = (0..1_200).map(|n| target(&story, "东苑", &n.to_string())).collect();
    let answer = story.answer("import-1", noon());
    let ended = store.enlist(campaign.id, &targets, Some(&answer)).await.expect("an end");
    assert_eq!(ended, Enlisted::Done(1));
    let more = [target(&story, "西苑", "1")];
    assert_eq!(store.enlist(campaign.id, &more, Some(&answer)).await.expect("an end"), Enlisted::KeyTaken);
    let found = store.find_campaign(campaign.id, &desk(&story)).await.expect("a search").expect("a campaign");
    assert_eq!(found.households, 1_200);
    let page = HouseholdQuery { after: 1_150, ..all(campaign.id) };
    assert_eq!(numbers(&doors(bed, &page).await), (1_151..=1_200).collect::<Vec<_>>(), "in the order of the list");
    // At once: each door joins once, and the numbers have no gap.
    let (left, right) = (targets_of(&story, "西苑", 0..40), targets_of(&story, "西苑", 20..60));
    let (left, right) =
        tokio::join!(store.enlist_new(campaign.id, &left, None), store.enlist_new(campaign.id, &right, None));
    assert_eq!(left.expect("an end").1 + right.expect("an end").1, 60);
    let page = HouseholdQuery { after: 1_200, ..all(campaign.id) };
    assert_eq!(numbers(&doors(bed, &page).await), (1_201..=1_260).collect::<Vec<_>>());
    bed.tamper("UPDATE campaigns SET households = 19999").await;
    assert_eq!(
        store.enlist(campaign.id, &targets_of(&story, "西苑", 90..92), None).await.expect("an end"),
        Enlisted::Full
    );
}

fn targets_of(story: &Story, compound: &str, rooms: std::ops::Range<u32>) -> Vec<Target> {
    rooms.map(|n| target(story, compound, &n.to_string())).collect()
}

pub async fn of_two_who_record_a_round_one_is_too_late(bed: &Bed) {
    let (story, store) = (Story::begin(bed).await, &bed.stores.campaigns);
    let campaign = opened(bed, &story, 0).await;
    let door = target(&story, "东苑", "1");
    enlisted(bed, &campaign, std::slice::from_ref(&door)).await;
    for round in 1..=4 {
        let (one, other) = (
            visit(&story, &campaign, door.id, round, Outcome::NotAtHome),
            visit(&story, &campaign, door.id, round, Outcome::Refused),
        );
        let ends = tokio::join!(record(bed, &one), record(bed, &other));
        assert!(ends == (Recorded::Done, Recorded::Taken) || ends == (Recorded::Taken, Recorded::Done), "{ends:?}");
    }
    assert_eq!(record(bed, &visit(&story, &campaign, door.id, 6, Outcome::Visited)).await, Recorded::Taken, "not due");
    let last = visit(&story, &campaign, door.id, 5, Outcome::Visited);
    let answer = story.answer("visit-5", noon());
    assert_eq!(store.record(&last, Some(&answer)).await.expect("an end"), Recorded::Done);
    assert_eq!(store.record(&last, Some(&answer)).await.expect("an end"), Recorded::KeyTaken);
    assert_eq!(record(bed, &visit(&story, &campaign, door.id, 6, Outcome::Visited)).await, Recorded::Taken, "visited");
    let visits = store.visits_of(door.id).await.expect("visits");
    assert_eq!(visits.iter().map(|visit| visit.round).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    assert_eq!(visits[4], last, "it comes back as given");
}

pub async fn a_closed_campaign_takes_no_more(bed: &Bed) {
    let (story, store) = (Story::begin(bed).await, &bed.stores.campaigns);
    let campaign = opened(bed, &story, 0).await;
    let door = target(&story, "东苑", "1");
    enlisted(bed, &campaign, std::slice::from_ref(&door)).await;
    assert!(store.close(campaign.id, story.clerk.person, minutes(1)).await.expect("an end"));
    assert_eq!(record(bed, &visit(&story, &campaign, door.id, 1, Outcome::Visited)).await, Recorded::Closed);
    let more = [target(&story, "东苑", "2")];
    assert_eq!(store.enlist(campaign.id, &more, None).await.expect("an end"), Enlisted::Closed);
    assert_eq!(store.enlist_new(campaign.id, &more, None).await.expect("an end"), (Enlisted::Closed, 0));
    let named = CampaignSight { partners: vec![story.helper], ..CampaignSight::default() };
    assert_eq!(store.find_campaign(campaign.id, &named).await.expect("a search"), None);
    assert_eq!(store.find_household(door.id, &named).await.expect("a search"), None);
}

pub async fn doors_are_listed_by_how_they_stand(bed: &Bed) {
    let story = Story::begin(bed).await;
    let campaign = opened(bed, &story, 0).await;
    let targets = targets_of(&story, "东苑", 1..6);
    enlisted(bed, &campaign, &targets).await;
    let knock = async |n: usize, round, outcome| {
        assert_eq!(record(bed, &visit(&story, &campaign, targets[n - 1].id, round, outcome)).await, Recorded::Done);
    };
    knock(1, 1, Outcome::Visited).await;
    knock(2, 1, Outcome::NotAtHome).await;
    knock(3, 1, Outcome::Refused).await;
    knock(4, 1, Outcome::NotAtHome).await;
    knock(4, 2, Outcome::Visited).await;
    let stands =
        async |stands| numbers(&doors(bed, &HouseholdQuery { stands: Some(stands), ..all(campaign.id) }).await);
    assert_eq!(stands(Stands::Now(Outcome::Visited)).await, [1, 4]);
    assert_eq!(stands(Stands::Pending).await, [2, 3, 5]);
    assert_eq!(stands(Stands::In(1, None)).await, [1, 2, 3, 4]);
    assert_eq!(stands(Stands::In(1, Some(Outcome::NotAtHome))).await, [2, 4]);
    assert_eq!(stands(Stands::In(2, Some(Outcome::Visited))).await, [4]);
    assert_eq!(stands(Stands::Before(1)).await, [5]);
    assert_eq!(stands(Stands::Before(2)).await, [2, 3]);
    assert_eq!(stands(Stands::Before(0)).await, [5], "nobody has knocked");
    let page = HouseholdQuery { after: 2, limit: 2, ..all(campaign.id) };
    assert_eq!(numbers(&doors(bed, &page).await), [3, 4]);
}

pub async fn totals_are_counted_without_a_key(bed: &Bed) {
    let (story, store) = (Story::begin(bed).await, &bed.stores.campaigns);
    let campaign = opened(bed, &story, 0).await;
    let targets = targets_of(&story, "东苑", 1..5);
    enlisted(bed, &campaign, &targets).await;
    for (n, outcome) in [Outcome::Visited, Outcome::NotAtHome, Outcome::Refused].into_iter().enumerate() {
        let mut visit = visit(&story, &campaign, targets[n].id, 1, outcome);
        if outcome == Outcome::Visited {
            let proof = photo(bed, &story.clerk, noon()).await;
            visit.handed_out = vec![handed("烟感报警器", 2, proof), handed("灭火器", 1, proof)];
        }
        assert_eq!(record(bed, &visit).await, Recorded::Done);
    }
    let proof = photo(bed, &story.clerk, noon()).await;
    let second = Visit {
        handed_out: vec![handed("烟感报警器", 99, proof)],
        ..visit(&story, &campaign, targets[1].id, 2, Outcome::Visited)
    };
    assert_eq!(record(bed, &second).await, Recorded::Done);
    // Whatever is locked cannot be read any more.
    bed.tamper("UPDATE households SET door = door_index").await;
    bed.tamper("UPDATE campaign_visits SET body = NULL").await;
    let campaign = Campaign { households: 4, ..campaign };
    let line =
        |item: &str, quantity, households| HandedOut { item: item.into(), unit: "个".into(), quantity, households };
    let expected = Totals {
        households: 4,
        visited: 2,
        not_at_home: 0,
        refused: 1,
        rounds: vec![
            RoundTotals { round: 1, visited: 1, not_at_home: 1, refused: 1 },
            RoundTotals { round: 2, visited: 1, not_at_home: 0, refused: 0 },
        ],
        handed_out: vec![line("烟感报警器", 101, 2), line("防毒面具", 0, 0), line("灭火器", 1, 1)],
    };
    assert_eq!(store.totals(&campaign).await.expect("totals"), expected);
    assert_eq!(expected.untouched(), 1);
}

pub async fn a_photo_joins_one_visit_only(bed: &Bed) {
    let (story, photos) = (Story::begin(bed).await, &bed.stores.attachments);
    let campaign = opened(bed, &story, 0).await;
    let targets = targets_of(&story, "东苑", 1..3);
    enlisted(bed, &campaign, &targets).await;
    let with = |n: usize, photos: &[AttachmentId]| Visit {
        photos: photos.to_vec(),
        ..visit(&story, &campaign, targets[n].id, 1, Outcome::Visited)
    };
    let (own, of_others) = (photo(bed, &story.clerk, noon()).await, photo(bed, &story.worker, noon()).await);
    for stranger in [of_others, new_id(noon())] {
        assert_eq!(record(bed, &with(0, &[own, stranger])).await, Recorded::PhotoUnavailable);
    }
    assert_eq!(
        numbers(&doors(bed, &HouseholdQuery { stands: Some(Stands::Before(1)), ..all(campaign.id) }).await),
        [1, 2]
    );
    assert_eq!(record(bed, &with(0, &[own])).await, Recorded::Done);
    assert_eq!(record(bed, &with(1, &[own])).await, Recorded::PhotoUnavailable);
    let order = story.submission_with(&story.clerk, minutes(9), |s| s.content.attachments = vec![own]);
    assert_eq!(bed.stores.orders.commit(&[order], None).await.expect("an end"), Commit::PhotoUnavailable);
    // It belongs to the visit: neither the sweep nor the uploader's leaving takes it.
    assert_eq!(photos.unattached_before(minutes(60), 9).await.expect("ids"), [of_others]);
    assert_eq!(photos.delete(&[own]).await.expect("a deletion"), 0);
    let loose = bed.stores.erasures.photos(PhotosOf::Uploader(story.clerk.person), 9).await.expect("ids");
    assert_eq!(loose, []);
}

pub async fn verified_homes_are_found_in_their_compounds(bed: &Bed) {
    let story = Story::begin(bed).await;
    let homes: &dyn ResidenceStore = &*bed.stores.residences;
    let (east, west) = (compound(story.community, "东苑"), compound(story.community, "西苑"));
    let verification = Some(Verification { at: noon(), by: story.clerk.person });
    let home = |who: &domain::people::Actor, compound_id, verified, n: i64| Residence {
        id: new_id(minutes(n)),
        person: who.person,
        address: target(&story, "东苑", &n.to_string()).door.address,
        compound_id,
        is_main: true,
        since: noon(),
        verified,
    };
    for (n, (who, compound, verified)) in [
        (&story.resident, Some(east), verification),
        (&story.neighbour, Some(west), verification),
        (&story.worker, Some(east), None),
        (&story.second_worker, None, verification),
    ]
    .into_iter()
    .enumerate()
    {
        homes.settle(&home(who, compound, verified, i64::try_from(n).expect("few"))).await.expect("kept");
    }
    let found = async |compounds: &[_], before| {
        let slice = Slice { before, limit: 9 };
        let page = homes.dwellings(story.community, compounds, slice).await.expect("a page");
        page.into_iter().map(|dwelling| dwelling.home).collect::<Vec<_>>()
    };
    let everywhere = found(&[], None).await;
    let persons = |homes: &[Residence]| homes.iter().map(|home| home.person).collect::<Vec<_>>();
    assert_eq!(persons(&everywhere), [story.neighbour.person, story.resident.person], "newest first");
    assert_eq!(persons(&found(&[east], None).await), [story.resident.person]);
    assert_eq!(persons(&found(&[], Some(everywhere[0].id)).await), [story.resident.person]);
    let elsewhere = homes.dwellings(story.elsewhere, &[], Slice { before: None, limit: 9 }).await.expect("a page");
    assert_eq!(elsewhere, []);
}

pub async fn whoever_closes_the_account_goes_from_the_households(bed: &Bed) {
    let (story, store) = (Story::begin(bed).await, &bed.stores.campaigns);
    let campaign = opened(bed, &story, 0).await;
    let dweller = |person| Dweller { person: Some(person), name: Some("王女士".into()), phone: None, note: None };
    let alone = Target { dwellers: vec![dweller(story.resident.person)], ..target(&story, "东苑", "1") };
    let both = vec![dweller(story.resident.person), dweller(story.neighbour.person)];
    let shared = Target { dwellers: both, ..target(&story, "东苑", "2") };
    let other = target(&story, "东苑", "3");
    enlisted(bed, &campaign, &[alone.clone(), shared, other]).await;
    let proof = photo(bed, &story.clerk, noon()).await;
    let visit = Visit {
        handed_out: vec![handed("灭火器", 1, proof)],
        ..visit(&story, &campaign, alone.id, 1, Outcome::Visited)
    };
    assert_eq!(record(bed, &visit).await, Recorded::Done);

    bed.stores.erasures.remove_traces(story.resident.person, minutes(9)).await.expect("an end");
    let [gone, left, untouched] = doors(bed, &all(campaign.id)).await.try_into().expect("three doors");
    assert_eq!((gone.door, gone.dwellers.len(), gone.outcome), (None, 0, Some(Outcome::Visited)));
    assert_eq!(left.dwellers, [dweller(story.neighbour.person)]);
    assert!(left.door.is_some() && untouched.door.is_some() && untouched.dwellers.len() == 1);
    let [forgotten] = store.visits_of(alone.id).await.expect("visits").try_into().expect("one visit");
    assert_eq!((forgotten.findings, forgotten.handed_out.len(), forgotten.outcome), (None, 0, Outcome::Visited));
    let totals = store.totals(&Campaign { households: 3, ..campaign }).await.expect("totals");
    assert_eq!((totals.visited, totals.handed_out[2].quantity), (1, 1), "counts stay");
    let loose = bed.stores.attachments.unattached_before(minutes(60), 9).await.expect("ids");
    assert_eq!(loose, [proof], "the sweep takes its photos");
}

pub async fn a_closed_campaign_is_forgotten_in_time(bed: &Bed) {
    let (story, store) = (Story::begin(bed).await, &bed.stores.campaigns);
    let (old, open) = (opened(bed, &story, 0).await, opened(bed, &story, 1).await);
    for campaign in [&old, &open] {
        enlisted(bed, campaign, &targets_of(&story, "东苑", 1..3)).await;
    }
    assert!(store.close(old.id, story.clerk.person, minutes(5)).await.expect("an end"));
    let retention = &bed.stores.retention;
    let count = async |at| retention.count_old(Kind::ClosedCampaigns, at).await.expect("a count");
    assert_eq!((count(minutes(5)).await, count(minutes(6)).await), (0, 1));
    let forget = async || retention.delete_old(Kind::ClosedCampaigns, minutes(6)).await.expect("an end");
    assert_eq!((forget().await, forget().await, count(minutes(6)).await), (1, 0, 0));
    assert!(doors(bed, &all(old.id)).await.iter().all(|household| household.door.is_none()));
    assert!(doors(bed, &all(open.id)).await.iter().all(|household| household.door.is_some()));
    assert_eq!(bed.count("household_people").await, 2);
}

/// Says how long it took; nothing is measured against a clock here.
pub async fn ten_thousand_doors_are_enlisted_in_one_go(bed: &Bed) {
    let (story, store) = (Story::begin(bed).await, &bed.stores.campaigns);
    let campaign = opened(bed, &story, 0).await;
    let targets = targets_of(&story, "东苑", 0..10_000);
    let begun = std::time::Instant::now();
    assert_eq!(store.enlist(campaign.id, &targets, None).await.expect("an end"), Enlisted::Done(1));
    println!("10,000 doors: {:?}", begun.elapsed());
    let (mut after, mut met) = (0, 0);
    loop {
        let page = store.recount(campaign.id, after, 500).await.expect("a page");
        let Some((last, _)) = page.last() else { break };
        (after, met) = (last.number, met + page.len());
    }
    assert_eq!(met, 10_000);
}
