-- What WeChat told us, what may be sent to whom, and words that no check has passed.

CREATE TABLE wechat_events (
    -- Made from app and event: told again, it is known.
    id UUID NOT NULL PRIMARY KEY,
    app_id TEXT NOT NULL,
    -- WeChat's own name of it.
    name TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    -- Locked: what was not understood, as it came.
    raw BYTEA
);
-- Serves: the sweep of events long ago.
CREATE INDEX wechat_events_at ON wechat_events (at);

-- The ledger: what one person's answers to prompts allow.
CREATE TABLE message_rights (
    person_id UUID NOT NULL REFERENCES persons (id),
    app_id TEXT NOT NULL,
    template_id TEXT NOT NULL,
    -- Messages that single answers allow.
    left_over BIGINT NOT NULL CONSTRAINT message_rights_left CHECK (left_over >= 0),
    -- As many as there are, until it is taken back.
    standing BOOLEAN NOT NULL,
    -- One of them is known from the mini-program alone.
    hinted BOOLEAN NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    CONSTRAINT message_rights_pkey PRIMARY KEY (person_id, app_id, template_id)
);

-- Who follows a service account.
CREATE TABLE followers (
    app_id TEXT NOT NULL,
    openid TEXT NOT NULL,
    -- The name that all apps of one operator share; persons have the same one.
    unionid TEXT,
    -- NULL until WeChat was asked who that is.
    asked_at TIMESTAMPTZ,
    since TIMESTAMPTZ NOT NULL,
    CONSTRAINT followers_pkey PRIMARY KEY (app_id, openid)
);
-- Serves: the person's account with a service account.
CREATE INDEX followers_unionid ON followers (unionid) WHERE unionid IS NOT NULL;
-- Serves: followers of whom WeChat was not asked yet.
CREATE INDEX followers_strangers ON followers (since) WHERE asked_at IS NULL;

-- People who took their phone or photos back in WeChat, and whose orders still hold them.
CREATE TABLE to_forget (
    person_id UUID NOT NULL PRIMARY KEY REFERENCES persons (id),
    -- WeChat's own name of what was told.
    told TEXT NOT NULL,
    phone BOOLEAN NOT NULL,
    photos BOOLEAN NOT NULL,
    -- When it was told last.
    since TIMESTAMPTZ NOT NULL
);

-- Words that were taken in with an event although no check has passed them; gone when a check or a person has.
CREATE TABLE marked_words (
    order_id UUID NOT NULL,
    seq BIGINT NOT NULL,
    author_id UUID NOT NULL REFERENCES persons (id),
    -- Locked; gone when nobody asks the check any more.
    words BYTEA,
    state TEXT NOT NULL CONSTRAINT marked_words_state_known
        CHECK (state IN ('waiting', 'review')),
    -- When the check is asked again; NULL where a person decides.
    due_at TIMESTAMPTZ,
    tries BIGINT NOT NULL,
    CONSTRAINT marked_words_pkey PRIMARY KEY (order_id, seq),
    CONSTRAINT marked_words_event_fkey FOREIGN KEY (order_id, seq) REFERENCES order_events (order_id, seq)
);
-- Serves: claim.
CREATE INDEX marked_words_due ON marked_words (due_at) WHERE due_at IS NOT NULL;
-- Serves: the author's erasure.
CREATE INDEX marked_words_author ON marked_words (author_id);

-- Codes on the walls, which open the order form with the place filled in.
CREATE TABLE entrances (
    id UUID NOT NULL PRIMARY KEY,
    -- What the scanned code says: random, so that nobody forges one.
    scene TEXT NOT NULL CONSTRAINT entrances_scene_key UNIQUE,
    community_id UUID NOT NULL REFERENCES communities (id),
    compound_id UUID REFERENCES places (id),
    building TEXT,
    service_key TEXT,
    made_by UUID NOT NULL REFERENCES persons (id),
    made_at TIMESTAMPTZ NOT NULL,
    -- When it was taken down.
    ended_at TIMESTAMPTZ
);
-- Serves: the codes of a community.
CREATE INDEX entrances_community ON entrances (community_id, id DESC) WHERE ended_at IS NULL;
