-- What registers have pushed: each fact by their own identifiers, and the client that said it last (FACTS-1). What a fact says
-- stands in the tables of 0001.
CREATE TABLE fact (
    tenant TEXT NOT NULL,
    kind TEXT NOT NULL,
    -- The register's identifier; of a fact about others theirs, with `/` between: `p-104/physician`.
    key TEXT NOT NULL,
    -- The row of a person, an organization or a mandate; NULL for facts about these.
    id TEXT,
    source TEXT NOT NULL,
    pushed_at INTEGER NOT NULL,
    -- Since when the register has it no longer.
    withdrawn_at INTEGER,
    PRIMARY KEY (tenant, kind, key)
) STRICT;
CREATE UNIQUE INDEX fact_by_id ON fact (tenant, kind, id) WHERE id IS NOT NULL;
CREATE INDEX fact_by_source ON fact (tenant, source, kind, key) WHERE withdrawn_at IS NULL;
