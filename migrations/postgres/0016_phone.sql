-- Codes by telephone (LOGIN-5, LOGIN-8), and a changed address (LOGIN-7).

-- Somebody's telephone number, sealed. Several people may have one: a landline of a hospital (LOGIN-10).
CREATE TABLE phone (
    tenant TEXT NOT NULL,
    person TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    -- Until then its owner may correct it, and no code goes there but the one that verifies it.
    verified_at BIGINT,
    PRIMARY KEY (tenant, person),
    FOREIGN KEY (tenant, person) REFERENCES person (tenant, id)
);

-- What goes by telephone: taken before it is handed over, so that nobody hands it over twice.
CREATE TABLE phone_message (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    -- When its code is of no use any more.
    expires_at BIGINT NOT NULL,
    taken_at BIGINT,
    PRIMARY KEY (tenant, id)
);
CREATE INDEX phone_message_due ON phone_message (tenant, due_at) WHERE taken_at IS NULL;
CREATE INDEX phone_message_by_end ON phone_message (tenant, expires_at);

-- By which factor a code was sent; by telephone, also how.
ALTER TABLE email_code ADD COLUMN factor TEXT NOT NULL DEFAULT 'email_code';
ALTER TABLE email_code ADD COLUMN channel TEXT;

-- An address that waits until who asked for it confirms it, by a link that was sent there. The old one may object, also after.
CREATE TABLE address_change (
    tenant TEXT NOT NULL,
    digest BYTEA NOT NULL,
    objection BYTEA NOT NULL,
    person TEXT NOT NULL,
    old_email TEXT NOT NULL,
    email TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    taken_at BIGINT,
    objection_until BIGINT NOT NULL,
    objected_at BIGINT,
    PRIMARY KEY (tenant, digest),
    UNIQUE (tenant, objection),
    FOREIGN KEY (tenant, person) REFERENCES person (tenant, id)
);
CREATE INDEX address_change_by_person ON address_change (tenant, person);
CREATE INDEX address_change_by_end ON address_change (tenant, objection_until);

ALTER TABLE phone ENABLE ROW LEVEL SECURITY;
ALTER TABLE phone FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON phone USING (tenant = current_tenant()) WITH CHECK (tenant = current_tenant());

ALTER TABLE phone_message ENABLE ROW LEVEL SECURITY;
ALTER TABLE phone_message FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON phone_message USING (tenant = current_tenant()) WITH CHECK (tenant = current_tenant());

ALTER TABLE address_change ENABLE ROW LEVEL SECURITY;
ALTER TABLE address_change FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON address_change USING (tenant = current_tenant()) WITH CHECK (tenant = current_tenant());
