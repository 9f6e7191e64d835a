-- What others said to a practice on its networks: where it stands, never what it says or who said it.

CREATE TABLE remarks (
    practice_id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    remote TEXT NOT NULL, -- the network's id of it
    category TEXT NOT NULL, -- comment, mention or quote
    publication_id TEXT, -- what it is about, where that is one of ours
    url TEXT NOT NULL,
    said_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (practice_id, account_id, remote),
    FOREIGN KEY (practice_id, account_id) REFERENCES accounts (practice_id, id),
    FOREIGN KEY (practice_id, publication_id) REFERENCES outbox (practice_id, id)
);
CREATE INDEX remarks_by_time ON remarks (practice_id, seen_at);

-- Which publication a remark is about.
CREATE INDEX outbox_by_remote ON outbox (practice_id, account_id, remote)
WHERE kind = 'publication' AND remote IS NOT NULL;
