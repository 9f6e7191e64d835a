//! Whether every text that passes the gate because somebody attested to it is told of by the
//! ledger, and every text of which it tells passes.
//!
//! Retention takes the reason and leaves the entry and the row, both without words. Another
//! installation's keyed hashes mean nothing here, so a practice that arrives has none.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::found::Wrong;
use crate::domain::entry::What;
use crate::domain::ids::PracticeId;
use crate::domain::ledger::Entry;
use crate::ports::store::Store;

/// The first entry that tells of each text, and when it was made.
#[derive(Debug, Default)]
pub struct Attested(BTreeMap<String, (i64, Timestamp)>);

impl Attested {
    /// Takes the next entry in.
    pub fn add(&mut self, entry: &Entry) {
        if let What::Attested { traces, .. } = &entry.fact.what {
            for trace in traces {
                self.0.entry(trace.clone()).or_insert((entry.seq, entry.at));
            }
        }
    }

    /// The table has these texts and no other, each since its entry was made.
    pub async fn is_in_table(&self, store: &dyn Store, of: &PracticeId) -> Result<(), Wrong> {
        let rows = store.attestations(of).await?;
        if let Some(trace) = rows.keys().find(|trace| !self.0.contains_key(*trace)) {
            let short: String = trace.chars().take(8).collect();
            let why = format!("the text {short} passes the gate, and no entry attests to it");
            return Err(Wrong(why));
        }
        for (trace, (seq, at)) in &self.0 {
            let Some(since) = rows.get(trace) else {
                let why = format!("entry #{seq} attests to a text that is not in the tables");
                return Err(Wrong(why));
            };
            if since.as_microsecond() != at.as_microsecond() {
                let why = format!(
                    "the time from which a text passes the gate is not that of entry #{seq}"
                );
                return Err(Wrong(why));
            }
        }
        Ok(())
    }
}
