//! What is of Slack alone, on the simulated Slack; the conversations are held there too, where
//! `COUNTERSIGN_TEST_CHAT=slack` asks for it.

mod away;
mod day;
mod digest;
mod hearing;
mod moving;
mod showing;
mod views;
