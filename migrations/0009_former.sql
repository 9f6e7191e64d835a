-- Former chains: what an imported practice did in another installation, written once.

CREATE TABLE former (
    practice_id TEXT NOT NULL PRIMARY KEY REFERENCES practices (id),
    public_key TEXT NOT NULL, -- what its entries are signed with, hexadecimal
    last_number BIGINT NOT NULL -- of its posts: new ones go on after it
);

CREATE TABLE former_entries (
    practice_id TEXT NOT NULL REFERENCES former (practice_id),
    seq BIGINT NOT NULL,
    post_id TEXT, -- the post it is about, to find entries by
    kept TEXT NOT NULL, -- JSON: the entry with its hash, its signature and its body
    PRIMARY KEY (practice_id, seq)
);

CREATE INDEX former_entries_by_post ON former_entries (practice_id, post_id, seq)
WHERE post_id IS NOT NULL;

CREATE TABLE former_contents (
    practice_id TEXT NOT NULL REFERENCES former (practice_id),
    post_id TEXT NOT NULL,
    revision BIGINT NOT NULL,
    content TEXT NOT NULL, -- canonical JSON: its bytes are what was signed
    PRIMARY KEY (practice_id, post_id, revision)
);
