//! Codes that one person tells another: read aloud, typed on a phone.

use crate::order::Salt;

/// Crockford's 32: no I, L, O or U, which are read as other letters or make words.
const SIGNS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// 50 bits: nobody guesses one that lives for days.
const LENGTH: usize = 10;

/// Five signs, a dash, five signs.
pub fn spoken_code(random: Salt) -> String {
    let sign = |byte: &u8| SIGNS.get(usize::from(byte % 32)).map(|sign| char::from(*sign));
    let signs: String = random.0.iter().take(LENGTH).filter_map(sign).collect();
    dashed(&signs)
}

/// The code as it was given, whatever was made of it on the way; `None` where it cannot be one.
pub fn heard_code(typed: &str) -> Option<String> {
    let signs = typed.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '－'));
    let signs: String = signs
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            c => c,
        })
        .collect();
    let is_whole = signs.len() == LENGTH && signs.bytes().all(|sign| SIGNS.contains(&sign));
    is_whole.then(|| dashed(&signs))
}

fn dashed(signs: &str) -> String {
    match signs.split_at_checked(LENGTH / 2) {
        Some((first, second)) => format!("{first}-{second}"),
        None => signs.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_understood_as_people_type_it() {
        let code = spoken_code(Salt([0, 1, 31, 32, 255, 17, 18, 10, 9, 8, 7, 7, 7, 7, 7, 7]));
        assert_eq!(code, "01Z0Z-HJA98");
        for typed in ["01Z0Z-HJA98", "o1z0zhja98", " OLZOZ HJA98 ", "0IZ0Z－HJA98"] {
            assert_eq!(heard_code(typed).as_deref(), Some(code.as_str()), "{typed}");
        }
        for typed in ["", "01Z0Z-HJA9", "01Z0Z-HJA988", "01Z0Z-HJA9U", "０1Z0Z-HJA98", "01Z0Z-HJA9\0"] {
            assert_eq!(heard_code(typed), None, "{typed}");
        }
    }
}
