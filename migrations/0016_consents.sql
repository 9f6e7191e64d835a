-- Who may be seen in pictures: consents by their codes, and what was said of a message's pictures.

CREATE TABLE consents (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    code TEXT NOT NULL, -- as it stands on the paper
    place BIGINT NOT NULL, -- in the order in which they were entered
    networks TEXT NOT NULL, -- JSON: networks; everywhere when empty
    purpose TEXT NOT NULL, -- what for
    until BIGINT NOT NULL, -- it is worth nothing from then on
    revoked_at BIGINT,
    PRIMARY KEY (practice_id, code)
);

ALTER TABLE ideas ADD COLUMN pictured TEXT; -- JSON: which files, who was asked, what was said
