//! The use cases, one file a verb: load, decide, commit.
//!
//! What comes in passes [`gate`], lies in the inbox, and is handled by [`inbox`], which asks
//! [`submit`], [`review`] or [`stop`] for one [`Change`](crate::ports::store::Change) and commits
//! it. What must leave is a row that [`outbox`] works off. What time alone causes is in
//! [`rounds`].

pub mod accounts;
mod admit;
pub mod agency;
mod amend;
pub mod appeal;
mod ask;
pub mod asked;
mod blocked;
pub mod buttons;
mod calendar;
pub mod catch_up;
pub mod caught;
pub mod certificate;
mod changes;
mod choices;
mod command;
pub mod confirm;
pub mod consent_uses;
pub mod consents;
pub mod counts;
pub mod desk;
pub mod door;
pub mod effects;
pub mod elsewhere;
pub mod failures;
mod filled;
mod findings;
pub mod fine;
mod flood;
mod form;
mod founder;
pub mod founding;
pub mod gate;
pub mod hearer;
pub mod home;
pub mod inbox;
mod lists;
mod look_over;
mod looking;
pub mod media_link;
mod network_words;
pub mod office;
mod opening;
pub mod operator;
mod other_client;
pub mod outbox;
pub mod picture;
mod pictured;
pub mod pictures;
mod post_form;
pub mod practice;
pub mod restored;
pub mod retain;
pub mod review;
pub mod roster;
pub mod rounds;
mod search;
mod second_look;
mod setup;
mod shell;
mod slots;
pub mod stop;
mod submissions;
pub mod submit;
pub mod sweep;
pub mod telling;
pub mod trouble;
pub mod views;
mod vouching;
mod weigh;
mod when;
pub mod wish;
