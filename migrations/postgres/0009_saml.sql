-- What other providers say once: SAML artifacts and assertions that were taken.

CREATE TABLE federated_message (
    tenant TEXT NOT NULL,
    factor TEXT NOT NULL,
    -- Of an artifact, or of the ID of an assertion.
    digest TEXT NOT NULL,
    taken_at BIGINT NOT NULL,
    -- Until then somebody could bring it a second time.
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, factor, digest)
);
CREATE INDEX federated_message_by_end ON federated_message (tenant, expires_at);

ALTER TABLE federated_message ENABLE ROW LEVEL SECURITY;
ALTER TABLE federated_message FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON federated_message USING (tenant = current_tenant()) WITH CHECK (tenant = current_tenant());
