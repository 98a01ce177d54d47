-- What people let others see of them: for one purpose, by one recipient, until they take it back.
CREATE TABLE consent (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    -- The data subject, who gave it.
    person TEXT NOT NULL,
    purpose TEXT NOT NULL,
    to_person TEXT,
    to_organization TEXT,
    -- Whichever of both it was given to.
    recipient TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_until TEXT,
    given_at INTEGER NOT NULL,
    -- When it was taken back, or ended with what it rested on. The row stays: what was consented to can be shown later.
    ended_at INTEGER,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, person) REFERENCES person (tenant, id),
    FOREIGN KEY (tenant, to_person) REFERENCES person (tenant, id),
    FOREIGN KEY (tenant, to_organization) REFERENCES organization (tenant, id),
    CHECK ((to_person IS NULL) <> (to_organization IS NULL))
) STRICT;
CREATE UNIQUE INDEX consent_standing ON consent (tenant, person, purpose, recipient) WHERE ended_at IS NULL;
CREATE INDEX consent_by_recipient ON consent (tenant, recipient, person) WHERE ended_at IS NULL;
