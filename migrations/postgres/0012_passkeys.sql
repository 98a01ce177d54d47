-- Passkeys, recovery codes, and what is remembered while somebody proves or adds a factor.

-- The random name by which somebody's authenticators know them (WebAuthn Level 3 section 14.6.1): it says nothing about anybody.
-- Whoever changes what a person logs in with holds this row.
CREATE TABLE passkey_user (
    tenant TEXT NOT NULL,
    person TEXT NOT NULL,
    handle TEXT NOT NULL,
    PRIMARY KEY (tenant, person),
    UNIQUE (tenant, handle),
    FOREIGN KEY (tenant, person) REFERENCES person (tenant, id)
);

CREATE TABLE passkey (
    tenant TEXT NOT NULL,
    -- The credential's id, base64url: one owner in a tenant.
    id TEXT NOT NULL,
    person TEXT NOT NULL,
    -- The login host for which it was made; for another one it proves nothing.
    rp_id TEXT NOT NULL,
    name TEXT NOT NULL,
    -- The public key and what came with it (JSON).
    credential TEXT NOT NULL,
    -- The authenticator's count when it was last used: it never goes back.
    counter BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, person) REFERENCES person (tenant, id)
);
CREATE INDEX passkey_by_person ON passkey (tenant, person);

-- A question to a browser that is answered once: a passkey's challenge, the secret of an app that is being set up.
CREATE TABLE ceremony (
    tenant TEXT NOT NULL,
    digest TEXT NOT NULL,
    -- The attempt or the session in which it was asked.
    owner TEXT NOT NULL,
    browser BYTEA NOT NULL,
    sealed BYTEA NOT NULL,
    expires_at BIGINT NOT NULL,
    taken_at BIGINT,
    PRIMARY KEY (tenant, digest)
);
CREATE INDEX ceremony_by_end ON ceremony (tenant, expires_at);

-- Whether a mailed link set it and no password was there before: then nothing was forgotten.
ALTER TABLE password ADD COLUMN is_first BOOLEAN NOT NULL DEFAULT FALSE;

-- Codes for who lost everything else; a new set takes the place of the old.
CREATE TABLE recovery_code (
    tenant TEXT NOT NULL,
    person TEXT NOT NULL,
    digest BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    taken_at BIGINT,
    PRIMARY KEY (tenant, person, digest),
    FOREIGN KEY (tenant, person) REFERENCES person (tenant, id)
);

ALTER TABLE passkey_user ENABLE ROW LEVEL SECURITY;
ALTER TABLE passkey_user FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON passkey_user USING (tenant = current_tenant()) WITH CHECK (tenant = current_tenant());

ALTER TABLE passkey ENABLE ROW LEVEL SECURITY;
ALTER TABLE passkey FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON passkey USING (tenant = current_tenant()) WITH CHECK (tenant = current_tenant());

ALTER TABLE ceremony ENABLE ROW LEVEL SECURITY;
ALTER TABLE ceremony FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON ceremony USING (tenant = current_tenant()) WITH CHECK (tenant = current_tenant());

ALTER TABLE recovery_code ENABLE ROW LEVEL SECURITY;
ALTER TABLE recovery_code FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON recovery_code USING (tenant = current_tenant()) WITH CHECK (tenant = current_tenant());
