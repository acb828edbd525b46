//! Whether somebody has the phone in hand, too.

use domain::people::{Guessed, SecondFactor};

use crate::app::App;
use crate::auth::one_time;
use crate::problem::Problem;

impl App {
    /// Takes a code of the person's app, or a recovery code. Each works once.
    pub async fn take_code(&self, factor: &SecondFactor, code: &str) -> Result<(), Problem> {
        let subject = factor.person.to_string();
        self.attempt(Guessed::SecondFactor, &subject, async {
            let code = one_time::typed(code);
            Ok(self.is_taken(factor, &code).await?.then_some(()))
        })
        .await
    }

    async fn is_taken(&self, factor: &SecondFactor, code: &str) -> Result<bool, Problem> {
        let store = &self.stores.second_factors;
        let is_of_the_app = code.len() == 6 && code.chars().all(|c| c.is_ascii_digit());
        if !is_of_the_app {
            return Ok(store.take_recovery_code(factor.person, code).await?);
        }
        match one_time::step_of(&factor.secret, code, self.clock.now()) {
            Some(step) => Ok(store.take_step(factor.person, step).await?),
            None => Ok(false),
        }
    }
}
