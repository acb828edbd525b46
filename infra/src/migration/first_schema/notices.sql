-- What is passed on when an order changed: to those who watch, and to those who are told.

CREATE TABLE outbox (
    id UUID NOT NULL PRIMARY KEY,
    -- NULL of what is about no order: digests, papers of partners, campaigns.
    order_id UUID,
    seq BIGINT,
    community_id UUID NOT NULL REFERENCES communities (id),
    -- 'changed': nobody is told, those who watch see it.
    kind TEXT NOT NULL CONSTRAINT outbox_kind_known CHECK (kind IN ('changed',
        'received', 'ordered_for_you', 'accepted', 'refused', 'dispatched', 'visit_planned', 'resolved', 'merged',
        'reopened', 'comment', 'new_order', 'alarm', 'returned', 'completed', 'withdrawn', 'urged', 'near_due', 'overdue',
        'recalled', 'reworked', 'papers_missing', 'target_ended', 'call_needed', 'digest', 'seat_free', 'entrusted',
        'invited', 'meeting', 'meeting_moved', 'confirm_needed', 'follow_up_due', 'mediation_ended', 'quoted',
        'quote_answered', 'paper_near_end', 'paper_ends', 'campaign_joined', 'mediator_changed',
        'seat_not_found', 'seat_moved')),
    importance TEXT NOT NULL CONSTRAINT outbox_importance_known
        CHECK (importance IN ('quiet', 'ordinary', 'important', 'urgent')),
    to_person_id UUID REFERENCES persons (id),
    to_partner_id UUID REFERENCES partners (id),
    -- Those on duty in the community.
    to_desk_id UUID REFERENCES communities (id),
    -- The handler that it speaks of.
    about_partner_id UUID REFERENCES partners (id),
    -- The dispatch that a change was made on.
    dispatch_id UUID,
    -- What the words need besides the order.
    facts JSONB,
    -- When the event happened.
    at TIMESTAMPTZ NOT NULL,
    -- When a relay may take it: the end of a lease.
    due_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT outbox_event_fkey FOREIGN KEY (order_id, seq) REFERENCES order_events (order_id, seq),
    CONSTRAINT outbox_about_something CHECK ((order_id IS NULL) = (seq IS NULL)),
    CONSTRAINT outbox_one_audience CHECK
        ((CASE WHEN to_person_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN to_partner_id IS NULL THEN 0 ELSE 1 END)
        + (CASE WHEN to_desk_id IS NULL THEN 0 ELSE 1 END) = (CASE WHEN kind = 'changed' THEN 0 ELSE 1 END))
);
-- Serves: relay.
CREATE INDEX outbox_due ON outbox (due_at, seq, id);

-- The last position given in the feed. Whoever gives the next one holds the row until the end of its transaction, so that
-- positions become visible in their order.
CREATE TABLE feed_position (
    id BIGINT NOT NULL PRIMARY KEY,
    last BIGINT NOT NULL,
    -- Changes up to this position may be gone.
    swept BIGINT NOT NULL
);
INSERT INTO feed_position (id, last, swept) VALUES (1, 0, 0);

-- Changes of orders for those who watch, for some days.
CREATE TABLE feed (
    position BIGINT NOT NULL PRIMARY KEY,
    order_id UUID NOT NULL,
    seq BIGINT NOT NULL,
    -- Whose dispatch it was made on.
    partner_id UUID,
    dispatch_id UUID,
    at TIMESTAMPTZ NOT NULL,
    CONSTRAINT feed_event_fkey FOREIGN KEY (order_id, seq) REFERENCES order_events (order_id, seq)
);
-- Serves: changes whose time is over.
CREATE INDEX feed_at ON feed (at);

-- One notice to one person by one channel.
CREATE TABLE deliveries (
    id UUID NOT NULL PRIMARY KEY,
    -- Its row in the outbox, which is gone.
    notice_id UUID NOT NULL,
    order_id UUID,
    seq BIGINT,
    community_id UUID NOT NULL REFERENCES communities (id),
    kind TEXT NOT NULL CONSTRAINT deliveries_kind_known CHECK (kind IN (
        'received', 'ordered_for_you', 'accepted', 'refused', 'dispatched', 'visit_planned', 'resolved', 'merged',
        'reopened', 'comment', 'new_order', 'alarm', 'returned', 'completed', 'withdrawn', 'urged', 'near_due', 'overdue',
        'recalled', 'reworked', 'papers_missing', 'target_ended', 'call_needed', 'digest', 'seat_free', 'entrusted',
        'invited', 'meeting', 'meeting_moved', 'confirm_needed', 'follow_up_due', 'mediation_ended', 'quoted',
        'quote_answered', 'paper_near_end', 'paper_ends', 'campaign_joined', 'mediator_changed',
        'seat_not_found', 'seat_moved')),
    -- As what the person is told.
    side TEXT NOT NULL CONSTRAINT deliveries_side_known CHECK (side IN ('resident', 'partner', 'desk')),
    importance TEXT NOT NULL CONSTRAINT deliveries_importance_known
        CHECK (importance IN ('quiet', 'ordinary', 'important', 'urgent')),
    about_partner_id UUID REFERENCES partners (id),
    facts JSONB,
    person_id UUID NOT NULL REFERENCES persons (id),
    channel TEXT NOT NULL CONSTRAINT deliveries_channel_known
        CHECK (channel IN ('inbox', 'subscribe', 'service_account', 'wecom', 'call')),
    -- The account that sends it; empty where the channel has but one.
    app_id TEXT NOT NULL,
    state TEXT NOT NULL CONSTRAINT deliveries_state_known CHECK (state IN ('queued', 'sending',
        'delivered', 'unconfirmed', 'undelivered', 'no_right', 'refused', 'invalid_recipient', 'rejected_content',
        'operator_needed', 'gave_up', 'expired', 'overtaken')),
    -- When the event happened.
    at TIMESTAMPTZ NOT NULL,
    -- When it was queued, or queued again by an operator.
    queued_at TIMESTAMPTZ NOT NULL,
    -- Queued: when it may be sent. Sending: the end of the lease. NULL at an end, and of calls.
    due_at TIMESTAMPTZ,
    -- When the channel may first have heard of it, in the try that is under way.
    begun_at TIMESTAMPTZ,
    attempts BIGINT NOT NULL,
    ended_at TIMESTAMPTZ,
    -- The delivery whose message speaks for this one as well.
    folded_into UUID,
    -- The channel's own code.
    code BIGINT,
    -- The channel's own name of the message.
    message TEXT,
    -- Of an inbox's item: its place in the feed.
    position BIGINT,
    read_at TIMESTAMPTZ,
    -- Who called.
    called_by UUID REFERENCES persons (id),
    CONSTRAINT deliveries_once UNIQUE (notice_id, person_id, channel),
    CONSTRAINT deliveries_event_fkey FOREIGN KEY (order_id, seq) REFERENCES order_events (order_id, seq)
);
-- Serves: claim, the sweeps, what waits.
CREATE INDEX deliveries_due ON deliveries (due_at, id) WHERE due_at IS NOT NULL;
-- Serves: claim, what is urgent first.
CREATE INDEX deliveries_due_urgent ON deliveries (due_at, id) WHERE due_at IS NOT NULL AND importance = 'urgent';
-- One message to a person is under way at a time, whatever two workers do. Serves: claim.
CREATE UNIQUE INDEX deliveries_under_way ON deliveries (person_id) WHERE state = 'sending' AND folded_into IS NULL;
-- Serves: claim, what else waits for the person.
CREATE INDEX deliveries_waiting ON deliveries (person_id, due_at) WHERE due_at IS NOT NULL;
-- Serves: folding, the last equal message to a person.
CREATE INDEX deliveries_last ON deliveries (person_id, kind, id DESC)
    WHERE channel IN ('subscribe', 'service_account', 'wecom');
-- Serves: a person's inbox; what a person was told, to show and to remove.
CREATE INDEX deliveries_person ON deliveries (person_id, id DESC);
-- Serves: a person's count of unread items.
CREATE INDEX deliveries_unread ON deliveries (person_id) WHERE channel = 'inbox' AND read_at IS NULL;
-- Serves: items that arrive, for those who watch.
CREATE INDEX deliveries_position ON deliveries (position) WHERE position IS NOT NULL;
-- Serves: the timeline of an order.
CREATE INDEX deliveries_order ON deliveries (order_id, seq);
-- Serves: calls that are to be made.
CREATE INDEX deliveries_calls ON deliveries (community_id, id DESC) WHERE channel = 'call' AND state = 'queued';
-- Serves: what ended badly, for operators. In terms, each of which SQLite takes for a reason to look here; not so a list.
CREATE INDEX deliveries_failed ON deliveries (state, id DESC)
    WHERE state = 'unconfirmed' OR state = 'undelivered' OR state = 'no_right' OR state = 'refused'
        OR state = 'invalid_recipient' OR state = 'rejected_content' OR state = 'operator_needed' OR state = 'gave_up'
        OR state = 'expired' OR state = 'overtaken';
-- Serves: what went by the ways that few take, for operators.
CREATE INDEX deliveries_rare ON deliveries (channel, id DESC)
    WHERE channel = 'service_account' OR channel = 'wecom' OR channel = 'call';
-- Serves: what WeChat says later of a message that it took.
CREATE INDEX deliveries_message ON deliveries (message) WHERE message IS NOT NULL;

-- How many deliveries ended how, by day in Shanghai.
CREATE TABLE delivery_counts (
    day DATE NOT NULL,
    channel TEXT NOT NULL,
    state TEXT NOT NULL,
    deliveries BIGINT NOT NULL,
    CONSTRAINT delivery_counts_pkey PRIMARY KEY (day, channel, state)
);

-- Channels that take nothing until somebody has mended something.
CREATE TABLE circuits (
    channel TEXT NOT NULL,
    app_id TEXT NOT NULL,
    code BIGINT,
    since TIMESTAMPTZ NOT NULL,
    until TIMESTAMPTZ NOT NULL,
    CONSTRAINT circuits_pkey PRIMARY KEY (channel, app_id)
);

-- How the corporation in WeCom calls those who work here.
CREATE TABLE wecom_members (
    person_id UUID NOT NULL PRIMARY KEY REFERENCES persons (id),
    user_id TEXT NOT NULL
);
-- A name is one person's, and to WeCom the same in either case.
CREATE UNIQUE INDEX wecom_members_user ON wecom_members (lower(user_id));

-- Days whose digest was written.
CREATE TABLE digests (
    community_id UUID NOT NULL REFERENCES communities (id),
    day DATE NOT NULL,
    CONSTRAINT digests_pkey PRIMARY KEY (community_id, day)
);
