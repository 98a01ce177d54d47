-- Access tokens that their client took back before they expired (RFC 7009), by the digest of their name.
CREATE TABLE revoked_token (
    tenant TEXT NOT NULL,
    jti BLOB NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, jti)
) STRICT;
CREATE INDEX revoked_token_expired ON revoked_token (tenant, expires_at);

-- Clients to tell that a login has ended (OpenID Connect Back-Channel Logout 1.0): written with its end, sent after it.
CREATE TABLE logout_notice (
    tenant TEXT NOT NULL,
    login TEXT NOT NULL,
    client TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    -- When it was told, or given up.
    sent_at INTEGER,
    PRIMARY KEY (tenant, login, client),
    FOREIGN KEY (tenant, login) REFERENCES session (tenant, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX logout_notice_due ON logout_notice (tenant, due_at) WHERE sent_at IS NULL;

-- Logins that have run out, and whose clients are still to be told.
CREATE INDEX session_expired ON session (tenant, expires_at) WHERE ended_at IS NULL AND register IS NULL;
