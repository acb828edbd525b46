//! Lists of regions with their codes, as statistics offices and others publish them, grafted onto the tree of places.

use std::collections::HashMap;

use thiserror::Error;

use super::{Level, Place, Tree};
use crate::ids::PlaceId;

/// One line of such a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// Names from the top down: 河北省, 石家庄市, 新华区.
    pub path: Vec<String>,
    pub level: Level,
    /// What this edition calls it. Twelve digits as a rule; no rule that holds.
    pub code: Option<String>,
}

/// What a list adds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Graft {
    /// Places that were not there, each after the one that it lies in.
    pub places: Vec<Place>,
    pub codes: Vec<(PlaceId, String)>,
}

/// Why a line cannot be taken. The sentence is for whoever brings the list.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RegionFault {
    #[error("没有名称")]
    Nameless,
    #[error("上一级「{0}」不在列表里，也不在数据库里；请把上级放在下级之前")]
    Orphan(String),
    #[error("「{name}」已登记为{}，与本行的{}不符", .known.text(), .given.text())]
    OtherLevel { name: String, known: Level, given: Level },
    #[error("{}不能直接放在{}下面", .level.text(), .below.text())]
    Misplaced { level: Level, below: Level },
    #[error("{}不能放在最上面", .0.text())]
    Rootless(Level),
}

impl Graft {
    /// Finds the places of the list by their paths and makes those that are missing, with ids from `new_id`, which gets
    /// the path. Lines that cannot be taken are told with their index and stop no other.
    pub fn of(
        tree: &Tree,
        regions: &[Region],
        mut new_id: impl FnMut(&str) -> PlaceId,
    ) -> (Self, Vec<(usize, RegionFault)>) {
        let mut known = paths(tree);
        let (mut graft, mut faults) = (Self::default(), Vec::new());
        for (index, region) in regions.iter().enumerate() {
            match find_or_make(&mut known, region, &mut new_id) {
                Ok((id, made)) => {
                    graft.places.extend(made);
                    graft.codes.extend(region.code.clone().map(|code| (id, code)));
                }
                Err(fault) => faults.push((index, fault)),
            }
        }
        (graft, faults)
    }
}

type Known = HashMap<String, (PlaceId, Level)>;

fn find_or_make(
    known: &mut Known,
    region: &Region,
    new_id: &mut impl FnMut(&str) -> PlaceId,
) -> Result<(PlaceId, Option<Place>), RegionFault> {
    let (name, above) = region.path.split_last().ok_or(RegionFault::Nameless)?;
    if region.path.iter().any(|step| step.trim().is_empty()) {
        return Err(RegionFault::Nameless);
    }
    let path = region.path.join("/");
    if let Some((id, level)) = known.get(&path) {
        let other = RegionFault::OtherLevel { name: name.clone(), known: *level, given: region.level };
        return if *level == region.level { Ok((*id, None)) } else { Err(other) };
    }
    let parent = match above {
        [] => None,
        above => Some(*known.get(&above.join("/")).ok_or_else(|| RegionFault::Orphan(above.join("/")))?),
    };
    let below = parent.map(|(_, level)| level);
    if !region.level.may_stand_below(below) {
        let misplaced = |below| RegionFault::Misplaced { level: region.level, below };
        return Err(below.map_or(RegionFault::Rootless(region.level), misplaced));
    }
    let id = new_id(&path);
    known.insert(path, (id, region.level));
    let parent = parent.map(|(id, _)| id);
    Ok((id, Some(Place { id, parent, level: region.level, name: name.clone() })))
}

fn paths(tree: &Tree) -> Known {
    let path = |place: &Place| {
        let mut names: Vec<_> = tree.upwards(place.id).map(|place| place.name.as_str()).collect();
        names.reverse();
        names.join("/")
    };
    tree.all().map(|place| (path(place), (place.id, place.level))).collect()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn region(path: &str, level: Level, code: &str) -> Region {
        let code = (!code.is_empty()).then(|| code.to_owned());
        Region { path: path.split('/').map(str::to_owned).collect(), level, code }
    }

    fn id_of(path: &str) -> PlaceId {
        PlaceId(Uuid::new_v5(&Uuid::NAMESPACE_URL, path.as_bytes()))
    }

    #[test]
    fn a_second_list_finds_the_places_of_the_first() {
        let list = [
            region("石家庄市", Level::City, "130100000000"),
            region("石家庄市/新华区", Level::District, "130105000000"),
            region("石家庄市/新华区/西三庄街道", Level::Street, "130105014000"),
        ];
        let (first, faults) = Graft::of(&Tree::default(), &list, id_of);
        assert_eq!((first.places.len(), first.codes.len(), faults.len()), (3, 3, 0));

        // Another edition gives the same street another code, and this code to another street.
        let other = [
            region("石家庄市/新华区/西三庄街道", Level::Street, "130105016000"),
            region("石家庄市/新华区/赵佗路街道", Level::Street, "130105014000"),
        ];
        let (second, faults) = Graft::of(&Tree::new(first.places), &other, id_of);
        assert_eq!(faults, []);
        assert_eq!(second.places.iter().map(|place| place.name.as_str()).collect::<Vec<_>>(), ["赵佗路街道"]);
        let codes: Vec<_> = second.codes.iter().map(|(_, code)| code.as_str()).collect();
        assert_eq!(codes, ["130105016000", "130105014000"]);
    }

    #[test]
    fn a_line_that_cannot_be_taken_stops_no_other() {
        let list = [
            region("石家庄市/新华区", Level::District, ""),
            region("石家庄市", Level::City, ""),
            region("石家庄市", Level::District, ""),
            region("石家庄市/天山网格", Level::Grid, ""),
            region("西苑小区", Level::Compound, ""),
            region("石家庄市/ ", Level::District, ""),
            region("石家庄市/裕华区", Level::District, ""),
        ];
        let (graft, faults) = Graft::of(&Tree::default(), &list, id_of);
        assert_eq!(graft.places.len(), 2);
        let faults: Vec<_> = faults.into_iter().map(|(line, fault)| (line, fault.to_string())).collect();
        assert_eq!(
            faults,
            [
                (0, "上一级「石家庄市」不在列表里，也不在数据库里；请把上级放在下级之前".to_owned()),
                (2, "「石家庄市」已登记为市，与本行的区县不符".to_owned()),
                (3, "网格不能直接放在市下面".to_owned()),
                (4, "小区不能放在最上面".to_owned()),
                (5, "没有名称".to_owned()),
            ]
        );
    }
}
