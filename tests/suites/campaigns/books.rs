//! Sheets made for these tests.

use std::io::{Cursor, Read, Write};

use rust_xlsxwriter::{Format, Workbook};
use tests::HEAD;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// Rows of text under the usual head.
pub fn xlsx(rows: &[[&str; 7]]) -> Vec<u8> {
    book(|sheet| {
        for (row, cells) in std::iter::once(&HEAD).chain(rows).enumerate() {
            for (column, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
                sheet.write_string(row as u32, column as u16, *cell).expect("a cell");
            }
        }
    })
}

pub fn book(write: impl FnOnce(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    write(book.add_worksheet());
    book.save_to_buffer().expect("a workbook")
}

/// Cells that were merged into one over two rows.
pub fn merged() -> Vec<u8> {
    book(|sheet| {
        for (column, head) in HEAD.iter().enumerate() {
            sheet.write_string(0, column as u16, *head).expect("a cell");
        }
        sheet.merge_range(1, 0, 2, 0, "西苑小区", &Format::new()).expect("merged cells");
        for row in [1, 2] {
            sheet.write_string(row, 3, format!("{row}01")).expect("a cell");
            sheet.write_string(row, 4, "张大爷").expect("a cell");
        }
    })
}

/// An archive in which one part unpacks to so many bytes of nothing, some kilobytes in all. `says`: what it says itself.
pub fn bomb(bytes: usize, says: Option<u32>) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let packed = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    archive.start_file("xl/worksheets/sheet1.xml", packed).expect("a part");
    let nothing = vec![b' '; 1024 * 1024];
    for _ in 0..bytes.div_ceil(nothing.len()) {
        archive.write_all(&nothing).expect("written");
    }
    let mut file = archive.finish().expect("an archive").into_inner();
    if let Some(says) = says {
        // The uncompressed size stands at 24 in the central directory's entry, and at 22 in the part's own head.
        for (sign, at) in [(b"PK\x01\x02", 24), (b"PK\x03\x04", 22)] {
            let entry = file.windows(4).rposition(|window| window == sign).expect("an entry");
            file[entry + at..entry + at + 4].copy_from_slice(&says.to_le_bytes());
        }
    }
    file
}

/// The book with its first sheet as `change` makes it.
fn with_sheet(book: &[u8], change: impl Fn(String) -> String) -> Vec<u8> {
    let mut from = ZipArchive::new(Cursor::new(book)).expect("an archive");
    let mut into = ZipWriter::new(Cursor::new(Vec::new()));
    let packed = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for at in 0..from.len() {
        let mut part = from.by_index(at).expect("a part");
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).expect("its bytes");
        let name = part.name().expect("a name").into_owned();
        if name == "xl/worksheets/sheet1.xml" {
            bytes = change(String::from_utf8(bytes).expect("a text")).into_bytes();
        }
        into.start_file(name, packed).expect("a part");
        into.write_all(&bytes).expect("written");
    }
    into.finish().expect("an archive").into_inner()
}

/// The sheet ends behind its head and so many rows, with this.
pub fn broken_off(book: &[u8], rows: usize, with: &str) -> Vec<u8> {
    with_sheet(book, |sheet| {
        let end = sheet.match_indices("</row>").nth(rows).expect("a row").0 + "</row>".len();
        format!("{}{with}", &sheet[..end])
    })
}

/// So many sheets with so many cells in which nothing stands, all in one row.
pub fn empty_cells(sheets: usize, cells: usize) -> Vec<u8> {
    let mut book = Workbook::new();
    for _ in 0..sheets {
        book.add_worksheet();
    }
    let book = book.save_to_buffer().expect("a workbook");
    with_sheet(&book, |sheet| {
        sheet.replace("<sheetData/>", &format!("<sheetData><row>{}</row></sheetData>", "<c/>".repeat(cells)))
    })
}

pub fn csv(rows: &[[&str; 7]]) -> String {
    let lines = std::iter::once(&HEAD).chain(rows).map(|cells| cells.join(","));
    lines.collect::<Vec<_>>().join("\r\n")
}
