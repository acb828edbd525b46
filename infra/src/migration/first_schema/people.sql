-- The people, what they are where, and how they sign in.

CREATE TABLE persons (
    id UUID NOT NULL PRIMARY KEY,
    openid TEXT CONSTRAINT persons_openid_key UNIQUE,
    unionid TEXT,
    -- Locked: nickname, phone, residence.
    profile BYTEA,
    -- Blind: finds a number without telling it.
    phone_index BYTEA CONSTRAINT persons_phone_index_length CHECK (length(phone_index) = 32),
    created_at TIMESTAMPTZ NOT NULL,
    -- The account was closed: a tombstone, to which the public facts of orders still point.
    erased_at TIMESTAMPTZ,
    CONSTRAINT persons_tombstone CHECK (erased_at IS NULL OR
        (openid IS NULL AND unionid IS NULL AND profile IS NULL AND phone_index IS NULL))
);
-- Serves: whose phone this is. Not unique: a number may move on to somebody else.
CREATE INDEX persons_phone ON persons (phone_index) WHERE phone_index IS NOT NULL;

CREATE TABLE memberships (
    id UUID NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES persons (id),
    -- NULL is everywhere, for administrators only.
    place_id UUID REFERENCES places (id),
    role TEXT NOT NULL CONSTRAINT memberships_role_known CHECK (role IN
        ('grid_worker', 'intake_clerk', 'secretary', 'partner_staff', 'volunteer', 'class_monitor', 'matchmaker',
         'supervisor', 'administrator')),
    partner_id UUID REFERENCES partners (id),
    granted_at TIMESTAMPTZ NOT NULL,
    -- NULL where the program itself gave it.
    granted_by UUID REFERENCES persons (id),
    -- When it ends by itself.
    ends_at TIMESTAMPTZ,
    -- When somebody ended it, and who.
    ended_at TIMESTAMPTZ,
    ended_by UUID REFERENCES persons (id),
    CONSTRAINT memberships_partner_staff CHECK ((role = 'partner_staff') = (partner_id IS NOT NULL)),
    CONSTRAINT memberships_somewhere CHECK (place_id IS NOT NULL OR role = 'administrator')
);
-- A role is held once at a time. Also serves: the memberships of the person behind a session. Three indexes, because
-- an index takes every NULL for another value.
CREATE UNIQUE INDEX memberships_held ON memberships (person_id, place_id, role, partner_id)
    WHERE ended_at IS NULL AND partner_id IS NOT NULL;
CREATE UNIQUE INDEX memberships_held_at_place ON memberships (person_id, place_id, role)
    WHERE ended_at IS NULL AND partner_id IS NULL AND place_id IS NOT NULL;
CREATE UNIQUE INDEX memberships_held_everywhere ON memberships (person_id, role)
    WHERE ended_at IS NULL AND place_id IS NULL;
-- Serves: the staff of a partner, when a notice goes out to all of them.
CREATE INDEX memberships_partner ON memberships (partner_id) WHERE partner_id IS NOT NULL AND ended_at IS NULL;
-- Serves: who holds a role at a place.
CREATE INDEX memberships_place ON memberships (place_id) WHERE ended_at IS NULL;

CREATE TABLE sessions (
    id UUID NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES persons (id),
    opened_at TIMESTAMPTZ NOT NULL,
    closed_at TIMESTAMPTZ
);
-- Serves: the sessions of a person: to close, to show, to remove.
CREATE INDEX sessions_person ON sessions (person_id);

CREATE TABLE refresh_tokens (
    hash BYTEA NOT NULL PRIMARY KEY CONSTRAINT refresh_tokens_hash_length CHECK (length(hash) = 32),
    session_id UUID NOT NULL REFERENCES sessions (id),
    issued_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    spent_at TIMESTAMPTZ
);
-- Serves: the tokens of a session that is removed.
CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id);
-- Serves: the sweep of expired tokens.
CREATE INDEX refresh_tokens_expires ON refresh_tokens (expires_at);

CREATE TABLE subscriptions (
    person_id UUID NOT NULL REFERENCES persons (id),
    template_id TEXT NOT NULL,
    accepted BOOLEAN NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    CONSTRAINT subscriptions_pkey PRIMARY KEY (person_id, template_id)
);

-- What was answered under an idempotency key.
CREATE TABLE answers (
    person_id UUID NOT NULL REFERENCES persons (id),
    key TEXT NOT NULL,
    fingerprint BYTEA NOT NULL CONSTRAINT answers_fingerprint_length CHECK (length(fingerprint) = 32),
    status BIGINT NOT NULL,
    -- Locked.
    body BYTEA NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    -- The order that the answer shows; NULL where it shows none.
    order_id UUID,
    CONSTRAINT answers_pkey PRIMARY KEY (person_id, key)
);
-- Serves: the answers that show an order that is erased.
CREATE INDEX answers_order ON answers (order_id) WHERE order_id IS NOT NULL;
-- Serves: the sweep of old answers.
CREATE INDEX answers_at ON answers (at);
