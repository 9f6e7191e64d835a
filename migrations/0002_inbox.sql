-- The inbox: events, stored before they are acknowledged, in the order of their numbers.

-- One row: numbers that count over all practices.
CREATE TABLE counters (
    id BIGINT PRIMARY KEY,
    last_event BIGINT NOT NULL
);

INSERT INTO counters (id, last_event) VALUES (1, 0);

CREATE TABLE inbox (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    seq BIGINT NOT NULL,
    platform TEXT NOT NULL,
    event_id TEXT NOT NULL,
    payload TEXT NOT NULL, -- JSON; what passed the gate
    state TEXT NOT NULL, -- waiting, handled, aside
    failures BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    handled_at BIGINT,
    PRIMARY KEY (practice_id, seq)
);

CREATE UNIQUE INDEX inbox_one_number_an_event ON inbox (practice_id, platform, event_id);
CREATE UNIQUE INDEX inbox_waiting ON inbox (seq) WHERE state = 'waiting';
-- What was handled and still has its words.
CREATE INDEX inbox_words ON inbox (handled_at) WHERE state = 'handled' AND payload <> '';
