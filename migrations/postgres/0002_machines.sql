-- Access tokens that their client took back before they expired (RFC 7009), by the digest of their name.
CREATE TABLE revoked_token (
    tenant TEXT NOT NULL,
    jti BYTEA NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, jti)
);
CREATE INDEX revoked_token_expired ON revoked_token (tenant, expires_at);

-- Clients to tell that a login has ended (OpenID Connect Back-Channel Logout 1.0): written with its end, sent after it.
CREATE TABLE logout_notice (
    tenant TEXT NOT NULL,
    login TEXT NOT NULL,
    client TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    -- When it was told, or given up.
    sent_at BIGINT,
    PRIMARY KEY (tenant, login, client),
    FOREIGN KEY (tenant, login) REFERENCES session (tenant, id) ON DELETE CASCADE
);
CREATE INDEX logout_notice_due ON logout_notice (tenant, due_at) WHERE sent_at IS NULL;

-- Logins that have run out, and whose clients are still to be told.
CREATE INDEX session_expired ON session (tenant, expires_at) WHERE ended_at IS NULL AND register IS NULL;

ALTER TABLE revoked_token ENABLE ROW LEVEL SECURITY;
ALTER TABLE revoked_token FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON revoked_token USING (tenant = current_tenant()) WITH CHECK (tenant = current_tenant());
ALTER TABLE logout_notice ENABLE ROW LEVEL SECURITY;
ALTER TABLE logout_notice FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON logout_notice USING (tenant = current_tenant()) WITH CHECK (tenant = current_tenant());
