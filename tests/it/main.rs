//! Everything that is tested through the library's front door; one binary, so it links once.

#[path = "../support/ask.rs"]
mod ask;
mod content_vectors;
mod contract;
mod conversation;
#[path = "../support/database.rs"]
mod database;
#[path = "../support/discord/mod.rs"]
#[expect(
    dead_code,
    unused_imports,
    clippy::duplicate_mod,
    reason = "what the tests of the simulator itself use is more, and both have the same client"
)]
mod discord;
mod gate;
mod leak;
mod local_api;
mod local_chat;
mod local_door;
mod local_forms;
mod local_network;
mod local_support;
mod local_world;
mod migrations;
mod on_discord;
mod on_networks;
mod on_slack;
#[path = "../networks/peer.rs"]
#[expect(dead_code, reason = "what the tests of the peers themselves use is more")]
mod peer;
mod process;
mod proof;
mod public;
mod readme;
mod review_page;
mod screen;
#[path = "../support/slack/mod.rs"]
#[expect(dead_code, unused_imports, reason = "what the tests of the simulator itself use is more")]
mod slack;
mod story;
mod support;
mod watching;
mod words;
mod workspace;
