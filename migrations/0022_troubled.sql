-- Posts with which something went wrong, found without a look at all the others.

CREATE INDEX posts_troubled ON posts (practice_id, number)
WHERE state IN ('publishing', 'missed', 'part-published')
    OR (held AND held_by IS NULL AND state IN ('draft', 'in-review', 'signed-off'));
