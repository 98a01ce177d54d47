-- A form that came when its session had ended (LOGIN-9): kept until the same person has logged in again, in the same browser.
CREATE TABLE kept_form (
    tenant TEXT NOT NULL,
    digest TEXT NOT NULL,
    -- The register to whose host it came; none: the login host.
    register TEXT,
    person TEXT NOT NULL,
    -- The profile for which it was made.
    profile TEXT NOT NULL,
    browser BYTEA NOT NULL,
    -- Where it goes, its kind, and what was filled in.
    sealed BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    taken_at BIGINT,
    PRIMARY KEY (tenant, digest),
    FOREIGN KEY (tenant, person) REFERENCES person (tenant, id)
);
CREATE INDEX kept_form_by_person ON kept_form (tenant, person, expires_at);

-- Logins that were not used for as long as their means allow are looked for all the time.
CREATE INDEX session_by_use ON session (tenant, means, seen_at) WHERE ended_at IS NULL AND register IS NULL;

ALTER TABLE kept_form ENABLE ROW LEVEL SECURITY;
ALTER TABLE kept_form FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON kept_form USING (tenant = current_tenant()) WITH CHECK (tenant = current_tenant());
