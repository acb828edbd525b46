-- Orders, what happened to them, and who handles them.
-- A real column is what a query or a guard needs; the rest of an order is JSON, locked where it speaks of people.

CREATE TABLE orders (
    -- Version 7, made from the instant of submission: lists page by it.
    id UUID NOT NULL PRIMARY KEY,
    number TEXT NOT NULL CONSTRAINT orders_number_key UNIQUE,
    community_id UUID NOT NULL REFERENCES communities (id),
    service_key TEXT NOT NULL,
    -- The version that it was placed under: of the community's own list, or of a catalogue above it.
    service_place_id UUID NOT NULL,
    service_version INTEGER NOT NULL,
    requester_id UUID NOT NULL REFERENCES persons (id),
    -- Whom it was ordered for, where that person is known here.
    beneficiary_id UUID REFERENCES persons (id),
    -- Where it is, where that is a compound of the community's.
    compound_id UUID REFERENCES places (id),
    -- The grid that it was found to lie in; how, stands in the progress.
    grid_id UUID REFERENCES places (id),
    -- Read by the secretary and those whom it concerns only.
    sealed BOOLEAN NOT NULL,
    -- Somebody seems to be in danger; which danger stands in the private part.
    emergency BOOLEAN NOT NULL,
    -- Whom it complains about: those who work there see it as that partner's dispatch only.
    about_partner_id UUID REFERENCES partners (id),

    -- Empty for sealed and for erased matters, whose words stand in the private part: nobody searches them.
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    -- Locked: terms, place, contact, for whom, what the form asked, what the words were read as; of sealed matters the words too.
    private BYTEA NOT NULL,
    attachments JSONB NOT NULL,
    visibility TEXT NOT NULL CONSTRAINT orders_visibility_known
        CHECK (visibility IN ('normal', 'confidential', 'anonymous')),
    -- Both or neither: an import keeps the other system's name and reference.
    source_system TEXT,
    source_reference TEXT,

    submitted_at TIMESTAMPTZ NOT NULL,
    accept_by TIMESTAMPTZ,
    resolve_by TIMESTAMPTZ,
    due_preset TEXT NOT NULL,
    due_note TEXT,

    status TEXT NOT NULL CONSTRAINT orders_status_known CHECK (status IN
        ('submitted', 'accepted', 'dispatched', 'resolved', 'rated', 'refused', 'withdrawn', 'merged')),
    -- How far a mediation has come, and to whom the order is entrusted for it.
    mediation TEXT CONSTRAINT orders_mediation_known CHECK (mediation IN ('running', 'ended', 'over')),
    mediator_id UUID REFERENCES persons (id),
    -- Locked: the state with its reasons and results, how its grid was found, on-site records of the desk, and the ratings.
    progress BYTEA NOT NULL,
    accepted_at TIMESTAMPTZ,
    round SMALLINT NOT NULL CONSTRAINT orders_round_positive CHECK (round >= 1),
    supervised BOOLEAN NOT NULL,
    followers JSONB NOT NULL,
    urged_at TIMESTAMPTZ,
    urges BIGINT NOT NULL,
    -- The clock that runs now; NULL where none does.
    next_due_at TIMESTAMPTZ,
    -- When those who work on it are reminded of that clock.
    next_reminder_at TIMESTAMPTZ,

    version BIGINT NOT NULL CONSTRAINT orders_version_positive CHECK (version >= 1),
    head BYTEA NOT NULL CONSTRAINT orders_head_length CHECK (length(head) = 32),
    -- When its words were taken out. Nothing is written to it any more.
    erased_at TIMESTAMPTZ,

    CONSTRAINT orders_service_fkey FOREIGN KEY (service_place_id, service_key, service_version)
        REFERENCES service_versions (place_id, key, version),
    CONSTRAINT orders_mediator_whole CHECK ((mediator_id IS NULL) = (mediation IS NULL OR mediation = 'over')),
    CONSTRAINT orders_source_whole CHECK ((source_system IS NULL) = (source_reference IS NULL))
);
-- Serves: list, view=mine.
CREATE INDEX orders_requester ON orders (requester_id, id DESC);
-- Serves: what is left to erase of somebody.
CREATE INDEX orders_to_erase ON orders (requester_id, id) WHERE erased_at IS NULL;
-- Serves: closed orders whose time is over.
CREATE INDEX orders_worded ON orders (submitted_at, id) WHERE erased_at IS NULL;
CREATE INDEX orders_beneficiary ON orders (beneficiary_id, id DESC) WHERE beneficiary_id IS NOT NULL;
-- Serves: list, view=community, of a grid worker.
CREATE INDEX orders_compound ON orders (compound_id, id DESC) WHERE compound_id IS NOT NULL;
-- Serves: the same, and the list of one grid.
CREATE INDEX orders_grid ON orders (grid_id, id DESC) WHERE grid_id IS NOT NULL;
-- Serves: list, view=community.
CREATE INDEX orders_community ON orders (community_id, id DESC);
-- Serves: list, view=community with a status.
CREATE INDEX orders_community_status ON orders (community_id, status, id DESC);
-- Serves: list, view=community, emergencies only: a handful among many.
CREATE INDEX orders_emergency ON orders (community_id, id DESC) WHERE emergency;
-- Serves: list, view=community, what is overdue. Closed orders have no clock and no entry.
CREATE INDEX orders_due ON orders (community_id, next_due_at) WHERE next_due_at IS NOT NULL;
-- Serves: the next reminders.
CREATE INDEX orders_reminder ON orders (next_reminder_at) WHERE next_reminder_at IS NOT NULL;
-- Nothing is imported twice. Also serves: the references that are known already.
CREATE UNIQUE INDEX orders_source ON orders (community_id, source_system, source_reference)
    WHERE source_system IS NOT NULL;

-- The last running number given in a community on a day in Shanghai.
CREATE TABLE order_numbers (
    community_id UUID NOT NULL REFERENCES communities (id),
    day DATE NOT NULL,
    last BIGINT NOT NULL,
    CONSTRAINT order_numbers_pkey PRIMARY KEY (community_id, day)
);

-- Append-only. The primary key serves every read: a timeline, the walk of the verifier.
CREATE TABLE order_events (
    order_id UUID NOT NULL REFERENCES orders (id),
    seq BIGINT NOT NULL CONSTRAINT order_events_seq_positive CHECK (seq >= 1),
    at TIMESTAMPTZ NOT NULL,
    by_id UUID NOT NULL,
    hat TEXT NOT NULL CONSTRAINT order_events_hat_known
        CHECK (hat IN
        ('requester', 'mediator', 'grid_worker', 'intake_clerk', 'secretary', 'partner', 'system')),
    kind TEXT NOT NULL CONSTRAINT order_events_kind_known CHECK (kind IN
        ('submitted', 'accepted', 'checked', 'refused', 'withdrawn', 'merged', 'absorbed', 'dispatched', 'located',
         'signed', 'returned', 'visited', 'completed', 'recalled', 'reworked', 'resolved', 'rated', 'reopened',
         'urged', 'commented', 'quoted', 'quote_answered', 'unshared', 'mediated')),
    -- Locked: JSON, which the chain hashes byte for byte. Of an erased event, what is left of it.
    body BYTEA NOT NULL,
    -- Goes with the words of an erased event, so that nobody can guess them from the digest.
    salt BYTEA CONSTRAINT order_events_salt_length CHECK (length(salt) = 16),
    body_hash BYTEA NOT NULL CONSTRAINT order_events_body_hash_length CHECK (length(body_hash) = 32),
    hash BYTEA NOT NULL CONSTRAINT order_events_hash_length CHECK (length(hash) = 32),
    -- When words were taken out of it.
    erased_at TIMESTAMPTZ,
    CONSTRAINT order_events_erased CHECK ((salt IS NULL) = (erased_at IS NOT NULL)),
    CONSTRAINT order_events_pkey PRIMARY KEY (order_id, seq)
);

CREATE TABLE dispatches (
    id UUID NOT NULL PRIMARY KEY,
    order_id UUID NOT NULL REFERENCES orders (id),
    -- Its place among the order's dispatches, from 0.
    position SMALLINT NOT NULL,
    community_id UUID NOT NULL REFERENCES communities (id),
    partner_id UUID NOT NULL REFERENCES partners (id),
    role TEXT NOT NULL CONSTRAINT dispatches_role_known CHECK (role IN ('lead', 'co')),
    status TEXT NOT NULL CONSTRAINT dispatches_status_known
        CHECK (status IN ('sent', 'signed', 'completed', 'returned', 'recalled')),
    round SMALLINT NOT NULL,
    sent_at TIMESTAMPTZ NOT NULL,
    -- Locked.
    body BYTEA NOT NULL
);
-- Serves: the dispatches of an order, in their order.
CREATE UNIQUE INDEX dispatches_order ON dispatches (order_id, position);
-- Serves: list, view=assigned.
CREATE INDEX dispatches_partner_order ON dispatches (partner_id, order_id DESC);
-- Serves: a partner's dispatches.
CREATE INDEX dispatches_partner ON dispatches (partner_id, id DESC);
-- Serves: a partner's dispatches with a status.
CREATE INDEX dispatches_partner_status ON dispatches (partner_id, status, id DESC);

CREATE TABLE attachments (
    id UUID NOT NULL PRIMARY KEY,
    uploader_id UUID NOT NULL REFERENCES persons (id),
    media_type TEXT NOT NULL,
    -- Pixels.
    width BIGINT NOT NULL,
    height BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    order_id UUID REFERENCES orders (id),
    -- Or the visit of a campaign that it was taken at: it is shown with that household, and with no order.
    visit_id UUID,
    created_at TIMESTAMPTZ NOT NULL,
    check_state TEXT NOT NULL CONSTRAINT attachments_check_state_known
        CHECK (check_state IN ('waiting', 'passed', 'review', 'risky', 'cleared')),
    -- When the check is asked, or asked again; NULL where it has decided or a person does.
    check_due_at TIMESTAMPTZ,
    check_tries BIGINT NOT NULL,
    -- WeChat's name for the check that is under way.
    check_trace TEXT,
    CONSTRAINT attachments_one_owner CHECK (order_id IS NULL OR visit_id IS NULL)
);
-- Serves: claim.
CREATE INDEX attachments_check_due ON attachments (check_due_at) WHERE check_due_at IS NOT NULL;
-- Serves: list, view=community, what is unchecked.
CREATE INDEX attachments_checked ON attachments (check_state, order_id) WHERE order_id IS NOT NULL;
-- Serves: the verdict that WeChat tells later.
CREATE INDEX attachments_check_trace ON attachments (check_trace) WHERE check_trace IS NOT NULL;
-- Serves: the photos of an order that is erased.
CREATE INDEX attachments_order ON attachments (order_id) WHERE order_id IS NOT NULL;
-- Serves: the sweep of photos that nobody ever used.
CREATE INDEX attachments_unattached ON attachments (created_at) WHERE order_id IS NULL AND visit_id IS NULL;
-- Serves: the photos of a household that is forgotten.
CREATE INDEX attachments_visit ON attachments (visit_id) WHERE visit_id IS NOT NULL;
