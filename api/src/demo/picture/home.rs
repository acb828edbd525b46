//! Inside an elder's home.

use super::canvas::{Canvas, Colour, Point};

const TILE: Colour = [196, 208, 206];
const STEEL: Colour = [176, 180, 184];
const DARK: Colour = [52, 54, 58];
const CARDBOARD: Colour = [190, 150, 100];
const CARDBOARD_DARK: Colour = [156, 118, 74];
const FLAME: Colour = [70, 130, 235];
const RED: Colour = [200, 36, 36];

/// A gas stove; cardboard stands beside the flame, or it is gone.
pub fn kitchen(is_cluttered: bool) -> Canvas {
    let mut canvas = Canvas::new([224, 230, 228], [206, 216, 212]);
    for i in 0..=10_u8 {
        let at = f32::from(i) * 80.0;
        canvas.line(TILE, 3.0, (at, 0.0), (at, 360.0));
        canvas.line(TILE, 3.0, (0.0, at * 0.75), (800.0, at * 0.75));
    }
    canvas.rectangle([150, 116, 84], (0.0, 400.0), (800.0, 600.0));
    canvas.rectangle([222, 218, 208], (0.0, 352.0), (800.0, 404.0));
    for x in [12.0, 278.0, 544.0] {
        canvas.rectangle([168, 132, 96], (x, 424.0), (x + 244.0, 600.0));
        canvas.rectangle([96, 72, 50], (x + 208.0, 470.0), (x + 218.0, 520.0));
    }
    stove(&mut canvas, is_cluttered);
    if is_cluttered {
        hose(&mut canvas, [150, 110, 40], &[(610.0, 250.0), (640.0, 300.0), (600.0, 330.0), (566.0, 344.0)]);
        cardboard(&mut canvas, (18.0, 216.0), (176.0, 138.0));
        cardboard(&mut canvas, (54.0, 128.0), (124.0, 90.0));
    } else {
        hose(&mut canvas, [226, 190, 40], &[(610.0, 250.0), (612.0, 316.0), (590.0, 340.0), (566.0, 344.0)]);
        canvas.ellipse([236, 236, 230], (110.0, 346.0), (66.0, 12.0));
        canvas.ellipse([96, 148, 80], (110.0, 316.0), (40.0, 34.0));
        canvas.rectangle([176, 92, 62], (84.0, 314.0), (136.0, 350.0));
    }
    canvas
}

fn stove(canvas: &mut Canvas, is_lit: bool) {
    canvas.polygon(STEEL, &[(236.0, 318.0), (570.0, 318.0), (590.0, 356.0), (216.0, 356.0)]);
    canvas.rectangle([140, 144, 148], (216.0, 356.0), (590.0, 392.0));
    for x in [316.0, 488.0] {
        canvas.ellipse(DARK, (x, 334.0), (62.0, 12.0));
        canvas.ellipse([96, 98, 102], (x, 332.0), (34.0, 7.0));
        canvas.ellipse(DARK, (x, 374.0), (13.0, 13.0));
        canvas.line([220, 220, 220], 3.0, (x, 374.0), (x, 364.0));
    }
    if is_lit {
        for i in 0..7_u8 {
            let x = 282.0 + f32::from(i) * 11.0;
            canvas.polygon(FLAME, &[(x - 6.0, 330.0), (x, 306.0), (x + 6.0, 330.0)]);
        }
    }
    pot(canvas, (316.0, 304.0));
    canvas.rectangle([206, 208, 210], (596.0, 90.0), (624.0, 252.0));
    canvas.ellipse(RED, (610.0, 160.0), (18.0, 18.0));
}

fn pot(canvas: &mut Canvas, (x, y): Point) {
    canvas.rectangle([70, 74, 80], (x - 54.0, y - 66.0), (x + 54.0, y));
    canvas.ellipse([70, 74, 80], (x, y), (54.0, 9.0));
    canvas.ellipse([104, 110, 118], (x, y - 66.0), (54.0, 11.0));
    canvas.rectangle(DARK, (x - 80.0, y - 52.0), (x - 52.0, y - 42.0));
    canvas.rectangle(DARK, (x + 52.0, y - 52.0), (x + 80.0, y - 42.0));
    canvas.ellipse(DARK, (x, y - 80.0), (11.0, 7.0));
}

fn hose(canvas: &mut Canvas, colour: Colour, points: &[Point]) {
    canvas.path(colour, 11.0, points);
    for joint in points {
        canvas.ellipse(colour, *joint, (5.5, 5.5));
    }
}

fn cardboard(canvas: &mut Canvas, (x, y): Point, (width, height): Point) {
    canvas.rectangle(CARDBOARD, (x, y), (x + width, y + height));
    canvas.polygon(CARDBOARD_DARK, &[(x, y), (x + 22.0, y - 22.0), (x + width + 22.0, y - 22.0), (x + width, y)]);
    let side = [(x + width, y), (x + width + 22.0, y - 22.0), (x + width + 22.0, y + height - 22.0)];
    canvas.polygon(CARDBOARD_DARK, &[side.as_slice(), &[(x + width, y + height)]].concat());
    canvas.rectangle([222, 202, 160], (x + width * 0.42, y), (x + width * 0.58, y + height));
}

/// A tap over a basin; it drips, or it is new.
pub fn tap(is_dripping: bool) -> Canvas {
    let mut canvas = Canvas::new([226, 232, 234], [210, 218, 222]);
    for i in 0..=10_u8 {
        let at = f32::from(i) * 80.0;
        canvas.line(TILE, 3.0, (at, 0.0), (at, 380.0));
        canvas.line(TILE, 3.0, (0.0, at * 0.75), (800.0, at * 0.75));
    }
    canvas.rectangle([244, 244, 242], (120.0, 380.0), (680.0, 600.0));
    canvas.ellipse([232, 232, 230], (400.0, 384.0), (280.0, 40.0));
    canvas.ellipse([204, 210, 214], (400.0, 390.0), (236.0, 28.0));
    let metal = if is_dripping { [150, 142, 122] } else { [206, 212, 218] };
    canvas.rectangle(metal, (372.0, 170.0), (428.0, 376.0));
    canvas.path(metal, 44.0, &[(400.0, 190.0), (400.0, 130.0), (520.0, 130.0), (560.0, 170.0), (560.0, 232.0)]);
    canvas.rectangle(metal, (318.0, 92.0), (482.0, 120.0));
    if is_dripping {
        canvas.ellipse([128, 92, 60], (400.0, 370.0), (52.0, 14.0));
        for (y, height) in [(258.0, 15.0), (306.0, 18.0), (356.0, 20.0)] {
            canvas.ellipse([92, 156, 214], (560.0, y), (8.0, height));
        }
    } else {
        canvas.ellipse([250, 250, 250], (386.0, 250.0), (7.0, 70.0));
    }
    canvas
}

/// A smoke alarm, seen from below.
pub fn alarm() -> Canvas {
    let mut canvas = Canvas::new([238, 236, 230], [220, 216, 208]);
    canvas.polygon([206, 202, 192], &[(0.0, 470.0), (800.0, 410.0), (800.0, 600.0), (0.0, 600.0)]);
    canvas.line([186, 182, 172], 6.0, (0.0, 470.0), (800.0, 410.0));
    canvas.ellipse([196, 192, 184], (412.0, 262.0), (206.0, 176.0));
    canvas.ellipse([250, 250, 248], (400.0, 246.0), (206.0, 176.0));
    canvas.ellipse([226, 226, 222], (400.0, 250.0), (170.0, 142.0));
    canvas.ellipse([244, 244, 242], (400.0, 244.0), (166.0, 138.0));
    for i in 0..24_u8 {
        let angle = (f32::from(i) * 15.0).to_radians();
        let at = |radius: f32| (400.0 + radius * angle.cos(), 246.0 + radius * 0.84 * angle.sin());
        canvas.line([120, 120, 118], 7.0, at(108.0), at(146.0));
    }
    canvas.ellipse([232, 232, 230], (400.0, 246.0), (78.0, 66.0));
    canvas.ellipse([250, 250, 250], (398.0, 243.0), (66.0, 55.0));
    canvas.ellipse([255, 170, 160], (446.0, 206.0), (15.0, 13.0));
    canvas.ellipse([236, 30, 30], (446.0, 206.0), (8.0, 7.0));
    canvas
}

/// What each household got: an extinguisher, and a mask in its box.
pub fn extinguisher() -> Canvas {
    let mut canvas = Canvas::new([232, 226, 214], [222, 214, 200]);
    canvas.rectangle([178, 142, 104], (0.0, 470.0), (800.0, 600.0));
    canvas.rectangle([150, 116, 82], (0.0, 462.0), (800.0, 476.0));
    canvas.ellipse([130, 100, 70], (300.0, 540.0), (120.0, 22.0));
    canvas.rectangle(RED, (210.0, 210.0), (370.0, 536.0));
    canvas.ellipse(RED, (290.0, 212.0), (80.0, 62.0));
    canvas.ellipse(RED, (290.0, 536.0), (80.0, 18.0));
    canvas.rectangle([226, 84, 80], (228.0, 214.0), (246.0, 530.0));
    canvas.rectangle([244, 240, 232], (232.0, 330.0), (352.0, 450.0));
    for (y, right) in [(356.0, 334.0), (380.0, 322.0), (404.0, 334.0), (428.0, 296.0)] {
        canvas.line(DARK, 6.0, (250.0, y), (right, y));
    }
    canvas.rectangle(DARK, (270.0, 118.0), (310.0, 160.0));
    canvas.polygon(DARK, &[(256.0, 92.0), (400.0, 70.0), (404.0, 92.0), (310.0, 122.0), (258.0, 118.0)]);
    canvas.ellipse([240, 240, 240], (290.0, 138.0), (14.0, 14.0));
    canvas.path(DARK, 15.0, &[(270.0, 128.0), (214.0, 136.0), (186.0, 200.0), (182.0, 400.0)]);
    canvas.polygon(DARK, &[(172.0, 396.0), (192.0, 396.0), (200.0, 450.0), (164.0, 450.0)]);
    mask_box(&mut canvas);
    canvas
}

fn mask_box(canvas: &mut Canvas) {
    canvas.ellipse([130, 100, 70], (604.0, 540.0), (140.0, 18.0));
    canvas.rectangle([244, 196, 40], (480.0, 330.0), (720.0, 540.0));
    canvas.polygon([214, 166, 26], &[(480.0, 330.0), (510.0, 300.0), (750.0, 300.0), (720.0, 330.0)]);
    canvas.polygon([196, 150, 20], &[(720.0, 330.0), (750.0, 300.0), (750.0, 510.0), (720.0, 540.0)]);
    canvas.ellipse(DARK, (600.0, 420.0), (62.0, 70.0));
    canvas.ellipse([150, 190, 210], (600.0, 398.0), (48.0, 34.0));
    canvas.ellipse([90, 92, 96], (600.0, 470.0), (26.0, 26.0));
    canvas.ellipse(STEEL, (600.0, 470.0), (16.0, 16.0));
}
