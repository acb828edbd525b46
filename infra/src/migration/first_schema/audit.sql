-- Who saw whose data, and what was done beside the orders' own histories.

CREATE TABLE disclosures (
    -- Version 7: lists page by it.
    id UUID NOT NULL PRIMARY KEY,
    -- Whose data it is.
    subject_id UUID NOT NULL REFERENCES persons (id),
    order_id UUID NOT NULL REFERENCES orders (id),
    viewer_id UUID NOT NULL REFERENCES persons (id),
    hat TEXT NOT NULL CONSTRAINT disclosures_hat_known CHECK (hat IN ('intake_clerk', 'secretary', 'partner')),
    partner_id UUID REFERENCES partners (id),
    purpose TEXT NOT NULL CONSTRAINT disclosures_purpose_known
        CHECK (purpose IN ('contact_resident', 'home_visit', 'verify_facts', 'emergency', 'follow_up')),
    at TIMESTAMPTZ NOT NULL,
    CONSTRAINT disclosures_partner CHECK ((hat = 'partner') = (partner_id IS NOT NULL))
);
-- Serves: who saw my data.
CREATE INDEX disclosures_subject ON disclosures (subject_id, id DESC);

-- Append-only. Each process run writes a chain of its own; rows are taken away from the front only, when their time is over.
CREATE TABLE audit_log (
    -- The process run.
    writer UUID NOT NULL,
    seq BIGINT NOT NULL CONSTRAINT audit_log_seq_positive CHECK (seq >= 1),
    at TIMESTAMPTZ NOT NULL,
    -- NULL where nobody had signed in.
    person_id UUID,
    action TEXT NOT NULL,
    -- What it was done to: a person, an order, a membership.
    target_id UUID,
    -- The network address that it came from.
    address TEXT,
    -- `done`, or the code of the refusal.
    result TEXT NOT NULL,
    hash BYTEA NOT NULL CONSTRAINT audit_log_hash_length CHECK (length(hash) = 32),
    CONSTRAINT audit_log_pkey PRIMARY KEY (writer, seq)
);
-- Serves: what happened in a time, and what is to be taken away.
CREATE INDEX audit_log_at ON audit_log (at, writer, seq);
