INSERT INTO credentials (practice_id, account_id, sealed, version, since, expiry, ends, out_since,
    out_why, not_before)
SELECT practice_id, id, '01ff', 1, 1795424301000000, 'at', 1795424302000000, 1795424303000000,
    'revoked', NULL FROM accounts;
