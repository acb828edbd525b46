-- Drives from door to door that grew out of an order (专项行动). Who lives behind which door lies locked.

CREATE TABLE campaigns (
    -- Version 7: lists page by it.
    id UUID NOT NULL PRIMARY KEY,
    -- Out of which it grew.
    order_id UUID NOT NULL REFERENCES orders (id),
    community_id UUID NOT NULL REFERENCES communities (id),
    title TEXT NOT NULL,
    -- Locked: what it is for, in the desk's words.
    purpose BYTEA NOT NULL,
    -- Enlisted so far; also the last number given.
    households BIGINT NOT NULL CONSTRAINT campaigns_households_possible CHECK (households BETWEEN 0 AND 20000),
    opened_by UUID NOT NULL REFERENCES persons (id),
    opened_at TIMESTAMPTZ NOT NULL,
    closed_by UUID REFERENCES persons (id),
    closed_at TIMESTAMPTZ,
    -- Its households were forgotten: their time was over.
    forgotten BOOLEAN NOT NULL,
    CONSTRAINT campaigns_closed_whole CHECK ((closed_at IS NULL) = (closed_by IS NULL)),
    CONSTRAINT campaigns_forgotten_closed CHECK (NOT forgotten OR closed_at IS NOT NULL)
);
-- Serves: the campaigns of a community.
CREATE INDEX campaigns_community ON campaigns (community_id, id DESC);
-- Serves: the campaigns that grew out of an order.
CREATE INDEX campaigns_order ON campaigns (order_id, id DESC);
-- Serves: closed ones whose time is over.
CREATE INDEX campaigns_closed ON campaigns (closed_at) WHERE closed_at IS NOT NULL AND NOT forgotten;

-- What it hands out.
CREATE TABLE campaign_items (
    campaign_id UUID NOT NULL REFERENCES campaigns (id),
    -- Its place in the list, from 0.
    position SMALLINT NOT NULL,
    name TEXT NOT NULL,
    unit TEXT NOT NULL,
    CONSTRAINT campaign_items_pkey PRIMARY KEY (campaign_id, position)
);

-- Who goes along.
CREATE TABLE campaign_partners (
    campaign_id UUID NOT NULL REFERENCES campaigns (id),
    position SMALLINT NOT NULL,
    partner_id UUID NOT NULL REFERENCES partners (id),
    doors TEXT NOT NULL CONSTRAINT campaign_partners_doors_known CHECK (doors IN ('assigned', 'all')),
    CONSTRAINT campaign_partners_pkey PRIMARY KEY (campaign_id, position)
);
-- Nobody is named twice. Also serves: the campaigns that name a partner.
CREATE UNIQUE INDEX campaign_partners_named ON campaign_partners (partner_id, campaign_id);

CREATE TABLE households (
    id UUID NOT NULL PRIMARY KEY,
    campaign_id UUID NOT NULL REFERENCES campaigns (id),
    -- From 1: lists page by it.
    number BIGINT NOT NULL CONSTRAINT households_number_positive CHECK (number >= 1),
    compound_id UUID NOT NULL REFERENCES places (id),
    -- Blind: one door is enlisted once. NULL where it was forgotten.
    door_index BYTEA CONSTRAINT households_door_index_length CHECK (length(door_index) = 32),
    -- Locked: the address and a note. NULL where it was forgotten.
    door BYTEA,
    -- To whom it is given.
    partner_id UUID REFERENCES partners (id),
    -- Visits so far, and how the latest one went.
    rounds SMALLINT NOT NULL CONSTRAINT households_rounds_possible CHECK (rounds BETWEEN 0 AND 9),
    outcome TEXT CONSTRAINT households_outcome_known CHECK (outcome IN ('visited', 'not_at_home', 'refused')),
    CONSTRAINT households_outcome_whole CHECK ((outcome IS NULL) = (rounds = 0)),
    CONSTRAINT households_door_whole CHECK ((door IS NULL) = (door_index IS NULL))
);
-- Serves: the households of a campaign, 20,000 at most: what narrows them down further is looked at row by row.
CREATE UNIQUE INDEX households_numbered ON households (campaign_id, number);
CREATE UNIQUE INDEX households_door ON households (campaign_id, door_index);
-- Serves: totals.
CREATE INDEX households_outcome ON households (campaign_id, outcome);

-- Who lives there.
CREATE TABLE household_people (
    household_id UUID NOT NULL REFERENCES households (id),
    seq BIGINT NOT NULL,
    -- Where the person has an account here: whoever closes it goes from here too.
    person_id UUID REFERENCES persons (id),
    -- Locked: name, phone, note.
    body BYTEA NOT NULL,
    CONSTRAINT household_people_pkey PRIMARY KEY (household_id, seq)
);
-- Serves: households that name somebody who closes the account.
CREATE INDEX household_people_person ON household_people (person_id) WHERE person_id IS NOT NULL;

CREATE TABLE campaign_visits (
    id UUID NOT NULL PRIMARY KEY,
    campaign_id UUID NOT NULL REFERENCES campaigns (id),
    household_id UUID NOT NULL REFERENCES households (id),
    round SMALLINT NOT NULL CONSTRAINT campaign_visits_round_possible CHECK (round BETWEEN 1 AND 9),
    outcome TEXT NOT NULL CONSTRAINT campaign_visits_outcome_known
        CHECK (outcome IN ('visited', 'not_at_home', 'refused')),
    -- Locked: findings, visitors, photos, proofs. NULL where it was forgotten.
    body BYTEA,
    by_id UUID NOT NULL REFERENCES persons (id),
    hat TEXT NOT NULL CONSTRAINT campaign_visits_hat_known
        CHECK (hat IN ('grid_worker', 'intake_clerk', 'secretary', 'partner')),
    partner_id UUID REFERENCES partners (id),
    at TIMESTAMPTZ NOT NULL,
    CONSTRAINT campaign_visits_partner CHECK ((hat = 'partner') = (partner_id IS NOT NULL))
);
-- One record of a household in a round. Also serves: the visits of a household.
CREATE UNIQUE INDEX campaign_visits_once ON campaign_visits (household_id, round);
-- Serves: totals, and households by the outcome of a round.
CREATE INDEX campaign_visits_outcome ON campaign_visits (campaign_id, round, outcome, household_id);

-- What was handed out: how much, and at which visit.
CREATE TABLE handed_out (
    visit_id UUID NOT NULL REFERENCES campaign_visits (id),
    campaign_id UUID NOT NULL,
    -- The place of the item in its campaign.
    item SMALLINT NOT NULL,
    quantity SMALLINT NOT NULL CONSTRAINT handed_out_quantity_possible CHECK (quantity BETWEEN 1 AND 99),
    CONSTRAINT handed_out_pkey PRIMARY KEY (visit_id, item),
    CONSTRAINT handed_out_item_fkey FOREIGN KEY (campaign_id, item) REFERENCES campaign_items (campaign_id, position)
);
-- Serves: totals.
CREATE INDEX handed_out_totals ON handed_out (campaign_id, item, quantity);

-- Who saw a household in full.
CREATE TABLE household_looks (
    id UUID NOT NULL PRIMARY KEY,
    household_id UUID NOT NULL REFERENCES households (id),
    viewer_id UUID NOT NULL REFERENCES persons (id),
    hat TEXT NOT NULL CONSTRAINT household_looks_hat_known
        CHECK (hat IN ('grid_worker', 'intake_clerk', 'secretary', 'partner')),
    partner_id UUID REFERENCES partners (id),
    purpose TEXT NOT NULL CONSTRAINT household_looks_purpose_known
        CHECK (purpose IN ('contact_resident', 'home_visit', 'verify_facts', 'emergency', 'follow_up')),
    at TIMESTAMPTZ NOT NULL,
    CONSTRAINT household_looks_partner CHECK ((hat = 'partner') = (partner_id IS NOT NULL))
);
-- Serves: looks whose time is over.
CREATE INDEX household_looks_at ON household_looks (at);
