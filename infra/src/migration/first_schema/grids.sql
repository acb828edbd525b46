-- Borders of grids on the map, and the addresses that communities know below their compounds.

CREATE TABLE grid_borders (
    grid_id UUID NOT NULL PRIMARY KEY REFERENCES places (id),
    community_id UUID NOT NULL REFERENCES communities (id),
    -- GCJ-02, as in a MultiPolygon of GeoJSON: areas of rings of [longitude, latitude].
    outline JSONB NOT NULL,
    -- The smallest box around it, millionths of a degree.
    west INTEGER NOT NULL,
    east INTEGER NOT NULL,
    south INTEGER NOT NULL,
    north INTEGER NOT NULL,
    drawn_by UUID NOT NULL REFERENCES persons (id),
    drawn_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT grid_borders_box CHECK (west < east AND south < north)
);
-- Serves: which grids of a community have a border, and what a new one is held against.
CREATE INDEX grid_borders_community ON grid_borders (community_id);
-- Serves: the borders around a point. No border is wider than a fifth of a degree, so that few entries are looked at.
CREATE INDEX grid_borders_around ON grid_borders (west, east, south, north);

CREATE TABLE addresses (
    -- Version 7: lists page by it.
    id UUID NOT NULL PRIMARY KEY,
    community_id UUID NOT NULL REFERENCES communities (id),
    compound_id UUID NOT NULL REFERENCES places (id),
    -- The building or unit that it lies in; a building lies in the compound itself.
    parent_id UUID REFERENCES addresses (id),
    level TEXT NOT NULL CONSTRAINT addresses_level_known CHECK (level IN ('building', 'unit', 'room')),
    -- As people write it; NULL of rooms.
    name TEXT,
    -- Locked: the name of a room.
    room BYTEA,
    -- Blind: the compound and the plain parts, so that no address is known twice and no list of rooms can be made of it.
    key_index BYTEA NOT NULL CONSTRAINT addresses_key UNIQUE CONSTRAINT addresses_key_length CHECK (length(key_index) = 32),
    -- Where buildings of one compound belong to several grids.
    grid_id UUID REFERENCES places (id),
    entered_by UUID NOT NULL REFERENCES persons (id),
    entered_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT addresses_named CHECK ((name IS NULL) = (level = 'room')),
    CONSTRAINT addresses_locked CHECK ((room IS NULL) = (level <> 'room')),
    CONSTRAINT addresses_on_top CHECK ((parent_id IS NULL) = (level = 'building')),
    CONSTRAINT addresses_in_grid CHECK (grid_id IS NULL OR level = 'building')
);
-- Serves: the buildings of a community.
CREATE INDEX addresses_community ON addresses (community_id, id) WHERE parent_id IS NULL;
-- Serves: the buildings of a compound.
CREATE INDEX addresses_compound ON addresses (compound_id, id) WHERE parent_id IS NULL;
-- Serves: the buildings that are assigned to a grid.
CREATE INDEX addresses_grid ON addresses (grid_id, id) WHERE grid_id IS NOT NULL;
-- Serves: what lies in a building or a unit.
CREATE INDEX addresses_parent ON addresses (parent_id, id) WHERE parent_id IS NOT NULL;
