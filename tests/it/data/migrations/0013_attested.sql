-- A text that somebody said to be about no patient.

INSERT INTO attested (practice_id, trace, attested_at) VALUES ('northside', 'ab', 1700000000000000);
