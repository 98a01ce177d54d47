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
