//! What a restore does to a post: whatever came of it since is not known here.

use super::{Case, Decided, Decision, happen};
use crate::domain::entry::What;
use crate::domain::review::{Act, Cell, Next, cell};
use crate::domain::state::Cause;

/// The database was put back from a copy: nothing of this post leaves before somebody looked.
///
/// The former run may have sent what waits here; so that is looked up, or a person is asked. And
/// it may have changed the post and sent another revision, of which no row here knows and which
/// no look-up finds; so the post is held as well, in place of any other hold, until somebody who
/// looks after the practice lifts that.
pub fn restored(case: Case<'_>) -> Decision {
    let (next, tell) = match cell(Act::Restored, case.post.state) {
        Cell::Go(next, tell) => (next, tell),
        Cell::No(refusal) => return Err(refusal),
        Cell::Nothing => return Ok(Decided::nothing(case)),
    };
    let mut decided = Decided::nothing(case);
    let waiting = case.post.publications.iter().filter(|p| p.state.is_waiting());
    for publication in waiting {
        let (publication, account) = (publication.id.clone(), publication.account.clone());
        happen(&mut decided, case, What::InDoubt { publication, account }, next, &[]);
    }
    // What a worker had in hand the ledger knows of already: only its row becomes unknown.
    if case.post.hold.as_ref().is_none_or(|hold| !hold.is_of_restore()) {
        happen(
            &mut decided,
            case,
            What::Held { by: None, cause: Some(Cause::Restored) },
            Next::Same,
            &[],
        );
    }
    if decided.post != *case.post {
        decided.tell.extend_from_slice(tell);
    }
    Ok(decided)
}
