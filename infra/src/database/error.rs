use sea_orm::sqlx::Error as SqlxError;
use sea_orm::{DbErr, RuntimeErr};
use thiserror::Error;

use domain::ports::StoreError;

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Why a database could not be made ready.
#[derive(Debug, Error)]
pub enum DatabaseError {
    #[error("a database URL starts with sqlite: or postgres://")]
    UnknownKind,
    #[error("the folder of the SQLite file cannot be made")]
    Folder(#[source] std::io::Error),
    #[error("the database cannot be opened")]
    Open(#[source] Cause),
    /// Its schema is newer, or from before the first release.
    #[error("the database was made by another version of the program ({0}); use that one, or a new database")]
    OtherVersion(String),
    #[error("the schema cannot be changed")]
    Migrate(#[source] Cause),
}

impl DatabaseError {
    pub(super) fn open(cause: DbErr) -> Self {
        Self::Open(cause.into())
    }

    pub(super) fn migrate(cause: DbErr) -> Self {
        // sea-orm-migration has no kind of its own for this.
        if let DbErr::Custom(text) = &cause
            && let Some((_, rest)) = text.split_once("Migration file of version '")
        {
            return Self::OtherVersion(rest.split('\'').next().unwrap_or_default().to_owned());
        }
        Self::Migrate(cause.into())
    }
}

/// What an error of the database is to a caller who did not expect a certain one. A value that cannot be read as
/// its column's type is corrupt; everything else may go away.
pub(crate) fn store_error(error: DbErr) -> StoreError {
    let is_unreadable = match &error {
        DbErr::Query(RuntimeErr::SqlxError(cause)) | DbErr::Exec(RuntimeErr::SqlxError(cause)) => {
            matches!(**cause, SqlxError::ColumnDecode { .. } | SqlxError::Decode(_))
        }
        DbErr::Type(_) | DbErr::Json(_) | DbErr::TryIntoErr { .. } => true,
        _ => false,
    };
    if is_unreadable { StoreError::corrupt("row", error) } else { StoreError::unavailable(error) }
}
