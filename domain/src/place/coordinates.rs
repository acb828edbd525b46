//! Points on the map in two systems that differ by hundreds of metres.
//!
//! Phones, satellites and photos speak WGS-84; Chinese maps, and every point that we store, GCJ-02. They are two
//! types, so that a point of one system never passes for the other.

use std::f64::consts::PI;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A pair that is not a place: not a number, or beyond the poles or the date line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("latitude must lie in -90..=90 and longitude in -180..=180 degrees")]
pub struct NotOnEarth;

macro_rules! coordinate_system {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(try_from = "Degrees", into = "Degrees")]
        pub struct $name(Degrees);

        impl $name {
            /// Keeps 6 decimals, about 11 cm.
            pub fn new(lat: f64, lon: f64) -> Result<Self, NotOnEarth> {
                Degrees { lat, lon }.try_into()
            }

            /// Degrees, north positive.
            pub fn lat(self) -> f64 {
                self.0.lat
            }

            /// Degrees, east positive.
            pub fn lon(self) -> f64 {
                self.0.lon
            }
        }

        impl TryFrom<Degrees> for $name {
            type Error = NotOnEarth;

            fn try_from(point: Degrees) -> Result<Self, NotOnEarth> {
                if point.is_on_earth() { Ok(Self(point.rounded())) } else { Err(NotOnEarth) }
            }
        }

        impl From<$name> for Degrees {
            fn from(point: $name) -> Self {
                point.0
            }
        }
    )+};
}

coordinate_system! {
    /// The system of GPS and of photos.
    Wgs84,
    /// The system that Chinese maps must use (火星坐标).
    Gcj02,
}

/// What goes over the wire in either system.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Degrees {
    lat: f64,
    lon: f64,
}

impl Degrees {
    /// False for NaN too, which lies in no range.
    fn is_on_earth(self) -> bool {
        (-90.0..=90.0).contains(&self.lat) && (-180.0..=180.0).contains(&self.lon)
    }

    fn rounded(self) -> Self {
        let round = |degrees: f64| (degrees * 1e6).round() / 1e6;
        Self { lat: round(self.lat), lon: round(self.lon) }
    }

    /// The box around mainland China outside which the public formula leaves a point as it is.
    fn is_shifted(self) -> bool {
        (0.8293..=55.8271).contains(&self.lat) && (72.004..=137.8347).contains(&self.lon)
    }
}

/// Semi-major axis of the Krasovsky 1940 ellipsoid, metres.
const AXIS: f64 = 6_378_245.0;
/// Its first eccentricity squared.
const ECCENTRICITY_SQUARED: f64 = 0.006_693_421_622_965_943;

impl From<Wgs84> for Gcj02 {
    /// The forward formula that is public as "eviltransform"; its authority publishes none.
    fn from(Wgs84(at): Wgs84) -> Self {
        if !at.is_shifted() {
            return Self(at);
        }
        let (north, east) = shift_in_metres(at);
        let phi = at.lat.to_radians();
        let bend = 1.0 - ECCENTRICITY_SQUARED * phi.sin().powi(2);
        // Metres per radian of latitude and of longitude here.
        let meridian = AXIS * (1.0 - ECCENTRICITY_SQUARED) / bend.powf(1.5);
        let parallel = AXIS / bend.sqrt() * phi.cos();
        let shifted =
            Degrees { lat: at.lat + (north / meridian).to_degrees(), lon: at.lon + (east / parallel).to_degrees() };
        Self(shifted.rounded())
    }
}

/// How far the formula moves a point, metres north and metres east. The numbers are the formula's own.
fn shift_in_metres(at: Degrees) -> (f64, f64) {
    let (x, y) = (at.lon - 105.0, at.lat - 35.0);
    let wave = |degrees: f64, length: f64| (degrees * PI / length).sin();
    let common = (20.0 * wave(x, 1.0 / 6.0) + 20.0 * wave(x, 0.5)) * 2.0 / 3.0;
    let north = -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * x.abs().sqrt()
        + common
        + (20.0 * wave(y, 1.0) + 40.0 * wave(y, 3.0)) * 2.0 / 3.0
        + (160.0 * wave(y, 12.0) + 320.0 * wave(y, 30.0)) * 2.0 / 3.0;
    let east = 300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * x.abs().sqrt()
        + common
        + (20.0 * wave(x, 1.0) + 40.0 * wave(x, 3.0)) * 2.0 / 3.0
        + (150.0 * wave(x, 12.0) + 300.0 * wave(x, 30.0)) * 2.0 / 3.0;
    (north, east)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shijiazhuang_moves_by_half_a_kilometre() {
        let phone = Wgs84::new(38.05, 114.47).unwrap();
        let map = Gcj02::from(phone);
        let (north, east) = (map.lat() - phone.lat(), map.lon() - phone.lon());
        assert!((north - 0.00075).abs() < 5e-6, "{north}");
        assert!((east - 0.00616).abs() < 5e-6, "{east}");

        let metres_per_degree = 111_195.0;
        let metres = (north * metres_per_degree).hypot(east * metres_per_degree * 38.05_f64.to_radians().cos());
        assert!((metres - 546.0).abs() < 2.0, "{metres}");
    }

    #[test]
    fn abroad_nothing_moves() {
        for (lat, lon) in [(43.467_448, 11.885_127), (-33.86, 151.21), (40.0, 60.0), (0.5, 100.0)] {
            let map = Gcj02::from(Wgs84::new(lat, lon).unwrap());
            assert_eq!((map.lat(), map.lon()), (lat, lon));
        }
    }

    #[test]
    fn keeps_six_decimals() {
        let point = Gcj02::new(38.050_000_49, 114.470_000_51).unwrap();
        assert_eq!((point.lat(), point.lon()), (38.05, 114.470_001));
        let converted = Gcj02::from(Wgs84::new(38.05, 114.47).unwrap());
        assert_eq!(converted, Gcj02::new(converted.lat(), converted.lon()).unwrap());
    }

    #[test]
    fn refuses_what_is_not_a_place() {
        for (lat, lon) in [(f64::NAN, 0.0), (0.0, f64::NAN), (90.001, 0.0), (0.0, -180.001), (f64::INFINITY, 0.0)] {
            assert_eq!(Wgs84::new(lat, lon), Err(NotOnEarth));
            assert_eq!(Gcj02::new(lat, lon), Err(NotOnEarth));
        }
    }

    #[test]
    fn json_is_checked_as_well() {
        let point: Gcj02 = serde_json::from_str(r#"{"lat":38.05,"lon":114.47}"#).unwrap();
        assert_eq!(serde_json::to_string(&point).unwrap(), r#"{"lat":38.05,"lon":114.47}"#);
        assert!(serde_json::from_str::<Gcj02>(r#"{"lat":114.47,"lon":38.05}"#).is_err());
    }
}
