-- How WeChat calls people, where they live, and who orders for whom.

CREATE TABLE identities (
    -- The mini-program; an openid means nothing outside its own.
    app_id TEXT NOT NULL,
    openid TEXT NOT NULL,
    person_id UUID NOT NULL REFERENCES persons (id),
    since TIMESTAMPTZ NOT NULL,
    CONSTRAINT identities_pkey PRIMARY KEY (app_id, openid)
);
-- Serves: how to reach a person, when a notice goes out.
CREATE INDEX identities_person ON identities (person_id, app_id);

-- Accounts that staff kept, and that somebody took over who proved to be that person. Orders and their histories keep
-- the id that they were written with.
CREATE TABLE former_selves (
    former_id UUID NOT NULL PRIMARY KEY REFERENCES persons (id),
    person_id UUID NOT NULL REFERENCES persons (id),
    joined_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT former_selves_other CHECK (former_id <> person_id)
);
-- Serves: the accounts of the person behind a session.
CREATE INDEX former_selves_person ON former_selves (person_id);

CREATE TABLE residences (
    -- Version 7: lists page by it. Names one address for good.
    id UUID NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES persons (id),
    community_id UUID NOT NULL REFERENCES communities (id),
    -- Where the compound is one of the community's.
    compound_id UUID REFERENCES places (id),
    -- Locked: compound, building, unit, room.
    body BYTEA NOT NULL,
    -- Blind: finds those who live behind one door without telling which. NULL without a room.
    home_index BYTEA CONSTRAINT residences_home_index_length CHECK (length(home_index) = 32),
    is_main BOOLEAN NOT NULL,
    since TIMESTAMPTZ NOT NULL,
    verified_at TIMESTAMPTZ,
    verified_by UUID REFERENCES persons (id),
    CONSTRAINT residences_verified_whole CHECK ((verified_at IS NULL) = (verified_by IS NULL))
);
-- One main home a person. Also serves: the person behind a session.
CREATE UNIQUE INDEX residences_main ON residences (person_id) WHERE is_main;
-- Serves: the homes of a person.
CREATE INDEX residences_person ON residences (person_id);
-- Serves: the homes in a community, and who lives there.
CREATE INDEX residences_community ON residences (community_id, id DESC);
-- Serves: the same, of a grid worker.
CREATE INDEX residences_compound ON residences (compound_id, id DESC) WHERE compound_id IS NOT NULL;
-- Serves: how many live behind a door.
CREATE INDEX residences_home ON residences (home_index) WHERE home_index IS NOT NULL;

CREATE TABLE delegations (
    -- Version 7: lists page by it.
    id UUID NOT NULL PRIMARY KEY,
    -- For whom is ordered.
    principal_id UUID NOT NULL REFERENCES persons (id),
    -- Who orders.
    delegate_id UUID NOT NULL REFERENCES persons (id),
    evidence TEXT NOT NULL CONSTRAINT delegations_evidence_known CHECK (evidence IN ('in_app', 'recorded_by_staff')),
    recorded_by UUID REFERENCES persons (id),
    -- Locked: how the principal agreed, as staff wrote it down.
    note BYTEA,
    given_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    -- When one of the two ended it, or a newer one took its place.
    ended_at TIMESTAMPTZ,
    CONSTRAINT delegations_two_people CHECK (principal_id <> delegate_id),
    CONSTRAINT delegations_evidence_whole CHECK ((evidence = 'recorded_by_staff') = (recorded_by IS NOT NULL)),
    CONSTRAINT delegations_expire CHECK (expires_at > given_at)
);
-- One at a time between two people. Also serves: whether somebody may order for somebody, the delegations that a person
-- gave.
CREATE UNIQUE INDEX delegations_open ON delegations (principal_id, delegate_id) WHERE ended_at IS NULL;
-- Serves: the delegations of a person, newest first.
CREATE INDEX delegations_principal ON delegations (principal_id, id DESC);
CREATE INDEX delegations_delegate ON delegations (delegate_id, id DESC);

-- Offers that wait for a relative; the code itself is not here.
CREATE TABLE delegation_offers (
    -- Blind: without the key, nobody who has a copy can try all codes.
    code_index BYTEA NOT NULL PRIMARY KEY CONSTRAINT delegation_offers_code_index_length CHECK (length(code_index) = 32),
    principal_id UUID NOT NULL CONSTRAINT delegation_offers_principal_key UNIQUE REFERENCES persons (id),
    days SMALLINT NOT NULL CONSTRAINT delegation_offers_days_possible CHECK (days BETWEEN 1 AND 365),
    made_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL
);
-- Serves: the sweep of offers that nobody accepted.
CREATE INDEX delegation_offers_expire ON delegation_offers (expires_at);
