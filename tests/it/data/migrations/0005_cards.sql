INSERT INTO cards (practice_id, message, post_id, revision, hash, open, shown_at)
VALUES ('northside', '{}', 'post-1', 1, 'ab', TRUE, 1700000000000000);
INSERT INTO ideas (practice_id, message, member_id, words, files, post_id, dismissed)
VALUES ('northside', '{}', 'tomas', 'Flu shots', '[]', 'post-1', FALSE);
