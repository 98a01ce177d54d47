-- Logging in at other providers.

-- The keys that the tenant shows to them, sealed: apart from those of its own issuer.
CREATE TABLE relying_key (
    tenant TEXT NOT NULL,
    -- 'sig-1' signs what Poort says to them, 'enc-1' opens what they encrypted for it; the number is the key's.
    name TEXT NOT NULL,
    sealed BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, name)
) STRICT;

-- A person who went to another provider: what comes back is taken once, in the browser that left.
CREATE TABLE federated_login (
    tenant TEXT NOT NULL,
    -- The digest of `state`.
    state TEXT NOT NULL,
    attempt TEXT NOT NULL,
    factor TEXT NOT NULL,
    -- What the method needs to believe the answer: nonce, PKCE verifier.
    sealed BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    taken_at INTEGER,
    PRIMARY KEY (tenant, state),
    FOREIGN KEY (tenant, attempt) REFERENCES attempt (tenant, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX federated_login_by_attempt ON federated_login (tenant, attempt);
