-- The people, what they are where, and how they sign in.

CREATE TABLE persons (
    id UUID NOT NULL PRIMARY KEY,
    -- WeChat's name for the person in all mini-programs of one operator.
    unionid TEXT CONSTRAINT persons_unionid_key UNIQUE,
    -- Locked: nickname, phone, what staff noted.
    profile BYTEA,
    -- Blind: finds a number without telling it.
    phone_index BYTEA CONSTRAINT persons_phone_index_length CHECK (length(phone_index) = 32),
    -- The community whose staff keep the account, for people without WeChat.
    kept_by UUID REFERENCES communities (id),
    -- How often somebody wanted to take the account over under a name that is not its own.
    wrong_names SMALLINT NOT NULL,
    -- What the person wants on the phone.
    notice_level TEXT NOT NULL DEFAULT 'all' CONSTRAINT persons_notice_level_known
        CHECK (notice_level IN ('all', 'important_only', 'inbox_only')),
    created_at TIMESTAMPTZ NOT NULL,
    -- The account was closed: a tombstone, to which the public facts of orders still point.
    erased_at TIMESTAMPTZ,
    CONSTRAINT persons_tombstone CHECK (erased_at IS NULL OR
        (unionid IS NULL AND profile IS NULL AND phone_index IS NULL))
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
-- Serves: the roles of the person behind a session, which is looked up with every request.
CREATE INDEX memberships_person ON memberships (person_id);
-- A role is held once at a time. Three indexes, because an index takes every NULL for another value.
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

-- Roles that wait for whoever brings the code.
CREATE TABLE invitations (
    id UUID NOT NULL PRIMARY KEY,
    -- Blind: the code itself is nowhere.
    code_index BYTEA NOT NULL CONSTRAINT invitations_code_length CHECK (length(code_index) = 32),
    -- NULL is everywhere, for administrators only.
    place_id UUID REFERENCES places (id),
    role TEXT NOT NULL CONSTRAINT invitations_role_known CHECK (role IN
        ('grid_worker', 'intake_clerk', 'secretary', 'partner_staff', 'volunteer', 'class_monitor', 'matchmaker',
         'supervisor', 'administrator')),
    partner_id UUID REFERENCES partners (id),
    -- NULL where the program itself invites.
    issued_by UUID REFERENCES persons (id),
    issued_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    -- When the role shall end by itself.
    role_ends_at TIMESTAMPTZ,
    -- When it was accepted or withdrawn.
    closed_at TIMESTAMPTZ,
    accepted_by UUID REFERENCES persons (id),
    CONSTRAINT invitations_partner_staff CHECK ((role = 'partner_staff') = (partner_id IS NOT NULL)),
    CONSTRAINT invitations_somewhere CHECK (place_id IS NOT NULL OR role = 'administrator')
);
-- Serves: accept.
CREATE UNIQUE INDEX invitations_code ON invitations (code_index);
-- Serves: what waits at a place.
CREATE INDEX invitations_place ON invitations (place_id) WHERE closed_at IS NULL;

CREATE TABLE sessions (
    id UUID NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES persons (id),
    kind TEXT NOT NULL CONSTRAINT sessions_kind_known CHECK (kind IN ('phone', 'desk')),
    -- Locked: what the device calls itself.
    device BYTEA,
    opened_at TIMESTAMPTZ NOT NULL,
    -- To the minute.
    last_seen_at TIMESTAMPTZ NOT NULL,
    -- A session at a desk ends when nobody used it for so long.
    idle_minutes BIGINT,
    closed_at TIMESTAMPTZ,
    CONSTRAINT sessions_idle CHECK ((kind = 'desk') = (idle_minutes IS NOT NULL))
);
-- Serves: the sessions of a person: to show, to close, to remove.
CREATE INDEX sessions_person ON sessions (person_id, id DESC);

CREATE TABLE refresh_tokens (
    hash BYTEA NOT NULL PRIMARY KEY CONSTRAINT refresh_tokens_hash_length CHECK (length(hash) = 32),
    session_id UUID NOT NULL REFERENCES sessions (id),
    issued_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    spent_at TIMESTAMPTZ
);
-- Serves: the sweep of expired tokens.
CREATE INDEX refresh_tokens_expires ON refresh_tokens (expires_at);
-- Serves: a person's devices, which of them can still be refreshed; the tokens of a session that is removed.
CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id);

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
