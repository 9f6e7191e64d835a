//! What people do, and what comes of it: the transcript is the test.

mod leaving;
mod poison;
mod signing;
mod trouble;
mod writing;
