-- A phone with the app of a register: offered as a QR code, taken by the app, confirmed by the person. What the confirmed phone may
-- rests on a session of its own, which no cookie opens; that one ending is the pairing ending.
CREATE TABLE pairing (
    tenant TEXT NOT NULL,
    -- What the QR code carries.
    code BLOB NOT NULL,
    -- Who shows it, in which session and with which profile.
    person TEXT NOT NULL,
    login TEXT NOT NULL,
    profile TEXT NOT NULL,
    client TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    -- Set by the one app that takes it: its name, the thumbprint of its key (RFC 7638), what it asks, and with what it waits.
    taken_at INTEGER,
    device TEXT,
    device_key TEXT,
    scope TEXT,
    waits_with BLOB,
    -- What the phone shows, and how often something else was typed.
    number TEXT,
    tries INTEGER NOT NULL,
    -- Set by the person who typed the number.
    confirmed_at INTEGER,
    session TEXT,
    authorization_grant TEXT,
    -- When the app got its first tokens; when the offer was withdrawn.
    redeemed_at INTEGER,
    ended_at INTEGER,
    PRIMARY KEY (tenant, code),
    UNIQUE (tenant, waits_with),
    FOREIGN KEY (tenant, person) REFERENCES person (tenant, id),
    FOREIGN KEY (tenant, login) REFERENCES session (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, profile) REFERENCES profile (tenant, handle),
    FOREIGN KEY (tenant, session) REFERENCES session (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, authorization_grant) REFERENCES authorization_grant (tenant, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX pairing_by_login ON pairing (tenant, login);
CREATE UNIQUE INDEX pairing_by_session ON pairing (tenant, session) WHERE session IS NOT NULL;
CREATE UNIQUE INDEX pairing_by_grant ON pairing (tenant, authorization_grant) WHERE authorization_grant IS NOT NULL;
