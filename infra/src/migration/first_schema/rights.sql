-- What people agreed to, accounts that were closed, and what was removed because its time was over.

-- Rows are added and ended, never changed.
CREATE TABLE consents (
    -- Version 7: lists page by it.
    id UUID NOT NULL PRIMARY KEY,
    -- Whose data it is about.
    person_id UUID NOT NULL REFERENCES persons (id),
    -- The person, or a guardian.
    given_by UUID NOT NULL REFERENCES persons (id),
    purpose TEXT NOT NULL CONSTRAINT consents_purpose_known
        CHECK (purpose IN ('privacy_policy', 'share_contact', 'ordered_by_others', 'child_data')),
    -- Of the text.
    version SMALLINT NOT NULL CONSTRAINT consents_version_positive CHECK (version >= 1),
    channel TEXT NOT NULL CONSTRAINT consents_channel_known CHECK (channel IN ('app', 'order', 'desk')),
    -- Where it covers one order only.
    order_id UUID REFERENCES orders (id),
    given_at TIMESTAMPTZ NOT NULL,
    withdrawn_at TIMESTAMPTZ
);
-- Serves: what I agreed to.
CREATE INDEX consents_person ON consents (person_id, id DESC);
-- Serves: an order whose contact is not shared any more.
CREATE INDEX consents_order ON consents (order_id) WHERE order_id IS NOT NULL;
-- Serves: withdrawn consents whose time is over.
CREATE INDEX consents_withdrawn ON consents (withdrawn_at) WHERE withdrawn_at IS NOT NULL;

-- Requests to close an account.
CREATE TABLE erasures (
    person_id UUID NOT NULL PRIMARY KEY REFERENCES persons (id),
    requested_at TIMESTAMPTZ NOT NULL,
    stage TEXT NOT NULL CONSTRAINT erasures_stage_known CHECK (stage IN ('begun', 'cleared', 'done')),
    -- When this stage was reached.
    since TIMESTAMPTZ NOT NULL
);
-- Serves: requests that were interrupted, and those to look at once more.
CREATE INDEX erasures_unfinished ON erasures (since) WHERE stage <> 'done';

-- Append-only. Rehearsals are noted too.
CREATE TABLE retention_runs (
    at TIMESTAMPTZ NOT NULL,
    kind TEXT NOT NULL,
    is_rehearsal BOOLEAN NOT NULL,
    rows BIGINT NOT NULL,
    -- What is from before was past its time.
    before TIMESTAMPTZ NOT NULL,
    CONSTRAINT retention_runs_pkey PRIMARY KEY (at, kind, is_rehearsal)
);
