INSERT INTO posts (practice_id, id, number, author, drafter, state, revision, risk, names, writers,
    draft, held, version)
VALUES ('northside', 'post-1', 1, 'tomas', 'tomas', 'in-review', 1, 'normal', '[]', '["tomas"]',
    '{}', FALSE, 1);
INSERT INTO revisions (practice_id, post_id, revision, hash, content, made_at)
VALUES ('northside', 'post-1', 1, 'ab', '{}', 1700000000000000);
INSERT INTO decisions (practice_id, post_id, revision, member_id, verdict, place, by_reaction,
    by_button, recovered, own_words, decided_at)
VALUES ('northside', 'post-1', 1, 'tomas', 'signed', 0, TRUE, FALSE, FALSE, FALSE,
    1700000000000000);
INSERT INTO media (practice_id, sha256, media_type, bytes)
VALUES ('northside', 'ab', 'image/png', '');
