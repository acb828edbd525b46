use domain::place::coordinates::{Gcj02, NotOnEarth, Wgs84};
use serde::Deserialize;
use utoipa::ToSchema;

/// In which system coordinates are given; both are stored as GCJ-02.
///
/// Whatever is neither is refused: a guess would move a point by half a kilometre, into another neighbourhood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", try_from = "String")]
pub enum CoordSys {
    Wgs84,
    Gcj02,
}

impl TryFrom<String> for CoordSys {
    type Error = &'static str;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        match name.as_str() {
            "wgs84" => Ok(Self::Wgs84),
            "gcj02" => Ok(Self::Gcj02),
            "bd09" | "bd09ll" => Err("百度坐标（bd09）不能直接使用，请先换算成 gcj02，再提交一次"),
            _ => Err("坐标系请填 gcj02（腾讯、高德地图）或 wgs84（手机定位、GPS）"),
        }
    }
}

impl CoordSys {
    pub fn gcj02(self, latitude: f64, longitude: f64) -> Result<Gcj02, NotOnEarth> {
        match self {
            Self::Wgs84 => Wgs84::new(latitude, longitude).map(Into::into),
            Self::Gcj02 => Gcj02::new(latitude, longitude),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_systems_are_known_and_nothing_is_guessed() {
        let read = |json: &str| serde_json::from_str::<CoordSys>(json).map_err(|error| error.to_string());
        assert_eq!(read(r#""wgs84""#), Ok(CoordSys::Wgs84));
        assert_eq!(read(r#""gcj02""#), Ok(CoordSys::Gcj02));
        for (refused, said) in [("bd09", "百度坐标"), ("WGS84", "坐标系请填"), ("", "坐标系请填")] {
            let error = read(&format!("\"{refused}\"")).expect_err(refused);
            assert!(error.starts_with(said), "{error}");
        }
    }
}
