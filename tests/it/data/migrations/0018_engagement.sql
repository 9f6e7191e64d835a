INSERT INTO engagement (practice_id, publication_id, post_id, account_id, published_at, looked_at,
    gone_at)
SELECT practice_id, id, post_id, account_id, 1795424301000000, 1795424601000000, NULL
FROM outbox WHERE post_id IS NOT NULL AND account_id IS NOT NULL;
INSERT INTO counts (practice_id, publication_id, since, until, late, likes, reposts, replies, quotes)
SELECT practice_id, publication_id, 1795424601000000, 1795424601000000, FALSE, 3, 1, NULL, NULL
FROM engagement;
