//! Entrance codes (入口码): mini-program codes on the walls of a compound, which open the order form with the place filled in.

use chrono::{DateTime, Utc};

use crate::ids::{CommunityId, EntranceId, PersonId, PlaceId};
use crate::order::Salt;

/// Where one code leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entrance {
    pub id: EntranceId,
    /// What the scanned code says.
    pub scene: Scene,
    pub community: CommunityId,
    pub compound: Option<PlaceId>,
    /// 楼栋, where it hangs on one building.
    pub building: Option<String>,
    pub service_key: Option<String>,
    pub made_by: PersonId,
    pub made_at: DateTime<Utc>,
}

/// 17 signs: `e`, and 80 bits that nobody guesses. WeChat takes 32 at most.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Scene(String);

/// Crockford's 32 in small letters.
const SIGNS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const LENGTH: usize = 16;
/// Says that the scene is an entrance and nothing else.
const KIND: char = 'e';

impl Scene {
    pub fn new(random: Salt) -> Self {
        let sign = |byte: &u8| SIGNS.get(usize::from(byte % 32)).map(|sign| char::from(*sign));
        Self(std::iter::once(KIND).chain(random.0.iter().take(LENGTH).filter_map(sign)).collect())
    }

    /// `None` where it cannot be one of ours.
    pub fn read(text: &str) -> Option<Self> {
        let signs = text.strip_prefix(KIND)?;
        let is_whole = signs.len() == LENGTH && signs.bytes().all(|sign| SIGNS.contains(&sign));
        is_whole.then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scene_is_read_back_and_nothing_else_is() {
        let scene = Scene::new(Salt([0, 1, 31, 32, 255, 17, 18, 10, 9, 8, 7, 6, 5, 4, 3, 2]));
        assert_eq!(scene.as_str(), "e01z0zhja98765432");
        assert_eq!(Scene::read(scene.as_str()), Some(scene));
        for forged in [
            "",
            "e",
            "01z0zhja98765432",
            "e01z0zhja9876543",
            "e01z0zhja98765432 ",
            "E01Z0ZHJA98765432",
            "e01z0zhja9876543%",
        ] {
            assert_eq!(Scene::read(forged), None, "{forged}");
        }
    }
}
