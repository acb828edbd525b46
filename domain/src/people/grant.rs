//! Who may give which role where, and take it away.

use strum::IntoEnumIterator;
use thiserror::Error;

use super::{Actor, Membership, Role};
use crate::ids::{PartnerId, PlaceId};
use crate::place::{Level, Partner, Tree};

/// The roles that a holder of `giver` may give and end within the own place. Nobody gives what is above them.
pub fn gives(giver: Role) -> &'static [Role] {
    use Role::{
        Administrator, ClassMonitor, GridWorker, IntakeClerk, Matchmaker, PartnerStaff, Secretary, Supervisor,
        Volunteer,
    };
    match giver {
        Role::Administrator => &[
            GridWorker,
            IntakeClerk,
            Secretary,
            PartnerStaff,
            Volunteer,
            ClassMonitor,
            Matchmaker,
            Supervisor,
            Administrator,
        ],
        Role::Secretary => &[GridWorker, IntakeClerk, PartnerStaff, Volunteer, ClassMonitor, Matchmaker],
        Role::Resident
        | Role::GridWorker
        | Role::IntakeClerk
        | Role::PartnerStaff
        | Role::Volunteer
        | Role::ClassMonitor
        | Role::Matchmaker
        | Role::Supervisor => &[],
    }
}

/// At which levels of the tree a role is held.
fn stands_at(role: Role, level: Level) -> bool {
    match role {
        Role::Resident => false,
        Role::GridWorker => matches!(level, Level::Community | Level::Grid | Level::Compound),
        Role::IntakeClerk
        | Role::Secretary
        | Role::PartnerStaff
        | Role::Volunteer
        | Role::ClassMonitor
        | Role::Matchmaker => level == Level::Community,
        Role::Supervisor => matches!(level, Level::City | Level::District | Level::Street),
        Role::Administrator => {
            matches!(level, Level::Province | Level::City | Level::District | Level::Street | Level::Community)
        }
    }
}

/// Why a role is not given. The sentence is for whoever tried.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum GrantRefusal {
    #[error("您不能给出「{}」这个角色", .0.text())]
    NotYours(Role),
    /// Does not exist, or lies outside the giver's own.
    #[error("没有这个地方，或者不在您的管理范围内")]
    NoSuchPlace,
    #[error("「{}」不能设在{}", .role.text(), .level.text())]
    WrongLevel { role: Role, level: Level },
    #[error("请说明在哪个单位任职")]
    PartnerMissing,
    #[error("只有承办单位人员才需要填单位")]
    PartnerUnwanted,
    #[error("没有这个单位，请从本社区的名单里选择")]
    NoSuchPartner,
}

/// Whether `giver` may give or end `membership`. `partner` is the unit of that id, where there is one.
pub fn may_give(
    giver: &Actor,
    membership: &Membership,
    partner: Option<&Partner>,
    tree: &Tree,
) -> Result<(), GrantRefusal> {
    let role = membership.role;
    let posts = || giver.posts.iter().filter(|post| gives(post.role).contains(&role));
    if posts().next().is_none() {
        return Err(GrantRefusal::NotYours(role));
    }
    if !posts().any(|post| post.holds_place(membership.place, tree)) {
        return Err(GrantRefusal::NoSuchPlace);
    }
    fits_place(role, membership.place, tree)?;
    fits_partner(membership, partner, tree)
}

fn fits_place(role: Role, place: Option<PlaceId>, tree: &Tree) -> Result<(), GrantRefusal> {
    let Some(place) = place else {
        return if role == Role::Administrator { Ok(()) } else { Err(GrantRefusal::NoSuchPlace) };
    };
    let level = tree.get(place).ok_or(GrantRefusal::NoSuchPlace)?.level;
    if stands_at(role, level) { Ok(()) } else { Err(GrantRefusal::WrongLevel { role, level }) }
}

fn fits_partner(membership: &Membership, partner: Option<&Partner>, tree: &Tree) -> Result<(), GrantRefusal> {
    let wanted: Option<PartnerId> = membership.partner_id;
    match (membership.role == Role::PartnerStaff, wanted) {
        (true, None) => Err(GrantRefusal::PartnerMissing),
        (false, Some(_)) => Err(GrantRefusal::PartnerUnwanted),
        (false, None) => Ok(()),
        (true, Some(id)) => {
            let place = membership.place.ok_or(GrantRefusal::NoSuchPlace)?;
            let works_there = |p: &&Partner| p.id == id && p.works_in(place, tree);
            partner.filter(works_there).map(|_| ()).ok_or(GrantRefusal::NoSuchPartner)
        }
    }
}

/// The table as a page for people, in Markdown.
pub(in crate::people) fn page() -> String {
    let mut page =
        String::from("\n## Who may give and end which role, within the own place\n\n| role | gives |\n|---|---|\n");
    for role in Role::iter().filter(|role| !gives(*role).is_empty()) {
        let given: Vec<_> = gives(role).iter().map(ToString::to_string).collect();
        page.push_str(&format!("| {role} {} | {} |\n", role.text(), given.join(", ")));
    }
    page
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::ids::{CommunityId, PersonId};
    use crate::people::Post;
    use crate::place::{PartnerKind, Place};

    fn id(n: u128) -> PlaceId {
        PlaceId(Uuid::from_u128(n))
    }

    /// Two streets, a community in each, a grid in the first.
    fn tree() -> Tree {
        let place =
            |n, parent: Option<u128>, level| Place { id: id(n), parent: parent.map(id), level, name: n.to_string() };
        Tree::new([
            place(1, None, Level::City),
            place(2, Some(1), Level::Street),
            place(3, Some(2), Level::Community),
            place(4, Some(3), Level::Grid),
            place(5, Some(1), Level::Street),
            place(6, Some(5), Level::Community),
        ])
    }

    fn holder(role: Role, place: Option<u128>) -> Actor {
        let membership = Membership { role, place: place.map(id), partner_id: None };
        let posts: Vec<Post> = membership.post(&tree()).into_iter().collect();
        Actor { person: PersonId(Uuid::nil()), former: Vec::new(), posts }
    }

    fn at(role: Role, place: u128) -> Membership {
        Membership { role, place: Some(id(place)), partner_id: None }
    }

    fn give(giver: &Actor, membership: &Membership) -> Result<(), GrantRefusal> {
        may_give(giver, membership, None, &tree())
    }

    #[test]
    fn a_secretary_gives_roles_in_the_own_community_and_none_above_it() {
        let secretary = holder(Role::Secretary, Some(3));
        assert_eq!(give(&secretary, &at(Role::IntakeClerk, 3)), Ok(()));
        assert_eq!(give(&secretary, &at(Role::GridWorker, 4)), Ok(()));
        assert_eq!(give(&secretary, &at(Role::IntakeClerk, 6)), Err(GrantRefusal::NoSuchPlace));
        for role in [Role::Secretary, Role::Supervisor, Role::Administrator, Role::Resident] {
            assert_eq!(give(&secretary, &at(role, 3)), Err(GrantRefusal::NotYours(role)));
        }
        for role in [Role::IntakeClerk, Role::GridWorker, Role::Supervisor, Role::PartnerStaff] {
            assert_eq!(
                give(&holder(role, Some(3)), &at(Role::Volunteer, 3)),
                Err(GrantRefusal::NotYours(Role::Volunteer))
            );
        }
    }

    #[test]
    fn an_administrator_gives_within_the_own_place() {
        let street = holder(Role::Administrator, Some(2));
        assert_eq!(give(&street, &at(Role::Secretary, 3)), Ok(()));
        assert_eq!(give(&street, &at(Role::Secretary, 6)), Err(GrantRefusal::NoSuchPlace));
        assert_eq!(give(&street, &at(Role::Supervisor, 1)), Err(GrantRefusal::NoSuchPlace), "nothing above");
        let everywhere = Membership { role: Role::Administrator, place: None, partner_id: None };
        assert_eq!(give(&street, &everywhere), Err(GrantRefusal::NoSuchPlace));
        assert_eq!(give(&holder(Role::Administrator, None), &everywhere), Ok(()));
    }

    #[test]
    fn a_role_stands_where_it_belongs() {
        let admin = holder(Role::Administrator, None);
        let level = |n: u128| tree().get(id(n)).expect("a place").level;
        for (role, place) in [(Role::Secretary, 2), (Role::Supervisor, 3), (Role::Matchmaker, 4), (Role::GridWorker, 1)]
        {
            assert_eq!(give(&admin, &at(role, place)), Err(GrantRefusal::WrongLevel { role, level: level(place) }));
        }
        let nowhere = Membership { role: Role::Secretary, place: None, partner_id: None };
        assert_eq!(give(&admin, &nowhere), Err(GrantRefusal::NoSuchPlace));
    }

    #[test]
    fn staff_belong_to_a_unit_of_the_place() {
        let unit = |place| Partner {
            id: PartnerId(Uuid::from_u128(8)),
            place_id: id(place),
            kind: PartnerKind::PropertyCompany,
            name: String::new(),
            uscc: None,
            closed: false,
        };
        let admin = holder(Role::Administrator, None);
        let staff = Membership::staff(CommunityId(id(3).0), unit(3).id);
        assert_eq!(may_give(&admin, &staff, Some(&unit(3)), &tree()), Ok(()));
        assert_eq!(may_give(&admin, &staff, Some(&unit(6)), &tree()), Err(GrantRefusal::NoSuchPartner));
        assert_eq!(may_give(&admin, &staff, None, &tree()), Err(GrantRefusal::NoSuchPartner));
        let closed = Partner { closed: true, ..unit(3) };
        assert_eq!(may_give(&admin, &staff, Some(&closed), &tree()), Err(GrantRefusal::NoSuchPartner));
        assert_eq!(give(&admin, &at(Role::PartnerStaff, 3)), Err(GrantRefusal::PartnerMissing));
        let clerk = Membership { partner_id: Some(unit(3).id), ..at(Role::IntakeClerk, 3) };
        assert_eq!(give(&admin, &clerk), Err(GrantRefusal::PartnerUnwanted));
    }
}
