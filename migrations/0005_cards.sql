-- Cards and ideas: which message on a platform stands for what.

CREATE TABLE cards (
    practice_id TEXT NOT NULL,
    message TEXT NOT NULL, -- canonical JSON of where it stands
    post_id TEXT NOT NULL,
    revision BIGINT NOT NULL, -- 0 for a draft
    hash TEXT NOT NULL, -- empty for a draft
    open BOOLEAN NOT NULL, -- read by the sweep
    shown_at BIGINT NOT NULL,
    PRIMARY KEY (practice_id, message),
    FOREIGN KEY (practice_id, post_id) REFERENCES posts (practice_id, id)
);

CREATE INDEX cards_by_post ON cards (practice_id, post_id);
CREATE INDEX cards_open ON cards (practice_id, shown_at) WHERE open;

CREATE TABLE ideas (
    practice_id TEXT NOT NULL,
    message TEXT NOT NULL, -- canonical JSON of where it stands
    member_id TEXT NOT NULL,
    words TEXT NOT NULL,
    files TEXT NOT NULL, -- JSON
    answer TEXT, -- canonical JSON of where the bot's answer stands
    post_id TEXT,
    dismissed BOOLEAN NOT NULL,
    offered TEXT, -- JSON: what is offered to its post
    had_at BIGINT NOT NULL,
    PRIMARY KEY (practice_id, message),
    FOREIGN KEY (practice_id, member_id) REFERENCES members (practice_id, id),
    FOREIGN KEY (practice_id, post_id) REFERENCES posts (practice_id, id)
);

CREATE INDEX ideas_by_answer ON ideas (practice_id, answer);
CREATE INDEX ideas_by_post ON ideas (practice_id, post_id) WHERE post_id IS NOT NULL;
