-- What communities say about certificates, and the figures that they publish.

CREATE TABLE certificates (
    place_id UUID NOT NULL REFERENCES places (id),
    key TEXT NOT NULL,
    position BIGINT NOT NULL,
    line JSONB NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    -- NULL where the program brought it along.
    made_by UUID,
    CONSTRAINT certificates_pkey PRIMARY KEY (place_id, key)
);

-- Changed in the transaction of the move that resolves or reopens a matter, so that nobody ever counts orders.
-- The primary key serves every read.
CREATE TABLE figure_counts (
    community_id UUID NOT NULL REFERENCES communities (id),
    figure TEXT NOT NULL CONSTRAINT figure_counts_figure_known
        CHECK (figure IN ('matter', 'errand', 'dispute', 'repair', 'none')),
    -- In Shanghai; of sealed matters the first of the month.
    day DATE NOT NULL,
    service_key TEXT NOT NULL,
    -- All zeros where it was in no compound, and for sealed matters.
    compound_id UUID NOT NULL,
    channel TEXT NOT NULL CONSTRAINT figure_counts_channel_known
        CHECK (channel IN ('mini_program', 'on_behalf', 'import')),
    -- From the order to its result, coarser the longer it took; -1 where that is not known.
    hours INTEGER NOT NULL,
    count BIGINT NOT NULL,
    CONSTRAINT figure_counts_pkey PRIMARY KEY (community_id, day, figure, service_key, compound_id, channel, hours)
);
