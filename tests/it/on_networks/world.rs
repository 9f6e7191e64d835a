//! A practice whose one account is on a real server.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use countersign::domain::entry::What;
use countersign::domain::ids::AccountId;
use countersign::domain::post::State;
use countersign::domain::practice::Account;
use countersign::domain::secret::Secret;
use countersign::domain::vault::Vault;
use countersign::networks::Networks;
use countersign::networks::token::Keyring;
use countersign::ports::accounts::{Accounts, SignedIn, Typed};
use countersign::ports::credentials::KeepsCredentials;
use countersign::ports::publisher::On;
use jiff::{SignedDuration, Timestamp};

use super::between::{Between, Lost};
use crate::contract::network::memory::{Fixed, Memory};
use crate::support::TestPractice;

/// Long enough for a server that has much to do, and what is lost is waited for so long.
const PATIENCE: Duration = Duration::from_secs(3);

/// How many were opened.
static OPENED: AtomicI64 = AtomicI64::new(0);

/// The alt text of the picture in each post.
pub const ALT: &str = "A green door, half open & \"new\"";

/// A practice, the way to its network, and what it is signed in with.
pub struct World {
    pub practice: TestPractice,
    pub between: Between,
    typed: Typed,
}

fn networks(store: Arc<dyn KeepsCredentials>) -> Networks {
    Networks::new(Keyring::new(store, Vault::new([7; 32]), Arc::new(Fixed)), PATIENCE)
}

impl World {
    /// Connects the account behind this way; `typed.server` is put there.
    pub async fn open(between: Between, typed: Typed) -> Self {
        let typed = Typed { server: between.base.clone(), ..typed };
        let known = networks(Arc::new(Memory::default())).sign_in(&typed).await.expect("signed in");
        let account = Account {
            id: AccountId::new("account"),
            network: typed.network,
            name: known.name.clone(),
            server: known.server.clone(),
            remote_id: known.remote_id.clone(),
        };
        let mut practice =
            TestPractice::open_with(|practice| practice.accounts = vec![account]).await;
        practice.publishes_on(|store| networks(store).publishers()).await;
        // Chance is the same in each, and what they publish must not be taken for each other's.
        practice.passes(SignedDuration::from_secs(OPENED.fetch_add(1, Ordering::SeqCst)));
        let world = Self { practice, between, typed };
        world.keeps(&known).await;
        world
    }

    /// Somebody connects it again, with this.
    pub async fn connects_again(&self, secret: &str) {
        let typed = Typed { secret: Secret::new(secret), ..self.typed.clone() };
        let known = self.networks().sign_in(&typed).await.expect("signed in");
        self.keeps(&known).await;
    }

    fn networks(&self) -> Networks {
        networks(self.practice.sql.clone())
    }

    async fn keeps(&self, known: &SignedIn) {
        let account = self.account().await;
        let whose = self.practice.id();
        let now = Timestamp::from_second(1_795_446_000).expect("a time");
        let on = On { practice: &whose, account: &account, now };
        self.networks().keep(on, known).await.expect("kept");
    }

    pub async fn account(&self) -> Account {
        let practice = self.practice.office.store.practice(&self.practice.id()).await;
        practice.expect("readable").expect("there").accounts[0].clone()
    }

    /// The first post, with a picture, is signed, and leaves in an hour; its number.
    pub async fn signs(&self, text: &str) -> i64 {
        let practice = &self.practice;
        practice.person("tomas").shows(text, ALT).await;
        practice.settle().await;
        let maya = practice.person("maya");
        maya.presses("Make a post").await;
        practice.settle().await;
        maya.fills("Edit", &[("slot", "+1h")]).await;
        practice.settle().await;
        maya.presses("Send for signature").await;
        practice.settle().await;
        practice.person("dr-rao").signs().await;
        practice.settle().await;
        practice.transcript();
        1
    }

    /// The slot comes, and what is on its way arrives; what was lost is found out within the hour.
    pub async fn publishes(&self) {
        self.practice.waits(SignedDuration::from_hours(1)).await;
        self.goes_on().await;
    }

    /// An hour passes in steps.
    pub async fn goes_on(&self) {
        for _ in 0..6 {
            self.practice.waits(SignedDuration::from_mins(10)).await;
        }
    }

    /// Its first post is live, and this network has it so many times: once.
    pub async fn is_published(&self, times: usize, why: &str) {
        let told = self.practice.transcript();
        assert_eq!(times, 1, "{why}: {told}");
        assert_eq!(self.practice.post(1).await.state, State::Published, "{why}: {told}");
        assert!(self.is_as_signed().await, "{why}: {told}");
        self.practice.ledger_equals_tables().await;
    }

    /// It was read back, and compared.
    pub async fn is_as_signed(&self) -> bool {
        let store = &self.practice.office.store;
        let entries = store.entries(&self.practice.id(), 0, 1000).await.expect("readable");
        let read = |what: &What| matches!(what, What::ReadBack { same: true, .. });
        entries.iter().any(|(sealed, _)| read(&sealed.entry.fact.what))
    }

    /// The program dies when this is lost, and starts again.
    pub async fn dies(&mut self, what: &'static str, how: Lost) {
        self.between.loses(what, how);
        tokio::select! {
            () = self.practice.waits(SignedDuration::from_hours(1)) => panic!("no {what}"),
            () = self.between.has_lost() => {}
        }
        self.practice.restarts().await;
    }
}

/// What is lost, before it arrives or on its way back, at each step is found out: it is published
/// once. So it is when the program dies there.
pub async fn once_whatever_is_lost(
    open: impl AsyncFn() -> World,
    times: impl AsyncFn(&str) -> usize,
    steps: &[&'static str],
) {
    for (nth, what) in steps.iter().enumerate() {
        for how in [Lost::Request, Lost::Answer, Lost::BrokenAfter] {
            let world = open().await;
            let text = format!("Lost{nth}{how:?}");
            world.signs(&text).await;
            world.between.loses(what, how);

            world.publishes().await;

            world.is_published(times(&text).await, &format!("{what} {how:?}")).await;
        }
        for how in [Lost::Request, Lost::Answer] {
            let mut world = open().await;
            let text = format!("Dies{nth}{how:?}");
            world.signs(&text).await;

            world.dies(what, how).await;
            world.goes_on().await;

            world.is_published(times(&text).await, &format!("dies at {what} {how:?}")).await;
        }
    }
}
