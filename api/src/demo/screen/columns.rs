//! Columns of Chinese text: a character is two columns wide, and no line begins with a full stop.

use textwrap::core::display_width;
use textwrap::{Options, WordSplitter, WrapAlgorithm, wrap as wrap_words};

pub const WIDTH: usize = 100;

/// Filled with blanks up to `width` columns.
pub fn pad(text: &str, width: usize) -> String {
    format!("{text}{:1$}", "", width.saturating_sub(display_width(text)))
}

pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let options =
        Options::new(width).word_splitter(WordSplitter::NoHyphenation).wrap_algorithm(WrapAlgorithm::FirstFit);
    wrap_words(text, options).into_iter().map(std::borrow::Cow::into_owned).collect()
}

/// `notes` below each other from column `at` on, the first beside `lead` where that leaves room.
pub fn beside(lead: &str, at: usize, notes: &[String]) -> Vec<String> {
    let below = |note: &String| format!("{:at$}{note}", "");
    match notes.split_first() {
        None => vec![lead.to_owned()],
        Some((first, rest)) if display_width(lead) < at => {
            std::iter::once(format!("{}{first}", pad(lead, at))).chain(rest.iter().map(below)).collect()
        }
        Some(_) => std::iter::once(lead.to_owned()).chain(notes.iter().map(below)).collect(),
    }
}

/// A line across the page with a text near either end.
pub fn rule(left: &str, right: &str) -> String {
    let (begin, end) = (format!("── {left} "), format!(" {right} ──"));
    let taken = display_width(&begin) + display_width(&end);
    format!("{begin}{}{end}", "─".repeat(WIDTH.saturating_sub(taken)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chinese_character_takes_two_columns() {
        assert_eq!(pad("接单", 6), "接单  ");
        assert_eq!(pad("接单", 3), "接单");
        assert_eq!(display_width(&rule("西苑社区", "XY-1")), WIDTH);
    }

    #[test]
    fn lines_break_between_characters_but_never_before_a_comma() {
        assert_eq!(wrap("已敲掉尖角，改成圆弧", 10), ["已敲掉尖", "角，改成圆", "弧"]);
    }

    #[test]
    fn notes_stand_beside_what_happened_or_below_it() {
        let notes = ["甲".to_owned(), "乙".to_owned()];
        assert_eq!(beside("签收", 6, &notes), ["签收  甲", "      乙"]);
        assert_eq!(beside("派单给消防", 6, &notes), ["派单给消防", "      甲", "      乙"]);
        assert_eq!(beside("签收", 6, &[]), ["签收"]);
    }
}
