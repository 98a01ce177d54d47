-- Keys are exchanged while replicas serve: a key has a stage, and a national number an index under each key that counts.

-- Raised when a key comes, moves on or goes; each replica reads it beside the version, and reads the keys again.
ALTER TABLE tenant_version ADD COLUMN keys INTEGER NOT NULL DEFAULT 0;

-- 'next': known to every replica, used for nothing new. 'active': of several the highest is used. 'retired': opens what it
-- sealed; nothing new is kept under it.
ALTER TABLE tenant_key ADD COLUMN stage TEXT NOT NULL DEFAULT 'active';
-- Since when it is in that stage; 0 when from the beginning.
ALTER TABLE tenant_key ADD COLUMN since INTEGER NOT NULL DEFAULT 0;

-- From when on it signs; it is published before. `retired_at` may be a moment to come, too.
ALTER TABLE signing_key ADD COLUMN active_at INTEGER NOT NULL DEFAULT 0;

-- The index moves to a table of its own.
ALTER TABLE national_number RENAME TO national_number_before;

CREATE TABLE national_number (
    tenant TEXT NOT NULL,
    person TEXT NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (tenant, person),
    FOREIGN KEY (tenant, person) REFERENCES person (tenant, id)
) STRICT;

-- How a person is found by their national number: one row for each index key that counts, unique under each.
CREATE TABLE national_number_index (
    tenant TEXT NOT NULL,
    person TEXT NOT NULL,
    key_id INTEGER NOT NULL,
    lookup BLOB NOT NULL,
    PRIMARY KEY (tenant, person, key_id),
    UNIQUE (tenant, lookup),
    FOREIGN KEY (tenant, person) REFERENCES national_number (tenant, person)
) STRICT;

INSERT INTO national_number (tenant, person, sealed) SELECT tenant, person, sealed FROM national_number_before;
INSERT INTO national_number_index (tenant, person, key_id, lookup) SELECT tenant, person, 1, lookup FROM national_number_before;
DROP TABLE national_number_before;
