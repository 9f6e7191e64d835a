-- The words of what was published, so that it is found again.

CREATE TABLE said (
    practice_id TEXT NOT NULL,
    word TEXT NOT NULL, -- in small letters, without accents
    post_id TEXT NOT NULL,
    said_at BIGINT NOT NULL,
    PRIMARY KEY (practice_id, word, post_id),
    FOREIGN KEY (practice_id, post_id) REFERENCES posts (practice_id, id)
);
