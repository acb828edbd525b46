use super::*;

const APP: &str = "wx0123456789abcdef";
const RANDOM: [u8; 16] = *b"0123456789abcdef";

fn key() -> MessageKey {
    MessageKey::read(&"abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG".into()).unwrap()
}

/// Encrypts what no honest sender would.
fn forged(content: &[u8], padding: &[u8]) -> String {
    key().encrypt([content, padding].concat())
}

#[test]
fn a_key_has_43_characters_and_may_have_trailing_bits() {
    let hex = hex::encode(key().0.expose_secret());
    assert_eq!(hex, "69b71d79f8218a39259a7a29aabb2dbafc31cb3d35db7e39ebbf3d0010831051");
    for bad in ["", "A", &"A".repeat(42), &"A".repeat(44), &format!("{}=", "A".repeat(43)), &"*".repeat(43)] {
        assert_eq!(MessageKey::read(&bad.into()).err(), Some(CallbackConfigError::Key), "{bad}");
    }
}

/// Made with openssl; 24 bytes of padding.
#[test]
fn a_sealed_message_is_what_openssl_makes() {
    let message = r#"{"MsgType":"event","Event":"demo"}"#;
    let sealed = "Q3stYC6hdFzMh9T8HCvyDGwY57K1jXJJX/n/hzFMEPyFocCICJGkJ48qwQDJWhp7\
                  VeuAt/3hJweJxOiBvOO3yCZ+n5jY3ZKbHUEgufRJD45LjfZLmBM8ZSo3YPU10+a+";
    assert_eq!(key().open(sealed, APP).as_deref(), Ok(message));
    assert_eq!(key().seal(message, APP, RANDOM), sealed);
}

/// Message lengths that leave 1 to 32 bytes of padding, one each.
#[test]
fn every_padding_is_stripped() {
    let frame = 16 + 4 + APP.len();
    for padding in 1..=32 {
        let message = "m".repeat(96 - padding - frame);
        let sealed = key().seal(&message, APP, RANDOM);
        assert_eq!(STANDARD.decode(&sealed).unwrap().len(), 96);
        assert_eq!(key().open(&sealed, APP), Ok(message), "{padding}");
    }
}

#[test]
fn wrong_padding_is_refused() {
    let content = [b'c'; 48];
    let uneven = [&[15; 7][..], &[16; 9]].concat();
    for padding in [&[0; 16][..], &[33; 16], &[255; 16], &uneven] {
        assert_eq!(key().open(&forged(&content, padding), APP), Err(CallbackError::Padding), "{padding:?}");
    }
    // One more than WeChat ever fills, and all of it is there.
    assert_eq!(key().open(&forged(&[b'c'; 31], &[33; 33]), APP), Err(CallbackError::Padding));
    // A count that reaches before the first byte.
    assert_eq!(key().open(&forged(&[], &[17; 16]), APP), Err(CallbackError::Padding));
}

#[test]
fn the_inner_length_must_fit() {
    let content = |length: u32| [&RANDOM[..], &length.to_be_bytes(), b"abcd", APP.as_bytes()].concat();
    let pad = [22; 22];
    assert_eq!(key().open(&forged(&content(4), &pad), APP).as_deref(), Ok("abcd"));
    for length in [23, 1 << 20, u32::MAX] {
        assert_eq!(key().open(&forged(&content(length), &pad), APP), Err(CallbackError::Length), "{length}");
    }
    // Shorter than random bytes and length together.
    assert_eq!(key().open(&forged(&[0; 16], &[16; 16]), APP), Err(CallbackError::Length));
}

#[test]
fn a_message_for_another_app_is_refused() {
    let sealed = key().seal("{}", "wx-other", RANDOM);
    assert_eq!(key().open(&sealed, APP), Err(CallbackError::OtherApp));
    // A shorter length field moves the border: the tail is more than our app id.
    let content = [&RANDOM[..], &3_u32.to_be_bytes(), b"abcd", APP.as_bytes()].concat();
    assert_eq!(key().open(&forged(&content, &[22; 22]), APP), Err(CallbackError::OtherApp));
}

#[test]
fn what_is_no_ciphertext_is_refused() {
    for bad in ["", "=", "QUJD", "not base64!", &"A".repeat(31)] {
        assert_eq!(key().open(bad, APP), Err(CallbackError::Ciphertext), "{bad}");
    }
}

#[test]
fn a_message_that_is_not_text_is_refused() {
    let content = [&RANDOM[..], &2_u32.to_be_bytes(), &[0xff, 0xfe], APP.as_bytes()].concat();
    assert_eq!(key().open(&forged(&content, &[24; 24]), APP), Err(CallbackError::Encoding));
}
