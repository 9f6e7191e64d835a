//! What looks like patient information is nowhere: in no file, no backup, no log and no crash.

mod crash;
mod program;
mod secret;
mod use_cases;
