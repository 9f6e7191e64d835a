//! A practice's accounts on networks: connected, connected again, disconnected.

use thiserror::Error;

use super::failures;
use super::office::Office;
use super::practice::changed;
use crate::domain::change::{self, By, NotChanged};
use crate::domain::ids::AccountId;
use crate::domain::member::Member;
use crate::domain::network::Network;
use crate::domain::post::Post;
use crate::domain::practice::{Account, Practice};
use crate::domain::setting::{Named, Setting};
use crate::ports::accounts::{Accounts, SignedIn, Typed};
use crate::ports::publisher::On;
use crate::ports::store::{Change, StoreError, Stored};

/// The longest name of an account that is shown.
const LONGEST_NAME: usize = 60;

/// Why an account is not connected. `Display` is for whoever tried.
#[derive(Debug, Error)]
pub enum NotConnected {
    /// What the network said.
    #[error("{0}")]
    Network(String),
    /// It is another practice's.
    #[error("the practice {0} has this account already: an account belongs to one practice")]
    Taken(String),
    /// Posts would be lost.
    #[error(
        "post {0} waits to go out there or may be on its way: withdraw it, or wait until it is \
         out, and disconnect the account then"
    )]
    UnderWay(String),
    /// The practice can't be so.
    #[error(transparent)]
    NotChanged(#[from] NotChanged),
    /// Not kept.
    #[error("it was not kept: {0}")]
    Store(#[from] StoreError),
}

/// Connects an account, or connects it again: whoever knows its secret has shown that it is theirs.
/// The account is there first; should this end in between, it waits for its sign-in.
pub async fn connect(
    office: &Office,
    accounts: &dyn Accounts,
    practice: &Practice,
    (typed, name): (&Typed, Option<&str>),
) -> Result<Account, NotConnected> {
    let signed_in = accounts.sign_in(typed).await.map_err(NotConnected::Network)?;
    let held = accounts.holder(typed.network, &signed_in).await?;
    if let Some((whose, _)) = held.as_ref().filter(|(whose, _)| *whose != practice.id) {
        return Err(NotConnected::Taken(whose.to_string()));
    }
    let there = held.as_ref().and_then(|(_, id)| practice.account(id));
    let there = there.or_else(|| same(&practice.accounts, typed.network, &signed_in));
    let account = match (there, name) {
        (Some(account), Some(name)) if account.name != name => {
            set(office, practice, (&account.id, name), None).await?
        }
        (Some(account), _) => account.clone(),
        (None, _) => add(office, practice, (typed.network, &signed_in, name)).await?,
    };
    let on = On { practice: &practice.id, account: &account, now: office.now() };
    accounts.keep(on, &signed_in).await?;
    tell(office, practice).await?;
    Ok(account)
}

/// Disconnects an account, and forgets how it was signed in to. What it has published stays.
pub async fn disconnect(
    office: &Office,
    accounts: &dyn Accounts,
    practice: &Practice,
    account: &Account,
) -> Result<(), NotConnected> {
    let change = disconnected(office, accounts, (practice, account), None).await?;
    office.commit(change).await?;
    Ok(())
}

/// The change that disconnects an account, once how it was signed in to is forgotten. Whoever runs
/// Countersign does it when nobody is named.
pub async fn disconnected(
    office: &Office,
    accounts: &dyn Accounts,
    (practice, account): (&Practice, &Account),
    who: Option<&Member>,
) -> Result<Change, NotConnected> {
    may_go(office, practice, account).await?;
    let removed = Setting::AccountRemoved { account: account.id.clone() };
    let wanted = vec![Named { setting: removed, called: String::new() }];
    let by = who.map_or(By::Operator, By::Member);
    let decided = change::decide(practice, wanted, by, office.now())?;
    // Should this end in between, it can be done again.
    accounts.forget(On { practice: &practice.id, account, now: office.now() }).await?;
    let mut change = changed(office, practice, decided, who);
    change.outbox.extend(failures::shown(office, practice));
    Ok(change)
}

/// No post waits to go out there or may be on its way.
pub async fn may_go(
    office: &Office,
    practice: &Practice,
    account: &Account,
) -> Result<(), NotConnected> {
    let open = under_way(office, practice, account).await?;
    if open.is_empty() { Ok(()) } else { Err(NotConnected::UnderWay(open.join(", "))) }
}

/// The posts that wait to go out there, or may be on their way.
async fn under_way(office: &Office, practice: &Practice, account: &Account) -> Stored<Vec<String>> {
    let posts = office.store.posts(&practice.id).await?;
    let open = |post: &&Post| {
        let mut there = post.publications.iter().filter(|p| p.account == account.id);
        there.any(|p| p.state.is_waiting() || p.state.may_be_live())
    };
    Ok(posts.iter().filter(open).map(|post| post.number.to_string()).collect())
}

/// What is shown of failures is shown anew: an account may be mended, or have to be.
pub async fn tell(office: &Office, practice: &Practice) -> Stored<()> {
    let mut change = Change::new(practice.id.clone(), office.now());
    change.outbox.extend(failures::shown(office, practice));
    office.commit(change).await?;
    office.ring();
    Ok(())
}

async fn add(
    office: &Office,
    practice: &Practice,
    (network, signed_in, name): (Network, &SignedIn, Option<&str>),
) -> Result<Account, NotConnected> {
    is_free(office, practice, (network, signed_in)).await?;
    let former = known(&practice.former_accounts, network, signed_in);
    let id = former.map_or_else(|| new_id(practice, network), |former| former.id.clone());
    let connected = Setting::AccountConnected {
        account: id.clone(),
        network,
        server: signed_in.server.clone(),
        remote: signed_in.remote_id.clone(),
    };
    let shown = format!("{} {}", network.label(), signed_in.name);
    set(office, practice, (&id, name.unwrap_or(&shown)), Some(connected)).await
}

/// The account as it is after it was connected or named.
async fn set(
    office: &Office,
    practice: &Practice,
    (id, name): (&AccountId, &str),
    connected: Option<Setting>,
) -> Result<Account, NotConnected> {
    let setting = connected.unwrap_or_else(|| Setting::AccountNamed { account: id.clone() });
    let called = name.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect();
    let wanted = vec![Named { setting, called }];
    let decided = change::decide(practice, wanted, By::Operator, office.now())?;
    let account = decided.after.account(id).cloned().expect("it was set just now");
    office.commit(changed(office, practice, decided, None)).await?;
    Ok(account)
}

/// The account of these that it is, by the address that was given.
fn known<'a>(all: &'a [Account], network: Network, by: &SignedIn) -> Option<&'a Account> {
    let place = (network, &by.server, &by.remote_id);
    all.iter().find(|account| (account.network, &account.server, &account.remote_id) == place)
}

/// The same, also where its server was given another name: an account on Bluesky has one id
/// everywhere. Who it is by the server's own word is known only once somebody has signed in.
fn same<'a>(all: &'a [Account], network: Network, by: &SignedIn) -> Option<&'a Account> {
    let mut alike = all.iter().filter(|a| a.network == network && a.remote_id == by.remote_id);
    alike.find(|a| network == Network::Bluesky || bare(&a.server) == bare(&by.server))
}

fn bare(server: &str) -> &str {
    let host = server.trim_start_matches("https://");
    host.strip_prefix("www.").unwrap_or(host)
}

/// No other practice publishes there.
async fn is_free(
    office: &Office,
    practice: &Practice,
    (network, signed_in): (Network, &SignedIn),
) -> Result<(), NotConnected> {
    for id in office.store.practices().await?.into_iter().filter(|id| *id != practice.id) {
        let other = office.store.practice(&id).await?;
        if other.is_some_and(|other| same(&other.accounts, network, signed_in).is_some()) {
            return Err(NotConnected::Taken(id.to_string()));
        }
    }
    Ok(())
}

/// `bluesky`, or `bluesky-2` where that is another.
fn new_id(practice: &Practice, network: Network) -> AccountId {
    let all = || practice.accounts.iter().chain(&practice.former_accounts);
    let is_free = |id: &AccountId| !all().any(|account| account.id == *id);
    let first = AccountId::new(network.as_str());
    let mut further = (2..).map(|n| AccountId::new(format!("{network}-{n}")));
    if is_free(&first) { first } else { further.find(is_free).unwrap_or(first) }
}
