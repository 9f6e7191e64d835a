//! How accounts are signed in to.

use sqlx::FromRow;

use super::db::{Tx, sql, statements};
use super::row::InTable;
use crate::domain::expiry::Expiry;
use crate::domain::ids::{AccountId, PracticeId};
use crate::ports::credentials::KeptCredentials;
use crate::ports::store::{StoreError, Stored};

statements! {
    CREDENTIALS = "SELECT sealed, version, since, expiry, ends, out_since, out_why, not_before,
            identity
        FROM credentials WHERE practice_id = $1 AND account_id = $2";
    NEW_CREDENTIALS = "INSERT INTO credentials (practice_id, account_id, sealed, version, since,
        expiry, ends, out_since, out_why, not_before, identity)
        VALUES ($1, $2, $3, 1, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING";
    NEXT_CREDENTIALS = "UPDATE credentials SET sealed = $3, since = $4, expiry = $5, ends = $6,
        out_since = $7, out_why = $8, not_before = $9, identity = $10, version = version + 1
        WHERE practice_id = $1 AND account_id = $2 AND version = $11";
    HOLDER = "SELECT practice_id, account_id FROM credentials WHERE identity = $1";
    FORGET_CREDENTIALS = "DELETE FROM credentials WHERE practice_id = $1 AND account_id = $2";
    ANY_CREDENTIALS = "SELECT sealed, version, since, expiry, ends, out_since, out_why, not_before,
            identity
        FROM credentials LIMIT 1";
}

#[derive(FromRow)]
struct CredentialsRow {
    sealed: String,
    version: i64,
    since: i64,
    expiry: String,
    ends: Option<i64>,
    out_since: Option<i64>,
    out_why: Option<String>,
    not_before: Option<i64>,
    identity: Option<String>,
}

#[derive(FromRow)]
struct HolderRow {
    practice_id: String,
    account_id: String,
}

impl InTable for CredentialsRow {
    const TABLE: &'static str = "credentials";
}

impl InTable for HolderRow {
    const TABLE: &'static str = "credentials";
}

/// Of one account.
pub(super) async fn of(
    tx: &mut Tx,
    practice: &PracticeId,
    account: &AccountId,
) -> Stored<Option<KeptCredentials>> {
    let (whose, whither) = (practice.as_str(), account.as_str());
    let row = sql!(tx.fetch_optional as CredentialsRow: CREDENTIALS, whose, whither)?;
    let Some(row) = row else { return Ok(None) };
    let expiry = match (&*row.expiry, CredentialsRow::time_if("ends", row.ends)?) {
        ("never", None) => Expiry::Never,
        ("unknown", None) => Expiry::Unknown,
        ("at", Some(ends)) => Expiry::At(ends),
        _ => return Err(CredentialsRow::damaged("expiry")),
    };
    Ok(Some(KeptCredentials {
        practice: practice.clone(),
        account: account.clone(),
        since: CredentialsRow::time("since", row.since)?,
        expiry,
        out: CredentialsRow::time_if("out_since", row.out_since)?
            .map(|since| (since, row.out_why.unwrap_or_default())),
        not_before: CredentialsRow::time_if("not_before", row.not_before)?,
        identity: row.identity,
        sealed: row.sealed,
        version: row.version,
    }))
}

/// Keeps one; `Conflict` if somebody else has written it meanwhile.
pub(super) async fn keep(tx: &mut Tx, kept: &KeptCredentials) -> Stored<()> {
    let (practice, account) = (kept.practice.as_str(), kept.account.as_str());
    let (sealed, since) = (kept.sealed.as_str(), kept.since.as_microsecond());
    let expiry = match kept.expiry {
        Expiry::Never => "never",
        Expiry::Unknown => "unknown",
        Expiry::At(_) => "at",
    };
    let micros = |at: jiff::Timestamp| at.as_microsecond();
    let (ends, not_before) = (kept.expiry.ends().map(micros), kept.not_before.map(micros));
    let out = kept.out.as_ref();
    let (gone, why) = (out.map(|out| micros(out.0)), out.map(|out| out.1.as_str()));
    let identity = kept.identity.as_deref();
    let wrote = if kept.version == 0 {
        sql!(tx.execute: NEW_CREDENTIALS, practice, account, sealed, since, expiry, ends, gone, why,
            not_before, identity)?
    } else {
        sql!(tx.execute: NEXT_CREDENTIALS, practice, account, sealed, since, expiry, ends, gone,
            why, not_before, identity, kept.version)?
    };
    if wrote == 1 { Ok(()) } else { Err(StoreError::Conflict) }
}

/// Forgets one.
pub(super) async fn forget(tx: &mut Tx, practice: &PracticeId, account: &AccountId) -> Stored<()> {
    let (practice, account) = (practice.as_str(), account.as_str());
    sql!(tx.execute: FORGET_CREDENTIALS, practice, account).map(drop)
}

/// Which account has this identity.
pub(super) async fn holder(tx: &mut Tx, identity: &str) -> Stored<Option<(PracticeId, AccountId)>> {
    let row = sql!(tx.fetch_optional as HolderRow: HOLDER, identity)?;
    Ok(row.map(|row| (PracticeId::new(row.practice_id), AccountId::new(row.account_id))))
}

/// There are any.
pub(super) async fn any(tx: &mut Tx) -> Stored<bool> {
    let row = sql!(tx.fetch_optional as CredentialsRow: ANY_CREDENTIALS)?;
    Ok(row.is_some())
}
