//! Agencies with their practices and desks, and who of them may see what there.

use std::collections::BTreeSet;

use sqlx::FromRow;

use super::db::{Tx, sql, statements};
use super::neighbors;
use super::row::{InTable, one_spelling, place};
use crate::domain::agency::{Agency, Others};
use crate::domain::ids::{AgencyId, PracticeId};
use crate::domain::listing::{List, Lists};
use crate::domain::member::Identity;
use crate::domain::neighbor::Neighbor;
use crate::domain::practice::{ChannelRef, Purpose};
use crate::ports::store::{Most, Stored, Thing};

statements! {
    AGENCIES = "SELECT id, name FROM agencies ORDER BY id";
    CLIENTS = "SELECT practice_id FROM clients WHERE agency_id = $1 ORDER BY practice_id";
    DESKS = "SELECT platform, workspace, channel FROM desks
        WHERE practice_id = $1 AND agency_id = $2 ORDER BY platform, workspace, channel";
    DESK = "SELECT agency_id FROM desks
        WHERE practice_id = $1 AND platform = $2 AND workspace = $3 AND channel = $4";
    SAVE_AGENCY = "INSERT INTO agencies (id, name) VALUES ($1, $2)
        ON CONFLICT (id) DO UPDATE SET name = excluded.name";
    FORGET_CLIENTS = "DELETE FROM clients WHERE agency_id = $1";
    FORGET_DESKS = "DELETE FROM desks WHERE practice_id = $1 AND agency_id = $2";
    FORGET_DESK_CHANNELS = "DELETE FROM channels
        WHERE practice_id = $1 AND NOT EXISTS (SELECT 1 FROM desks
            WHERE desks.practice_id = channels.practice_id
                AND desks.platform = channels.platform
                AND desks.workspace = channels.workspace
                AND desks.channel = channels.channel)";
    INSERT_CLIENT = "INSERT INTO clients (agency_id, practice_id) VALUES ($1, $2)";
    INSERT_DESK_CHANNEL = "INSERT INTO channels
        (practice_id, place, purpose, platform, workspace, channel)
        VALUES ($1, $2, $3, $4, $5, $6)";
    INSERT_DESK = "INSERT INTO desks (practice_id, platform, workspace, channel, agency_id)
        VALUES ($1, $2, $3, $4, $5)";
    /// Who decided about agencies before this decides again.
    RAISE_INSTANCE = "UPDATE practices SET version = version + 1 WHERE id = $1";
    SERVED = "SELECT practices.id, practices.name FROM clients
        JOIN practices ON practices.id = clients.practice_id
        JOIN identities ON identities.practice_id = clients.practice_id
        JOIN members ON members.practice_id = identities.practice_id
            AND members.id = identities.member_id
        WHERE clients.agency_id = $1 AND identities.platform = $2
            AND identities.workspace = $3 AND identities.user_id = $4 AND members.agency
        ORDER BY practices.id";
    /// The other practices for which an agency of this one works with this person.
    SERVED_BESIDE = "SELECT DISTINCT other.practice_id FROM clients AS own
        JOIN clients AS other ON other.agency_id = own.agency_id
            AND other.practice_id <> own.practice_id
        JOIN identities ON identities.practice_id = other.practice_id
        JOIN members ON members.practice_id = identities.practice_id
            AND members.id = identities.member_id
        WHERE own.practice_id = $1 AND identities.platform = $2
            AND identities.workspace = $3 AND identities.user_id = $4
            AND members.agency AND NOT members.gone
        ORDER BY other.practice_id LIMIT $5";
    /// Each with what it is: a practice's name, a person's, an account, or a practice's lists.
    OTHERS = "WITH others AS (
            SELECT DISTINCT other.practice_id AS id FROM clients AS own
            JOIN clients AS other ON other.agency_id = own.agency_id
            WHERE own.practice_id = $1 AND other.practice_id <> own.practice_id)
        SELECT 'practice' AS what, name AS called FROM practices WHERE id IN (SELECT id FROM others)
        UNION ALL SELECT 'person', name FROM members
            WHERE practice_id IN (SELECT id FROM others) AND NOT agency AND NOT gone
        UNION ALL SELECT 'handle', remote_id FROM accounts
            WHERE practice_id IN (SELECT id FROM others) AND NOT gone
        UNION ALL SELECT 'lists', lists FROM practices WHERE id IN (SELECT id FROM others)";
    WHOSE_POST = "SELECT posts.practice_id FROM clients
        JOIN posts ON posts.practice_id = clients.practice_id
        WHERE clients.agency_id = $1 AND posts.id = $2";
    WHOSE_PICTURE = "SELECT media.practice_id FROM clients
        JOIN media ON media.practice_id = clients.practice_id
        WHERE clients.agency_id = $1 AND media.sha256 = $2";
    WHOSE_MASTER = "SELECT ideas.practice_id FROM clients
        JOIN ideas ON ideas.practice_id = clients.practice_id
        WHERE clients.agency_id = $1 AND ideas.message = $2 ORDER BY ideas.practice_id";
}

#[derive(FromRow)]
struct AgencyRow {
    id: String,
    name: String,
}

#[derive(FromRow)]
struct OtherRow {
    what: String,
    called: String,
}

#[derive(FromRow)]
struct DeskRow {
    platform: String,
    workspace: String,
    channel: String,
}

impl InTable for AgencyRow {
    const TABLE: &'static str = "agencies";
}

impl InTable for OtherRow {
    const TABLE: &'static str = "practices";
}

impl InTable for DeskRow {
    const TABLE: &'static str = "desks";
}

/// Every agency, by id.
pub(super) async fn all(tx: &mut Tx) -> Stored<Vec<Agency>> {
    let (instance, mut agencies) = (PracticeId::instance(), Vec::new());
    for AgencyRow { id, name } in sql!(tx.fetch_all as AgencyRow: AGENCIES)? {
        let practices = sql!(tx.fetch_all scalar String: CLIENTS, &id)?;
        let desks = sql!(tx.fetch_all as DeskRow: DESKS, instance.as_str(), &id)?;
        agencies.push(Agency {
            practices: practices.into_iter().map(PracticeId::new).collect(),
            desks: desks.into_iter().map(DeskRow::read).collect::<Stored<_>>()?,
            id: AgencyId::new(id),
            name,
        });
    }
    Ok(agencies)
}

/// Writes an agency as it is now.
pub(super) async fn save(tx: &mut Tx, instance: &PracticeId, agency: &Agency) -> Stored<()> {
    let (instance, id) = (instance.as_str(), agency.id.as_str());
    sql!(tx.execute: SAVE_AGENCY, id, &agency.name)?;
    sql!(tx.execute: FORGET_CLIENTS, id)?;
    sql!(tx.execute: FORGET_DESKS, instance, id)?;
    sql!(tx.execute: FORGET_DESK_CHANNELS, instance)?;
    for practice in &agency.practices {
        sql!(tx.execute: INSERT_CLIENT, id, practice.as_str())?;
    }
    for (index, at) in agency.desks.iter().enumerate() {
        let platform = at.platform.as_str();
        sql!(tx.execute: INSERT_DESK_CHANNEL, instance, place(index), Purpose::Desk.as_str(),
            platform, &at.workspace, &at.channel)?;
        sql!(tx.execute: INSERT_DESK, instance, platform, &at.workspace, &at.channel, id)?;
    }
    sql!(tx.execute: RAISE_INSTANCE, instance).map(drop)
}

/// Whose desk the channel is.
pub(super) async fn desk(tx: &mut Tx, at: &ChannelRef) -> Stored<Option<AgencyId>> {
    let instance = PracticeId::instance();
    let agency = sql!(tx.fetch_optional scalar String: DESK, instance.as_str(),
        at.platform.as_str(), &at.workspace, &at.channel)?;
    Ok(agency.map(AgencyId::new))
}

/// The agency's practices that have this person as an agency's, with their names, by id.
pub(super) async fn served(
    tx: &mut Tx,
    agency: &AgencyId,
    by: &Identity,
) -> Stored<Vec<(PracticeId, String)>> {
    let rows = sql!(tx.fetch_all as AgencyRow: SERVED, agency.as_str(), by.platform.as_str(),
        &by.workspace, &by.user)?;
    Ok(rows.into_iter().map(|row| (PracticeId::new(row.id), row.name)).collect())
}

/// What the other practices are known by for which an agency of this one works.
pub(super) async fn others(tx: &mut Tx, than: &PracticeId) -> Stored<Others> {
    let mut others = Others::default();
    for OtherRow { what, called } in sql!(tx.fetch_all as OtherRow: OTHERS, than.as_str())? {
        match what.as_str() {
            "practice" => others.practices.push(called),
            "person" => others.people.push(called),
            "handle" => others.handles.push(called),
            _ => {
                // Its own practice is told that they can't be read.
                let lists: Stored<Lists> = OtherRow::json("lists", &called);
                let mut lists = lists.unwrap_or_default();
                others.phones.extend(lists.remove(&List::Phones).unwrap_or_default());
            }
        }
    }
    Ok(others)
}

/// The newest posts of the others of this person's practices.
pub(super) async fn newest_elsewhere(
    tx: &mut Tx,
    (than, by): (&PracticeId, &Identity),
    most: Most,
) -> Stored<Vec<Neighbor>> {
    let others = sql!(tx.fetch_all scalar String: SERVED_BESIDE, than.as_str(),
        by.platform.as_str(), &by.workspace, &by.user, most.all)?;
    let count = i64::try_from(others.len()).unwrap_or(i64::MAX).max(1);
    let each = (most.all / count).min(most.each);
    let mut newest = Vec::new();
    for other in others {
        newest.extend(neighbors::readable(tx, &PracticeId::new(other), each).await?);
    }
    Ok(newest)
}

/// Which of the agency's practices have this.
pub(super) async fn whose(
    tx: &mut Tx,
    agency: &AgencyId,
    thing: &Thing,
) -> Stored<BTreeSet<PracticeId>> {
    let agency = agency.as_str();
    let ids = match thing {
        Thing::Post(id) => sql!(tx.fetch_all scalar String: WHOSE_POST, agency, id.as_str())?,
        Thing::Picture(sha256) => sql!(tx.fetch_all scalar String: WHOSE_PICTURE, agency, sha256)?,
        Thing::Master(at) => {
            sql!(tx.fetch_all scalar String: WHOSE_MASTER, agency, one_spelling(at)?)?
        }
    };
    Ok(ids.into_iter().map(PracticeId::new).collect())
}

impl DeskRow {
    fn read(self) -> Stored<ChannelRef> {
        Ok(ChannelRef {
            platform: Self::word("platform", &self.platform)?,
            workspace: self.workspace,
            channel: self.channel,
        })
    }
}
