//! What is of Discord alone, on the simulated Discord; the conversations are held there too, where
//! `COUNTERSIGN_TEST_CHAT=discord` asks for it.

mod choosing;
mod day;
mod digest;
mod direct;
mod founding;
mod hearing;
mod leaving;
mod link;
mod showing;
