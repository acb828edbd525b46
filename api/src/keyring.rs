use std::io::Write;
use std::path::Path;

use anyhow::{Context, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rand::RngExt;

/// Secrets by name, the present one first: those that sign tokens and links, or those that lock the data keys.
///
/// To change the present one, put a new one first and keep the old one as long as anything depends on it.
#[derive(Clone)]
pub struct KeyRing(Vec<NamedKey>);

#[derive(Clone)]
pub struct NamedKey {
    /// Stands beside what the key signed or locked.
    pub id: String,
    pub secret: Vec<u8>,
}

/// Bytes; as long as the hash of HMAC-SHA256.
const SECRET_LENGTH: usize = 32;
/// How many keys a file keeps: the present one and two that may still be needed.
const KEPT: usize = 3;

impl KeyRing {
    /// From lines such as `2026-11:base64…`.
    pub fn parse<'a>(lines: impl IntoIterator<Item = &'a str>) -> anyhow::Result<Self> {
        let keys: Vec<_> =
            lines.into_iter().map(str::trim).filter(|l| !l.is_empty()).map(parse_line).collect::<Result<_, _>>()?;
        if keys.is_empty() {
            bail!("no key is configured");
        }
        Ok(Self(keys))
    }

    /// The keys of a file, which is made with one new key if it is not there.
    pub fn open(file: &Path) -> anyhow::Result<Self> {
        if !file.exists() {
            write(file, &[NamedKey::generate()])?;
        }
        let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        Self::parse(text.lines()).with_context(|| format!("in {}", file.display()))
    }

    /// Puts a new key first; the oldest one beyond [`KEPT`] goes. Answers the new key's id.
    pub fn rotate(file: &Path) -> anyhow::Result<String> {
        let Self(mut keys) = Self::open(file)?;
        let new = NamedKey::generate();
        let id = new.id.clone();
        keys.insert(0, new);
        keys.truncate(KEPT);
        write(file, &keys)?;
        Ok(id)
    }

    pub fn first(&self) -> Option<&NamedKey> {
        self.0.first()
    }

    pub fn all(&self) -> impl Iterator<Item = &NamedKey> {
        self.0.iter()
    }

    pub fn find(&self, id: &str) -> Option<&NamedKey> {
        self.0.iter().find(|key| key.id == id)
    }
}

impl NamedKey {
    fn generate() -> Self {
        let mut random = rand::rng();
        let id: [u8; 4] = random.random();
        let secret: [u8; SECRET_LENGTH] = random.random();
        Self { id: id.iter().map(|byte| format!("{byte:02x}")).collect(), secret: secret.to_vec() }
    }
}

fn parse_line(line: &str) -> anyhow::Result<NamedKey> {
    let (id, secret) = line.split_once(':').context("a key is written as id:base64")?;
    let secret = STANDARD.decode(secret.trim()).context("a key is written as id:base64")?;
    if secret.len() < SECRET_LENGTH {
        bail!("key {id} is shorter than {SECRET_LENGTH} bytes");
    }
    Ok(NamedKey { id: id.trim().to_owned(), secret })
}

/// Written beside the file and moved over it, readable by the owner only: a crash never leaves half a key.
fn write(file: &Path, keys: &[NamedKey]) -> anyhow::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    let new = file.with_extension("new");
    let mut options = std::fs::OpenOptions::new();
    let mut out = options.create(true).truncate(true).write(true).mode(0o600).open(&new)?;
    for key in keys {
        writeln!(out, "{}:{}", key.id, STANDARD.encode(&key.secret))?;
    }
    out.sync_all()?;
    std::fs::rename(&new, file).with_context(|| format!("cannot write {}", file.display()))
}

impl std::fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.0.iter().map(|key| &key.id)).finish()
    }
}
