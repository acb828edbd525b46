//! How many watch, and how many of them are one person.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::ids::PersonId;

use crate::problem::{Code, Problem};

/// Open pages of one person in one process: a phone, a desk and a few tabs.
const MOST: usize = 5;
/// A connection that broke off unnoticed gives its seat back at its next heartbeat.
const TRY_AGAIN_SECONDS: u64 = 15;

#[derive(Clone, Default)]
pub struct Seats(Arc<Mutex<HashMap<PersonId, usize>>>);

/// Given back when it is dropped.
pub struct Seat {
    seats: Seats,
    person: PersonId,
}

impl Seats {
    pub fn take(&self, person: PersonId) -> Result<Seat, Problem> {
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let own = taken.entry(person).or_default();
        if *own >= MOST {
            let detail = format!("您同时打开的页面太多了：最多 {MOST} 个，请关掉几个再试");
            return Err(Problem {
                retry_after: Some(TRY_AGAIN_SECONDS),
                ..Problem::new(Code::TooManyRequests, detail)
            });
        }
        *own += 1;
        metrics::gauge!("hgj_watchers").increment(1.0);
        Ok(Seat { seats: self.clone(), person })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.seats.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = taken.get_mut(&self.person) {
            *own -= 1;
            if *own == 0 {
                taken.remove(&self.person);
            }
        }
        metrics::gauge!("hgj_watchers").decrement(1.0);
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_person_has_five_seats_and_gets_one_back_for_each_that_is_left() {
        let seats = Seats::default();
        let [wang, li] = [1, 2].map(|n| PersonId(Uuid::from_u128(n)));
        let mut held: Vec<_> = (0..MOST).map(|_| seats.take(wang).expect("a seat")).collect();
        let refused = seats.take(wang).err().expect("one too many");
        assert_eq!((refused.code, refused.retry_after), (Code::TooManyRequests, Some(TRY_AGAIN_SECONDS)));
        let _neighbour = seats.take(li).expect("a seat of her own");
        held.pop();
        held.push(seats.take(wang).expect("the one that was left"));
        held.clear();
        assert_eq!(seats.0.lock().expect("seats").len(), 1, "who is gone is forgotten");
    }
}
