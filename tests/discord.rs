//! The Discord that the tests talk to: seen by itself, and by clients that nobody here wrote.

#[path = "discord/bench.rs"]
mod bench;
#[path = "discord/clients.rs"]
mod clients;
#[path = "support/discord/mod.rs"]
#[expect(dead_code, unused_imports, reason = "what the conversations over it use is more")]
mod discord;
#[path = "discord/document.rs"]
mod document;
#[path = "discord/faults.rs"]
mod faults;
#[path = "discord/forms.rs"]
mod forms;
#[path = "discord/gateway.rs"]
mod gateway;
#[path = "discord/killed.rs"]
mod killed;
#[path = "discord/limits.rs"]
mod limits;
#[path = "discord/people.rs"]
mod people;
#[path = "discord/places.rs"]
mod places;
#[path = "discord/process.rs"]
mod process;
#[path = "discord/program.rs"]
mod program;
#[path = "discord/rest.rs"]
mod rest;
#[path = "discord/served.rs"]
mod served;
