use std::fmt;

use crate::endpoint::Endpoint;
use crate::error::WechatError;

/// Who is to get a message: people, departments and tags together.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct WecomReceivers {
    users: Vec<String>,
    parties: Vec<String>,
    tags: Vec<String>,
}

impl WecomReceivers {
    /// Everybody whom the app reaches.
    #[must_use]
    pub fn everyone() -> Self {
        Self::users(["@all"])
    }

    /// At most 1000 members by their user id.
    pub fn users<T: Into<String>>(users: impl IntoIterator<Item = T>) -> Self {
        Self { users: users.into_iter().map(Into::into).collect(), ..Self::default() }
    }

    /// Adds at most 100 departments.
    #[must_use]
    pub fn with_parties<T: Into<String>>(self, parties: impl IntoIterator<Item = T>) -> Self {
        Self { parties: parties.into_iter().map(Into::into).collect(), ..self }
    }

    /// Adds at most 100 tags.
    #[must_use]
    pub fn with_tags<T: Into<String>>(self, tags: impl IntoIterator<Item = T>) -> Self {
        Self { tags: tags.into_iter().map(Into::into).collect(), ..self }
    }

    pub(super) fn check(&self) -> Result<(), WechatError> {
        let refuse = |problem| Err(WechatError::Input { endpoint: Endpoint::WecomMessage, problem });
        if self.all().next().is_none() {
            return refuse("there is no receiver");
        }
        if self.users.len() > 1000 || self.parties.len() > 100 || self.tags.len() > 100 {
            return refuse("at most 1000 members, 100 departments and 100 tags");
        }
        if self.all().any(|id| id.is_empty() || id.contains('|')) {
            return refuse("a receiver's id is empty or has a bar");
        }
        Ok(())
    }

    pub(super) fn touser(&self) -> Option<String> {
        joined(&self.users)
    }

    pub(super) fn toparty(&self) -> Option<String> {
        joined(&self.parties)
    }

    pub(super) fn totag(&self) -> Option<String> {
        joined(&self.tags)
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &str> {
        self.users.iter().chain(&self.parties).chain(&self.tags).map(String::as_str)
    }
}

/// Who they are stays out of logs.
impl fmt::Debug for WecomReceivers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WecomReceivers").finish_non_exhaustive()
    }
}

/// One text with bars between; none for none.
fn joined(ids: &[String]) -> Option<String> {
    Some(ids.join("|")).filter(|joined| !joined.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn receivers_are_named_one_by_one() {
        let bad = [
            WecomReceivers::default(),
            WecomReceivers::users(["wang|li"]),
            WecomReceivers::users([""]),
            WecomReceivers::users(vec!["wang"; 1001]),
            WecomReceivers::default().with_tags(vec!["7"; 101]),
        ];
        for to in bad {
            assert!(to.check().is_err());
        }
    }
}
