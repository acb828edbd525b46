//! Where people live. One person may have several homes, and one home several people.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::{CommunityId, PersonId, PlaceId, ResidenceId};

/// Homes of one person at the same time.
pub const MAX_RESIDENCES: usize = 5;

/// One home of one person. Its address never changes: whoever moves has another residence, which nobody verified yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Residence {
    pub id: ResidenceId,
    pub person: PersonId,
    pub address: Address,
    /// The compound of that name in the community, where there is one.
    pub compound_id: Option<PlaceId>,
    /// The one that the person's orders start from.
    pub is_main: bool,
    pub since: DateTime<Utc>,
    /// Staff of the community know that the person lives here.
    pub verified: Option<Verification>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verification {
    pub at: DateTime<Utc>,
    pub by: PersonId,
}

/// Parts are strings: "3-甲", "1204". Room level is personal data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    pub community_id: CommunityId,
    pub compound: String,
    pub building: Option<String>,
    pub unit: Option<String>,
    pub room: Option<String>,
}

impl Address {
    /// The same for everybody who lives behind one door, however they write it: 「３号楼1204室」 and 「3栋 1204」. `None`
    /// without a room: a whole compound is not one home.
    pub fn home(&self) -> Option<String> {
        let part = |text: &Option<String>| text.as_deref().map(plain_part).unwrap_or_default();
        let room = Some(part(&self.room)).filter(|room| !room.is_empty())?;
        let parts = [plain_part(&self.compound), part(&self.building), part(&self.unit), room];
        Some(format!("{}/{}", self.community_id, parts.join("/")))
    }

    /// Whether it lies in the building, however either is written.
    pub fn is_in_building(&self, building: &str) -> bool {
        self.building.as_deref().is_some_and(|own| plain_part(own) == plain_part(building))
    }
}

/// Words that people write behind a number, or leave out; longer ones first.
const ENDINGS: [&str; 9] = ["号楼", "单元", "栋", "幢", "楼", "座", "门", "室", "号"];

/// One part of an address as it is compared: 「３号楼」, 「3 栋」 and 「3」 are one building, 「3-甲」 is another.
pub fn plain_part(text: &str) -> String {
    let narrow: String = text.chars().filter(|c| !c.is_whitespace()).map(half_width).collect();
    let lower = narrow.to_lowercase();
    let cut = ENDINGS.iter().find_map(|ending| lower.strip_suffix(ending)).filter(|rest| !rest.is_empty());
    cut.map_or_else(|| lower.clone(), str::to_owned)
}

/// 「３」 → 「3」: phones write both.
fn half_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '—' | '–' => '-',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn at(building: &str, unit: &str, room: &str) -> Option<String> {
        let part = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let (building, unit, room) = (part(building), part(unit), part(room));
        Address { community_id: CommunityId(Uuid::nil()), compound: "西苑小区".into(), building, unit, room }.home()
    }

    #[test]
    fn one_door_is_one_home_however_it_is_written() {
        let home = at("3号楼", "2单元", "1204室");
        assert!(home.is_some());
        for (building, unit, room) in [("3", "2", "1204"), ("３栋", " 2 单元", "１２０４"), ("3幢", "2门", "1204号")]
        {
            assert_eq!(at(building, unit, room), home, "{building} {unit} {room}");
        }
        let here = Address {
            community_id: CommunityId(Uuid::nil()),
            compound: String::new(),
            building: Some("３栋".into()),
            unit: None,
            room: None,
        };
        assert!(here.is_in_building("3号楼") && !here.is_in_building("13号楼"));
        for (building, unit, room) in [("3", "2", "1205"), ("3", "1", "1204"), ("3-甲", "2", "1204"), ("", "2", "1204")]
        {
            assert_ne!(at(building, unit, room), home, "{building} {unit} {room}");
        }
    }

    #[test]
    fn parts_are_compared_without_what_people_add() {
        for (written, plain) in [
            ("3", "3"),
            ("３", "3"),
            (" 3 号楼 ", "3"),
            ("3号楼", "3"),
            ("3栋", "3"),
            ("3幢", "3"),
            ("A座", "a"),
            ("ａ座", "a"),
            ("2单元", "2"),
            ("2门", "2"),
            ("1204室", "1204"),
            ("1204号", "1204"),
            ("１２０４ 室", "1204"),
            ("3-甲", "3-甲"),
            ("3－甲", "3-甲"),
            ("3—甲", "3-甲"),
            ("甲", "甲"),
            ("东平房", "东平房"),
            ("13", "13"),
            ("楼", "楼"),
            ("", ""),
        ] {
            assert_eq!(plain_part(written), plain, "{written}");
            assert_eq!(plain_part(plain), plain, "{plain} again");
        }
    }

    #[test]
    fn without_a_room_there_is_no_home_to_share() {
        assert_eq!(at("3", "2", ""), None);
        assert_eq!(at("3", "2", " "), None);
        assert_ne!(at("楼", "", "1"), at("", "", "1"), "a name of an ending stays a name");
    }
}
