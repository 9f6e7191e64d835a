//! What was set in a practice: a new one, or one that changed; and the codes by which people show
//! who they are.

use jiff::Timestamp;
use sqlx::FromRow;

use super::db::{Tx, sql, statements};
use super::row::{InTable, exactly_one, json, place};
use crate::domain::ids::PracticeId;
use crate::domain::member::{Identity, Member};
use crate::domain::practice::{Account, Practice};
use crate::domain::quiet::Minutes;
use crate::ports::store::{Code, CodeWrite, StoreError, Stored};

statements! {
    INSERT_PRACTICE = "INSERT INTO practices
        (id, name, zone, sample, quiet_from, quiet_to, own_words, stopped, begun, version, packs,
            lists, digest_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    UPDATE_PRACTICE = "UPDATE practices SET name = $2, zone = $3, sample = $4, quiet_from = $5,
            quiet_to = $6, own_words = $7, stopped = $8, begun = $9, packs = $11, lists = $12,
            digest_at = $13, version = version + 1
        WHERE id = $1 AND version = $10";
    FORGET_POLICIES = "DELETE FROM policies WHERE practice_id = $1";
    INSERT_POLICY = "INSERT INTO policies (practice_id, place, counts_from, policy)
        VALUES ($1, $2, $3, $4)";
    SAVE_MEMBER = "INSERT INTO members
        (practice_id, id, place, name, role, agency, signs_from, signed_until, was, gone,
            was_known)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        ON CONFLICT (practice_id, id) DO UPDATE SET place = excluded.place, name = excluded.name,
            role = excluded.role, agency = excluded.agency, signs_from = excluded.signs_from,
            signed_until = excluded.signed_until, was = excluded.was, gone = excluded.gone,
            was_known = excluded.was_known";
    FORGET_IDENTITIES = "DELETE FROM identities WHERE practice_id = $1";
    INSERT_IDENTITY = "INSERT INTO identities
        (practice_id, member_id, place, platform, workspace, user_id, confirmed, counts_from)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    SAVE_ACCOUNT = "INSERT INTO accounts
        (practice_id, id, place, network, name, server, remote_id, gone)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (practice_id, id) DO UPDATE SET place = excluded.place, name = excluded.name,
            gone = excluded.gone";
    SAVE_CONSENT = "INSERT INTO consents
        (practice_id, code, place, networks, purpose, until, revoked_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (practice_id, code) DO UPDATE SET purpose = excluded.purpose,
            revoked_at = excluded.revoked_at";
    FORGET_CHANNELS = "DELETE FROM channels WHERE practice_id = $1";
    INSERT_CHANNEL = "INSERT INTO channels
        (practice_id, place, purpose, platform, workspace, channel)
        VALUES ($1, $2, $3, $4, $5, $6)";
    CODE = "SELECT hash, expires, tries FROM codes
        WHERE practice_id = $1 AND platform = $2 AND workspace = $3 AND user_id = $4";
    SAVE_CODE = "INSERT INTO codes
        (practice_id, platform, workspace, user_id, hash, expires, tries)
        VALUES ($1, $2, $3, $4, $5, $6, 0)
        ON CONFLICT (practice_id, platform, workspace, user_id) DO UPDATE SET
            hash = excluded.hash, expires = excluded.expires, tries = 0";
    WRONG_CODE = "UPDATE codes SET tries = tries + 1
        WHERE practice_id = $1 AND platform = $2 AND workspace = $3 AND user_id = $4";
    FORGET_CODE = "DELETE FROM codes
        WHERE practice_id = $1 AND platform = $2 AND workspace = $3 AND user_id = $4";
}

#[derive(FromRow)]
struct CodeRow {
    hash: String,
    expires: i64,
    tries: i64,
}

impl InTable for CodeRow {
    const TABLE: &'static str = "codes";
}

/// Writes a new practice and all that belongs to it.
pub(super) async fn insert(tx: &mut Tx, practice: &Practice) -> Stored<()> {
    write(tx, practice, INSERT_PRACTICE).await
}

/// Writes a practice as it is now, under the version it was decided under.
pub(super) async fn update(tx: &mut Tx, practice: &Practice) -> Stored<()> {
    write(tx, practice, UPDATE_PRACTICE).await
}

async fn write(tx: &mut Tx, practice: &Practice, statement: &'static str) -> Stored<()> {
    let id = practice.id.as_str();
    let zone = practice.zone.iana_name();
    let zone = zone.ok_or_else(|| StoreError::Damaged("practices.zone needs a name".to_owned()))?;
    let quiet = practice.quiet.map(Minutes::from);
    exactly_one(sql!(tx.execute: statement, id, &practice.name, zone, practice.sample,
        quiet.map(|quiet| quiet.from), quiet.map(|quiet| quiet.to),
        practice.own_words.map(Timestamp::as_microsecond), practice.stopped,
        json(&practice.begun)?, practice.version, json(&practice.packs)?,
        json(&practice.lists)?, i64::from(practice.digest))?)?;
    sql!(tx.execute: FORGET_POLICIES, id)?;
    for (index, dated) in practice.policies.iter().enumerate() {
        sql!(tx.execute: INSERT_POLICY, id, place(index), dated.from.as_microsecond(),
            json(&dated.policy)?)?;
    }
    people(tx, practice).await?;
    consents(tx, practice).await?;
    places(tx, practice).await
}

async fn consents(tx: &mut Tx, practice: &Practice) -> Stored<()> {
    let id = practice.id.as_str();
    for (index, consent) in practice.consents.iter().enumerate() {
        sql!(tx.execute: SAVE_CONSENT, id, &consent.code, place(index), json(&consent.networks)?,
            &consent.purpose, consent.until.as_microsecond(),
            consent.revoked.map(Timestamp::as_microsecond))?;
    }
    Ok(())
}

async fn people(tx: &mut Tx, practice: &Practice) -> Stored<()> {
    let id = practice.id.as_str();
    let here = practice.members.iter().map(|member| (member, false));
    let gone = practice.former.iter().map(|member| (member, true));
    for (index, (member, gone)) in here.chain(gone).enumerate() {
        save_member(tx, id, index, (member, gone)).await?;
    }
    sql!(tx.execute: FORGET_IDENTITIES, id)?;
    for member in &practice.members {
        for (index, identity) in member.identities.iter().enumerate() {
            let confirmed = !member.unconfirmed.contains(identity);
            let from = member.counts_from(identity).map(Timestamp::as_microsecond);
            sql!(tx.execute: INSERT_IDENTITY, id, member.id.as_str(), place(index),
                identity.platform.as_str(), &identity.workspace, &identity.user, confirmed,
                from)?;
        }
    }
    Ok(())
}

async fn save_member(
    tx: &mut Tx,
    whose: &str,
    index: usize,
    (member, gone): (&Member, bool),
) -> Stored<()> {
    let until = member.signed_until.map(Timestamp::as_microsecond);
    let was = member.was.as_ref().map(json).transpose()?;
    sql!(tx.execute: SAVE_MEMBER, whose, member.id.as_str(), place(index), &member.name,
        member.role.as_str(), member.agency, member.signs_from.as_microsecond(), until, was,
        gone, member.was_known)?;
    Ok(())
}

async fn places(tx: &mut Tx, practice: &Practice) -> Stored<()> {
    let id = practice.id.as_str();
    let here = practice.accounts.iter().map(|account| (account, false));
    let gone = practice.former_accounts.iter().map(|account| (account, true));
    for (index, (account, gone)) in here.chain(gone).enumerate() {
        save_account(tx, id, index, (account, gone)).await?;
    }
    sql!(tx.execute: FORGET_CHANNELS, id)?;
    for (index, (purpose, at)) in practice.channels.iter().enumerate() {
        sql!(tx.execute: INSERT_CHANNEL, id, place(index), purpose.as_str(),
            at.platform.as_str(), &at.workspace, &at.channel)?;
    }
    Ok(())
}

async fn save_account(
    tx: &mut Tx,
    whose: &str,
    index: usize,
    (account, gone): (&Account, bool),
) -> Stored<()> {
    sql!(tx.execute: SAVE_ACCOUNT, whose, account.id.as_str(), place(index),
        account.network.as_str(), &account.name, &account.server, &account.remote_id, gone)?;
    Ok(())
}

/// The code that waits for this identity, if one does.
pub(super) async fn code(tx: &mut Tx, whose: &PracticeId, of: &Identity) -> Stored<Option<Code>> {
    let (platform, workspace, user) = (of.platform.as_str(), &of.workspace, &of.user);
    let row = sql!(tx.fetch_optional as CodeRow: CODE, whose.as_str(), platform, workspace, user)?;
    row.map(CodeRow::read).transpose()
}

/// Writes what became of a code.
pub(super) async fn write_code(tx: &mut Tx, whose: &PracticeId, write: &CodeWrite) -> Stored<()> {
    let whose = whose.as_str();
    match write {
        CodeWrite::Put { of, hash, expires } => {
            sql!(tx.execute: SAVE_CODE, whose, of.platform.as_str(), &of.workspace, &of.user, hash,
                expires.as_microsecond())?;
        }
        CodeWrite::Wrong { of } => {
            sql!(tx.execute: WRONG_CODE, whose, of.platform.as_str(), &of.workspace, &of.user)?;
        }
        CodeWrite::Forget { of } => {
            sql!(tx.execute: FORGET_CODE, whose, of.platform.as_str(), &of.workspace, &of.user)?;
        }
    }
    Ok(())
}

impl CodeRow {
    fn read(self) -> Stored<Code> {
        let expires = Self::time("expires", self.expires)?;
        Ok(Code { hash: self.hash, expires, tries: self.tries })
    }
}
