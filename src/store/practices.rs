//! Practices with their people, accounts and channels.

use jiff::tz::TimeZone;
use sqlx::FromRow;

use super::db::{Db, Tx, sql, statements};
use super::known::Known;
use super::row::{InTable, exactly_one};
use crate::domain::consent::Consent;
use crate::domain::daily::Hour;
use crate::domain::ids::{AccountId, MemberId, PracticeId};
use crate::domain::member::{Identity, Member, Platform};
use crate::domain::policy::Dated;
use crate::domain::practice::{Account, ChannelRef, Practice};
use crate::domain::quiet::{Minutes, Quiet};
use crate::ports::store::{Binding, Stored};

statements! {
    ALL = "SELECT id FROM practices WHERE id <> 'instance' ORDER BY id";
    PRACTICE = "SELECT name, zone, sample, quiet_from, quiet_to, own_words, begun, packs, lists, stopped,
        digest_at, version, EXISTS (
            SELECT 1 FROM practices AS instance WHERE instance.id = 'instance' AND instance.stopped
        ) AS all_stopped FROM practices WHERE id = $1";
    POLICIES = "SELECT counts_from, policy FROM policies WHERE practice_id = $1 ORDER BY place";
    MEMBERS = "SELECT id, name, role, agency, signs_from, signed_until, was, gone, was_known
        FROM members
        WHERE practice_id = $1 ORDER BY place";
    IDENTITIES = "SELECT member_id, platform, workspace, user_id, confirmed, counts_from
        FROM identities
        WHERE practice_id = $1 ORDER BY place";
    ACCOUNTS = "SELECT id, network, name, server, remote_id, gone FROM accounts
        WHERE practice_id = $1 ORDER BY place";
    CONSENTS = "SELECT code, networks, purpose, until, revoked_at FROM consents
        WHERE practice_id = $1 ORDER BY place";
    CHANNELS = "SELECT practice_id, purpose, platform, workspace, channel FROM channels
        WHERE practice_id = $1 ORDER BY place";
    BINDING = "SELECT practice_id, purpose, platform, workspace, channel FROM channels
        WHERE platform = $1 AND workspace = $2 AND channel = $3";
    ELSEWHERE = "SELECT practice_id, purpose, platform, workspace, channel FROM channels
        WHERE platform = $1 AND channel = $2 AND workspace <> $3 ORDER BY workspace LIMIT 1";
    OF_USER = "SELECT DISTINCT practice_id FROM identities
        WHERE platform = $1 AND user_id = $2 ORDER BY practice_id";
    /// Writes nothing new, but nobody else can write it before the end of the transaction.
    SAME_VERSION = "UPDATE practices SET version = version WHERE id = $1 AND version = $2";
    /// Who decided about any practice before everything was stopped or released decides again.
    RAISE_ALL = "UPDATE practices SET version = version + 1 WHERE id <> $1";
    SET_STOPPED = "UPDATE practices SET stopped = $2, version = version + 1 WHERE id = $1";
}

#[derive(FromRow)]
struct PracticeRow {
    name: String,
    zone: String,
    sample: bool,
    quiet_from: Option<i64>,
    quiet_to: Option<i64>,
    own_words: Option<i64>,
    digest_at: i64,
    begun: String,
    packs: String,
    lists: String,
    stopped: bool,
    version: i64,
    all_stopped: bool,
}

#[derive(FromRow)]
struct PolicyRow {
    counts_from: i64,
    policy: String,
}

#[derive(FromRow)]
struct MemberRow {
    id: String,
    name: String,
    role: String,
    agency: bool,
    signs_from: i64,
    signed_until: Option<i64>,
    was: Option<String>,
    gone: bool,
    was_known: bool,
}

#[derive(FromRow)]
struct IdentityRow {
    member_id: String,
    platform: String,
    workspace: String,
    user_id: String,
    confirmed: bool,
    counts_from: Option<i64>,
}

#[derive(FromRow)]
struct AccountRow {
    id: String,
    network: String,
    name: String,
    server: String,
    remote_id: String,
    gone: bool,
}

#[derive(FromRow)]
struct ConsentRow {
    code: String,
    networks: String,
    purpose: String,
    until: i64,
    revoked_at: Option<i64>,
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

impl InTable for PolicyRow {
    const TABLE: &'static str = "policies";
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

impl InTable for ConsentRow {
    const TABLE: &'static str = "consents";
}

impl InTable for ChannelRow {
    const TABLE: &'static str = "channels";
}

/// Every practice's id.
pub(super) async fn all(tx: &mut Tx) -> Stored<Vec<PracticeId>> {
    let ids = sql!(tx.fetch_all scalar String: ALL)?;
    Ok(ids.into_iter().map(PracticeId::new).collect())
}

/// The practices that know an account of this user.
pub(super) async fn of_user(tx: &mut Tx, on: Platform, user: &str) -> Stored<Vec<PracticeId>> {
    let ids = sql!(tx.fetch_all scalar String: OF_USER, on.as_str(), user)?;
    Ok(ids.into_iter().map(PracticeId::new).collect())
}

/// A practice with all that belongs to it.
pub(super) async fn practice(db: &Db, id: &PracticeId, known: &Known) -> Stored<Option<Practice>> {
    let Some(row) = own_row(&mut db.look().await?, id).await? else {
        return Ok(None);
    };
    if let Some(practice) = known.get(id, row.version) {
        return Ok(Some(Practice { all_stopped: row.all_stopped, ..practice }));
    }
    let mut tx = db.read().await?;
    let Some(row) = own_row(&mut tx, id).await? else {
        return Ok(None);
    };
    let practice = whole(&mut tx, id, row).await?;
    known.put(&practice);
    Ok(Some(practice))
}

async fn own_row(tx: &mut Tx, id: &PracticeId) -> Stored<Option<PracticeRow>> {
    sql!(tx.fetch_optional as PracticeRow: PRACTICE, id.as_str())
}

async fn whole(tx: &mut Tx, id: &PracticeId, row: PracticeRow) -> Stored<Practice> {
    let policies = sql!(tx.fetch_all as PolicyRow: POLICIES, id.as_str())?;
    let (members, former) = members(tx, id).await?;
    let (accounts, former_accounts) = accounts(tx, id).await?;
    let channels = sql!(tx.fetch_all as ChannelRow: CHANNELS, id.as_str())?;
    let consents = sql!(tx.fetch_all as ConsentRow: CONSENTS, id.as_str())?;
    Ok(Practice {
        id: id.clone(),
        zone: TimeZone::get(&row.zone).map_err(|_| PracticeRow::damaged("zone"))?,
        quiet: row.quiet()?,
        digest: Hour::try_from(row.digest_at).map_err(|_| PracticeRow::damaged("digest_at"))?,
        own_words: PracticeRow::time_if("own_words", row.own_words)?,
        begun: PracticeRow::json("begun", &row.begun)?,
        packs: PracticeRow::json("packs", &row.packs)?,
        lists: PracticeRow::json("lists", &row.lists)?,
        consents: consents.into_iter().map(ConsentRow::read).collect::<Stored<_>>()?,
        policies: policies.into_iter().map(PolicyRow::read).collect::<Stored<_>>()?,
        name: row.name,
        sample: row.sample,
        stopped: row.stopped,
        all_stopped: row.all_stopped,
        members,
        former,
        accounts,
        former_accounts,
        channels: channels
            .into_iter()
            .map(|row| Ok((ChannelRow::word("purpose", &row.purpose)?, row.read()?)))
            .collect::<Stored<_>>()?,
        version: row.version,
    })
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

/// The same channel as another workspace has bound it.
pub(super) async fn bound_elsewhere(tx: &mut Tx, at: &ChannelRef) -> Stored<Option<ChannelRef>> {
    let (platform, workspace, channel) = (at.platform.as_str(), &at.workspace, &at.channel);
    let row = sql!(tx.fetch_optional as ChannelRow: ELSEWHERE, platform, channel, workspace)?;
    row.map(ChannelRow::read).transpose()
}

/// Goes on only if the practice still has this version, and keeps it so to the end.
pub(super) async fn still(tx: &mut Tx, id: &PracticeId, version: i64) -> Stored<()> {
    exactly_one(sql!(tx.execute: SAME_VERSION, id.as_str(), version)?)
}

/// Stops or releases it; the instance's stop is everybody's.
pub(super) async fn set_stopped(tx: &mut Tx, id: &PracticeId, stopped: bool) -> Stored<()> {
    if id.is_instance() {
        sql!(tx.execute: RAISE_ALL, id.as_str())?;
    }
    exactly_one(sql!(tx.execute: SET_STOPPED, id.as_str(), stopped)?)
}

/// Who is there, and who was.
async fn members(tx: &mut Tx, id: &PracticeId) -> Stored<(Vec<Member>, Vec<Member>)> {
    let (mut members, mut former) = (Vec::new(), Vec::new());
    for row in sql!(tx.fetch_all as MemberRow: MEMBERS, id.as_str())? {
        let list = if row.gone { &mut former } else { &mut members };
        list.push(row.read()?);
    }
    for row in sql!(tx.fetch_all as IdentityRow: IDENTITIES, id.as_str())? {
        let owner = members.iter_mut().find(|m: &&mut Member| m.id.as_str() == row.member_id);
        let owner = owner.ok_or_else(|| IdentityRow::damaged("member_id"))?;
        let confirmed = row.confirmed;
        let from = IdentityRow::time_if("counts_from", row.counts_from)?;
        let identity = row.read()?;
        if !confirmed {
            owner.unconfirmed.push(identity.clone());
        }
        owner.later.extend(from.map(|from| (identity.clone(), from)));
        owner.identities.push(identity);
    }
    Ok((members, former))
}

/// Where it publishes, and where it did.
async fn accounts(tx: &mut Tx, id: &PracticeId) -> Stored<(Vec<Account>, Vec<Account>)> {
    let (mut accounts, mut former) = (Vec::new(), Vec::new());
    for row in sql!(tx.fetch_all as AccountRow: ACCOUNTS, id.as_str())? {
        let list = if row.gone { &mut former } else { &mut accounts };
        list.push(row.read()?);
    }
    Ok((accounts, former))
}

impl PracticeRow {
    fn quiet(&self) -> Stored<Option<Quiet>> {
        let (Some(from), Some(to)) = (self.quiet_from, self.quiet_to) else {
            return Ok(None);
        };
        let quiet = Quiet::try_from(Minutes { from, to });
        quiet.map(Some).map_err(|_| Self::damaged("quiet_from"))
    }
}

impl PolicyRow {
    fn read(self) -> Stored<Dated> {
        let from = Self::time("counts_from", self.counts_from)?;
        Ok(Dated { from, policy: Self::json("policy", &self.policy)? })
    }
}

impl MemberRow {
    fn read(self) -> Stored<Member> {
        let role = Self::word("role", &self.role)?;
        Ok(Member {
            signs_from: Self::time("signs_from", self.signs_from)?,
            signed_until: Self::time_if("signed_until", self.signed_until)?,
            was: self.was.map(|text| Self::json("was", &text)).transpose()?,
            was_known: self.was_known,
            ..Member::new(MemberId::new(self.id), &self.name, role, self.agency)
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

impl ConsentRow {
    fn read(self) -> Stored<Consent> {
        Ok(Consent {
            networks: Self::json("networks", &self.networks)?,
            until: Self::time("until", self.until)?,
            revoked: Self::time_if("revoked_at", self.revoked_at)?,
            code: self.code,
            purpose: self.purpose,
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
