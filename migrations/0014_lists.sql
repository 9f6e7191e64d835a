-- What a practice wrote down about itself: its numbers and addresses, and words that it watches.

ALTER TABLE practices ADD COLUMN lists TEXT NOT NULL DEFAULT '{}'; -- JSON: a list of lines by name
