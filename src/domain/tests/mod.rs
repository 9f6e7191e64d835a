//! Tests of the domain as a whole: random acts by random members, in random order.

mod acts;
mod alter;
mod certificate;
mod change;
mod consents;
mod kept;
mod sample;
mod turns;
mod walk;
mod world;
