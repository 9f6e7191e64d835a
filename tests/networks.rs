//! What the networks do, shown on servers of theirs: where one of our fakes disagrees, it is wrong.

#[path = "networks/bluesky.rs"]
mod bluesky;
#[path = "support/database.rs"]
#[expect(dead_code, reason = "a peer needs no more than a database and its address")]
mod database;
#[path = "networks/mastodon.rs"]
mod mastodon;
#[path = "networks/peer.rs"]
mod peer;
#[path = "networks/wordpress.rs"]
mod wordpress;
