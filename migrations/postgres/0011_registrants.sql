-- Whom anyone may look up (LOOKUP-1): the folded names by which a registrant is found, beside each registration. One look-up
-- walks along the key.
ALTER TABLE registration ADD COLUMN certified_until TEXT COLLATE "C";
CREATE TABLE registrant_name (
    tenant TEXT NOT NULL,
    profession TEXT NOT NULL,
    -- The family name without its prefixes, or one half of a double name.
    name TEXT COLLATE "C" NOT NULL,
    given TEXT COLLATE "C" NOT NULL,
    person TEXT NOT NULL,
    PRIMARY KEY (tenant, profession, name, given, person),
    FOREIGN KEY (tenant, person, profession) REFERENCES registration (tenant, person, profession) ON DELETE CASCADE
);
CREATE INDEX registrant_name_by_person ON registrant_name (tenant, person, profession);
ALTER TABLE registrant_name ENABLE ROW LEVEL SECURITY;
ALTER TABLE registrant_name FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON registrant_name USING (tenant = current_tenant()) WITH CHECK (tenant = current_tenant());

-- How much of what may be looked up in public was: the moment at which all of it is paid for.
CREATE TABLE lookup_spent (
    tenant TEXT NOT NULL PRIMARY KEY,
    paid BIGINT NOT NULL
);
ALTER TABLE lookup_spent ENABLE ROW LEVEL SECURITY;
ALTER TABLE lookup_spent FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON lookup_spent USING (tenant = current_tenant()) WITH CHECK (tenant = current_tenant());

-- Accounts that somebody asked for (LOGIN-12): each waits for the link in a mail, and for the password that was chosen.
CREATE TABLE account_request (
    tenant TEXT NOT NULL,
    digest BYTEA NOT NULL,
    email TEXT NOT NULL,
    language TEXT NOT NULL,
    password TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    taken_at BIGINT,
    PRIMARY KEY (tenant, digest)
);
CREATE INDEX account_request_expired ON account_request (tenant, expires_at);
ALTER TABLE account_request ENABLE ROW LEVEL SECURITY;
ALTER TABLE account_request FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON account_request USING (tenant = current_tenant()) WITH CHECK (tenant = current_tenant());
