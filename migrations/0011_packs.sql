-- The states whose rules count for what a practice says.

ALTER TABLE practices ADD COLUMN packs TEXT NOT NULL DEFAULT '[]'; -- JSON: state, until
