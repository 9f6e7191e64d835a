//! What people do, and what comes of it: the transcript is the test.

mod leaving;
mod signing;
mod writing;
