-- Whom anyone may look up (LOOKUP-1): the folded names by which a registrant is found, beside each registration. One look-up
-- walks along the key.
ALTER TABLE registration ADD COLUMN certified_until TEXT;
CREATE TABLE registrant_name (
    tenant TEXT NOT NULL,
    profession TEXT NOT NULL,
    -- The family name without its prefixes, or one half of a double name.
    name TEXT NOT NULL,
    given TEXT NOT NULL,
    person TEXT NOT NULL,
    PRIMARY KEY (tenant, profession, name, given, person),
    FOREIGN KEY (tenant, person, profession) REFERENCES registration (tenant, person, profession) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX registrant_name_by_person ON registrant_name (tenant, person, profession);

-- How much of what may be looked up in public was: the moment at which all of it is paid for.
CREATE TABLE lookup_spent (
    tenant TEXT NOT NULL PRIMARY KEY,
    paid INTEGER NOT NULL
) STRICT;

-- Accounts that somebody asked for (LOGIN-12): each waits for the link in a mail, and for the password that was chosen.
CREATE TABLE account_request (
    tenant TEXT NOT NULL,
    digest BLOB NOT NULL,
    email TEXT NOT NULL,
    language TEXT NOT NULL,
    password TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    taken_at INTEGER,
    PRIMARY KEY (tenant, digest)
) STRICT;
CREATE INDEX account_request_expired ON account_request (tenant, expires_at);
