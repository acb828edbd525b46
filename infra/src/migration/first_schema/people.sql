-- Communities, the people in them, and how people sign in.

CREATE TABLE communities (
    id UUID NOT NULL PRIMARY KEY,
    -- The order in which people see them.
    position BIGINT NOT NULL,
    name TEXT NOT NULL,
    street TEXT NOT NULL,
    prefix TEXT NOT NULL,
    compounds JSONB NOT NULL
);

CREATE TABLE partners (
    id UUID NOT NULL PRIMARY KEY,
    position BIGINT NOT NULL,
    community_id UUID NOT NULL REFERENCES communities (id),
    name TEXT NOT NULL
);

CREATE TABLE services (
    community_id UUID NOT NULL REFERENCES communities (id),
    key TEXT NOT NULL,
    position BIGINT NOT NULL,
    name TEXT NOT NULL,
    category TEXT NOT NULL,
    description TEXT NOT NULL,
    urgency TEXT NOT NULL CONSTRAINT services_urgency_known CHECK (urgency IN ('urgent', 'ordinary')),
    CONSTRAINT services_pkey PRIMARY KEY (community_id, key)
);

CREATE TABLE persons (
    id UUID NOT NULL PRIMARY KEY,
    openid TEXT CONSTRAINT persons_openid_key UNIQUE,
    unionid TEXT,
    nickname TEXT,
    phone TEXT,
    residence JSONB,
    created_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE memberships (
    id UUID NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES persons (id),
    community_id UUID NOT NULL REFERENCES communities (id),
    role TEXT NOT NULL CONSTRAINT memberships_role_known
        CHECK (role IN ('resident', 'grid_worker', 'intake_clerk', 'secretary', 'partner_staff')),
    partner_id UUID REFERENCES partners (id),
    granted_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT memberships_partner_staff CHECK ((role = 'partner_staff') = (partner_id IS NOT NULL))
);
-- A role at a partner is held once. Also serves: the memberships of the person behind a session.
CREATE UNIQUE INDEX memberships_held ON memberships (person_id, community_id, role, partner_id);
-- A role without a partner is held once: the index above takes every NULL for another value.
CREATE UNIQUE INDEX memberships_held_at_community ON memberships (person_id, community_id, role)
    WHERE partner_id IS NULL;
-- Serves: the staff of a partner, when a notice goes out to all of them.
CREATE INDEX memberships_partner ON memberships (partner_id) WHERE partner_id IS NOT NULL;

CREATE TABLE sessions (
    id UUID NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES persons (id),
    opened_at TIMESTAMPTZ NOT NULL,
    closed_at TIMESTAMPTZ
);

CREATE TABLE refresh_tokens (
    hash BYTEA NOT NULL PRIMARY KEY CONSTRAINT refresh_tokens_hash_length CHECK (length(hash) = 32),
    session_id UUID NOT NULL REFERENCES sessions (id),
    issued_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    spent_at TIMESTAMPTZ
);
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
    body TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    CONSTRAINT answers_pkey PRIMARY KEY (person_id, key)
);
-- Serves: the sweep of old answers.
CREATE INDEX answers_at ON answers (at);
