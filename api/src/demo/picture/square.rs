//! The small square of the kerb.

use super::canvas::{Canvas, Colour, Point};

#[derive(Clone, Copy, PartialEq)]
pub enum Kerb {
    Sharp,
    /// What shall go is marked.
    Chalked,
    Mended,
}

const STONE_TOP: Colour = [203, 201, 194];
const STONE_SIDE: Colour = [150, 148, 142];
const STONE_END: Colour = [118, 116, 111];
const EDGE: Colour = [232, 230, 224];
const NEW_CEMENT: Colour = [190, 192, 193];
const NEW_CEMENT_SIDE: Colour = [166, 168, 170];
const JOINT: Colour = [139, 129, 116];
const SHADOW: Colour = [112, 104, 94];
const RUST: Colour = [140, 74, 42];
const CHALK: Colour = [222, 58, 52];

pub fn close_by(kerb: Kerb) -> Canvas {
    let mut canvas = Canvas::new([184, 174, 158], [157, 146, 130]);
    paving(&mut canvas, 0.0, 600.0);
    stone(&mut canvas, kerb);
    stumps(&mut canvas);
    canvas
}

pub fn from_afar(kerb: Kerb) -> Canvas {
    let mut canvas = Canvas::new([150, 190, 225], [226, 236, 240]);
    house(&mut canvas);
    canvas.rectangle([176, 166, 150], (0.0, 330.0), (800.0, 600.0));
    canvas.rectangle([112, 146, 84], (0.0, 312.0), (800.0, 344.0));
    paving(&mut canvas, 344.0, 600.0);
    tree(&mut canvas, (90.0, 330.0));
    tree(&mut canvas, (715.0, 322.0));
    canvas.shrink(0.5, (150.0, 280.0));
    stone(&mut canvas, kerb);
    stumps(&mut canvas);
    canvas
}

/// Slabs that grow towards the viewer.
fn paving(canvas: &mut Canvas, top: f32, bottom: f32) {
    let mut y = top;
    let mut step = 22.0;
    while y < bottom {
        canvas.line(JOINT, 2.0, (0.0, y), (800.0, y));
        y += step;
        step *= 1.3;
    }
    for i in -8..=16_i16 {
        let x = f32::from(i) * 100.0;
        canvas.line(JOINT, 2.0, (400.0 + (x - 400.0) * 0.45, top), (x, bottom));
    }
}

fn stone(canvas: &mut Canvas, kerb: Kerb) {
    match kerb {
        Kerb::Sharp | Kerb::Chalked => {
            canvas.polygon(SHADOW, &[(468.0, 440.0), (664.0, 424.0), (560.0, 484.0), (468.0, 476.0)]);
        }
        Kerb::Mended => canvas.ellipse(NEW_CEMENT, (520.0, 428.0), (128.0, 48.0)),
    }
    canvas.polygon(SHADOW, &[(-300.0, 404.0), (470.0, 440.0), (470.0, 476.0), (-300.0, 444.0)]);
    canvas.polygon(STONE_TOP, &[(-300.0, 244.0), (540.0, 288.0), (470.0, 352.0), (-300.0, 318.0)]);
    canvas.polygon(STONE_SIDE, &[(-300.0, 318.0), (470.0, 352.0), (470.0, 448.0), (-300.0, 408.0)]);
    for x in [-150.0, 60.0, 270.0] {
        canvas.path(STONE_END, 3.0, &[(x + 46.0, 262.0 + x * 0.052), (x, 331.0 + x * 0.044), (x, 424.0 + x * 0.05)]);
    }
    match kerb {
        Kerb::Sharp | Kerb::Chalked => corner(canvas),
        Kerb::Mended => rounding(canvas),
    }
    if kerb == Kerb::Chalked {
        marks(canvas);
    }
}

/// The point that hurts.
fn corner(canvas: &mut Canvas) {
    let tip = (668.0, 330.0);
    canvas.polygon(STONE_TOP, &[(540.0, 288.0), tip, (470.0, 352.0)]);
    canvas.polygon(STONE_END, &[(470.0, 352.0), tip, (662.0, 424.0), (470.0, 448.0)]);
    canvas.path(EDGE, 5.0, &[(540.0, 288.0), tip, (470.0, 352.0)]);
    canvas.line(EDGE, 5.0, tip, (662.0, 424.0));
    canvas.polygon([95, 92, 88], &[(520.0, 380.0), (548.0, 376.0), (536.0, 398.0)]);
    canvas.polygon([95, 92, 88], &[(600.0, 352.0), (622.0, 350.0), (610.0, 372.0)]);
}

/// Rounded, and levelled with the ground around it.
fn rounding(canvas: &mut Canvas) {
    canvas.ellipse(NEW_CEMENT_SIDE, (500.0, 412.0), (84.0, 36.0));
    canvas.rectangle(NEW_CEMENT_SIDE, (470.0, 322.0), (584.0, 412.0));
    canvas.ellipse(NEW_CEMENT, (500.0, 322.0), (84.0, 36.0));
    canvas.polygon(NEW_CEMENT, &[(452.0, 283.0), (506.0, 286.0), (500.0, 357.0), (420.0, 350.0)]);
    canvas.path([214, 216, 217], 4.0, &arc((500.0, 322.0), (84.0, 36.0), -70..95));
}

/// A chalk line where the stone shall end, and a measuring tape.
fn marks(canvas: &mut Canvas) {
    canvas.path(CHALK, 7.0, &arc((500.0, 322.0), (84.0, 36.0), -75..100));
    canvas.line(CHALK, 7.0, (606.0, 300.0), (640.0, 352.0));
    canvas.line(CHALK, 7.0, (640.0, 300.0), (602.0, 350.0));
    canvas.line([240, 200, 40], 16.0, (300.0, 500.0), (690.0, 508.0));
    for i in 0..=38_i16 {
        let x = 304.0 + f32::from(i) * 10.0;
        let length = if i % 5 == 0 { 11.0 } else { 6.0 };
        canvas.line([50, 45, 30], 1.5, (x, 493.0 + x * 0.02), (x, 493.0 + x * 0.02 + length));
    }
    canvas.rectangle([40, 44, 52], (256.0, 474.0), (310.0, 528.0));
    canvas.ellipse([226, 70, 50], (283.0, 501.0), (17.0, 17.0));
}

fn arc((x, y): Point, (across, down): Point, degrees: std::ops::Range<i16>) -> Vec<Point> {
    let point = |degree: i16| {
        let angle = f32::from(degree).to_radians();
        (x + across * angle.cos(), y + down * angle.sin())
    };
    degrees.step_by(6).map(point).collect()
}

/// What is left of the fitness equipment.
fn stumps(canvas: &mut Canvas) {
    for (x, y) in [(150.0, 520.0), (40.0, 556.0)] {
        canvas.ellipse(SHADOW, (x + 8.0, y + 8.0), (46.0, 20.0));
        canvas.ellipse([120, 116, 110], (x, y), (46.0, 20.0));
        canvas.ellipse(RUST, (x, y - 3.0), (19.0, 9.0));
        canvas.ellipse([70, 38, 24], (x, y - 4.0), (12.0, 5.0));
        for bolt in [-32.0, 32.0] {
            canvas.ellipse(RUST, (x + bolt, y), (5.0, 3.5));
        }
    }
}

fn house(canvas: &mut Canvas) {
    canvas.rectangle([214, 190, 160], (160.0, 60.0), (640.0, 320.0));
    canvas.rectangle([168, 84, 66], (150.0, 44.0), (650.0, 66.0));
    for floor in 0..4_u8 {
        for window in 0..6_u8 {
            let (x, y) = (186.0 + f32::from(window) * 76.0, 82.0 + f32::from(floor) * 58.0);
            canvas.rectangle([240, 238, 232], (x - 3.0, y - 3.0), (x + 47.0, y + 37.0));
            canvas.rectangle([96, 124, 150], (x, y), (x + 44.0, y + 34.0));
            canvas.line([240, 238, 232], 3.0, (x + 22.0, y), (x + 22.0, y + 34.0));
        }
    }
}

fn tree(canvas: &mut Canvas, (x, y): Point) {
    canvas.rectangle([104, 78, 56], (x - 8.0, y - 90.0), (x + 8.0, y + 6.0));
    for (dx, dy, radius) in [(-34.0, -110.0, 46.0), (34.0, -116.0, 44.0), (0.0, -150.0, 52.0)] {
        canvas.ellipse([78, 122, 66], (x + dx, y + dy), (radius, radius * 0.9));
        canvas.ellipse([98, 142, 80], (x + dx - 8.0, y + dy - 10.0), (radius * 0.6, radius * 0.5));
    }
}
