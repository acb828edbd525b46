//! Certificates (证明): which of them a community may give, and where to go for the others.
//!
//! Since 民发〔2020〕20号 there are kinds that no residents' committee gives any more; provinces and streets may name more. A
//! booking for one of them is refused before it becomes an order, in words that say who does give it.

mod national;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::ids::{CommunityId, PlaceId};
use crate::place::Tree;

pub use national::{BASIS, nowhere_given};

/// One kind of certificate, as a place says about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Whose list it stands in; `None` where it holds in the whole country.
    pub place: Option<PlaceId>,
    /// Stable and English: `kinship`.
    pub key: String,
    pub line: Line,
}

/// What is said about the kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// 「亲属关系证明」
    pub name: String,
    /// What else people call it, or say when they mean it: 「母子关系」.
    #[serde(default)]
    pub words: Vec<String>,
    #[serde(flatten)]
    pub ruling: Ruling,
    /// The first day on which it holds.
    pub since: NaiveDate,
    /// The last one; `None` where no end is known.
    #[serde(default)]
    pub until: Option<NaiveDate>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "ruling")]
pub enum Ruling {
    /// The community gives it.
    Issued {
        /// What to bring, originals.
        #[serde(default)]
        papers: Vec<String>,
    },
    /// No community may give it.
    NotIssued {
        /// Who does: 「户籍地公安派出所」.
        authority: String,
        /// What the person is told to do.
        reply: String,
        /// Where it says so: 「民发〔2020〕20号」.
        basis: String,
    },
}

impl Certificate {
    pub fn is_issued(&self) -> bool {
        matches!(self.line.ruling, Ruling::Issued { .. })
    }

    fn holds_on(&self, day: NaiveDate) -> bool {
        self.line.since <= day && self.line.until.is_none_or(|last| day <= last)
    }

    /// Characters of the longest of its names that is part of what was written.
    fn is_meant_by(&self, written: &str) -> Option<usize> {
        let names = std::iter::once(&self.line.name).chain(&self.line.words).map(|name| plain(name));
        let lengths = names.filter(|name| written.contains(name.as_str())).map(|name| name.chars().count());
        lengths.max().filter(|length| *length >= LEAST)
    }

    fn is_called(&self, written: &str) -> bool {
        self.key == written || plain(&self.line.name) == written
    }
}

/// Characters; shorter words stand in too many others.
const LEAST: usize = 2;

/// What holds in the community on that day, by key: what is not given above it is not given there either; else the nearest
/// list speaks. In the order in which `lines` came, the country's first.
pub fn in_force(lines: &[Certificate], community: CommunityId, tree: &Tree, day: NaiveDate) -> Vec<Certificate> {
    // The widest place first.
    let mut above: Vec<_> = tree.upwards(community.into()).map(|place| Some(place.id)).collect();
    above.push(None);
    above.reverse();
    let all = || nowhere_given().iter().chain(lines).filter(|line| line.holds_on(day));
    let mut found: Vec<Certificate> = Vec::new();
    for place in above {
        for line in all().filter(|line| line.place == place && !is_forbidden(&line.line, &line.key)) {
            match found.iter_mut().find(|known| known.key == line.key) {
                Some(known) if known.is_issued() => *known = line.clone(),
                Some(_) => {}
                None => found.push(line.clone()),
            }
        }
    }
    found
}

/// The kind that somebody means who wrote this. A key or a whole name first; then words of what is not given, so that nobody
/// comes for nothing; then words of what is. Of several the one whose word says most: 「身份证丢了」 is about a lost paper.
pub fn meant<'a>(written: &str, among: &'a [Certificate]) -> Option<&'a Certificate> {
    let written = plain(written);
    let called = among.iter().find(|kind| kind.is_called(&written));
    let by_word = |issued| {
        let kinds = among.iter().filter(|kind| kind.is_issued() == issued);
        let meant = kinds.filter_map(|kind| Some((kind.is_meant_by(&written)?, kind)));
        // Of equals the first.
        meant.rev().max_by_key(|(length, _)| *length).map(|(_, kind)| kind)
    };
    called.or_else(|| by_word(false)).or_else(|| by_word(true))
}

/// Without spaces, and without the word that every name ends with.
fn plain(name: &str) -> String {
    let joined: String = name.chars().filter(|c| !c.is_whitespace()).collect();
    joined.strip_suffix("证明").map(str::to_owned).filter(|name| !name.is_empty()).unwrap_or(joined)
}

/// What cannot be of a line that a place wants to save.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineFault {
    EndsBeforeItBegins,
    /// The country forbids it.
    Forbidden,
}

impl LineFault {
    /// For whoever wrote it.
    pub fn text(self) -> &'static str {
        match self {
            Self::EndsBeforeItBegins => "截止日期早于开始日期",
            Self::Forbidden => "国家规定社区不得开具这一类证明，不能改为可以开具",
        }
    }
}

pub fn fault(line: &Line, key: &str) -> Option<LineFault> {
    if line.until.is_some_and(|last| last < line.since) {
        return Some(LineFault::EndsBeforeItBegins);
    }
    is_forbidden(line, key).then_some(LineFault::Forbidden)
}

/// It says that what the country forbids is given here, under its key, its name, or another one that means it.
fn is_forbidden(line: &Line, key: &str) -> bool {
    let is_issued = matches!(line.ruling, Ruling::Issued { .. });
    let mut names = std::iter::once(key).chain([line.name.as_str()]).chain(line.words.iter().map(String::as_str));
    is_issued && names.any(|name| meant(name, nowhere_given()).is_some())
}

#[cfg(test)]
mod tests;
