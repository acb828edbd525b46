//! What may be added to the tree of places by hand.

use thiserror::Error;

use super::{Community, Level, Tree};
use crate::ids::PlaceId;

/// A place that somebody wants to add.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addition {
    pub parent: Option<PlaceId>,
    pub level: Level,
    pub name: String,
    /// Starts the numbers of orders; for communities only.
    pub prefix: Option<String>,
}

/// Why it is not added. The sentence is for whoever tried.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum AdditionRefusal {
    #[error("没有找到上一级，请重新选择")]
    NoParent,
    #[error("{}不能放在这里，请选择合适的上一级", .0.text())]
    Misplaced(Level),
    #[error("这里已有「{0}」，请换一个名称")]
    NameTaken(String),
    #[error("社区需要一个订单号前缀，由 2 至 6 个大写字母组成，例如 XY")]
    PrefixNeeded,
    #[error("只有社区才有订单号前缀，请去掉")]
    PrefixUnwanted,
    #[error("前缀 {0} 已被别的社区使用，请换一个")]
    PrefixTaken(String),
}

impl Addition {
    pub fn check(&self, tree: &Tree, communities: &[Community]) -> Result<(), AdditionRefusal> {
        let parent = match self.parent {
            None => None,
            Some(id) => Some(tree.get(id).ok_or(AdditionRefusal::NoParent)?),
        };
        if !self.level.may_stand_below(parent.map(|parent| parent.level)) {
            return Err(AdditionRefusal::Misplaced(self.level));
        }
        is_free(tree, self.parent, &self.name)?;
        self.check_prefix(communities)
    }

    fn check_prefix(&self, communities: &[Community]) -> Result<(), AdditionRefusal> {
        let Some(prefix) = &self.prefix else {
            return if self.level == Level::Community { Err(AdditionRefusal::PrefixNeeded) } else { Ok(()) };
        };
        if self.level != Level::Community {
            return Err(AdditionRefusal::PrefixUnwanted);
        }
        if !(2..=6).contains(&prefix.len()) || !prefix.bytes().all(|letter| letter.is_ascii_uppercase()) {
            return Err(AdditionRefusal::PrefixNeeded);
        }
        match communities.iter().any(|community| community.prefix == *prefix) {
            true => Err(AdditionRefusal::PrefixTaken(prefix.clone())),
            false => Ok(()),
        }
    }
}

/// Two places of one name never lie in the same place.
pub fn is_free(tree: &Tree, parent: Option<PlaceId>, name: &str) -> Result<(), AdditionRefusal> {
    match tree.children(parent).any(|sibling| sibling.name == name) {
        true => Err(AdditionRefusal::NameTaken(name.to_owned())),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::ids::CommunityId;
    use crate::place::Place;

    #[test]
    fn a_place_is_added_where_it_belongs() {
        let id = |n| PlaceId(Uuid::from_u128(n));
        let place = |n, parent: Option<u128>, level, name: &str| Place {
            id: id(n),
            parent: parent.map(id),
            level,
            name: name.into(),
        };
        let tree = Tree::new([
            place(1, None, Level::City, "石家庄市"),
            place(2, Some(1), Level::Street, "西苑街道"),
            place(3, Some(2), Level::Community, "西苑社区"),
        ]);
        let known = [Community { id: CommunityId(id(3).0), prefix: "XY".into() }];
        let check = |parent: Option<u128>, level, name: &str, prefix: Option<&str>| {
            Addition { parent: parent.map(id), level, name: name.into(), prefix: prefix.map(Into::into) }
                .check(&tree, &known)
        };
        assert_eq!(check(Some(2), Level::Community, "联盟社区", Some("LM")), Ok(()));
        assert_eq!(check(Some(3), Level::Compound, "西苑小区", None), Ok(()));
        assert_eq!(check(Some(9), Level::Compound, "西苑小区", None), Err(AdditionRefusal::NoParent));
        assert_eq!(check(Some(2), Level::Compound, "西苑小区", None), Err(AdditionRefusal::Misplaced(Level::Compound)));
        assert_eq!(
            check(Some(2), Level::Community, "西苑社区", Some("LM")),
            Err(AdditionRefusal::NameTaken("西苑社区".into()))
        );
        for prefix in [None, Some("X"), Some("xy"), Some("XYXYXYX"), Some("X1")] {
            assert_eq!(check(Some(2), Level::Community, "联盟社区", prefix), Err(AdditionRefusal::PrefixNeeded));
        }
        assert_eq!(
            check(Some(2), Level::Community, "联盟社区", Some("XY")),
            Err(AdditionRefusal::PrefixTaken("XY".into()))
        );
        assert_eq!(check(Some(3), Level::Compound, "甲", Some("AB")), Err(AdditionRefusal::PrefixUnwanted));
    }
}
