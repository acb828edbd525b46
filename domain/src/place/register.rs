//! The addresses that a community knows below its compounds: buildings (楼栋), units (单元), rooms (室).

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr};

use crate::ids::{AddressId, CommunityId, PlaceId};
use crate::people::plain_part;

/// How narrow a known address is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Display, EnumString, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum AddressLevel {
    /// 楼栋
    Building,
    /// 单元: old yards have none.
    Unit,
    /// 室: personal data.
    Room,
}

impl AddressLevel {
    /// For people.
    pub fn text(self) -> &'static str {
        match self {
            Self::Building => "楼栋",
            Self::Unit => "单元",
            Self::Room => "室",
        }
    }
}

/// An address that the community knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registered {
    pub id: AddressId,
    pub community: CommunityId,
    pub compound: PlaceId,
    /// What it lies in; a building lies in the compound itself.
    pub parent: Option<AddressId>,
    pub level: AddressLevel,
    /// As people write it: 「3-甲」, 「1204」.
    pub name: String,
    /// Of a building: the grid that it is assigned to, where one compound is shared by several.
    pub grid: Option<PlaceId>,
}

/// A building, a unit or a room that somebody wants to be known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Premises {
    pub compound: PlaceId,
    pub building: String,
    pub unit: Option<String>,
    pub room: Option<String>,
    /// The grid that the building shall be assigned to.
    pub grid: Option<PlaceId>,
}

/// One row to write where it is not there yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    pub id: AddressId,
    /// The same for everybody, however it is written; see [`Premises::key`].
    pub key: String,
    /// The key of what it lies in; that one stands before it.
    pub above: Option<String>,
    pub compound: PlaceId,
    pub level: AddressLevel,
    pub name: String,
    pub grid: Option<PlaceId>,
}

impl Premises {
    /// The compound and the plain parts: 「３号楼」 of a compound is its 「3栋」.
    pub fn key(&self) -> String {
        key(self.compound, &self.building, self.unit.as_deref(), self.room.as_deref())
    }

    /// The building, the unit and the room, as far as they are named.
    fn steps(&self) -> impl Iterator<Item = (AddressLevel, Self)> {
        let building = Self { unit: None, room: None, ..self.clone() };
        let unit = self.unit.is_some().then(|| Self { room: None, ..self.clone() });
        let room = self.room.is_some().then(|| self.clone());
        let levels = [(AddressLevel::Building, Some(building)), (AddressLevel::Unit, unit), (AddressLevel::Room, room)];
        levels.into_iter().filter_map(|(level, step)| Some((level, step?)))
    }

    fn name(&self, level: AddressLevel) -> String {
        let name = match level {
            AddressLevel::Building => Some(&self.building),
            AddressLevel::Unit => self.unit.as_ref(),
            AddressLevel::Room => self.room.as_ref(),
        };
        name.map(|name| name.trim().to_owned()).unwrap_or_default()
    }
}

/// The key of a building.
pub fn building_key(compound: PlaceId, building: &str) -> String {
    key(compound, building, None, None)
}

fn key(compound: PlaceId, building: &str, unit: Option<&str>, room: Option<&str>) -> String {
    let part = |text: Option<&str>| text.map(plain_part).unwrap_or_default();
    format!("{compound}/{}/{}/{}", plain_part(building), part(unit), part(room))
}

/// What has to be written so that all these premises are known, with the buildings and units that they lie in: nothing twice, and
/// nothing before what it lies in. A building is assigned to the grid that is named first.
pub fn register(all: &[Premises], mut new_id: impl FnMut() -> AddressId) -> Vec<Registration> {
    let mut rows: Vec<Registration> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    for premises in all {
        let mut above = None;
        for (level, step) in premises.steps() {
            let key = step.key();
            let grid = premises.grid.filter(|_| level == AddressLevel::Building);
            match known.get(&key).and_then(|at| rows.get_mut(*at)) {
                Some(row) => row.grid = row.grid.or(grid),
                None => {
                    known.insert(key.clone(), rows.len());
                    let (compound, name) = (step.compound, step.name(level));
                    rows.push(Registration { id: new_id(), key: key.clone(), above, compound, level, name, grid });
                }
            }
            above = Some(key);
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use uuid::Uuid;

    use super::*;

    const EAST: PlaceId = PlaceId(Uuid::from_u128(1));
    const WEST: PlaceId = PlaceId(Uuid::from_u128(2));

    fn premises(compound: PlaceId, building: &str, unit: &str, room: &str) -> Premises {
        let part = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        Premises { compound, building: building.into(), unit: part(unit), room: part(room), grid: None }
    }

    fn rows(all: &[Premises]) -> Vec<Registration> {
        let mut next = 0;
        register(all, || {
            next += 1;
            AddressId(Uuid::from_u128(next))
        })
    }

    #[test]
    fn one_address_has_one_key_however_it_is_written() {
        let key = premises(EAST, "3号楼", "2单元", "1204室").key();
        for (building, unit, room) in [("3", "2", "1204"), ("３栋", " 2 单元", "１２０４"), ("3幢", "2门", "1204号")]
        {
            assert_eq!(premises(EAST, building, unit, room).key(), key, "{building} {unit} {room}");
        }
        let others = [
            premises(WEST, "3", "2", "1204"),
            premises(EAST, "3-甲", "2", "1204"),
            premises(EAST, "3", "", "1204"),
            premises(EAST, "3", "2", ""),
            premises(EAST, "3", "", ""),
            premises(EAST, "3", "1204", ""),
        ];
        let keys: HashSet<_> = others.iter().map(Premises::key).chain([key]).collect();
        assert_eq!(keys.len(), others.len() + 1, "{keys:?}");
        assert_eq!(building_key(EAST, "３栋"), premises(EAST, "3号楼", "", "").key());
    }

    #[test]
    fn whatever_a_room_lies_in_is_written_before_it_and_once() {
        let all = [
            premises(EAST, "3号楼", "2单元", "1204"),
            premises(EAST, "３栋", "2", "1205"),
            premises(EAST, "3-甲", "", "101室"),
            premises(EAST, "3号楼", "2", ""),
        ];
        let rows = rows(&all);
        let named: Vec<_> = rows.iter().map(|row| (row.level, row.name.as_str())).collect();
        assert_eq!(
            named,
            [
                (AddressLevel::Building, "3号楼"),
                (AddressLevel::Unit, "2单元"),
                (AddressLevel::Room, "1204"),
                (AddressLevel::Room, "1205"),
                (AddressLevel::Building, "3-甲"),
                (AddressLevel::Room, "101室"),
            ]
        );
        for (at, row) in rows.iter().enumerate() {
            let above = row.above.as_ref().map(|above| rows[..at].iter().position(|before| before.key == *above));
            assert_eq!(above.is_none(), row.level == AddressLevel::Building);
            assert!(above.is_none_or(|above| above.is_some()), "{row:?} stands before what it lies in");
        }
    }

    #[test]
    fn a_building_is_assigned_and_what_lies_in_it_is_not() {
        let in_grid = |premises: Premises| Premises { grid: Some(WEST), ..premises };
        let all = [premises(EAST, "3", "", "101"), in_grid(premises(EAST, "3号楼", "", "102"))];
        let grids: Vec<_> = rows(&all).iter().map(|row| row.grid).collect();
        assert_eq!(grids, [Some(WEST), None, None]);
    }
}
