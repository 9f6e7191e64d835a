-- The ledger: a chain of signed entries a practice, and the personal parts that can be purged.

-- The end of each chain. Whoever adds to a chain writes this row first, so that one waits for
-- the other.
CREATE TABLE heads (
    practice_id TEXT PRIMARY KEY REFERENCES practices (id),
    seq BIGINT NOT NULL,
    hash TEXT NOT NULL,
    copied_at BIGINT, -- set in a copy: its chain has yet to tell that it is one
    restored BIGINT -- the entry that last told so
);

CREATE TABLE ledger (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    seq BIGINT NOT NULL,
    hash TEXT NOT NULL,
    signature TEXT NOT NULL,
    entry TEXT NOT NULL, -- canonical JSON: its bytes are what was hashed
    body_hash TEXT NOT NULL,
    post_id TEXT, -- the post it is about, to find entries by
    PRIMARY KEY (practice_id, seq)
);

CREATE INDEX ledger_by_post ON ledger (practice_id, post_id, seq) WHERE post_id IS NOT NULL;

CREATE TABLE bodies (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    hash TEXT NOT NULL,
    body TEXT NOT NULL, -- canonical JSON
    PRIMARY KEY (practice_id, hash)
);
