use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};

use crate::sandbox::chance;

const LIFE: TimeDelta = TimeDelta::minutes(5);

/// Codes that live five minutes and work once.
pub(crate) struct OneUseCodes<T> {
    issued: HashMap<String, Code<T>>,
}

struct Code<T> {
    issued_at: DateTime<Utc>,
    /// Gone once used; the code itself is remembered to tell used from unknown.
    meaning: Option<T>,
}

/// Why a code does not work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CodeFault {
    UnknownOrExpired,
    Used,
}

impl<T> Default for OneUseCodes<T> {
    fn default() -> Self {
        Self { issued: HashMap::new() }
    }
}

impl<T> OneUseCodes<T> {
    pub(crate) fn issue(&mut self, meaning: T, now: DateTime<Utc>) -> String {
        self.issued.retain(|_, code| code.is_alive(now));
        let code = chance::digits();
        let meaning = Some(meaning);
        self.issued.insert(code.clone(), Code { issued_at: now, meaning });
        code
    }

    pub(crate) fn spend(&mut self, code: &str, now: DateTime<Utc>) -> Result<T, CodeFault> {
        let code = self.issued.get_mut(code).filter(|code| code.is_alive(now)).ok_or(CodeFault::UnknownOrExpired)?;
        code.meaning.take().ok_or(CodeFault::Used)
    }
}

impl<T> Code<T> {
    fn is_alive(&self, now: DateTime<Utc>) -> bool {
        now - self.issued_at < LIFE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_works_once_and_not_after_five_minutes() {
        let noon = DateTime::UNIX_EPOCH;
        let mut codes = OneUseCodes::default();
        let code = codes.issue("o1", noon);
        assert_eq!(codes.spend("other", noon), Err(CodeFault::UnknownOrExpired));
        assert_eq!(codes.spend(&code, noon), Ok("o1"));
        assert_eq!(codes.spend(&code, noon), Err(CodeFault::Used));

        let late = codes.issue("o1", noon);
        assert_eq!(codes.spend(&late, noon + LIFE), Err(CodeFault::UnknownOrExpired));
    }
}
