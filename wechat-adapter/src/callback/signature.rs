use sha1::{Digest, Sha1};
use subtle::ConstantTimeEq;

/// WeChat's signature: SHA-1 of the parts, sorted by their bytes and joined,
/// in lower-case hexadecimal digits. The callback token is one of them.
pub(super) fn sign<const N: usize>(mut parts: [&str; N]) -> String {
    parts.sort_unstable();
    let digest = parts.iter().fold(Sha1::new(), Digest::chain_update);
    hex::encode(digest.finalize())
}

/// Takes the same time wherever the two differ.
pub(super) fn matches(given: &str, expected: &str) -> bool {
    given.as_bytes().ct_eq(expected.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of WeChat's page on message push, and one of ours.
    #[test]
    fn the_plain_signature_covers_token_timestamp_and_nonce() {
        let cases = [
            (["AAAAA", "1714036504", "1514711492"], "f464b24fc39322e44b38aa78f5edd27bd1441696"),
            (["AAAAA", "1714037059", "486452656"], "899cf89e464efb63f54ddac96b0a0a235f53aa78"),
            (["community-token", "1767225600", "880011"], "c884ae1965a60534fa8ccb9f7f8cd714a3579f38"),
        ];
        for (parts, expected) in cases {
            assert!(matches(&sign(parts), expected));
        }
    }

    #[test]
    fn another_signature_does_not_match() {
        let expected = sign(["AAAAA", "1714036504", "1514711492"]);
        assert!(!matches("", &expected));
        assert!(!matches(&expected.to_uppercase(), &expected));
        assert!(!matches(&format!("{expected}0"), &expected));
        assert!(!matches(&sign(["AAAAB", "1714036504", "1514711492"]), &expected));
    }
}
