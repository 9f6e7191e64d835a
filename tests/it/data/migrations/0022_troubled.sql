INSERT INTO posts (practice_id, id, number, author, drafter, state, revision, risk, names, writers,
    draft, held, version)
VALUES ('northside', 'post-22', 22, 'tomas', 'tomas', 'missed', 1, 'normal', '[]', '["tomas"]',
    '{}', FALSE, 1);
