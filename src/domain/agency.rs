//! An agency: for which practices it works, and the desks where its people do; and the same as
//! the instance's entries alone tell it.

use std::collections::{BTreeMap, BTreeSet};

use super::entry::What;
use super::ids::{AgencyId, PracticeId};
use super::practice::ChannelRef;

/// An agency. Its people are those members of each practice who are marked as an agency's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agency {
    /// Which.
    pub id: AgencyId,
    /// As people know it.
    pub name: String,
    /// For whom it works.
    pub practices: BTreeSet<PracticeId>,
    /// The channels where it does so.
    pub desks: BTreeSet<ChannelRef>,
}

impl Agency {
    /// What must happen so that `before` (nothing, when it is new) becomes this.
    pub fn changes_from(&self, before: Option<&Agency>) -> Vec<What> {
        let none = Agency { practices: BTreeSet::new(), desks: BTreeSet::new(), ..self.clone() };
        let old = before.unwrap_or(&none);
        let agency = || self.id.clone();
        let mut changes = Vec::new();
        match before {
            None => changes.push(What::AgencyMade { agency: agency() }),
            Some(old) if old.name != self.name => {
                changes.push(What::AgencyNamed { agency: agency() });
            }
            Some(_) => {}
        }
        let gone = old.desks.difference(&self.desks).cloned();
        changes.extend(gone.map(|desk| What::DeskUnbound { agency: agency(), desk }));
        let left = old.practices.difference(&self.practices).cloned();
        changes.extend(left.map(|client| What::AgencyLeft { agency: agency(), client }));
        let new = self.practices.difference(&old.practices).cloned();
        changes.extend(new.map(|client| What::AgencyServes { agency: agency(), client }));
        let bound = self.desks.difference(&old.desks).cloned();
        changes.extend(bound.map(|desk| What::DeskBound { agency: agency(), desk }));
        changes
    }
}

/// What the other practices of an agency are known by; nothing of it may be said in one's name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Others {
    /// How they are called.
    pub practices: Vec<String>,
    /// Names of the people who work there, with their titles.
    pub people: Vec<String>,
    /// Their accounts, as the networks know them.
    pub handles: Vec<String>,
    /// Their numbers.
    pub phones: Vec<String>,
}

/// Every agency, as the entries so far made it.
#[derive(Debug, Clone, Default)]
pub struct Agencies(BTreeMap<AgencyId, Folded>);

/// An agency without what is purged of it.
#[derive(Debug, Clone, Default)]
struct Folded {
    /// Not known when the body that says it is not kept any more.
    name: Option<String>,
    practices: BTreeSet<PracticeId>,
    desks: BTreeSet<ChannelRef>,
}

impl Agencies {
    /// Takes the next entry in; `name` is what its body says, if it is still there.
    pub fn add(&mut self, what: &What, name: Option<&str>) {
        let name = name.map(str::to_owned);
        match what {
            What::AgencyMade { agency } => {
                self.0.insert(agency.clone(), Folded { name, ..Folded::default() });
            }
            What::AgencyNamed { agency } => self.of(agency, |a| {
                a.name = name;
                true
            }),
            What::AgencyServes { agency, client } => {
                self.of(agency, |a| a.practices.insert(client.clone()));
            }
            What::AgencyLeft { agency, client } => {
                self.of(agency, |a| a.practices.remove(client));
            }
            What::DeskBound { agency, desk } => {
                self.of(agency, |a| a.desks.insert(desk.clone()));
            }
            What::DeskUnbound { agency, desk } => {
                self.of(agency, |a| a.desks.remove(desk));
            }
            _ => {}
        }
    }

    /// The first agency in which the tables differ from the entries, and in what.
    pub fn differs(&self, tables: &[Agency]) -> Option<(AgencyId, &'static str)> {
        let known: BTreeSet<&AgencyId> = tables.iter().map(|agency| &agency.id).collect();
        if let Some(gone) = self.0.keys().find(|id| !known.contains(id)) {
            return Some((gone.clone(), "existence"));
        }
        tables.iter().find_map(|table| {
            let Some(own) = self.0.get(&table.id) else {
                return Some((table.id.clone(), "existence"));
            };
            let columns = [
                ("name", own.name.as_ref().is_none_or(|name| *name == table.name)),
                ("practices", own.practices == table.practices),
                ("desks", own.desks == table.desks),
            ];
            let wrong = columns.into_iter().find(|(_, same)| !same);
            wrong.map(|(what, _)| (table.id.clone(), what))
        })
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// None at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn of(&mut self, agency: &AgencyId, change: impl FnOnce(&mut Folded) -> bool) {
        self.0.get_mut(agency).map(change);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::member::Platform;

    fn agency(name: &str, practices: &[&str], desks: &[&str]) -> Agency {
        let desk = |channel: &&str| ChannelRef {
            platform: Platform::Local,
            workspace: "local".to_owned(),
            channel: (*channel).to_owned(),
        };
        Agency {
            id: AgencyId::new("birch"),
            name: name.to_owned(),
            practices: practices.iter().map(|id| PracticeId::new(*id)).collect(),
            desks: desks.iter().map(desk).collect(),
        }
    }

    #[test]
    fn entries_fold_to_what_they_were_made_from() {
        let steps = [
            agency("Birch", &["northside"], &["desk"]),
            agency("Birch Lane", &["lakeside", "northside"], &["desk", "other"]),
            agency("Birch Lane", &["lakeside"], &[]),
        ];

        let (mut folded, mut before) = (Agencies::default(), None);
        for step in &steps {
            for what in step.changes_from(before) {
                folded.add(&what, Some(&step.name));
            }
            assert_eq!(folded.differs(std::slice::from_ref(step)), None);
            before = Some(step);
        }

        assert!(steps[2].changes_from(Some(&steps[2])).is_empty());
        assert_eq!(folded.differs(&[]).map(|(_, what)| what), Some("existence"));
        for (wrong, what) in [(&steps[0], "name"), (&steps[1], "practices")] {
            let found = folded.differs(std::slice::from_ref(wrong));
            assert_eq!(found.map(|(_, what)| what), Some(what));
        }
    }
}
