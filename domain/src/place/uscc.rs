//! 统一社会信用代码 (GB 32100): 18 characters, the last one a check digit.

/// The digits of the code, by their values; I, O, S, V and Z are not among them.
const ALPHABET: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
/// 3ⁿ mod 31.
const WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/// Whether the check digit fits; small letters are not taken.
pub fn is_uscc(code: &str) -> bool {
    let values: Option<Vec<usize>> = code.bytes().map(|c| ALPHABET.iter().position(|known| *known == c)).collect();
    let Some((check, body)) = values.as_deref().and_then(<[usize]>::split_last) else { return false };
    if body.len() != WEIGHTS.len() {
        return false;
    }
    let sum: usize = body.iter().zip(WEIGHTS).map(|(value, weight)| value * weight).sum();
    // The outer remainder matters where the sum is a multiple of 31.
    (31 - sum % 31) % 31 == *check
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_digit_decides() {
        assert!(is_uscc("91350100M000100Y43"));
        assert!(is_uscc("51130105MJ0000000U"));
        for wrong in ["91350100M000100Y44", "91350100M000100Y4", "91350100m000100y43", "", "91350100I000100Y43", "一"]
        {
            assert!(!is_uscc(wrong), "{wrong}");
        }
    }
}
