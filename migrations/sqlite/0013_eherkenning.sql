-- Logging in for an organization (LOGIN-13), and answers that the browser posts.

-- An answer that came by another site's form, sealed: it waits here until the browser that left comes for it, once.
ALTER TABLE federated_login ADD COLUMN sealed_answer BLOB;

-- A membership that rests on what a provider says at each login, and on nothing that the register said: who has one acts within that
-- organization only.
ALTER TABLE membership ADD COLUMN vouched INTEGER NOT NULL DEFAULT 0;

CREATE INDEX organization_by_number ON organization (tenant, number);
