-- A phone with the app of a register: offered as a QR code, taken by the app, confirmed by the person. What the confirmed phone may
-- rests on a session of its own, which no cookie opens; that one ending is the pairing ending.
CREATE TABLE pairing (
    tenant TEXT NOT NULL,
    -- What the QR code carries.
    code BYTEA NOT NULL,
    -- Who shows it, in which session and with which profile.
    person TEXT NOT NULL,
    login TEXT NOT NULL,
    profile TEXT NOT NULL,
    client TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    -- Set by the one app that takes it: its name, the thumbprint of its key (RFC 7638), what it asks, and with what it waits.
    taken_at BIGINT,
    device TEXT,
    device_key TEXT,
    scope TEXT,
    waits_with BYTEA,
    -- What the phone shows, and how often something else was typed.
    number TEXT,
    tries BIGINT NOT NULL,
    -- Set by the person who typed the number.
    confirmed_at BIGINT,
    session TEXT,
    authorization_grant TEXT,
    -- When the app got its first tokens; when the offer was withdrawn.
    redeemed_at BIGINT,
    ended_at BIGINT,
    PRIMARY KEY (tenant, code),
    UNIQUE (tenant, waits_with),
    FOREIGN KEY (tenant, person) REFERENCES person (tenant, id),
    FOREIGN KEY (tenant, login) REFERENCES session (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, profile) REFERENCES profile (tenant, handle),
    FOREIGN KEY (tenant, session) REFERENCES session (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, authorization_grant) REFERENCES authorization_grant (tenant, id) ON DELETE CASCADE
);
CREATE INDEX pairing_by_login ON pairing (tenant, login);
CREATE UNIQUE INDEX pairing_by_session ON pairing (tenant, session) WHERE session IS NOT NULL;
CREATE UNIQUE INDEX pairing_by_grant ON pairing (tenant, authorization_grant) WHERE authorization_grant IS NOT NULL;
ALTER TABLE pairing ENABLE ROW LEVEL SECURITY;
ALTER TABLE pairing FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON pairing USING (tenant = current_tenant()) WITH CHECK (tenant = current_tenant());
