-- A form that came when its session had ended (LOGIN-9): kept until the same person has logged in again, in the same browser.
CREATE TABLE kept_form (
    tenant TEXT NOT NULL,
    digest TEXT NOT NULL,
    -- The register to whose host it came; none: the login host.
    register TEXT,
    person TEXT NOT NULL,
    -- The profile for which it was made.
    profile TEXT NOT NULL,
    browser BLOB NOT NULL,
    -- Where it goes, its kind, and what was filled in.
    sealed BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    taken_at INTEGER,
    PRIMARY KEY (tenant, digest),
    FOREIGN KEY (tenant, person) REFERENCES person (tenant, id)
) STRICT;
CREATE INDEX kept_form_by_person ON kept_form (tenant, person, expires_at);

-- Logins that were not used for as long as their means allow are looked for all the time.
CREATE INDEX session_by_use ON session (tenant, means, seen_at) WHERE ended_at IS NULL AND register IS NULL;
