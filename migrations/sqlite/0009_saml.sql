-- What other providers say once: SAML artifacts and assertions that were taken.

CREATE TABLE federated_message (
    tenant TEXT NOT NULL,
    factor TEXT NOT NULL,
    -- Of an artifact, or of the ID of an assertion.
    digest TEXT NOT NULL,
    taken_at INTEGER NOT NULL,
    -- Until then somebody could bring it a second time.
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, factor, digest)
) STRICT;
CREATE INDEX federated_message_by_end ON federated_message (tenant, expires_at);
