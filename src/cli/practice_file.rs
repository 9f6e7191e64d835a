//! A practice as a file says it is: what `practice apply` reads and `practice show` writes.

use std::fmt::Write;

use anyhow::{Context, anyhow, bail};
use jiff::civil::Time;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::app::roster::states;
use crate::app::telling::{place, there};
use crate::domain::daily::Hour;
use crate::domain::ids::{AccountId, MemberId, PracticeId};
use crate::domain::listing::{self, List, Lists};
use crate::domain::member::{Identity, Member, Role};
use crate::domain::network::Network;
use crate::domain::policy::{ALWAYS, Dated, Demand, Needed, Policy};
use crate::domain::practice::{Account, ChannelRef, Pack, Practice, Purpose};
use crate::domain::quiet::Quiet;

/// The file.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PracticeFile {
    /// Which practice; never changes.
    pub id: String,
    name: String,
    zone: String,
    /// Made for trying out; as it is when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sample: Option<bool>,
    #[serde(default)]
    own_words: bool,
    /// States whose rules count beside the federal ones.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    states: Vec<String>,
    /// Its telephone and fax numbers, its street addresses, and words that it wants to be told of.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    phones: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    addresses: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    watched: Vec<String>,
    /// When its digest comes; as usual when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    digest: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    quiet: Option<Hours>,
    policy: Policies,
    #[serde(default)]
    member: Vec<Person>,
    #[serde(default)]
    account: Vec<Page>,
    #[serde(default)]
    channel: Vec<Room>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Hours {
    from: String,
    to: String,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Policies {
    #[serde(skip_serializing_if = "Option::is_none")]
    low: Option<Vec<Asked>>,
    normal: Vec<Asked>,
    #[serde(skip_serializing_if = "Option::is_none")]
    high: Option<Vec<Asked>>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    #[serde(skip_serializing_if = "Option::is_none")]
    needed: Option<Needed>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    of: Vec<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    compliance: bool,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Person {
    id: String,
    name: String,
    role: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    agency: bool,
    #[serde(default)]
    identities: Vec<String>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Page {
    id: String,
    network: String,
    name: String,
    server: String,
    remote_id: String,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Room {
    purpose: String,
    at: String,
}

/// A state's pack of rules, as it is written.
fn pack(state: &str) -> anyhow::Result<Pack> {
    let state = state.trim().to_lowercase();
    if states().any(|known| known == state) {
        return Ok(Pack { state, until: None });
    }
    let known = states().collect::<Vec<_>>().join(", ");
    bail!("there are no rules of the state {state:?}: `states` takes some of {known}")
}

/// The states whose rules nobody took away.
fn kept(packs: &[Pack]) -> Vec<String> {
    let kept = packs.iter().filter(|pack| pack.until.is_none());
    kept.map(|pack| pack.state.clone()).collect()
}

impl PracticeFile {
    /// Reads the file's text.
    pub fn read(text: &str) -> anyhow::Result<Self> {
        toml::from_str(text).map_err(|error| anyhow!("{}", error.to_string().trim_end()))
    }

    /// The practice that the file describes; a sample only if it says so.
    pub fn practice(&self) -> anyhow::Result<Practice> {
        if !is_id(&self.id) {
            bail!("the id {:?} must be small letters, digits and hyphens", self.id);
        }
        let zone = TimeZone::get(&self.zone);
        let zone = zone.map_err(|_| {
            anyhow!("there is no zone {:?}: write one like \"America/Chicago\"", self.zone)
        })?;
        let mut wanted =
            Practice::new(PracticeId::new(self.id.as_str()), self.sample.unwrap_or(false));
        wanted.name.clone_from(&self.name);
        wanted.zone = zone;
        wanted.quiet = self.quiet.as_ref().map(Hours::read).transpose()?;
        wanted.digest = self.hour()?;
        wanted.own_words = self.own_words.then_some(ALWAYS);
        wanted.packs =
            self.states.iter().map(|state| pack(state)).collect::<anyhow::Result<_>>()?;
        wanted.lists = self.lists();
        wanted.policies = vec![Dated::always(self.policy.read()?)];
        wanted.members = self.member.iter().map(Person::read).collect::<anyhow::Result<_>>()?;
        wanted.accounts = self.account.iter().map(Page::read).collect::<anyhow::Result<_>>()?;
        wanted.channels = self.channel.iter().map(Room::read).collect::<anyhow::Result<_>>()?;
        Ok(wanted)
    }

    fn hour(&self) -> anyhow::Result<Hour> {
        let hour = self.digest.as_deref().map(Hour::read).transpose();
        Ok(hour.context("digest")?.unwrap_or(Hour::USUAL))
    }

    fn lists(&self) -> Lists {
        let lists = [
            (List::Phones, &self.phones),
            (List::Addresses, &self.addresses),
            (List::Watched, &self.watched),
        ];
        let lists = lists.map(|(list, typed)| (list, listing::lines(&typed.join("\n"))));
        lists.into_iter().filter(|(_, lines)| !lines.is_empty()).collect()
    }

    /// The practice as a file that `practice apply` reads.
    pub fn of(practice: &Practice) -> Self {
        let clock = |time: Time| time.strftime("%H:%M").to_string();
        Self {
            id: practice.id.to_string(),
            name: practice.name.clone(),
            zone: practice.zone.iana_name().unwrap_or("UTC").to_owned(),
            sample: practice.sample.then_some(true),
            own_words: practice.own_words.is_some(),
            states: kept(&practice.packs),
            phones: practice.listed(List::Phones).to_vec(),
            addresses: practice.listed(List::Addresses).to_vec(),
            watched: practice.listed(List::Watched).to_vec(),
            quiet: practice.quiet.map(|q| Hours { from: clock(q.from), to: clock(q.to) }),
            digest: (practice.digest != Hour::USUAL).then(|| practice.digest.to_string()),
            policy: Policies::of(practice.latest_policy()),
            member: practice.members.iter().map(Person::of).collect(),
            account: practice.accounts.iter().map(Page::of).collect(),
            channel: practice
                .channels
                .iter()
                .map(|(purpose, at)| Room { purpose: purpose.to_string(), at: there(at) })
                .collect(),
        }
    }

    /// The file's text.
    pub fn to_toml(&self) -> anyhow::Result<String> {
        let mut text = String::new();
        let body = toml::to_string_pretty(self).context("writing the practice down")?;
        writeln!(text, "# What `countersign practice apply` reads.")?;
        text.push_str(&body);
        Ok(text)
    }
}

fn is_id(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !text.is_empty() && text.len() <= 64 && text.chars().all(fits) && text != "instance"
}

impl Hours {
    fn read(&self) -> anyhow::Result<Quiet> {
        let time = |text: &str| {
            let time = Time::strptime("%H:%M", text);
            time.map_err(|_| anyhow!("quiet: {text:?} is no time: write one like \"21:00\""))
        };
        let quiet = Quiet { from: time(&self.from)?, to: time(&self.to)? };
        if quiet.from == quiet.to {
            bail!("quiet: from and to are the same time");
        }
        Ok(quiet)
    }
}

impl Policies {
    fn read(&self) -> anyhow::Result<Policy> {
        let all = |asked: &[Asked]| asked.iter().map(Asked::read).collect::<anyhow::Result<_>>();
        let normal: Vec<Demand> = all(&self.normal)?;
        let or_normal = |asked: &Option<Vec<Asked>>| match asked {
            Some(asked) => all(asked),
            None => Ok(normal.clone()),
        };
        Ok(Policy { low: or_normal(&self.low)?, high: or_normal(&self.high)?, normal })
    }

    fn of(policy: Option<&Policy>) -> Self {
        let Some(policy) = policy else {
            return Self { low: None, normal: Vec::new(), high: None };
        };
        let all = |demands: &[Demand]| demands.iter().map(Asked::of).collect::<Vec<_>>();
        let other = |demands: &[Demand]| (demands != policy.normal).then(|| all(demands));
        Self { low: other(&policy.low), normal: all(&policy.normal), high: other(&policy.high) }
    }
}

impl Asked {
    fn read(&self) -> anyhow::Result<Demand> {
        match (self.compliance, self.needed) {
            (true, None) if self.of.is_empty() => Ok(Demand::Compliance),
            (false, Some(needed)) => {
                let of = self.of.iter().map(|who| MemberId::new(who.as_str())).collect();
                Ok(Demand::Approvers { needed, of })
            }
            _ => bail!(
                "a demand of the policy is either needed = 1 (or \"all\"), perhaps with of = [..], \
                 or compliance = true"
            ),
        }
    }

    fn of(demand: &Demand) -> Self {
        match demand {
            Demand::Compliance => Self { needed: None, of: Vec::new(), compliance: true },
            Demand::Approvers { needed, of } => Self {
                needed: Some(*needed),
                of: of.iter().map(ToString::to_string).collect(),
                compliance: false,
            },
        }
    }
}

impl Person {
    fn read(&self) -> anyhow::Result<Member> {
        let role: Role = self.role.parse().map_err(|_| {
            let all: Vec<&str> = Role::ALL.iter().map(|role| role.as_str()).collect();
            anyhow!(
                "{}: there is no role {:?}: it is one of {}",
                self.id,
                self.role,
                all.join(", ")
            )
        })?;
        let identities = self.identities.iter().map(|text| {
            let (platform, workspace, user) = parts(text).with_context(|| {
                format!("{}: {text:?} is no account: write slack:T0123/U0456", self.id)
            })?;
            Ok(Identity { platform: platform.parse()?, workspace, user })
        });
        let identities: Vec<Identity> = identities.collect::<anyhow::Result<_>>()?;
        let new = Member::new(MemberId::new(self.id.as_str()), &self.name, role, self.agency);
        Ok(Member { unconfirmed: identities.clone(), identities, ..new })
    }

    fn of(member: &Member) -> Self {
        Self {
            id: member.id.to_string(),
            name: member.name.clone(),
            role: member.role.to_string(),
            agency: member.agency,
            identities: member.identities.iter().map(place).collect(),
        }
    }
}

impl Page {
    fn read(&self) -> anyhow::Result<Account> {
        let network: Network = self.network.parse().map_err(|_| {
            let all: Vec<&str> = Network::ALL.iter().map(|network| network.as_str()).collect();
            let (id, network) = (&self.id, &self.network);
            anyhow!("{id}: there is no network {network:?}: it is one of {}", all.join(", "))
        })?;
        Ok(Account {
            id: AccountId::new(self.id.as_str()),
            network,
            name: self.name.clone(),
            server: self.server.clone(),
            remote_id: self.remote_id.clone(),
        })
    }

    fn of(account: &Account) -> Self {
        Self {
            id: account.id.to_string(),
            network: account.network.to_string(),
            name: account.name.clone(),
            server: account.server.clone(),
            remote_id: account.remote_id.clone(),
        }
    }
}

impl Room {
    fn read(&self) -> anyhow::Result<(Purpose, ChannelRef)> {
        let purpose = self.purpose.parse().ok().filter(|purpose| *purpose != Purpose::Desk);
        let purpose = purpose.with_context(|| {
            let own = Purpose::ALL.iter().filter(|purpose| **purpose != Purpose::Desk);
            let all: Vec<&str> = own.map(|purpose| purpose.as_str()).collect();
            format!("there is no channel for {:?}: it is one of {}", self.purpose, all.join(", "))
        })?;
        let (platform, workspace, channel) = parts(&self.at)
            .with_context(|| format!("{:?} is no channel: write slack:T0123/C0456", self.at))?;
        Ok((purpose, ChannelRef { platform: platform.parse()?, workspace, channel }))
    }
}

/// `platform:workspace/id`.
fn parts(text: &str) -> Option<(&str, String, String)> {
    let (platform, rest) = text.split_once(':')?;
    let (workspace, id) = rest.split_once('/')?;
    let known: Result<crate::domain::member::Platform, _> = platform.parse();
    let whole = known.is_ok() && !workspace.is_empty() && !id.is_empty();
    whole.then(|| (platform, workspace.to_owned(), id.to_owned()))
}
