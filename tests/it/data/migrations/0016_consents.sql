INSERT INTO consents (practice_id, code, place, networks, purpose, until, revoked_at) VALUES
    ('northside', 'KDRM-4Q7X', 0, '["local"]', 'before and after', 1798675200000000, NULL),
    ('northside', 'BCDF-6789', 1, '[]', 'the team page', 1798675200000000, 1795000000000000);
