-- A practice that came from another installation.

INSERT INTO former (practice_id, public_key, last_number) VALUES ('northside', '00', 1);

INSERT INTO former_entries (practice_id, seq, post_id, kept) VALUES ('northside', 1, NULL, '{}');

INSERT INTO former_contents (practice_id, post_id, revision, content)
VALUES ('northside', 'post-0', 1, '{}');
