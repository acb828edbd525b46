-- Who saw whose data, and what was done beside the orders' own histories.

CREATE TABLE disclosures (
    -- Version 7: lists page by it.
    id UUID NOT NULL PRIMARY KEY,
    -- Whose data it is.
    subject_id UUID NOT NULL REFERENCES persons (id),
    order_id UUID NOT NULL REFERENCES orders (id),
    viewer_id UUID NOT NULL REFERENCES persons (id),
    hat TEXT NOT NULL CONSTRAINT disclosures_hat_known
        CHECK (hat IN ('mediator', 'grid_worker', 'intake_clerk', 'secretary', 'partner')),
    partner_id UUID REFERENCES partners (id),
    purpose TEXT NOT NULL CONSTRAINT disclosures_purpose_known
        CHECK (purpose IN ('contact_resident', 'home_visit', 'verify_facts', 'emergency', 'follow_up', 'take_over')),
    at TIMESTAMPTZ NOT NULL,
    CONSTRAINT disclosures_partner CHECK ((hat = 'partner') = (partner_id IS NOT NULL))
);
-- Serves: who saw my data.
CREATE INDEX disclosures_subject ON disclosures (subject_id, id DESC);

-- Append-only. Each run of the program writes a chain of its own; lines are taken away from the front only, when their
-- time is over. No foreign keys: the log outlives what it speaks of.
CREATE TABLE audit_log (
    -- Version 7: lists page by it.
    id UUID NOT NULL PRIMARY KEY,
    run UUID NOT NULL,
    seq BIGINT NOT NULL CONSTRAINT audit_log_seq_positive CHECK (seq >= 1),
    at TIMESTAMPTZ NOT NULL,
    -- NULL where nobody had signed in.
    person_id UUID,
    action TEXT NOT NULL,
    target_id UUID,
    -- The network address that it came from.
    address TEXT,
    -- `done`, or the code of the refusal.
    result TEXT NOT NULL,
    previous BYTEA NOT NULL CONSTRAINT audit_log_previous_length CHECK (length(previous) = 32),
    hash BYTEA NOT NULL CONSTRAINT audit_log_hash_length CHECK (length(hash) = 32)
);
-- Serves: the walk of the verifier. A number is given once in a run.
CREATE UNIQUE INDEX audit_log_chain ON audit_log (run, seq);
-- Serves: what one person did.
CREATE INDEX audit_log_person ON audit_log (person_id, id DESC) WHERE person_id IS NOT NULL;
-- Serves: what was done in one way, and what was refused.
CREATE INDEX audit_log_action ON audit_log (action, id DESC);
CREATE INDEX audit_log_result ON audit_log (result, id DESC) WHERE result <> 'done';
-- Serves: what happened in a time, and what is to be taken away.
CREATE INDEX audit_log_at ON audit_log (at);
