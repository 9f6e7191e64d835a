INSERT INTO outbox (practice_id, id, kind, subject, post_id, revision, account_id, state, due,
    fence, attempts, look_ups, payload)
VALUES ('northside', 'row-1', 'publication', 'post-1/1/page', 'post-1', 1, 'page', 'ready',
    1700000000000000, 0, 0, 0, '{}');
