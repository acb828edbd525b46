-- Keys that lock what speaks of people. Each is itself locked with a master key, which never lies in the database.

CREATE TABLE data_keys (
    id BIGINT NOT NULL PRIMARY KEY,
    -- `lock` for fields, `index` for blind look-up.
    purpose TEXT NOT NULL CONSTRAINT data_keys_purpose_known CHECK (purpose IN ('lock', 'index')),
    -- Which master key opens it.
    master_id TEXT NOT NULL,
    wrapped BYTEA NOT NULL,
    -- Locks from this instant on: by then every process knows it.
    active_from TIMESTAMPTZ NOT NULL
);
