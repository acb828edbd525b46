use uuid::Uuid;

/// Something that nobody can guess: the stuff of codes, tokens and request ids.
#[expect(clippy::disallowed_methods, reason = "nothing of the sandbox outlives it, and no test depends on these")]
fn unguessable() -> Uuid {
    Uuid::new_v4()
}

/// 32 hexadecimal digits.
pub(super) fn digits() -> String {
    unguessable().simple().to_string()
}

/// Three groups of eight hexadecimal digits, as WeChat's request ids have.
pub(super) fn request_id() -> String {
    let bits = unguessable().as_u128();
    let group = |shift: u32| (bits >> shift) & 0xffff_ffff;
    format!("{:08x}-{:08x}-{:08x}", group(96), group(32), group(0))
}
