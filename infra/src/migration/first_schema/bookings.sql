-- Dates that may be booked, and who booked them.

CREATE TABLE slots (
    id UUID NOT NULL PRIMARY KEY,
    community_id UUID NOT NULL REFERENCES communities (id),
    service_key TEXT NOT NULL,
    starts_at TIMESTAMPTZ NOT NULL,
    ends_at TIMESTAMPTZ NOT NULL,
    capacity INTEGER NOT NULL CONSTRAINT slots_capacity_positive CHECK (capacity >= 1),
    -- What is taken is a number of its own: whoever takes a seat locks this row, and nobody counts rows.
    taken INTEGER NOT NULL CONSTRAINT slots_never_oversold CHECK (taken >= 0 AND taken <= capacity),
    waiting INTEGER NOT NULL CONSTRAINT slots_waiting_counted CHECK (waiting >= 0),
    -- How many ever came: gives each booking its place in the order of arrival.
    arrived INTEGER NOT NULL,
    -- Who serves; the community itself where it is NULL.
    partner_id UUID REFERENCES partners (id),
    closed BOOLEAN NOT NULL,
    CONSTRAINT slots_end_after_start CHECK (ends_at > starts_at)
);
-- Serves: the page of dates.
CREATE INDEX slots_dates ON slots (community_id, service_key, starts_at, id);
-- A date of the same service, served by the same hands, is there once.
CREATE UNIQUE INDEX slots_of_partners ON slots (community_id, service_key, starts_at, partner_id)
    WHERE partner_id IS NOT NULL;
CREATE UNIQUE INDEX slots_of_communities ON slots (community_id, service_key, starts_at) WHERE partner_id IS NULL;
-- Serves: those who wait for a date that has begun or was closed.
CREATE INDEX slots_waited_for ON slots (starts_at) WHERE waiting > 0;

CREATE TABLE bookings (
    order_id UUID NOT NULL PRIMARY KEY,
    slot_id UUID NOT NULL REFERENCES slots (id),
    person_id UUID NOT NULL REFERENCES persons (id),
    state TEXT NOT NULL CONSTRAINT bookings_state_known
        CHECK (state IN ('booked', 'waiting', 'cancelled', 'no_show', 'served')),
    -- Its place in the order of arrival at this date.
    arrival INTEGER NOT NULL,
    booked_at TIMESTAMPTZ NOT NULL,
    promoted_at TIMESTAMPTZ,
    -- Until when it is kept for an order that is not there yet; NULL once it is.
    held_until TIMESTAMPTZ
);
-- Serves: who comes, who waits first.
CREATE UNIQUE INDEX bookings_arrivals ON bookings (slot_id, arrival);
-- Serves: how many one person has.
CREATE INDEX bookings_live ON bookings (person_id) WHERE state IN ('booked', 'waiting');
-- Serves: the sweep of what was held in vain.
CREATE INDEX bookings_held ON bookings (held_until) WHERE held_until IS NOT NULL;
