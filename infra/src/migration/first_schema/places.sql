-- Places, from provinces to compounds; what belongs to communities; and how codes name places.

CREATE TABLE places (
    id UUID NOT NULL PRIMARY KEY,
    parent_id UUID REFERENCES places (id),
    level TEXT NOT NULL CONSTRAINT places_level_known
        CHECK (level IN ('province', 'city', 'district', 'street', 'community', 'grid', 'compound')),
    name TEXT NOT NULL,
    -- The order in which people see them.
    position BIGINT NOT NULL
);
-- Two places of one name may not lie in the same place.
CREATE UNIQUE INDEX places_named ON places (parent_id, name) WHERE parent_id IS NOT NULL;
CREATE UNIQUE INDEX places_named_at_the_top ON places (name) WHERE parent_id IS NULL;

-- What an edition of a list of codes calls a place. Editions contradict each other, and one code may name two places
-- of different editions: codes are data, never keys.
CREATE TABLE place_codes (
    place_id UUID NOT NULL REFERENCES places (id),
    edition TEXT NOT NULL,
    code TEXT NOT NULL,
    CONSTRAINT place_codes_pkey PRIMARY KEY (place_id, edition)
);
-- Serves: which places a code names.
CREATE INDEX place_codes_code ON place_codes (code);

CREATE TABLE communities (
    id UUID NOT NULL PRIMARY KEY REFERENCES places (id),
    position BIGINT NOT NULL,
    -- Starts the numbers of its orders.
    prefix TEXT NOT NULL
);

CREATE TABLE partners (
    id UUID NOT NULL PRIMARY KEY,
    position BIGINT NOT NULL,
    -- Where it works.
    place_id UUID NOT NULL REFERENCES places (id),
    kind TEXT NOT NULL CONSTRAINT partners_kind_known CHECK (kind IN
        ('community_office', 'party_branch', 'street_office', 'property_company', 'contractor', 'fire_brigade', 'shop',
         'volunteer_team')),
    name TEXT NOT NULL,
    -- 统一社会信用代码
    uscc TEXT,
    -- Takes no more dispatches and no more people.
    closed BOOLEAN NOT NULL
);
-- No organisation stands twice in one place.
CREATE UNIQUE INDEX partners_uscc ON partners (place_id, uscc) WHERE uscc IS NOT NULL;

-- What a service said, from version to version; orders keep theirs. Never changed.
CREATE TABLE service_versions (
    place_id UUID NOT NULL REFERENCES places (id),
    key TEXT NOT NULL,
    version INTEGER NOT NULL CONSTRAINT service_versions_counted CHECK (version >= 1),
    -- As in the offer; messages call it so.
    name TEXT NOT NULL,
    offer JSONB NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    -- NULL where the program brought it along.
    made_by UUID,
    CONSTRAINT service_versions_pkey PRIMARY KEY (place_id, key, version)
);

-- The service list of a community, or the catalogue of a place above communities, as it stands now.
CREATE TABLE services (
    place_id UUID NOT NULL REFERENCES places (id),
    key TEXT NOT NULL,
    position BIGINT NOT NULL,
    version INTEGER NOT NULL,
    -- No longer offered.
    closed BOOLEAN NOT NULL,
    CONSTRAINT services_pkey PRIMARY KEY (place_id, key),
    CONSTRAINT services_version_fkey FOREIGN KEY (place_id, key, version)
        REFERENCES service_versions (place_id, key, version)
);
