-- What is kept of partners beside the directory, how they did, who volunteers, and who is on duty.

CREATE TABLE partner_particulars (
    partner_id UUID NOT NULL PRIMARY KEY REFERENCES partners (id),
    description TEXT,
    address TEXT,
    -- Of a business, for everybody.
    phone TEXT,
    -- Spans of each day of the week, Monday first, in minutes of the day.
    hours JSONB NOT NULL,
    closed_days JSONB NOT NULL,
    offers JSONB NOT NULL,
    agreement_number TEXT,
    -- Both or neither, and both belong to it.
    agreement_from DATE,
    agreement_until DATE,
    licences JSONB NOT NULL,
    -- Belongs to the 红色联盟.
    alliance BOOLEAN NOT NULL,
    -- Both or neither.
    suspended_since TIMESTAMPTZ,
    suspended_reason TEXT,
    on_duty BOOLEAN NOT NULL,
    -- The next day in Shanghai on which somebody is to be told of a paper that ends, and the last on which somebody was.
    papers_due_on DATE,
    papers_told_on DATE,
    open_job_limit BIGINT CONSTRAINT partner_particulars_limit_positive CHECK (open_job_limit >= 1),
    CONSTRAINT partner_particulars_agreement_whole CHECK ((agreement_from IS NULL) = (agreement_until IS NULL)),
    CONSTRAINT partner_particulars_suspension_whole CHECK ((suspended_since IS NULL) = (suspended_reason IS NULL))
);
-- Serves: papers that somebody is to be told of.
CREATE INDEX partner_particulars_papers ON partner_particulars (papers_due_on, partner_id) WHERE papers_due_on IS NOT NULL;

-- Dispatches that a partner holds open: changed in the transaction of each move, so that a limit holds whoever sends at
-- the same time.
CREATE TABLE partner_jobs (
    partner_id UUID NOT NULL PRIMARY KEY REFERENCES partners (id),
    open BIGINT NOT NULL CONSTRAINT partner_jobs_open_counted CHECK (open >= 0)
);

-- How a partner did, by the month in Shanghai in which a dispatch was sent.
CREATE TABLE partner_records (
    partner_id UUID NOT NULL REFERENCES partners (id),
    -- Its first day.
    month DATE NOT NULL,
    dispatches BIGINT NOT NULL,
    withdrawn BIGINT NOT NULL,
    signed BIGINT NOT NULL,
    signed_in_time BIGINT NOT NULL,
    returns BIGINT NOT NULL,
    reworks BIGINT NOT NULL,
    completed BIGINT NOT NULL,
    ratings BIGINT NOT NULL,
    -- The sum of the ratings.
    points BIGINT NOT NULL,
    solved BIGINT NOT NULL,
    CONSTRAINT partner_records_pkey PRIMARY KEY (partner_id, month)
);

-- What somebody offers in a community.
CREATE TABLE volunteers (
    person_id UUID NOT NULL REFERENCES persons (id),
    community_id UUID NOT NULL REFERENCES communities (id),
    hours_per_week BIGINT NOT NULL,
    CONSTRAINT volunteers_pkey PRIMARY KEY (person_id, community_id)
);

-- The primary key serves: who can do something.
CREATE TABLE volunteer_skills (
    community_id UUID NOT NULL REFERENCES communities (id),
    skill TEXT NOT NULL,
    person_id UUID NOT NULL REFERENCES persons (id),
    CONSTRAINT volunteer_skills_pkey PRIMARY KEY (community_id, skill, person_id)
);
-- Serves: what somebody can do.
CREATE INDEX volunteer_skills_person ON volunteer_skills (person_id);

-- Hours that somebody gave to one order.
CREATE TABLE volunteer_hours (
    id UUID NOT NULL PRIMARY KEY,
    order_id UUID NOT NULL REFERENCES orders (id),
    community_id UUID NOT NULL REFERENCES communities (id),
    person_id UUID NOT NULL REFERENCES persons (id),
    -- In Shanghai, when it was noted.
    year BIGINT NOT NULL,
    minutes BIGINT NOT NULL CONSTRAINT volunteer_hours_minutes_positive CHECK (minutes >= 1),
    -- Locked; goes with the words of the order.
    note BYTEA,
    reported_by UUID NOT NULL REFERENCES persons (id),
    reported_at TIMESTAMPTZ NOT NULL,
    -- Nothing counts before somebody of the desk has said so.
    confirmed_by UUID REFERENCES persons (id),
    confirmed_at TIMESTAMPTZ,
    CONSTRAINT volunteer_hours_once UNIQUE (order_id, person_id),
    CONSTRAINT volunteer_hours_confirmed_whole CHECK ((confirmed_by IS NULL) = (confirmed_at IS NULL))
);
-- Serves: somebody's own hours.
CREATE INDEX volunteer_hours_person ON volunteer_hours (person_id, id DESC);
-- Serves: somebody's hours of a year.
CREATE INDEX volunteer_hours_year ON volunteer_hours (person_id, year);
-- Serves: what waits for the desk.
CREATE INDEX volunteer_hours_waiting ON volunteer_hours (community_id, id DESC) WHERE confirmed_at IS NULL;

-- 值班表
CREATE TABLE duty_rota (
    id UUID NOT NULL PRIMARY KEY,
    community_id UUID NOT NULL REFERENCES communities (id),
    starts_at TIMESTAMPTZ NOT NULL,
    ends_at TIMESTAMPTZ NOT NULL,
    -- Where it is somebody known here.
    person_id UUID REFERENCES persons (id),
    -- Locked: name, number and note.
    body BYTEA NOT NULL,
    CONSTRAINT duty_rota_has_a_length CHECK (starts_at < ends_at)
);
-- Serves: who is on duty, and who will be.
CREATE INDEX duty_rota_community ON duty_rota (community_id, ends_at, id);

CREATE TABLE duty_desks (
    community_id UUID NOT NULL PRIMARY KEY REFERENCES communities (id),
    -- Of the office, for everybody.
    phone TEXT
);
