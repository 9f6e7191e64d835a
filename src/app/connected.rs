//! The practice's accounts in chat: how each stands, whether its sign-in is good, and how one is
//! disconnected. A secret never comes through chat: accounts are connected from the command line.

use super::accounts::{self, NotConnected};
use super::asked::{Answer, Asked, Said};
use super::network_words;
use super::office::Office;
use super::views::numbers;
use super::wish::{button, for_eyes_of, plain, row};
use crate::domain::change;
use crate::domain::expiry::Expiry;
use crate::domain::ids::AccountId;
use crate::domain::network::Network;
use crate::domain::outbox::{Row, RowKind};
use crate::domain::practice::{Account, Practice};
use crate::domain::window::shown;
use crate::ports::accounts::State;
use crate::ports::notice::{AccountView, AccountsView, Button, Notice, View, Weight};
use crate::ports::publisher::{On, Readiness};
use crate::ports::store::{Change, OutboxWrite, Stored};

/// What the buttons of the list do.
pub(super) const VERB: &str = "account";

/// So many accounts get buttons.
const WITH_BUTTONS: usize = 5;

/// Every account, as it stands.
pub(super) async fn list(office: &Office, asked: &Asked<'_>) -> Stored<Change> {
    let practice = asked.practice;
    let mut accounts = Vec::new();
    for account in &practice.accounts {
        accounts.push(view(office, practice, account).await?);
    }
    let may = change::runs(practice, asked.member) && !asked.at_desk();
    let own = practice.accounts.iter().filter(|account| account.network != Network::Local);
    let buttons = own.take(WITH_BUTTONS).flat_map(buttons).filter(|_| may).collect();
    let view = View::Accounts(AccountsView { accounts, connect: connect(practice) });
    Ok(asked.told(office, Notice { buttons, ..plain(view) }))
}

fn buttons(account: &Account) -> [Button; 2] {
    let Account { id, name, .. } = account;
    [
        button(format!("{VERB}:test:{id}"), &format!("Test {name}"), Weight::Plain),
        button(format!("{VERB}:out:{id}"), &format!("Disconnect {name}"), Weight::Plain),
    ]
}

async fn view(office: &Office, practice: &Practice, account: &Account) -> Stored<AccountView> {
    let on = On { practice: &practice.id, account, now: office.now() };
    let known = match &office.accounts {
        Some(accounts) => Some(accounts.state(on).await?),
        None => None,
    };
    let state = match (known, account.network) {
        (_, Network::Local) => "comes with Countersign".to_owned(),
        (Some(known), _) => in_words(office, practice, &known),
        (None, _) => "out of reach: this program was started without its network".to_owned(),
    };
    let limits = office.publisher(account.network).map(|publisher| publisher.limits(account));
    let limits = limits.unwrap_or_else(|| account.network.limits());
    let pictures = if limits.pictures == 1 { "picture" } else { "pictures" };
    let place = match account.network {
        Network::Local => account.network.label().to_owned(),
        network => format!("{}, {}", network.label(), account.server),
    };
    Ok(AccountView {
        name: account.name.clone(),
        place,
        state,
        fits: format!("{} characters, {} {pictures}", limits.text, limits.pictures),
    })
}

fn in_words(office: &Office, practice: &Practice, known: &State) -> String {
    let time = |at| shown(at, &practice.zone);
    let Some(expiry) = known.expiry else {
        return "nobody has signed in there yet; its posts wait".to_owned();
    };
    let since = known.since.map(|since| format!(" since {}", time(since))).unwrap_or_default();
    let out = known.out_since.map(|since| format!(" since {}", time(since))).unwrap_or_default();
    let state = match &known.readiness {
        Readiness::Out(why) => {
            let why = network_words::kept(office, practice, why);
            return format!("out{out}: {why}; its posts wait until it is connected again");
        }
        Readiness::Ready => format!("connected{since}"),
        Readiness::Busy(until) => {
            format!("connected{since}; its network asked to wait until {}", time(*until))
        }
    };
    match expiry {
        Expiry::Never => state,
        Expiry::At(ends) => format!("{state}; its sign-in ends at {}", time(ends)),
        Expiry::Unknown => format!("{state}; nobody knows how long that is good for"),
    }
}

/// What whoever runs Countersign types to connect one.
fn connect(practice: &Practice) -> Vec<String> {
    let id = &practice.id;
    let lines = Network::ALL.iter().filter_map(|network| match network {
        Network::Local => None,
        Network::Bluesky => Some(format!("{id} {network} HANDLE")),
        Network::Mastodon => Some(format!("{id} {network} HANDLE --server https://SERVER")),
        Network::WordPress => Some(format!("{id} {network} USER --server https://SITE")),
    });
    lines.collect()
}

/// A button of the list was pressed.
pub(super) async fn pressed(office: &Office, asked: &Asked<'_>, rest: &str) -> Answer {
    let (what, id) = rest.split_once(':').unwrap_or((rest, ""));
    if asked.at_desk() || !change::runs(asked.practice, asked.member) {
        let why =
            "only a manager or compliance member of the practice does that, in its own channels";
        return Ok(Err(Said::Sentence(why.to_owned())));
    }
    let Some(account) = asked.practice.account(&AccountId::new(id)) else {
        return Ok(Err(Said::Sentence("that account is not connected any more".to_owned())));
    };
    match what {
        "test" => {
            let mut change = asked.change(office);
            change.outbox.push(test(office, asked, account));
            Ok(Ok(change))
        }
        "out" => ask_first(office, asked, account).await,
        "gone" => disconnect(office, asked, account).await,
        _ => Ok(Err(Said::Sentence("that button belongs to nothing here".to_owned()))),
    }
}

/// Its network is asked, and whoever pressed is told.
fn test(office: &Office, asked: &Asked<'_>, account: &Account) -> OutboxWrite {
    let place = for_eyes_of(asked.from, asked.channel, None);
    let subject = format!("{}/{}", account.id, asked.seq);
    let row = Row {
        account: Some(account.id.clone()),
        payload: serde_json::to_string(&place).expect("plain data"),
        ..row(office, &asked.practice.id, RowKind::AccountTest, subject)
    };
    OutboxWrite::Put { row: Box::new(row), again: false }
}

/// Says what would come of it, with a button that does it.
async fn ask_first(office: &Office, asked: &Asked<'_>, account: &Account) -> Answer {
    let practice = asked.practice;
    if let Err(refused) = accounts::may_go(office, practice, account).await {
        return told(refused);
    }
    let Account { id, name, .. } = account;
    let posts = office.store.open_posts(&practice.id).await?;
    let meant = posts.iter().filter(|p| p.draft.accounts.contains(id) && !p.is_out_on(id));
    let meant = match numbers(meant).as_str() {
        "" => String::new(),
        posts => format!(" Meant for it, and not signed off: {posts}."),
    };
    let what = format!(
        "Disconnect {name}? Nothing more goes out there, and its sign-in is forgotten; what it has \
         published stays.{meant}"
    );
    let yes = format!("{VERB}:gone:{id}");
    let yes = button(yes, &format!("Yes, disconnect {name}"), Weight::Danger);
    Ok(Ok(asked.told(office, Notice { buttons: vec![yes], ..plain(View::Noted { what }) })))
}

async fn disconnect(office: &Office, asked: &Asked<'_>, account: &Account) -> Answer {
    let Some(all) = &office.accounts else {
        let why = "this program was started without its network: whoever runs it disconnects it";
        return Ok(Err(Said::Sentence(why.to_owned())));
    };
    let who = Some(asked.member);
    match accounts::disconnected(office, &**all, (asked.practice, account), who).await {
        Ok(change) => Ok(Ok(change)),
        Err(refused) => told(refused),
    }
}

fn told(refused: NotConnected) -> Answer {
    match refused {
        NotConnected::Store(error) => Err(error),
        other => Ok(Err(Said::Sentence(other.to_string()))),
    }
}
