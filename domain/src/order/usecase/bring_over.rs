//! History of another system, brought over: each old letter becomes an order with the events that it once had.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use uuid::Uuid;

use crate::advice::Advice;
use crate::deadline::{Due, day_in_shanghai};
use crate::ids::{CommunityId, OrderId, PersonId, PlaceId};
use crate::order::{
    Content, Event, Happening, MAX_TITLE, Place, ReplayError, Source, Submission, Visibility, order_number, submit,
};
use crate::people::Hat;
use crate::ports::{Change, Commit, Newcomer, NewcomerStore, StoreError};
use crate::service::{Answers, Terms};

use super::{ATTEMPTS, Orders};

/// A citizen's letter to the administration, or a line of a book that was kept on paper, and when it was answered; checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// What the other system calls it.
    pub reference: String,
    /// A pseudonym.
    pub author: String,
    pub created_at: DateTime<Utc>,
    pub subject: String,
    pub body: String,
    pub replied_at: Option<DateTime<Utc>>,
    /// What was done, where somebody wrote it down.
    pub result: Option<String>,
    /// Where it was: the name of a compound of the community's, and the place.
    pub compound: Option<(String, PlaceId)>,
}

/// Where letters go, and where they come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    /// The other system's name.
    pub system: String,
    pub community: CommunityId,
    /// Starts the numbers: "XY".
    pub prefix: String,
    pub service_key: String,
    pub terms: Terms,
    /// As the service is.
    pub sealed: bool,
}

/// What became of some letters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Brought {
    pub new: usize,
    /// Brought over before.
    pub known: usize,
}

impl std::ops::AddAssign for Brought {
    fn add_assign(&mut self, more: Self) {
        self.new += more.new;
        self.known += more.known;
    }
}

/// Nobody promised anything for what is long past.
const PRESET: &str = "history-1";
const NO_CLOCKS: &str = "历史来信，不计期限";
/// The hand that writes [`Hat::System`] events.
const SYSTEM: PersonId = PersonId(Uuid::nil());

/// The person that an author of `system` is here: the same each time.
pub fn author_id(system: &str, author: &str) -> PersonId {
    PersonId(Uuid::new_v5(&Uuid::NAMESPACE_URL, format!("urn:hongguanjia:{system}:{author}").as_bytes()))
}

impl Orders {
    /// Takes those of the letters that are not here yet, all of them in one transaction or none. Asked again, it goes on
    /// where it was interrupted: an order comes with its whole history or not at all, so a reference that is known needs
    /// nothing more.
    pub async fn bring_over(
        &self,
        people: &dyn NewcomerStore,
        letters: &[Letter],
        to: &Destination,
    ) -> Result<Brought, StoreError> {
        for _ in 0..ATTEMPTS {
            let new = self.unknown(letters, to).await?;
            let brought = Brought { new: new.len(), known: letters.len() - new.len() };
            if new.is_empty() {
                return Ok(brought);
            }
            people.insert_missing(&authors(&new, to)).await?;
            let changes = self.histories(&new, to).await?;
            match self.store.commit(&changes, None).await? {
                Commit::Done => return Ok(brought),
                // Somebody else brings the same letters over: look again at what is left.
                Commit::ReferenceTaken => {}
                Commit::Stale(_)
                | Commit::KeyTaken
                | Commit::PhotoUnavailable
                | Commit::PartnerFull { .. }
                | Commit::SeatLost => break,
            }
        }
        Err(StoreError::unavailable("others bring the same letters over"))
    }

    async fn unknown<'a>(&self, letters: &'a [Letter], to: &Destination) -> Result<Vec<&'a Letter>, StoreError> {
        let references: Vec<_> = letters.iter().map(|letter| letter.reference.clone()).collect();
        let known = self.store.known_references(to.community, &to.system, &references).await?;
        let known: HashSet<_> = known.into_iter().collect();
        Ok(letters.iter().filter(|letter| !known.contains(&letter.reference)).collect())
    }

    /// Every move of every letter, with numbers of the days on which they were written.
    async fn histories(&self, letters: &[&Letter], to: &Destination) -> Result<Vec<Change>, StoreError> {
        let mut days: BTreeMap<NaiveDate, Vec<&Letter>> = BTreeMap::new();
        for letter in letters {
            days.entry(day_in_shanghai(letter.created_at)).or_default().push(letter);
        }
        let mut changes = Vec::new();
        for (day, letters) in days {
            let count = u32::try_from(letters.len()).map_err(|e| StoreError::corrupt("letters of a day", e))?;
            let first = self.store.reserve_numbers(to.community, day, count).await?;
            for (letter, running) in letters.into_iter().zip(first..) {
                changes.extend(self.history(letter, order_number(&to.prefix, day, running), to)?);
            }
        }
        Ok(changes)
    }

    /// The moves that one letter once went through, chained. None of them is news to anybody, so nobody is told.
    fn history(&self, letter: &Letter, number: String, to: &Destination) -> Result<Vec<Change>, StoreError> {
        let id = OrderId(self.ids.at(letter.created_at));
        let unsound = |e: ReplayError| StoreError::corrupt("letter", e);
        let (order, submitted) = submit(submission(letter, id, number, to), letter.created_at).map_err(unsound)?;
        let placed = self.silent_change(&order.clone(), order, submitted)?;
        let mut order = placed.next.clone();
        let mut changes = vec![placed];
        for (what, at) in answering(letter) {
            let event = Event { order: id, seq: order.version + 1, at, by: SYSTEM, hat: Hat::System, what };
            let mut next = order.clone();
            next.apply(&event).map_err(unsound)?;
            let change = self.silent_change(&order, next, event)?;
            order = change.next.clone();
            changes.push(change);
        }
        Ok(changes)
    }
}

fn authors(letters: &[&Letter], to: &Destination) -> Vec<Newcomer> {
    let newcomer = |letter: &&Letter| Newcomer {
        id: author_id(&to.system, &letter.author),
        nickname: letter.author.clone(),
        created_at: letter.created_at,
    };
    letters.iter().map(newcomer).collect()
}

fn submission(letter: &Letter, id: OrderId, number: String, to: &Destination) -> Submission {
    Submission {
        id,
        number,
        community: to.community,
        service_key: to.service_key.clone(),
        terms: to.terms.clone(),
        requester: author_id(&to.system, &letter.author),
        sealed: to.sealed,
        // What was urgent then is answered now.
        advice: Advice::default(),
        content: Content {
            title: title(letter),
            description: letter.body.clone(),
            place: letter.compound.clone().map(at_compound),
            attachments: Vec::new(),
            contact: None,
            on_behalf_of: None,
            visibility: Visibility::Normal,
            about_partner: None,
            source: Source::Import { system: to.system.clone(), reference: letter.reference.clone() },
            minor: false,
            form: Answers::default(),
            erased: None,
        },
        due: Due { accept_by: None, resolve_by: None, preset: PRESET.to_owned(), note: Some(NO_CLOCKS.to_owned()) },
        located: None,
        hat: Hat::Requester,
    }
}

/// An answer was responsibility taken and a result reported, both at the time of the answer.
fn answering(letter: &Letter) -> Vec<(Happening, DateTime<Utc>)> {
    let Some(at) = letter.replied_at else { return Vec::new() };
    let day = day_in_shanghai(at);
    let day = format!("{}年{}月{}日", day.year(), day.month(), day.day());
    let unsaid = || format!("历史来信，已于 {day} 答复（答复原文未随数据提供）");
    let result = letter.result.clone().unwrap_or_else(unsaid);
    let resolved =
        Happening::Resolved { result, proof: Vec::new(), signature: None, override_reason: None, charge: None };
    vec![(Happening::Accepted { note: None }, at), (resolved, at)]
}

fn at_compound((name, id): (String, PlaceId)) -> Place {
    Place { compound: Some(name), compound_id: Some(id), building: None, words: None, point: None }
}

/// The subject, or the start of the body where there is none.
fn title(letter: &Letter) -> String {
    let subject = letter.subject.trim();
    let line = if subject.is_empty() { letter.body.trim().lines().next().unwrap_or_default() } else { subject };
    if line.chars().count() <= MAX_TITLE {
        return line.to_owned();
    }
    line.chars().take(MAX_TITLE - 1).chain(['…']).collect()
}
