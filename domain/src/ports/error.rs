use thiserror::Error;

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// A store could not do its work. What went wrong is for the log, never for the person.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The database is away, busy or refused; trying again later may help.
    #[error("the store is unavailable")]
    Unavailable(#[source] Cause),
    /// Something stored cannot be read as what it should be. Trying again will not help.
    #[error("stored {what} cannot be read")]
    Corrupt {
        what: &'static str,
        #[source]
        cause: Cause,
    },
}

impl StoreError {
    pub fn unavailable(cause: impl Into<Cause>) -> Self {
        Self::Unavailable(cause.into())
    }

    pub fn corrupt(what: &'static str, cause: impl Into<Cause>) -> Self {
        Self::Corrupt { what, cause: cause.into() }
    }
}
