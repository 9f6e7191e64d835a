//! What a store promises, run over each database.

mod agencies;
mod bench;
mod cards;
mod change;
mod copies;
mod credentials;
mod digests;
mod engagement;
mod group;
mod inbox;
mod installs;
mod ledger;
mod outbox;
mod postgres;
mod said;
mod sqlite;
mod statements;
mod values;
mod walls;
mod workers;
