//! Practices: whether their posts can be signed and can leave.

use super::finding::Finding;
use crate::domain::ids::PracticeId;
use crate::domain::policy::Risk;
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
        let todo = "countersign practice apply practice.toml, or /post setup in a channel of Slack's or \
                    Discord's";
        findings.push(Finding::warn("practice", "there is none yet", todo));
    }
    for id in practices {
        match load(store, &id).await {
            Ok(practice) => {
                findings.push(fit(&practice));
                findings.extend(never_asked(&practice));
            }
            Err(finding) => findings.push(finding),
        }
    }
}

async fn load(store: &dyn Store, id: &PracticeId) -> Result<Practice, Finding> {
    let failed = |what: String| Finding::fail("practice", what, "run verify");
    let practice = store.practice(id).await.map_err(|error| failed(format!("{id}: {error}")))?;
    practice.ok_or_else(|| failed(format!("{id} is gone")))
}

fn fit(practice: &Practice) -> Finding {
    let (id, lacks) = (&practice.id, lacks(practice));
    if lacks.is_empty() {
        return Finding::ok("practice", format!("{id} has all that it needs"));
    }
    let todo = format!("give {id} what it lacks in its practice.toml, and apply it");
    Finding::warn("practice", format!("{id} has {}", lacks.join(", ")), todo)
}

/// What the policy asks for a risk that no post has yet: every one is of normal risk, until rules
/// say more. Compliance may treat one as of low risk.
fn never_asked(practice: &Practice) -> Option<Finding> {
    let policy = practice.latest_policy()?;
    let differs = |risk| policy.demands(risk) != policy.demands(Risk::Normal);
    let idle = match (differs(Risk::Low), differs(Risk::High)) {
        (false, false) => return None,
        (true, false) => "policy.low is asked only where compliance lowers a post's risk",
        (false, true) => "policy.high is never asked",
        (true, true) => {
            "policy.high is never asked, and policy.low only where compliance lowers a post's risk"
        }
    };
    let id = &practice.id;
    let what = format!("{id}: {idle}: no rule gives a post another risk than normal yet");
    let todo = format!("put what every post of {id} needs into [[policy.normal]]");
    Some(Finding::warn("policy", what, todo))
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
