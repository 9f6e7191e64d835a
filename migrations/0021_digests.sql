-- The daily digests that were made, and from when to when nobody watched.

-- One a practice and date, so that none is made twice.
CREATE TABLE digests (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    date TEXT NOT NULL, -- the practice's own, 2026-11-24
    made_at BIGINT NOT NULL,
    seq BIGINT NOT NULL, -- the last entry of the ledger that it tells of
    shown BOOLEAN NOT NULL, -- it stands on its platform; the next one begins where it ends
    PRIMARY KEY (practice_id, date)
);

-- Until when any process was at work; the instance's.
CREATE TABLE watched (
    practice_id TEXT PRIMARY KEY REFERENCES practices (id),
    until BIGINT NOT NULL
);

-- From when to when none was; the instance's.
CREATE TABLE outages (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    began BIGINT NOT NULL,
    ended BIGINT NOT NULL,
    PRIMARY KEY (practice_id, began)
);

CREATE INDEX outages_by_end ON outages (practice_id, ended);

ALTER TABLE practices ADD COLUMN digest_at BIGINT NOT NULL DEFAULT 450; -- minutes since midnight
