-- Texts that were kept out, and that somebody looked at and said to be about no patient.

CREATE TABLE attested (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    trace TEXT NOT NULL, -- keyed hash of the text, hexadecimal
    attested_at BIGINT NOT NULL,
    PRIMARY KEY (practice_id, trace)
);
