-- How publications are received: their counts as they changed, and when they were last looked at.

CREATE TABLE engagement (
    practice_id TEXT NOT NULL,
    publication_id TEXT NOT NULL,
    post_id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    published_at BIGINT NOT NULL,
    looked_at BIGINT, -- when the network last told; never yet where it is not set
    gone_at BIGINT, -- since when it is known not to be there any more
    PRIMARY KEY (practice_id, publication_id),
    FOREIGN KEY (practice_id, publication_id) REFERENCES outbox (practice_id, id),
    FOREIGN KEY (practice_id, post_id) REFERENCES posts (practice_id, id),
    FOREIGN KEY (practice_id, account_id) REFERENCES accounts (practice_id, id)
);
CREATE INDEX engagement_by_time ON engagement (practice_id, published_at);
CREATE INDEX engagement_by_post ON engagement (practice_id, post_id, published_at);

-- From `since` to `until` every look saw these counts. Between two rows nobody looked, or the counts
-- changed. What a network does not tell is not set.
CREATE TABLE counts (
    practice_id TEXT NOT NULL,
    publication_id TEXT NOT NULL,
    since BIGINT NOT NULL,
    until BIGINT NOT NULL,
    late BOOLEAN NOT NULL, -- planned looks before `since` did not happen
    likes BIGINT,
    reposts BIGINT,
    replies BIGINT,
    quotes BIGINT,
    PRIMARY KEY (practice_id, publication_id, since),
    FOREIGN KEY (practice_id, publication_id) REFERENCES engagement (practice_id, publication_id)
);

-- Looks at engagement wait in a lane of their own, so that no publication waits behind them.
DROP INDEX outbox_due_others;
CREATE INDEX outbox_due_others ON outbox (due, id)
WHERE state IN ('ready', 'unknown') AND kind <> 'notice' AND kind <> 'engagement';
CREATE INDEX outbox_due_engagement ON outbox (due, id)
WHERE state IN ('ready', 'unknown') AND kind = 'engagement';
