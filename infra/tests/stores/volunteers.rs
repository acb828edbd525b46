use domain::ids::{CreditId, PersonId};
use domain::people::{Area, Confirmation, Credit, Membership, Role, Skill, Volunteering};
use domain::place::{Partner, PartnerKind};
use domain::ports::{Commit, Credited, Directory, Slice, VolunteerQuery};

use crate::bed::Bed;
use crate::story::{Story, grant, minutes, new_id, noon};

/// The helper is a team of volunteers, and the resident volunteers besides.
async fn begin(bed: &Bed) -> Story {
    let story = Story::begin(bed).await;
    let partners = bed.stores.directory.directory().await.expect("a directory").partners;
    let team = partners.into_iter().find(|partner| partner.id == story.helper).expect("a partner");
    let partners = vec![Partner { kind: PartnerKind::VolunteerTeam, ..team }];
    bed.stores.directory.save_directory(&Directory { partners, ..Directory::default() }).await.expect("saved");
    let own = Membership::at(story.community, Role::Volunteer);
    bed.stores.memberships.grant(&grant(story.resident.person, &own)).await.expect("a grant");
    let elsewhere = Membership::at(story.elsewhere, Role::Volunteer);
    bed.stores.memberships.grant(&grant(story.neighbour.person, &elsewhere)).await.expect("a grant");
    story
}

fn query(story: &Story, skill: Option<Skill>) -> VolunteerQuery {
    let slice = Slice { before: None, limit: 9 };
    VolunteerQuery { community: story.community, skill, year: 2026, now: minutes(1), slice }
}

fn credit(story: &Story, person: PersonId, order: domain::ids::OrderId, n: i64) -> Credit {
    Credit {
        id: new_id::<CreditId>(minutes(n)),
        order,
        community: story.community,
        person,
        minutes: 90,
        note: Some("换了水龙头".to_owned()),
        reported_by: person,
        reported_at: minutes(n),
        confirmed: None,
    }
}

fn desk(story: &Story) -> Area {
    Area { communities: vec![story.community], ..Area::default() }
}

pub async fn volunteers_are_found_by_what_they_can_do(bed: &Bed) {
    let story = begin(bed).await;
    let store = &bed.stores.volunteers;
    let (resident, member) = (story.resident.person, story.second_worker.person);
    let found = async |skill| {
        let all = store.volunteers(query(&story, skill)).await.expect("a page");
        all.iter().map(|volunteer| volunteer.person).collect::<Vec<_>>()
    };
    let mut both = [resident, member];
    both.sort_by(|a, b| b.cmp(a));
    assert_eq!(found(None).await, both, "newest accounts first; nobody of elsewhere, and no other partner's staff");
    assert_eq!(found(Some(Skill::Plumbing)).await, []);

    let offer = |person, community, skills: &[Skill], hours_per_week| Volunteering {
        person,
        community,
        skills: skills.to_vec(),
        hours_per_week,
    };
    let first = offer(resident, story.community, &[Skill::Haircut, Skill::Plumbing], 4);
    store.save_volunteering(&first).await.expect("saved");
    store.save_volunteering(&offer(resident, story.elsewhere, &[Skill::Law], 1)).await.expect("saved");
    store.save_volunteering(&offer(member, story.community, &[Skill::Plumbing], 2)).await.expect("saved");
    assert_eq!(found(Some(Skill::Plumbing)).await, both);
    assert_eq!(found(Some(Skill::Haircut)).await, [resident]);
    assert_eq!(found(Some(Skill::Law)).await, [], "offered elsewhere");
    let mut offered = store.volunteering_of(&[resident]).await.expect("offers");
    offered.sort_by_key(|offered| offered.hours_per_week);
    assert_eq!(offered[1], first);
    store.save_volunteering(&offer(resident, story.community, &[], 0)).await.expect("saved");
    assert_eq!(found(Some(Skill::Haircut)).await, []);

    let all = store.volunteers(query(&story, Some(Skill::Plumbing))).await.expect("a page");
    assert_eq!((all[0].hours_per_week, all[0].teams.as_slice()), (Some(2), [story.helper].as_slice()));
    let held = bed.texts("SELECT role FROM memberships").await;
    assert!(held.len() > 3, "{held:?}");
    bed.tamper("UPDATE memberships SET ended_at = granted_at WHERE role = 'volunteer'").await;
    assert_eq!(found(None).await, [member], "who left is no volunteer");
}

pub async fn hours_count_once_the_desk_has_said_so(bed: &Bed) {
    let story = begin(bed).await;
    let store = &bed.stores.volunteers;
    let order = story.accepted(bed, minutes(1)).await;
    let other = story.accepted(bed, minutes(2)).await;
    let (resident, member) = (story.resident.person, story.second_worker.person);
    let first = credit(&story, resident, order.id, 3);
    let answer = story.answer("k", noon());
    assert_eq!(store.credit(&first, Some(&answer)).await.expect("an end"), Credited::Ended(Commit::Done));
    let again = credit(&story, resident, other.id, 4);
    assert_eq!(store.credit(&again, Some(&answer)).await.expect("an end"), Credited::Ended(Commit::KeyTaken));
    assert_eq!(store.credit(&credit(&story, resident, order.id, 5), None).await.expect("an end"), Credited::Twice);
    for more in [&again, &credit(&story, member, order.id, 6)] {
        assert_eq!(store.credit(more, None).await.expect("an end"), Credited::Ended(Commit::Done));
    }

    let page = |before| Slice { before, limit: 2 };
    let waiting = async |area: &Area, before| {
        let some = store.waiting_credits(story.community, area, page(before)).await.expect("a page");
        some.iter().map(|credit| credit.person).collect::<Vec<_>>()
    };
    assert_eq!(waiting(&desk(&story), None).await, [member, resident]);
    assert_eq!(waiting(&desk(&story), Some(again.id)).await, [resident]);
    let far_away = Area { communities: vec![story.elsewhere], ..Area::default() };
    assert_eq!(waiting(&far_away, None).await, []);
    assert_eq!(store.find_credit(first.id, &far_away).await.expect("a search"), None);
    assert_eq!(store.find_credit(first.id, &desk(&story)).await.expect("a search"), Some(first.clone()));
    assert_eq!(store.find_own_credit(first.id, &[member]).await.expect("a search"), None);

    assert_eq!(store.minutes_of(&[resident]).await.expect("minutes"), []);
    let said = Confirmation { by: story.clerk.person, at: minutes(9) };
    assert!(store.confirm_credit(first.id, 60, said).await.expect("an end"));
    assert!(!store.confirm_credit(first.id, 90, said).await.expect("an end"), "once");
    assert!(!store.remove_credit(first.id).await.expect("an end"), "what counts stays");
    assert_eq!(store.minutes_of(&[resident]).await.expect("minutes"), [(2026, 60)]);
    let listed = store.volunteers(query(&story, None)).await.expect("a page");
    assert_eq!(listed.iter().map(|volunteer| volunteer.minutes).sum::<u32>(), 60);
    let mine = store.credits_of(&[resident], page(None)).await.expect("hours");
    assert_eq!(mine, [again.clone(), Credit { minutes: 60, confirmed: Some(said), ..first }]);
    assert!(store.remove_credit(again.id).await.expect("an end"));
    assert!(!store.remove_credit(again.id).await.expect("an end"));
}

pub async fn what_a_volunteer_was_goes_with_the_account(bed: &Bed) {
    let story = begin(bed).await;
    let order = story.accepted(bed, minutes(1)).await;
    let (resident, store) = (story.resident.person, &bed.stores.volunteers);
    let skills = vec![Skill::Plumbing];
    let offered = Volunteering { person: resident, community: story.community, skills, hours_per_week: 1 };
    store.save_volunteering(&offered).await.expect("saved");
    let given = credit(&story, resident, order.id, 2);
    assert_eq!(store.credit(&given, None).await.expect("an end"), Credited::Ended(Commit::Done));
    bed.stores.erasures.remove_traces(resident, minutes(3)).await.expect("removed");
    for table in ["volunteers", "volunteer_skills", "volunteer_hours"] {
        assert_eq!(bed.count(table).await, 0, "{table}");
    }
}
