-- Quarrels and what is done about them. What is said lies locked; a real column is what a query or a guard needs.

CREATE TABLE mediations (
    -- Version 7: lists page by it.
    id UUID NOT NULL PRIMARY KEY,
    order_id UUID NOT NULL REFERENCES orders (id),
    -- Of the order, which never changes.
    order_number TEXT NOT NULL,
    community_id UUID NOT NULL REFERENCES communities (id),
    mediator_id UUID NOT NULL REFERENCES persons (id),
    status TEXT NOT NULL CONSTRAINT mediations_status_known
        CHECK (status IN ('open', 'proposed', 'agreed', 'closed')),
    opened_at TIMESTAMPTZ NOT NULL,
    -- Until when the mediator sees it; NULL while it is open.
    mediator_until TIMESTAMPTZ,
    -- When the mediator is told to ask how things went; NULL where that is done, or was never wanted.
    follow_up_at TIMESTAMPTZ,
    -- The order says that its mediator has left it.
    released BOOLEAN NOT NULL,
    -- Locked: sessions, agreement, outcome.
    body BYTEA NOT NULL,
    version BIGINT NOT NULL CONSTRAINT mediations_version_positive CHECK (version >= 1),
    CONSTRAINT mediations_mediator_until CHECK ((status = 'closed') = (mediator_until IS NOT NULL))
);
-- An order is mediated once at a time.
CREATE UNIQUE INDEX mediations_open ON mediations (order_id) WHERE status <> 'closed';
-- Serves: what is removed with an order's words.
CREATE INDEX mediations_order ON mediations (order_id);
-- Serves: list, view=mine, of a mediator.
CREATE INDEX mediations_mediator ON mediations (mediator_id, id DESC);
-- Serves: list, view=community.
CREATE INDEX mediations_community ON mediations (community_id, id DESC);
-- Serves: mediators whose time is over.
CREATE INDEX mediations_to_release ON mediations (mediator_until) WHERE mediator_until IS NOT NULL AND NOT released;
-- Serves: follow-ups whose day has come.
CREATE INDEX mediations_follow_up ON mediations (follow_up_at) WHERE follow_up_at IS NOT NULL;

CREATE TABLE mediation_parties (
    mediation_id UUID NOT NULL REFERENCES mediations (id),
    number BIGINT NOT NULL CONSTRAINT mediation_parties_number_positive CHECK (number >= 1),
    -- Where they use the app; NULL also of somebody whose account was closed.
    person_id UUID REFERENCES persons (id),
    standing TEXT NOT NULL CONSTRAINT mediation_parties_standing_known
        CHECK (standing IN ('invited', 'joined', 'declined')),
    -- Blind: of the code by which somebody joins.
    code_index BYTEA CONSTRAINT mediation_parties_code UNIQUE,
    code_expires_at TIMESTAMPTZ,
    -- Locked: name, phone, what was said in confidence. NULL where it was erased.
    body BYTEA,
    CONSTRAINT mediation_parties_pkey PRIMARY KEY (mediation_id, number),
    CONSTRAINT mediation_parties_code_whole CHECK ((code_index IS NULL) = (code_expires_at IS NULL))
);
-- Serves: list, view=mine, of a party; what is erased of a person.
CREATE INDEX mediation_parties_person ON mediation_parties (person_id, mediation_id DESC) WHERE person_id IS NOT NULL;
