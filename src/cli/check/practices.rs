//! Practices: whether their posts can be signed and can leave.

use super::Finding;
use crate::domain::ids::PracticeId;
use crate::domain::practice::{Practice, Purpose};
use crate::ports::store::Store;

/// Looks at every practice.
pub(super) async fn look(findings: &mut Vec<Finding>, store: &dyn Store) {
    let practices = match store.practices().await {
        Ok(practices) => practices,
        Err(error) => {
            return findings.push(Finding::fail("practice", error.to_string(), "look at the log"));
        }
    };
    if practices.is_empty() {
        let todo = "countersign practice apply practice.toml";
        findings.push(Finding::warn("practice", "there is none yet", todo));
    }
    for id in practices {
        findings.push(one(store, &id).await);
    }
}

async fn one(store: &dyn Store, id: &PracticeId) -> Finding {
    let practice = match store.practice(id).await {
        Ok(Some(practice)) => practice,
        Ok(None) => return Finding::fail("practice", format!("{id} is gone"), "run verify"),
        Err(error) => return Finding::fail("practice", format!("{id}: {error}"), "run verify"),
    };
    let lacks = lacks(&practice);
    if lacks.is_empty() {
        return Finding::ok("practice", format!("{id} has all that it needs"));
    }
    let todo = format!("give {id} what it lacks in its practice.toml, and apply it");
    Finding::warn("practice", format!("{id} has {}", lacks.join(", ")), todo)
}

/// What keeps posts from being signed or from leaving.
fn lacks(practice: &Practice) -> Vec<String> {
    let mut lacks = Vec::new();
    let approvers: Vec<_> = practice.members.iter().filter(|m| m.is_approver()).collect();
    if approvers.is_empty() {
        lacks.push("no approver".to_owned());
    }
    let silent = approvers.iter().filter(|m| m.identities.is_empty());
    lacks.extend(silent.map(|m| format!("no chat account for {}", m.name)));
    for purpose in [Purpose::Ideas, Purpose::Approvals] {
        if practice.channel(purpose).is_none() {
            lacks.push(format!("no channel for {purpose}"));
        }
    }
    if practice.accounts.is_empty() {
        lacks.push("no account to publish on".to_owned());
    }
    lacks
}
