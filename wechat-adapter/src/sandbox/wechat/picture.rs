use qrcode::{Color, QrCode};

/// Light modules around a code, without which scanners miss it.
const QUIET: usize = 4;

#[derive(Debug, thiserror::Error)]
pub(super) enum PictureError {
    #[error("too long for a code")]
    Code(#[from] qrcode::types::QrError),
    #[error("no picture could be written")]
    Png(#[from] png::EncodingError),
    #[error("the code is larger than its picture")]
    Size,
}

/// `says` as a scannable PNG, `width` pixels wide and high. The words stand in
/// a text chunk, too, for tests that do not scan.
pub(super) fn code_picture(says: &str, width: u32) -> Result<Vec<u8>, PictureError> {
    let code = QrCode::new(says)?;
    let pixels = usize::try_from(width).map_err(|_| PictureError::Size)?;
    let modules = code.width() + 2 * QUIET;
    let scale = pixels.checked_div(modules).filter(|scale| *scale > 0).ok_or(PictureError::Size)?;
    let margin = (pixels - scale * code.width()) / 2;
    let dark = |x: usize, y: usize| {
        let module = |pixel: usize| pixel.checked_sub(margin).map(|pixel| pixel / scale).filter(|m| *m < code.width());
        matches!((module(x), module(y)), (Some(x), Some(y)) if code[(x, y)] == Color::Dark)
    };
    let grey: Vec<u8> = (0..pixels)
        .flat_map(|y| (0..pixels).map(move |x| (x, y)))
        .map(|(x, y)| if dark(x, y) { 0 } else { 255 })
        .collect();

    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, width);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.add_text_chunk("code".to_owned(), says.to_owned())?;
    encoder.write_header()?.write_image_data(&grey)?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_is_a_square_with_a_finder_in_its_corner() {
        let file = code_picture("wx1/pages/index?scene=a", 300).unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().unwrap();
        let mut grey = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut grey).unwrap();
        assert_eq!((info.width, info.height), (300, 300));
        assert_eq!(reader.info().uncompressed_latin1_text[0].text, "wx1/pages/index?scene=a");
        assert_eq!(grey[0], 255);
        assert!(grey.contains(&0));
    }
}
