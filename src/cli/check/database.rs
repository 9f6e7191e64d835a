//! The database: can be opened, was made by this version, is whole, and has its keys.

use std::path::Path;

use super::Finding;
use crate::cli::keys::{self, Missing};
use crate::cli::serve::same_key;
use crate::config::Settings;
use crate::store::{self, Place, Sql};

/// Looks at the database and its keys; what is whole is given open, to read only.
pub(super) async fn look(
    findings: &mut Vec<Finding>,
    place: &Place,
    settings: &Settings,
    data: &Path,
) -> Option<Sql> {
    let fit = match store::fit(place).await {
        Ok(fit) => fit,
        Err(error) => {
            let todo = "see that the database is there and may be read by you";
            findings.push(Finding::fail("database", format!("{place}: {error}"), todo));
            return None;
        }
    };
    let missing = match (fit.is_new, settings.local.enabled) {
        (false, _) => Missing::DataAreThere,
        (true, _) => Missing::NeverMade,
    };
    let keys = keys::read(data, missing);
    if fit.is_new {
        findings.push(Finding::ok(
            "database",
            format!("{place} is new; it is made at the first start"),
        ));
        findings.push(match keys {
            Ok(_) => Finding::ok("keys", "both are there"),
            Err(_) if settings.local.enabled => {
                Finding::ok("keys", "they are made at the first start")
            }
            Err(error) => Finding::fail("keys", format!("{error:#}"), "put the keys there"),
        });
        return None;
    }
    if !fit.is_ours {
        let what = format!("{place} was made by another version of Countersign");
        findings.push(Finding::fail("database", what, "go on with the version that made it"));
        return None;
    }
    let opened = open(findings, place).await;
    match (&opened, keys) {
        (_, Err(error)) => {
            findings.push(Finding::fail("keys", format!("{error:#}"), "put the keys back"));
        }
        (Some(store), Ok(keys)) => findings.push(match same_key(store, &keys).await {
            Ok(()) => Finding::ok("keys", "they are the ones that the ledger was begun with"),
            Err(error) => Finding::fail("keys", format!("{error:#}"), "put the right key back"),
        }),
        (None, Ok(_)) => {}
    }
    opened
}

async fn open(findings: &mut Vec<Finding>, place: &Place) -> Option<Sql> {
    let looked = async {
        let store = Sql::open_to_read(place).await?;
        let wrong = store.quick_check().await?;
        Ok::<_, crate::ports::store::StoreError>((store, wrong))
    };
    match looked.await {
        Ok((store, wrong)) if wrong.is_empty() => {
            findings.push(Finding::ok("database", format!("{place} is whole")));
            Some(store)
        }
        Ok((_, wrong)) => {
            let what = format!("{place} is damaged: {}", wrong.join("; "));
            findings.push(Finding::fail("database", what, "bring back the last backup"));
            None
        }
        Err(error) => {
            let todo = "see that the database may be read by you";
            findings.push(Finding::fail("database", format!("{place}: {error}"), todo));
            None
        }
    }
}
