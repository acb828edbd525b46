-- Notices on their way, and how each delivery ended.

CREATE TABLE outbox (
    id UUID NOT NULL PRIMARY KEY,
    order_id UUID NOT NULL,
    seq BIGINT NOT NULL,
    kind TEXT NOT NULL CONSTRAINT outbox_kind_known
        CHECK (kind IN ('accepted', 'dispatched', 'resolved', 'ordered_for_you', 'alarm')),
    to_person_id UUID REFERENCES persons (id),
    to_partner_id UUID REFERENCES partners (id),
    -- Those on duty in the community.
    to_desk_id UUID REFERENCES communities (id),
    -- The handler that the notice speaks of.
    about_partner_id UUID REFERENCES partners (id),
    -- When the event happened.
    at TIMESTAMPTZ NOT NULL,
    -- When a worker may take it: the end of a lease, the time of a retry.
    due_at TIMESTAMPTZ NOT NULL,
    attempts BIGINT NOT NULL,
    CONSTRAINT outbox_event_fkey FOREIGN KEY (order_id, seq) REFERENCES order_events (order_id, seq),
    CONSTRAINT outbox_one_audience CHECK
        ((CASE WHEN to_person_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN to_partner_id IS NULL THEN 0 ELSE 1 END)
        + (CASE WHEN to_desk_id IS NULL THEN 0 ELSE 1 END) = 1)
);
-- Serves: claim.
CREATE INDEX outbox_due ON outbox (due_at, seq, id);

CREATE TABLE deliveries (
    order_id UUID NOT NULL,
    seq BIGINT NOT NULL,
    kind TEXT NOT NULL CONSTRAINT deliveries_kind_known
        CHECK (kind IN ('accepted', 'dispatched', 'resolved', 'ordered_for_you', 'alarm')),
    person_id UUID NOT NULL REFERENCES persons (id),
    outcome TEXT NOT NULL CONSTRAINT deliveries_outcome_known CHECK (outcome IN
        ('delivered', 'unconfirmed', 'undelivered', 'no_right', 'invalid_recipient', 'rejected_content', 'operator_needed', 'gave_up')),
    -- The channel's own code.
    code BIGINT,
    -- The channel's own name of the message.
    message TEXT,
    at TIMESTAMPTZ NOT NULL,
    CONSTRAINT deliveries_pkey PRIMARY KEY (order_id, seq, kind, person_id),
    CONSTRAINT deliveries_event_fkey FOREIGN KEY (order_id, seq) REFERENCES order_events (order_id, seq)
);
-- Serves: what WeChat says later of a message that it took.
CREATE INDEX deliveries_message ON deliveries (message) WHERE message IS NOT NULL;
-- Serves: what was told to a person: to show, to remove.
CREATE INDEX deliveries_person ON deliveries (person_id, at);
-- Serves: deliveries whose time is over.
CREATE INDEX deliveries_at ON deliveries (at);
