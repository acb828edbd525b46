-- Signing in at a desk, the second factor, and the count of wrong tries.

CREATE TABLE desk_tickets (
    id UUID NOT NULL PRIMARY KEY,
    -- SHA-256 of what only the browser knows.
    secret BYTEA NOT NULL CONSTRAINT desk_tickets_secret_length CHECK (length(secret) = 32),
    state TEXT NOT NULL CONSTRAINT desk_tickets_state_known
        CHECK (state IN ('waiting', 'scanned', 'confirmed', 'declined', 'claimed')),
    scanned_by UUID REFERENCES persons (id),
    -- Locked: what the browser calls itself, and the address that it came from.
    browser BYTEA NOT NULL,
    opened_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT desk_tickets_scanned CHECK ((scanned_by IS NULL) = (state = 'waiting'))
);
-- Serves: the sweep of old tickets.
CREATE INDEX desk_tickets_opened ON desk_tickets (opened_at);

CREATE TABLE second_factors (
    person_id UUID NOT NULL PRIMARY KEY REFERENCES persons (id),
    -- Locked: what the person's app makes codes from.
    secret BYTEA NOT NULL,
    -- The latest step of time whose code was taken: a code works once.
    last_step BIGINT NOT NULL,
    begun_at TIMESTAMPTZ NOT NULL,
    -- NULL until the first right code came.
    on_since TIMESTAMPTZ
);

-- Those that were not used yet.
CREATE TABLE recovery_codes (
    person_id UUID NOT NULL REFERENCES persons (id),
    -- Blind.
    code BYTEA NOT NULL CONSTRAINT recovery_codes_code_length CHECK (length(code) = 32),
    CONSTRAINT recovery_codes_pkey PRIMARY KEY (person_id, code)
);

-- Wrong tries in a row.
CREATE TABLE attempts (
    what TEXT NOT NULL CONSTRAINT attempts_what_known
        CHECK (what IN ('second_factor', 'invitation_code')),
    -- Blind: a person, an address.
    subject BYTEA NOT NULL CONSTRAINT attempts_subject_length CHECK (length(subject) = 32),
    failures BIGINT NOT NULL,
    locked_until TIMESTAMPTZ,
    at TIMESTAMPTZ NOT NULL,
    CONSTRAINT attempts_pkey PRIMARY KEY (what, subject)
);
-- Serves: the sweep of tries long ago.
CREATE INDEX attempts_at ON attempts (at);
