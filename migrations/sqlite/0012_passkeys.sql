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
) STRICT;

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
    counter INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    used_at INTEGER,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, person) REFERENCES person (tenant, id)
) STRICT;
CREATE INDEX passkey_by_person ON passkey (tenant, person);

-- A question to a browser that is answered once: a passkey's challenge, the secret of an app that is being set up.
CREATE TABLE ceremony (
    tenant TEXT NOT NULL,
    digest TEXT NOT NULL,
    -- The attempt or the session in which it was asked.
    owner TEXT NOT NULL,
    browser BLOB NOT NULL,
    sealed BLOB NOT NULL,
    expires_at INTEGER NOT NULL,
    taken_at INTEGER,
    PRIMARY KEY (tenant, digest)
) STRICT;
CREATE INDEX ceremony_by_end ON ceremony (tenant, expires_at);

-- Whether a mailed link set it and no password was there before: then nothing was forgotten.
ALTER TABLE password ADD COLUMN is_first INTEGER NOT NULL DEFAULT 0;

-- Codes for who lost everything else; a new set takes the place of the old.
CREATE TABLE recovery_code (
    tenant TEXT NOT NULL,
    person TEXT NOT NULL,
    digest BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    taken_at INTEGER,
    PRIMARY KEY (tenant, person, digest),
    FOREIGN KEY (tenant, person) REFERENCES person (tenant, id)
) STRICT;
