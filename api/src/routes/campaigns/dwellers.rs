//! What is read of those who have an account here.

use std::collections::{HashMap, HashSet};

use domain::campaign::{Dweller, Household, Standing};
use domain::ids::PersonId;
use domain::people::lets_partners_call;
use domain::ports::Holder;

use crate::app::App;
use crate::problem::Problem;

/// Accounts behind some doors.
#[derive(Default)]
pub(super) struct Accounts {
    holders: HashMap<PersonId, Holder>,
    /// Those who let partners call them.
    agreeing: HashSet<PersonId>,
}

impl App {
    /// Two statements, however many doors there are.
    pub(super) async fn accounts(&self, households: &[Household]) -> Result<Accounts, Problem> {
        let people: HashSet<_> = households.iter().flat_map(|h| &h.dwellers).filter_map(|d| d.person).collect();
        let people: Vec<_> = people.into_iter().collect();
        let holders = self.stores.people.holders(&people).await?;
        let consents = self.stores.consents.standing(&people).await?;
        let agrees = |holder: &&Holder| lets_partners_call(holder.person, holder.age_band, &consents);
        let agreeing = holders.iter().filter(agrees).map(|holder| holder.person).collect();
        Ok(Accounts { holders: holders.into_iter().map(|holder| (holder.person, holder)).collect(), agreeing })
    }
}

impl Accounts {
    /// As somebody reads it who stands there so.
    pub(super) fn veil(&self, dwellers: Vec<Dweller>, standing: Standing) -> Vec<Dweller> {
        let seen = |dweller: Dweller| dweller.seen_as(standing, |person| self.agreeing.contains(&person));
        dwellers.into_iter().map(seen).collect()
    }

    /// The same, in full: name and number as the account says them now.
    pub(super) fn reveal(&self, dwellers: Vec<Dweller>, standing: Standing) -> Vec<Dweller> {
        let of_account = |dweller: Dweller| match dweller.person.and_then(|person| self.holders.get(&person)) {
            Some(Holder { name, phone, .. }) => {
                Dweller { name: name.clone().or(dweller.name), phone: phone.clone(), ..dweller }
            }
            None => dweller,
        };
        self.veil(dwellers.into_iter().map(of_account).collect(), standing)
    }
}
