-- The outbox: things that must leave, each with its state and the fence of its holder.

CREATE TABLE outbox (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    post_id TEXT,
    revision BIGINT,
    account_id TEXT,
    state TEXT NOT NULL,
    due BIGINT NOT NULL,
    fence BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    look_ups BIGINT NOT NULL,
    lease_until BIGINT,
    first_sent BIGINT,
    remote TEXT,
    url TEXT,
    payload TEXT NOT NULL, -- JSON
    trouble TEXT,
    next_payload TEXT, -- a refresh that came while it was in flight
    next_due BIGINT,
    PRIMARY KEY (practice_id, id),
    FOREIGN KEY (practice_id, post_id) REFERENCES posts (practice_id, id),
    FOREIGN KEY (practice_id, account_id) REFERENCES accounts (practice_id, id)
);

CREATE UNIQUE INDEX outbox_one_row_a_subject ON outbox (practice_id, kind, subject);
CREATE INDEX outbox_by_post ON outbox (practice_id, kind, post_id);
CREATE INDEX outbox_due_notices ON outbox (due, id)
WHERE state IN ('ready', 'unknown') AND kind = 'notice';
CREATE INDEX outbox_due_others ON outbox (due, id)
WHERE state IN ('ready', 'unknown') AND kind <> 'notice';
CREATE INDEX outbox_leases ON outbox (lease_until)
WHERE state IN ('leased', 'sending', 'resolving');
-- What was shown and still has its words.
CREATE INDEX outbox_words ON outbox (due)
WHERE kind = 'notice' AND payload <> ''
    AND state IN ('done', 'refused', 'missed', 'cancelled', 'parked');
CREATE INDEX outbox_parked ON outbox (practice_id) WHERE state = 'parked';
