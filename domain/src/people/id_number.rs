//! 公民身份号码 (GB 11643): 17 digits and a check digit.

use chrono::NaiveDate;

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/// By the sum of the weighted digits, modulo 11.
const CHECKS: &[u8; 11] = b"10X98765432";

/// Whether date and check digit fit; a small x is taken. The region is not looked at: numbers outlive the codes in them.
pub fn is_id_number(number: &str) -> bool {
    let Some((body, check)) = number.as_bytes().split_last_chunk::<1>() else { return false };
    if body.len() != WEIGHTS.len() || !body.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let sum: u32 = body.iter().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    let expected = CHECKS.get(usize::try_from(sum % 11).unwrap_or_default());
    expected == Some(&check[0].to_ascii_uppercase()) && has_birthday(number)
}

fn has_birthday(number: &str) -> bool {
    number.get(6..14).is_some_and(|day| NaiveDate::parse_from_str(day, "%Y%m%d").is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn date_and_check_digit_decide() {
        for right in ["11010519491231002X", "11010519491231002x", "130105199001010014", "130105199001010022"] {
            assert!(is_id_number(right), "{right}");
        }
        for wrong in [
            "110105194912310021",
            "13010519900101001",
            "1301051990010100140",
            "130105199013010010",
            "",
            "一二三四五六七八九十",
        ] {
            assert!(!is_id_number(wrong), "{wrong}");
        }
    }
}
