//! Codes that work once: those that an app makes from the time (TOTP, RFC 6238), and those for the day on which the
//! phone is lost.

use chrono::{DateTime, Utc};
use domain::people::{RECOVERY_CODES, SharedSecret};
use rand::RngExt;
use rand::seq::IndexedRandom;
use totp_rs::{Builder, Secret, Totp, TotpError};

/// What the app shows above the code.
const ISSUER: &str = "红管家";
/// Nothing that looks like something else when it is written by hand; ten of them are 49 bits.
const LETTERS: &[u8] = b"23456789ABCDEFGHJKMNPQRSTVWXYZ";
const RECOVERY_LENGTH: usize = 10;

/// What the app is set up with.
pub struct SetUp {
    /// Base 32, to be typed.
    pub secret: String,
    /// To be shown as a picture.
    pub otpauth_url: String,
}

pub fn fresh_secret() -> SharedSecret {
    SharedSecret(rand::rng().random())
}

impl SetUp {
    /// `account` tells two entries of the app apart.
    pub fn new(secret: &SharedSecret, account: &str) -> Result<Self, TotpError> {
        let account: String = account.chars().filter(|c| *c != ':').collect();
        let totp = builder(secret).with_account_name(account).with_issuer(Some(ISSUER)).build()?;
        Ok(Self { secret: totp.secret().to_base32(), otpauth_url: totp.to_url()? })
    }
}

/// The step of time that the code is of: the present one, the one before or the one after, for clocks differ.
pub fn step_of(secret: &SharedSecret, code: &str, now: DateTime<Utc>) -> Option<i64> {
    let totp: Totp = builder(secret).build().ok()?;
    let step = totp.check(code, u64::try_from(now.timestamp()).ok()?)?;
    i64::try_from(step).ok()
}

/// Six digits, SHA-1, 30 seconds, one step to either side: the only settings that every app knows.
fn builder(secret: &SharedSecret) -> Builder {
    Builder::new().with_secret(Secret::from(secret.0.to_vec()))
}

pub fn fresh_recovery_codes() -> Vec<String> {
    let mut rng = rand::rng();
    let mut letter = || LETTERS.choose(&mut rng).map_or('2', |letter| char::from(*letter));
    (0..RECOVERY_CODES).map(|_| (0..RECOVERY_LENGTH).map(|_| letter()).collect()).collect()
}

/// `ABCDE-FGHJK`, easier to read and to write down.
pub fn shown(code: &str) -> String {
    let (head, tail) = code.split_at_checked(RECOVERY_LENGTH / 2).unwrap_or((code, ""));
    format!("{head}-{tail}")
}

/// As it was made, however it was typed.
pub fn typed(code: &str) -> String {
    code.chars().filter(|c| !matches!(c, '-' | ' ')).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).expect("an instant")
    }

    /// RFC 6238, appendix B: the last six of its eight digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        let secret = SharedSecret(*b"12345678901234567890");
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (2_000_000_000, "279037")] {
            assert_eq!(step_of(&secret, code, at(seconds)), Some(seconds / 30), "{seconds}");
        }
        assert_eq!(step_of(&secret, "287083", at(59)), None);
        for strange in ["", "28708", "2870821", "28708a", "+87082", "２８７０８２"] {
            assert_eq!(step_of(&secret, strange, at(59)), None, "{strange}");
        }
    }

    #[test]
    fn a_clock_may_be_one_step_off() {
        let secret = SharedSecret(*b"12345678901234567890");
        let step = |seconds: i64| step_of(&secret, "081804", at(1_111_111_109 + seconds));
        let taken = Some(37_037_036);
        assert_eq!([step(-60), step(-59), step(0), step(30), step(31)], [None, taken, taken, taken, None]);
    }

    #[test]
    fn an_app_can_be_set_up() {
        let set_up = SetUp::new(&SharedSecret([7; 20]), "王:书记").expect("a set-up");
        assert_eq!(set_up.secret.len(), 32);
        assert!(set_up.otpauth_url.starts_with("otpauth://totp/"), "{}", set_up.otpauth_url);
        assert!(set_up.otpauth_url.contains(&format!("secret={}", set_up.secret)), "{}", set_up.otpauth_url);
    }

    #[test]
    fn recovery_codes_are_read_as_people_write_them() {
        let codes = fresh_recovery_codes();
        assert_eq!(codes.len(), RECOVERY_CODES);
        for code in codes {
            assert_eq!(typed(&shown(&code)), code);
            assert_eq!(typed(&shown(&code).to_lowercase().replace('-', " ")), code);
        }
    }
}
