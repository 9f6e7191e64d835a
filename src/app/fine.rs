//! "This was fine": how often the rules of the screen find what nobody needs to look at twice is
//! counted in the ledger alone, so that `countersign practice rules` can say it.

use std::collections::{BTreeMap, BTreeSet};

use super::asked::{Asked, Said};
use super::effects::{Doer, entry};
use super::office::Office;
use super::roster::roster_among;
use super::wish::plain;
use crate::domain::entry::{Fact, Subject, What};
use crate::domain::ids::PostId;
use crate::domain::ledger::Sealed;
use crate::domain::post::{Post, State};
use crate::ports::notice::View;
use crate::ports::store::{Change, Stored};
use crate::screen::Severity;

/// There was nothing to what the rules ask to look at again in a draft.
pub(super) async fn said_fine(
    office: &Office,
    asked: &Asked<'_>,
    post: &Post,
) -> Stored<Result<Change, Said>> {
    let rules = doubting(office, asked, post);
    if post.state != State::Draft || rules.is_empty() {
        let why = "no rule asks to look at it again any more";
        return Ok(Err(Said::Sentence(why.to_owned())));
    }
    let entries = office.store.entries_of(&asked.practice.id, &post.id).await?;
    let mut tally = Tally::default();
    for (sealed, _) in &entries {
        tally.add(sealed);
    }
    if rules.iter().all(|rule| tally.of(rule).fine > 0) {
        return Ok(Err(Said::Sentence("that was said already".to_owned())));
    }
    let mut change = asked.change(office);
    let what = What::FoundFine {
        member: asked.member.id.clone(),
        rules: rules.into_iter().map(ToOwned::to_owned).collect(),
    };
    let subject = Subject { post: post.id.clone(), revision: post.revision, state: post.state };
    let doer = Doer { member: Some(asked.member), note: "" };
    change.entries.push(entry(office, doer, Fact { what, subject: Some(subject) }));
    let what = "it is counted as a false alarm; what a post says is still shown to whoever signs";
    change.outbox.extend(asked.told(office, plain(View::Noted { what: what.to_owned() })).outbox);
    Ok(Ok(change))
}

/// The rules that ask to look again, and keep nothing back.
fn doubting(office: &Office, asked: &Asked<'_>, post: &Post) -> BTreeSet<&'static str> {
    let roster = roster_among(asked.among(), office.now());
    let found = post.draft.typed().flat_map(|text| office.screen.check(text, &roster));
    found.filter(|found| found.severity == Severity::Warn).map(|found| found.rule).collect()
}

/// What became of what the rules found, by rule.
#[derive(Debug, Default)]
pub struct Tally(BTreeMap<String, Heard>);

/// In which posts a rule hit, and what people said of that.
#[derive(Debug, Default)]
struct Heard {
    hit: BTreeSet<PostId>,
    fine: BTreeSet<PostId>,
    overridden: BTreeSet<PostId>,
    attested: usize,
}

/// The same in numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counted {
    /// Posts that a person sent for signature with it, or said something of.
    pub posts: usize,
    /// Of them, those of which somebody said that they were fine.
    pub fine: usize,
    /// Of them, those for which it was overridden.
    pub overridden: usize,
    /// How often what it kept out was said to be about no patient.
    pub attested: usize,
}

impl Tally {
    /// Takes the next entry of the ledger in.
    pub fn add(&mut self, sealed: &Sealed) {
        let Fact { what, subject } = &sealed.entry.fact;
        if let What::Attested { rules, .. } = what {
            for rule in rules {
                self.rule(rule).attested += 1;
            }
        }
        let Some(Subject { post, .. }) = subject else { return };
        let rules = match what {
            What::FoundFine { rules, .. } | What::Overridden { rules, .. } => rules,
            _ => match what.revised() {
                Some(revised) => &revised.rules,
                None => return,
            },
        };
        for rule in rules {
            let heard = self.rule(rule);
            heard.hit.insert(post.clone());
            match what {
                What::FoundFine { .. } => heard.fine.insert(post.clone()),
                What::Overridden { .. } => heard.overridden.insert(post.clone()),
                _ => false,
            };
        }
    }

    fn rule(&mut self, rule: &str) -> &mut Heard {
        self.0.entry(rule.to_owned()).or_default()
    }

    /// A rule's numbers.
    pub fn of(&self, rule: &str) -> Counted {
        let count = |heard: &Heard| Counted {
            posts: heard.hit.len(),
            fine: heard.fine.len(),
            overridden: heard.overridden.len(),
            attested: heard.attested,
        };
        self.0.get(rule).map(count).unwrap_or_default()
    }

    /// Every rule that hit, by its id.
    pub fn rules(&self) -> impl Iterator<Item = (&str, Counted)> {
        self.0.keys().map(|rule| (rule.as_str(), self.of(rule)))
    }
}
