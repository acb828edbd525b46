use std::borrow::Cow;

use sea_orm::DbBackend;

/// Scripts are written in PostgreSQL's words; these stand for them in SQLite's STRICT tables.
const IN_SQLITE: [(&str, &str); 9] = [
    (" UUID", " BLOB"),
    (" BYTEA", " BLOB"),
    (" JSONB", " TEXT"),
    (" TIMESTAMPTZ", " TEXT"),
    (" DATE", " TEXT"),
    (" BOOLEAN", " INTEGER"),
    (" SMALLINT", " INTEGER"),
    (" BIGINT", " INTEGER"),
    ("\n);", "\n) STRICT;"),
];

/// The script as `backend` wants it.
pub(super) fn in_words_of(backend: DbBackend, script: &str) -> Cow<'_, str> {
    match backend {
        DbBackend::Sqlite => {
            IN_SQLITE.iter().fold(Cow::Borrowed(script), |sql, (from, to)| Cow::Owned(sql.replace(from, to)))
        }
        _ => Cow::Borrowed(script),
    }
}
