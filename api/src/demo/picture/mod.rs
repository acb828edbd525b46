//! The photos of the stories. They are drawn, so that no file is shipped and nobody's home is shown.

mod canvas;
mod home;
mod square;

use self::canvas::Canvas;

#[derive(Clone, Copy, Debug)]
pub enum Picture {
    KerbFromAfar,
    KerbSharp,
    KerbChalked,
    KerbMended,
    KerbMendedFromAfar,
    KitchenCluttered,
    KitchenTidy,
    AlarmOnCeiling,
    Extinguisher,
    TapDripping,
    TapMended,
}

impl Picture {
    pub fn to_jpeg(self) -> anyhow::Result<Vec<u8>> {
        self.draw().into_jpeg()
    }

    fn draw(self) -> Canvas {
        use square::Kerb::{Chalked, Mended, Sharp};
        match self {
            Self::KerbFromAfar => square::from_afar(Sharp),
            Self::KerbSharp => square::close_by(Sharp),
            Self::KerbChalked => square::close_by(Chalked),
            Self::KerbMended => square::close_by(Mended),
            Self::KerbMendedFromAfar => square::from_afar(Mended),
            Self::KitchenCluttered => home::kitchen(true),
            Self::KitchenTidy => home::kitchen(false),
            Self::AlarmOnCeiling => home::alarm(),
            Self::Extinguisher => home::extinguisher(),
            Self::TapDripping => home::tap(true),
            Self::TapMended => home::tap(false),
        }
    }
}
