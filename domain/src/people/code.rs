//! Codes that one person tells another: read aloud, typed on a phone.

/// 32 signs that nobody mixes up: no 0 and O, no 1 and I.
const SIGNS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
/// 50 bits: with five tries and pauses, nobody guesses one that lives for days.
const LENGTH: usize = 10;

/// From random bytes; five signs, a dash, five signs.
pub fn spoken_code(random: [u8; 16]) -> String {
    let signs: Vec<char> = random.iter().take(LENGTH).map(|byte| sign(*byte)).collect();
    let (first, second) = signs.split_at(LENGTH / 2);
    format!("{}-{}", first.iter().collect::<String>(), second.iter().collect::<String>())
}

fn sign(byte: u8) -> char {
    SIGNS.get(usize::from(byte) % SIGNS.len()).map_or('2', |sign| char::from(*sign))
}

/// As the code was made, however it was typed; `None` where it cannot be one.
pub fn heard_code(typed: &str) -> Option<String> {
    let signs: String =
        typed.chars().filter(|c| !matches!(c, '-' | ' ' | '－')).map(|c| c.to_ascii_uppercase()).collect();
    let is_whole = signs.len() == LENGTH && signs.bytes().all(|sign| SIGNS.contains(&sign));
    let (first, second) = signs.split_at_checked(LENGTH / 2)?;
    is_whole.then(|| format!("{first}-{second}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_understood_as_people_type_it() {
        let code = spoken_code([7, 255, 0, 31, 32, 1, 2, 3, 4, 5, 9, 9, 9, 9, 9, 9]);
        assert_eq!(code, "9Z2Z2-34567");
        for typed in ["9Z2Z2-34567", "9z2z234567", " 9z2z2 34567 ", "9Z2Z2－34567"] {
            assert_eq!(heard_code(typed).as_deref(), Some(code.as_str()), "{typed}");
        }
        for typed in ["", "9Z2Z2-3456", "9Z2Z2-345678", "9Z2Z2-3456O", "九Z2Z2-34567"] {
            assert_eq!(heard_code(typed), None, "{typed}");
        }
    }
}
