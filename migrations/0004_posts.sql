-- Posts, the revisions that were signed, who decided what about them, and their pictures.

CREATE TABLE posts (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    id TEXT NOT NULL,
    number BIGINT NOT NULL,
    author TEXT NOT NULL,
    drafter TEXT NOT NULL, -- began it
    state TEXT NOT NULL,
    revision BIGINT NOT NULL, -- 0 until the first submission
    hash TEXT,
    made_at BIGINT, -- the current revision
    risk TEXT NOT NULL,
    names TEXT NOT NULL, -- JSON: approvers whom the current revision names
    writers TEXT NOT NULL, -- JSON: whose words may stand in it
    opens BIGINT,
    closes BIGINT,
    slot BIGINT,
    draft TEXT NOT NULL, -- JSON
    held BOOLEAN NOT NULL,
    held_by TEXT, -- nobody: Countersign itself
    held_for TEXT, -- why, when it was Countersign itself
    version BIGINT NOT NULL, -- raised by every commit
    PRIMARY KEY (practice_id, id),
    FOREIGN KEY (practice_id, author) REFERENCES members (practice_id, id),
    FOREIGN KEY (practice_id, drafter) REFERENCES members (practice_id, id),
    FOREIGN KEY (practice_id, held_by) REFERENCES members (practice_id, id)
);

CREATE UNIQUE INDEX posts_by_number ON posts (practice_id, number);
CREATE INDEX posts_open ON posts (practice_id, number)
WHERE state IN ('draft', 'in-review', 'signed-off', 'publishing', 'missed');

-- A revision never changes.
CREATE TABLE revisions (
    practice_id TEXT NOT NULL,
    post_id TEXT NOT NULL,
    revision BIGINT NOT NULL,
    hash TEXT NOT NULL,
    content TEXT, -- canonical JSON: its bytes are what was signed; absent once purged
    made_at BIGINT NOT NULL,
    PRIMARY KEY (practice_id, post_id, revision),
    FOREIGN KEY (practice_id, post_id) REFERENCES posts (practice_id, id)
);

CREATE TABLE decisions (
    practice_id TEXT NOT NULL,
    post_id TEXT NOT NULL,
    revision BIGINT NOT NULL,
    member_id TEXT NOT NULL,
    verdict TEXT NOT NULL,
    place BIGINT NOT NULL,
    by_reaction BOOLEAN NOT NULL,
    by_button BOOLEAN NOT NULL,
    recovered BOOLEAN NOT NULL,
    own_words BOOLEAN NOT NULL,
    decided_at BIGINT NOT NULL,
    PRIMARY KEY (practice_id, post_id, revision, member_id, verdict),
    FOREIGN KEY (practice_id, post_id, revision)
    REFERENCES revisions (practice_id, post_id, revision),
    FOREIGN KEY (practice_id, member_id) REFERENCES members (practice_id, id)
);

CREATE TABLE media (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    sha256 TEXT NOT NULL,
    media_type TEXT NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (practice_id, sha256)
);
