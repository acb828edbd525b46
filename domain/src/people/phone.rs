//! Numbers as people write them.

/// The digits of a mainland mobile number, without `+86`, spaces and dashes; `None` where it is not one.
///
/// Prefixes grow and numbers move between carriers, so no list of carriers is kept.
pub fn mobile(text: &str) -> Option<String> {
    let plain: String = text.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    let plain = plain.strip_prefix("+86").unwrap_or(&plain);
    let mut chars = plain.chars();
    let starts_well = chars.next() == Some('1') && chars.next().is_some_and(|c| ('3'..='9').contains(&c));
    (starts_well && plain.len() == 11 && plain.chars().all(|c| c.is_ascii_digit())).then(|| plain.to_owned())
}

/// A mobile number, or a landline with its area code such as 0311-85551234.
pub fn is_phone(text: &str) -> bool {
    let is_landline = text.starts_with('0')
        && (10..=13).contains(&text.len())
        && text.chars().all(|c| c.is_ascii_digit() || c == '-');
    is_landline || mobile(text).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mobile_numbers_are_read_as_people_write_them() {
        for written in ["13812345678", "+86 138 1234 5678", "138-1234-5678"] {
            assert_eq!(mobile(written).as_deref(), Some("13812345678"), "{written}");
            assert!(is_phone(written), "{written}");
        }
        for wrong in ["12812345678", "1381234567", "138123456789", "", "１３８１２３４５６７８"] {
            assert_eq!(mobile(wrong), None, "{wrong}");
            assert!(!is_phone(wrong), "{wrong}");
        }
        assert!(is_phone("0311-85551234") && !is_phone("85551234"));
    }
}
