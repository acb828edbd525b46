use std::f32::consts::TAU;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::{FilterType, resize, vertical_gradient};
use image::{Rgb, RgbImage};

/// Points of a picture of 800 × 600.
pub type Point = (f32, f32);
pub type Colour = [u8; 3];

const WIDTH: u32 = 800;
const HEIGHT: u32 = 600;
/// Drawn this much larger and then made smaller: edges become smooth.
const FINENESS: u32 = 2;
const ROUND: u16 = 60;
const JPEG_QUALITY: u8 = 86;

pub struct Canvas {
    pixels: RgbImage,
    origin: Point,
    scale: f32,
}

impl Canvas {
    pub fn new(top: Colour, bottom: Colour) -> Self {
        let mut pixels = RgbImage::new(WIDTH * FINENESS, HEIGHT * FINENESS);
        vertical_gradient(&mut pixels, &Rgb(top), &Rgb(bottom));
        Self { pixels, origin: (0.0, 0.0), scale: 1.0 }
    }

    /// From now on everything is drawn smaller and elsewhere.
    pub fn shrink(&mut self, scale: f32, origin: Point) {
        (self.scale, self.origin) = (scale, origin);
    }

    /// Even-odd, row by row.
    pub fn polygon(&mut self, colour: Colour, corners: &[Point]) {
        let corners: Vec<Point> = corners.iter().map(|corner| self.place(*corner)).collect();
        let lowest = corners.iter().map(|(_, y)| *y).fold(0.0, f32::max);
        let highest = corners.iter().map(|(_, y)| *y).fold(lowest, f32::min);
        for row in whole(highest, self.pixels.height())..whole(lowest.ceil(), self.pixels.height()) {
            let crossings = crossings(&corners, row as f32 + 0.5);
            for pair in crossings.chunks_exact(2) {
                let [from, to] = [pair.first(), pair.last()].map(|x| x.copied().unwrap_or_default());
                for column in whole(from.round(), self.pixels.width())..whole(to.round(), self.pixels.width()) {
                    self.pixels.put_pixel(column, row, Rgb(colour));
                }
            }
        }
    }

    pub fn rectangle(&mut self, colour: Colour, (left, top): Point, (right, bottom): Point) {
        self.polygon(colour, &[(left, top), (right, top), (right, bottom), (left, bottom)]);
    }

    pub fn ellipse(&mut self, colour: Colour, (x, y): Point, (across, down): Point) {
        let corner = |i| {
            let angle = f32::from(i) * TAU / f32::from(ROUND);
            (x + across * angle.cos(), y + down * angle.sin())
        };
        self.polygon(colour, &(0..ROUND).map(corner).collect::<Vec<_>>());
    }

    pub fn line(&mut self, colour: Colour, width: f32, from: Point, to: Point) {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let half = width / 2.0 / dx.hypot(dy).max(f32::EPSILON);
        let (x, y) = (-dy * half, dx * half);
        let corners = [(from.0 + x, from.1 + y), (to.0 + x, to.1 + y), (to.0 - x, to.1 - y), (from.0 - x, from.1 - y)];
        self.polygon(colour, &corners);
    }

    /// A line through all points.
    pub fn path(&mut self, colour: Colour, width: f32, points: &[Point]) {
        for (from, to) in points.iter().zip(points.iter().skip(1)) {
            self.line(colour, width, *from, *to);
        }
    }

    /// With the grain of a phone's camera.
    pub fn into_jpeg(self) -> anyhow::Result<Vec<u8>> {
        let mut photo = resize(&self.pixels, WIDTH, HEIGHT, FilterType::Triangle);
        let mut chance: u32 = 0x9E37_79B9;
        for Rgb(channels) in photo.pixels_mut() {
            chance ^= chance << 13;
            chance ^= chance >> 17;
            chance ^= chance << 5;
            let [noise, ..] = chance.to_le_bytes();
            *channels = channels.map(|channel| channel.saturating_add(noise / 24));
        }
        let mut jpeg = Vec::new();
        JpegEncoder::new_with_quality(&mut jpeg, JPEG_QUALITY).encode_image(&photo)?;
        Ok(jpeg)
    }

    fn place(&self, (x, y): Point) -> Point {
        let fine = FINENESS as f32;
        ((self.origin.0 + x * self.scale) * fine, (self.origin.1 + y * self.scale) * fine)
    }
}

/// Where a row meets the edges, from left to right.
fn crossings(corners: &[Point], row: f32) -> Vec<f32> {
    let edges = corners.iter().zip(corners.iter().cycle().skip(1));
    let crossing = |((x1, y1), (x2, y2)): (&Point, &Point)| {
        let is_crossed = (*y1 <= row) != (*y2 <= row);
        is_crossed.then(|| x1 + (row - y1) / (y2 - y1) * (x2 - x1))
    };
    let mut crossings: Vec<f32> = edges.filter_map(crossing).collect();
    crossings.sort_by(f32::total_cmp);
    crossings
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within the picture")]
fn whole(at: f32, limit: u32) -> u32 {
    at.clamp(0.0, limit as f32) as u32
}
