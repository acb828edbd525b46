//! Whatever could be guessed is judged here: wrong tries cost growing pauses.

use chrono::{DateTime, TimeDelta, Utc};
use domain::people::{Admission, Guessed};

use crate::app::App;
use crate::problem::{Code, Problem};

impl App {
    /// Lets `judge` say what the try is worth; `None` is a wrong one. While the subject is locked nothing is judged,
    /// so that a right code is not used up.
    pub async fn attempt<T>(
        &self,
        what: Guessed,
        subject: &str,
        judge: impl Future<Output = Result<Option<T>, Problem>>,
    ) -> Result<T, Problem> {
        let now = self.clock.now();
        let locked_next = match self.stores.attempts.admit(what, subject, now).await? {
            Admission::Locked { until } => return Err(locked(what, until - now)),
            Admission::Judge(attempts) => attempts.locked_until,
        };
        let right = judge.await?.ok_or_else(|| wrong(what, locked_next, now))?;
        self.stores.attempts.clear(what, subject).await?;
        Ok(right)
    }
}

fn locked(what: Guessed, pause: TimeDelta) -> Problem {
    let detail = format!("{}错了太多次，请 {} 分钟后再试", what.text(), minutes(pause));
    after(pause, Problem::new(Code::Locked, detail))
}

fn wrong(what: Guessed, locked_until: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Problem {
    let Some(until) = locked_until else {
        return Problem::new(Code::VerificationFailed, format!("{}不对，或者已经用过，请核对后再输入", what.text()));
    };
    let detail = format!("{}不对，错的次数太多，请 {} 分钟后再试", what.text(), minutes(until - now));
    after(until - now, Problem::new(Code::VerificationFailed, detail))
}

fn after(pause: TimeDelta, problem: Problem) -> Problem {
    let seconds = u64::try_from(pause.num_seconds()).unwrap_or_default() + 1;
    Problem { retry_after: Some(seconds), ..problem }
}

/// A begun minute counts as one.
fn minutes(pause: TimeDelta) -> i64 {
    (pause.num_milliseconds() + 59_999) / 60_000
}
