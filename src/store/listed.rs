//! All statements of the store.

use super::{
    agencies, arrival, attested, backup, cards, contents, credentials, digests, engagement, former,
    group, inbox, installs, ledger, moved, neighbors, outbox, posts, practices, restored, retain,
    said, settings, tally,
};

/// Every statement with its name, for the test that prepares them.
pub fn statements() -> impl Iterator<Item = (&'static str, &'static str)> {
    let all = [
        agencies::STATEMENTS,
        arrival::STATEMENTS,
        attested::STATEMENTS,
        backup::STATEMENTS,
        cards::STATEMENTS,
        contents::STATEMENTS,
        credentials::STATEMENTS,
        digests::STATEMENTS,
        engagement::STATEMENTS,
        former::STATEMENTS,
        group::STATEMENTS,
        inbox::STATEMENTS,
        installs::STATEMENTS,
        ledger::STATEMENTS,
        moved::STATEMENTS,
        neighbors::STATEMENTS,
        outbox::STATEMENTS,
        posts::STATEMENTS,
        practices::STATEMENTS,
        restored::STATEMENTS,
        retain::STATEMENTS,
        said::STATEMENTS,
        settings::STATEMENTS,
        tally::STATEMENTS,
    ];
    all.into_iter().flatten().copied()
}
