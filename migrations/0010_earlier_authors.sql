-- Who else wrote a post, in the installation that it was imported from: they do not sign it.

ALTER TABLE posts ADD COLUMN earlier_authors TEXT NOT NULL DEFAULT '[]'; -- JSON: members
