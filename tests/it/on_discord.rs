//! What is of Discord alone, on the simulated Discord; the conversations are held there too, where
//! `COUNTERSIGN_TEST_CHAT=discord` asks for it.

mod day;
mod digest;
mod founding;
mod hearing;
mod link;
mod showing;
