-- Codes by telephone (LOGIN-5, LOGIN-8), and a changed address (LOGIN-7).

-- Somebody's telephone number, sealed. Several people may have one: a landline of a hospital (LOGIN-10).
CREATE TABLE phone (
    tenant TEXT NOT NULL,
    person TEXT NOT NULL,
    sealed BLOB NOT NULL,
    -- Until then its owner may correct it, and no code goes there but the one that verifies it.
    verified_at INTEGER,
    PRIMARY KEY (tenant, person),
    FOREIGN KEY (tenant, person) REFERENCES person (tenant, id)
) STRICT;

-- What goes by telephone: taken before it is handed over, so that nobody hands it over twice.
CREATE TABLE phone_message (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    sealed BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    -- When its code is of no use any more.
    expires_at INTEGER NOT NULL,
    taken_at INTEGER,
    PRIMARY KEY (tenant, id)
) STRICT;
CREATE INDEX phone_message_due ON phone_message (tenant, due_at) WHERE taken_at IS NULL;
CREATE INDEX phone_message_by_end ON phone_message (tenant, expires_at);

-- By which factor a code was sent; by telephone, also how.
ALTER TABLE email_code ADD COLUMN factor TEXT NOT NULL DEFAULT 'email_code';
ALTER TABLE email_code ADD COLUMN channel TEXT;

-- An address that waits until who asked for it confirms it, by a link that was sent there. The old one may object, also after.
CREATE TABLE address_change (
    tenant TEXT NOT NULL,
    digest BLOB NOT NULL,
    objection BLOB NOT NULL,
    person TEXT NOT NULL,
    old_email TEXT NOT NULL,
    email TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    taken_at INTEGER,
    objection_until INTEGER NOT NULL,
    objected_at INTEGER,
    PRIMARY KEY (tenant, digest),
    UNIQUE (tenant, objection),
    FOREIGN KEY (tenant, person) REFERENCES person (tenant, id)
) STRICT;
CREATE INDEX address_change_by_person ON address_change (tenant, person);
CREATE INDEX address_change_by_end ON address_change (tenant, objection_until);
