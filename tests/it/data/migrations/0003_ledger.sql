INSERT INTO heads (practice_id, seq, hash) VALUES ('northside', 1, 'ab');
INSERT INTO ledger (practice_id, seq, hash, signature, entry, body_hash)
VALUES ('northside', 1, 'ab', 'cd', '{}', 'ef');
INSERT INTO bodies (practice_id, hash, body) VALUES ('northside', 'ef', '{}');
