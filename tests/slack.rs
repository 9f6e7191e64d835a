//! The Slack that the tests talk to: seen by itself, by clients that nobody here wrote, and by the
//! program's own ways to it.

#[path = "slack/api.rs"]
mod api;
#[path = "slack/bench.rs"]
mod bench;
#[path = "slack/calls.rs"]
mod calls;
#[path = "slack/checked.rs"]
mod checked;
#[path = "slack/clients.rs"]
mod clients;
#[path = "slack/connect.rs"]
mod connect;
#[path = "slack/day.rs"]
mod day;
#[path = "slack/founding.rs"]
mod founding;
#[path = "slack/hearing.rs"]
mod hearing;
#[path = "slack/house.rs"]
mod house;
#[path = "slack/installs.rs"]
mod installs;
#[path = "slack/killed.rs"]
mod killed;
#[path = "slack/manifest.rs"]
mod manifest;
#[path = "slack/process.rs"]
mod process;
#[path = "slack/program.rs"]
mod program;
#[path = "slack/requests.rs"]
mod requests;
#[path = "slack/served.rs"]
mod served;
#[path = "support/slack/mod.rs"]
#[expect(dead_code, unused_imports, reason = "what the conversations over it use is more")]
mod slack;
#[path = "slack/sockets.rs"]
mod sockets;
