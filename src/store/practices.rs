//! Practices with their people, accounts and channels.

use jiff::tz::TimeZone;
use sqlx::FromRow;

use super::db::{Tx, sql, statements};
use super::row::{InTable, exactly_one, json, place};
use crate::domain::ids::{AccountId, MemberId, PracticeId};
use crate::domain::member::{Identity, Member};
use crate::domain::practice::{Account, ChannelRef, Practice};
use crate::domain::quiet::{Minutes, Quiet};
use crate::ports::store::{Binding, StoreError, Stored};

statements! {
    ALL = "SELECT id FROM practices ORDER BY id";
    PRACTICE = "SELECT name, zone, sample, policy, quiet_from, quiet_to, stopped, version
        FROM practices WHERE id = $1";
    MEMBERS = "SELECT id, name, role, agency FROM members WHERE practice_id = $1 ORDER BY place";
    IDENTITIES = "SELECT member_id, platform, workspace, user_id FROM identities
        WHERE practice_id = $1 ORDER BY place";
    ACCOUNTS = "SELECT id, network, name, server, remote_id FROM accounts
        WHERE practice_id = $1 ORDER BY place";
    CHANNELS = "SELECT practice_id, purpose, platform, workspace, channel FROM channels
        WHERE practice_id = $1 ORDER BY place";
    BINDING = "SELECT practice_id, purpose, platform, workspace, channel FROM channels
        WHERE platform = $1 AND workspace = $2 AND channel = $3";
    INSERT_PRACTICE = "INSERT INTO practices
        (id, name, zone, sample, policy, quiet_from, quiet_to, stopped, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    INSERT_MEMBER = "INSERT INTO members (practice_id, id, place, name, role, agency)
        VALUES ($1, $2, $3, $4, $5, $6)";
    INSERT_IDENTITY = "INSERT INTO identities
        (practice_id, member_id, place, platform, workspace, user_id)
        VALUES ($1, $2, $3, $4, $5, $6)";
    INSERT_ACCOUNT = "INSERT INTO accounts
        (practice_id, id, place, network, name, server, remote_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    INSERT_CHANNEL = "INSERT INTO channels
        (practice_id, place, purpose, platform, workspace, channel)
        VALUES ($1, $2, $3, $4, $5, $6)";
    /// Writes nothing new, but nobody else can write it before the end of the transaction.
    SAME_VERSION = "UPDATE practices SET version = version WHERE id = $1 AND version = $2";
    SET_STOPPED = "UPDATE practices SET stopped = $2, version = version + 1 WHERE id = $1";
}

#[derive(FromRow)]
struct PracticeRow {
    name: String,
    zone: String,
    sample: bool,
    policy: String,
    quiet_from: Option<i64>,
    quiet_to: Option<i64>,
    stopped: bool,
    version: i64,
}

#[derive(FromRow)]
struct MemberRow {
    id: String,
    name: String,
    role: String,
    agency: bool,
}

#[derive(FromRow)]
struct IdentityRow {
    member_id: String,
    platform: String,
    workspace: String,
    user_id: String,
}

#[derive(FromRow)]
struct AccountRow {
    id: String,
    network: String,
    name: String,
    server: String,
    remote_id: String,
}

#[derive(FromRow)]
struct ChannelRow {
    practice_id: String,
    purpose: String,
    platform: String,
    workspace: String,
    channel: String,
}

impl InTable for PracticeRow {
    const TABLE: &'static str = "practices";
}

impl InTable for MemberRow {
    const TABLE: &'static str = "members";
}

impl InTable for IdentityRow {
    const TABLE: &'static str = "identities";
}

impl InTable for AccountRow {
    const TABLE: &'static str = "accounts";
}

impl InTable for ChannelRow {
    const TABLE: &'static str = "channels";
}

/// Every practice's id.
pub(super) async fn all(tx: &mut Tx) -> Stored<Vec<PracticeId>> {
    let ids = sql!(tx.fetch_all scalar String: ALL)?;
    Ok(ids.into_iter().map(PracticeId::new).collect())
}

/// A practice with all that belongs to it.
pub(super) async fn practice(tx: &mut Tx, id: &PracticeId) -> Stored<Option<Practice>> {
    let Some(row) = sql!(tx.fetch_optional as PracticeRow: PRACTICE, id.as_str())? else {
        return Ok(None);
    };
    let accounts = sql!(tx.fetch_all as AccountRow: ACCOUNTS, id.as_str())?;
    let channels = sql!(tx.fetch_all as ChannelRow: CHANNELS, id.as_str())?;
    Ok(Some(Practice {
        id: id.clone(),
        zone: TimeZone::get(&row.zone).map_err(|_| PracticeRow::damaged("zone"))?,
        policy: PracticeRow::json("policy", &row.policy)?,
        quiet: row.quiet()?,
        name: row.name,
        sample: row.sample,
        stopped: row.stopped,
        members: members(tx, id).await?,
        accounts: accounts.into_iter().map(AccountRow::read).collect::<Stored<_>>()?,
        channels: channels
            .into_iter()
            .map(|row| Ok((ChannelRow::word("purpose", &row.purpose)?, row.read()?)))
            .collect::<Stored<_>>()?,
        version: row.version,
    }))
}

/// Whose channel it is.
pub(super) async fn binding(tx: &mut Tx, at: &ChannelRef) -> Stored<Option<Binding>> {
    let (platform, workspace, channel) = (at.platform.as_str(), &at.workspace, &at.channel);
    let row = sql!(tx.fetch_optional as ChannelRow: BINDING, platform, workspace, channel)?;
    row.map(|row| {
        Ok(Binding {
            purpose: ChannelRow::word("purpose", &row.purpose)?,
            practice: PracticeId::new(row.practice_id),
        })
    })
    .transpose()
}

/// Writes a new practice and all that belongs to it.
pub(super) async fn insert(tx: &mut Tx, practice: &Practice) -> Stored<()> {
    let id = practice.id.as_str();
    let zone = practice.zone.iana_name();
    let zone = zone.ok_or_else(|| StoreError::Damaged("practices.zone needs a name".to_owned()))?;
    let quiet = practice.quiet.map(Minutes::from);
    sql!(tx.execute: INSERT_PRACTICE, id, &practice.name, zone, practice.sample,
        json(&practice.policy)?, quiet.map(|quiet| quiet.from), quiet.map(|quiet| quiet.to),
        practice.stopped, practice.version)?;
    for (index, member) in practice.members.iter().enumerate() {
        insert_member(tx, id, index, member).await?;
    }
    for (index, account) in practice.accounts.iter().enumerate() {
        sql!(tx.execute: INSERT_ACCOUNT, id, account.id.as_str(), place(index),
            account.network.as_str(), &account.name, &account.server, &account.remote_id)?;
    }
    for (index, (purpose, at)) in practice.channels.iter().enumerate() {
        sql!(tx.execute: INSERT_CHANNEL, id, place(index), purpose.as_str(),
            at.platform.as_str(), &at.workspace, &at.channel)?;
    }
    Ok(())
}

/// Goes on only if the practice still has this version, and keeps it so to the end.
pub(super) async fn still(tx: &mut Tx, id: &PracticeId, version: i64) -> Stored<()> {
    exactly_one(sql!(tx.execute: SAME_VERSION, id.as_str(), version)?)
}

/// Stops or releases it.
pub(super) async fn set_stopped(tx: &mut Tx, id: &PracticeId, stopped: bool) -> Stored<()> {
    exactly_one(sql!(tx.execute: SET_STOPPED, id.as_str(), stopped)?)
}

async fn members(tx: &mut Tx, id: &PracticeId) -> Stored<Vec<Member>> {
    let rows = sql!(tx.fetch_all as MemberRow: MEMBERS, id.as_str())?;
    let mut members = rows.into_iter().map(MemberRow::read).collect::<Stored<Vec<_>>>()?;
    for row in sql!(tx.fetch_all as IdentityRow: IDENTITIES, id.as_str())? {
        let owner = members.iter_mut().find(|m| m.id.as_str() == row.member_id);
        let owner = owner.ok_or_else(|| IdentityRow::damaged("member_id"))?;
        owner.identities.push(row.read()?);
    }
    Ok(members)
}

async fn insert_member(tx: &mut Tx, id: &str, index: usize, member: &Member) -> Stored<()> {
    let who = member.id.as_str();
    sql!(tx.execute: INSERT_MEMBER, id, who, place(index), &member.name, member.role.as_str(),
        member.agency)?;
    for (index, identity) in member.identities.iter().enumerate() {
        sql!(tx.execute: INSERT_IDENTITY, id, who, place(index), identity.platform.as_str(),
            &identity.workspace, &identity.user)?;
    }
    Ok(())
}

impl PracticeRow {
    fn quiet(&self) -> Stored<Option<Quiet>> {
        let minutes = self.quiet_from.zip(self.quiet_to).map(|(from, to)| Minutes { from, to });
        minutes.map(Quiet::try_from).transpose().map_err(|_| Self::damaged("quiet_from"))
    }
}

impl MemberRow {
    fn read(self) -> Stored<Member> {
        Ok(Member {
            role: Self::word("role", &self.role)?,
            id: MemberId::new(self.id),
            name: self.name,
            agency: self.agency,
            identities: Vec::new(),
        })
    }
}

impl IdentityRow {
    fn read(self) -> Stored<Identity> {
        Ok(Identity {
            platform: Self::word("platform", &self.platform)?,
            workspace: self.workspace,
            user: self.user_id,
        })
    }
}

impl AccountRow {
    fn read(self) -> Stored<Account> {
        Ok(Account {
            network: Self::word("network", &self.network)?,
            id: AccountId::new(self.id),
            name: self.name,
            server: self.server,
            remote_id: self.remote_id,
        })
    }
}

impl ChannelRow {
    fn read(self) -> Stored<ChannelRef> {
        Ok(ChannelRef {
            platform: Self::word("platform", &self.platform)?,
            workspace: self.workspace,
            channel: self.channel,
        })
    }
}
