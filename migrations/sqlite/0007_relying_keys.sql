-- The keys that are shown to other providers are exchanged while replicas serve, as those that sign tokens.

-- From when on a key signs, or is the one that is published to be encrypted for.
ALTER TABLE relying_key ADD COLUMN active_at INTEGER NOT NULL DEFAULT 0;
-- From when on another does; it may be a moment to come. What was encrypted for it opens for a day after that.
ALTER TABLE relying_key ADD COLUMN retired_at INTEGER;
