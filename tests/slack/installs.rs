//! Several workspaces: how they install the app, what is kept of it, and how it ends.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use countersign::chat::slack::keeper::{Client, Keeper, Means};
use countersign::chat::slack::oauth::{Entrance, router};
use countersign::chat::slack::{Api, Installs};
use countersign::domain::member::Platform;
use countersign::domain::secret::Secret;
use countersign::domain::vault::Vault;
use countersign::ports::clock::{Chance, Clock};
use countersign::ports::installs::{KeepsInstalls, KeptInstall};
use countersign::ports::store::{StoreError, Stored};
use jiff::{SignedDuration, Timestamp};
use reqwest::Response;
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::redirect::Policy;
use serde_json::json;
use tokio::task::JoinSet;

use crate::slack::{How, Slack, client};

/// A clock that a test sets.
#[derive(Clone, Default)]
struct Hand(Arc<Mutex<i64>>);

impl Clock for Hand {
    fn now(&self) -> Timestamp {
        let second = 1_795_424_301 + *self.0.lock().expect("whole");
        Timestamp::from_second(second).expect("a time")
    }
}

impl Hand {
    fn moves(&self, by: SignedDuration) {
        *self.0.lock().expect("whole") += by.as_secs();
    }
}

/// Never the same bytes twice.
#[derive(Default)]
struct Counting(Mutex<u128>);

impl Chance for Counting {
    fn bytes(&self) -> [u8; 16] {
        let mut count = self.0.lock().expect("whole");
        *count += 1;
        count.to_be_bytes()
    }
}

/// A store in memory.
#[derive(Default)]
struct Shelf(Mutex<BTreeMap<String, KeptInstall>>);

#[async_trait]
impl KeepsInstalls for Shelf {
    async fn installs(&self, _platform: Platform) -> Stored<Vec<KeptInstall>> {
        Ok(self.0.lock().expect("whole").values().cloned().collect())
    }

    async fn keep_install(&self, install: &KeptInstall) -> Stored<()> {
        let mut all = self.0.lock().expect("whole");
        let version = all.get(&install.workspace).map_or(0, |kept| kept.version);
        if version != install.version {
            return Err(StoreError::Conflict);
        }
        let kept = KeptInstall { version: version + 1, ..install.clone() };
        all.insert(install.workspace.clone(), kept);
        Ok(())
    }
}

/// An app that workspaces install, for as long as it is held.
struct House {
    api: Api,
    keeper: Arc<Keeper>,
    clock: Hand,
    shelf: Arc<Shelf>,
    url: String,
    runs: JoinSet<()>,
}

impl House {
    async fn open(slack: &Slack) -> Self {
        slack.without_limits();
        Self::with(slack, Arc::default(), Hand::default()).await
    }

    async fn with(slack: &Slack, shelf: Arc<Shelf>, clock: Hand) -> Self {
        Self::sealed_with(5, slack, shelf, clock).await
    }

    async fn sealed_with(key: u8, slack: &Slack, shelf: Arc<Shelf>, clock: Hand) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let api = Api::new(&format!("{}/api", slack.url()), Arc::<Installs>::default());
        let api = api.expect("an address");
        let app = slack.app();
        let client = Client { id: app.client_id, secret: Secret::new(app.client_secret) };
        let (vault, chance) = (Vault::new([key; 32]), Arc::<Counting>::default());
        let means = Means {
            api: api.clone(),
            store: shelf.clone(),
            vault,
            clock: Arc::new(clock.clone()),
            chance: chance.clone(),
        };
        let keeper = Arc::new(Keeper::new(client, means));
        let entrance = Entrance {
            keeper: keeper.clone(),
            authorize_url: format!("{}/oauth/v2/authorize", slack.url()),
            public_url: url.clone(),
            clock: Arc::new(clock.clone()),
            chance,
        };
        let mut runs = JoinSet::new();
        runs.spawn(async move {
            axum::serve(listener, router(Arc::new(entrance))).await.expect("serves");
        });
        Self { api, keeper, clock, shelf, url, runs }
    }

    /// Keeps its installs from now on.
    fn keeps(&mut self) {
        let keeper = self.keeper.clone();
        self.runs.spawn(async move { keeper.go_on().await });
    }

    /// A person begins to install it: the address Slack sends them back to, and their cookie.
    async fn begins(&self) -> (String, String) {
        let begun = get(&format!("{}/slack/install", self.url), "").await;
        let cookie = begun.headers()[SET_COOKIE].to_str().expect("text");
        assert!(cookie.contains("HttpOnly; SameSite=Lax"), "{cookie}");
        let cookie = cookie.split(';').next().expect("a cookie").to_owned();
        let allowed = get(begun.headers()[LOCATION].to_str().expect("text"), "").await;
        (allowed.headers()[LOCATION].to_str().expect("text").to_owned(), cookie)
    }

    /// A person installs it.
    async fn installs(&self) {
        let (back, cookie) = self.begins().await;
        let done = get(&back, &cookie).await;
        assert_eq!(done.status(), 200);
        let page = done.text().await.expect("text");
        assert!(page.contains("Countersign is in the workspace"), "{page}");
    }

    fn kept(&self, workspace: &str) -> KeptInstall {
        self.shelf.0.lock().expect("whole")[workspace].clone()
    }

    fn token(&self, team: &str) -> Option<Secret> {
        self.api.install(team).map(|install| install.token)
    }
}

async fn get(url: &str, cookie: &str) -> Response {
    let browser = client().redirect(Policy::none()).build().expect("a client");
    #[expect(clippy::disallowed_methods, reason = "a person's browser, not a network")]
    browser.get(url).header(COOKIE, cookie).send().await.expect("answered")
}

const TEAM: &str = "TNORTHSIDE";

#[tokio::test]
async fn a_workspace_installs_the_app_and_its_token_is_kept_sealed() {
    let slack = Slack::start();
    let house = House::open(&slack).await;

    house.installs().await;

    let (granted, known) = (slack.install(), house.api.install(TEAM).expect("known"));
    assert_eq!(known.token, Secret::new(&*granted.token));
    assert_eq!(
        (known.bot_user, known.bot, known.app),
        (granted.bot_user, granted.bot, granted.app)
    );
    assert!(!format!("{:?}", house.kept(TEAM)).contains("xoxb"));
    let asked: Vec<&str> = granted.scopes.iter().map(String::as_str).collect();
    assert_eq!(asked, countersign::chat::slack::manifest::SCOPES);

    let again = House::with(&slack, house.shelf.clone(), Hand::default()).await;
    again.keeper.load().await.expect("read");
    assert_eq!(again.token(TEAM), house.token(TEAM), "it is there after a start");
}

#[tokio::test]
async fn an_install_that_this_browser_did_not_begin_just_now_is_none() {
    let slack = Slack::start();
    let house = House::open(&slack).await;
    let state_of = |back: &str| back.split_once("&state=").expect("a state").1.to_owned();

    let (back, cookie) = house.begins().await;
    let (_, anothers) = house.begins().await;
    let forged = back.replace(&state_of(&back), "0000");
    let no_cookie = get(&house.begins().await.0, "").await;
    let other_cookie = get(&house.begins().await.0, &anothers).await;
    let other_state = get(&forged, "countersign-slack-install=0000").await;
    let empty = get(&forged.replace("0000", ""), "countersign-slack-install=").await;
    let given = state_of(&back);
    let (unsigned, _) = given.rsplit_once('.').expect("signed");
    let resigned = format!("{unsigned}.{}", "0".repeat(64));
    let forged_again = back.replace(&given, &resigned);
    let other_proof = get(&forged_again, &format!("countersign-slack-install={resigned}")).await;
    let (late, its_cookie) = house.begins().await;
    house.clock.moves(SignedDuration::from_secs(601));
    let too_late = get(&late, &its_cookie).await;

    for refused in [no_cookie, other_cookie, other_state, other_proof, empty, too_late] {
        assert_eq!(refused.status(), 400);
        assert!(refused.text().await.expect("text").contains("was not begun in this browser"));
    }
    assert!(house.api.install(TEAM).is_none());
    assert_eq!(get(&back, &cookie).await.status(), 400, "it is too late for the first as well");
}

#[tokio::test]
async fn a_code_is_good_once_and_a_no_is_a_no() {
    let slack = Slack::start();
    let house = House::open(&slack).await;

    let (back, cookie) = house.begins().await;
    let (refused, its_cookie) = house.begins().await;
    let code = refused.split_once("code=").expect("a code").1.split('&').next().expect("a code");
    let refused = refused.replace(&format!("code={code}"), "error=access_denied");
    let no = get(&refused, &its_cookie).await;
    let first = get(&back, &cookie).await;
    let second = get(&back, &cookie).await;

    assert!(no.text().await.expect("text").contains("Nothing was installed"));
    assert_eq!((first.status().as_u16(), second.status().as_u16()), (200, 502));
    slack.fault("oauth.v2.access", 1, How::Refuses("invalid_code"));
    let (back, cookie) = house.begins().await;
    let failed = get(&back, &cookie).await;
    assert_eq!(failed.status(), 502);
    assert!(failed.text().await.expect("text").contains("invalid_code"));
}

#[tokio::test]
async fn with_another_key_each_workspace_is_named_until_it_installs_the_app_again() {
    let slack = Slack::start();
    let before = House::open(&slack).await;
    before.installs().await;

    let other = House::sealed_with(6, &slack, before.shelf.clone(), before.clock.clone()).await;
    other.keeper.load().await.expect("read");
    let complaints = other.api.installs().complaints();
    other.installs().await;

    let lost = "the workspace TNORTHSIDE is lost (it can't be opened with this key vault): \
                install the app there again";
    assert_eq!(complaints, [lost]);
    assert_eq!(other.api.installs().complaints(), [""; 0]);
    assert!(other.token(TEAM).is_some());
}

#[tokio::test]
async fn an_install_that_began_before_a_restart_ends_after_it() {
    let slack = Slack::start();
    let before = House::open(&slack).await;

    let (back, cookie) = before.begins().await;
    let after = House::with(&slack, before.shelf.clone(), before.clock.clone()).await;
    let (_, path) = back.split_once("/slack/oauth").expect("the way back");
    let done = get(&format!("{}/slack/oauth{path}", after.url), &cookie).await;

    // Slack compares the address with the one where the install began; that it is another one here
    // is the test's.
    assert_eq!(done.status(), 200);
    assert!(after.api.install(TEAM).is_some());
}

#[tokio::test]
async fn an_organisation_installs_it_for_all_its_workspaces() {
    let slack = Slack::start();
    slack.with(|world| {
        world.add_team("Harbor");
        world.org = Some("E0001".to_owned());
    });
    let house = House::open(&slack).await;

    house.installs().await;

    let token = Some(Secret::new(slack.install().token));
    assert_eq!((house.token(TEAM), house.token("THARBOR")), (token.clone(), token));
    assert_eq!(house.kept("E0001").version, 1);
}

#[tokio::test]
async fn a_token_is_renewed_before_it_ends_and_by_one_of_several() {
    let slack = Slack::start();
    slack.with(|world| world.apps[0].rotates = true);
    let house = House::open(&slack).await;
    house.installs().await;
    let other = House::with(&slack, house.shelf.clone(), house.clock.clone()).await;
    other.keeper.load().await.expect("read");
    let first = house.token(TEAM);

    house.keeper.renew_due().await;
    assert_eq!(house.token(TEAM), first, "it is not due yet");
    house.clock.moves(SignedDuration::from_hours(11));
    house.keeper.renew_due().await;
    other.keeper.renew_due().await;
    other.keeper.load().await.expect("read");

    let now = Some(Secret::new(slack.install().token));
    assert!(house.token(TEAM) != first && house.token(TEAM) == now);
    assert_eq!(other.token(TEAM), now, "it reads what the first one wrote");
    assert_eq!(house.kept(TEAM).version, 2);
}

#[tokio::test]
async fn a_workspace_that_takes_the_app_out_is_gone_and_may_come_back() {
    let slack = Slack::start();
    let mut house = House::open(&slack).await;
    house.installs().await;
    house.keeps();

    slack.with(|world| world.installs[0].revoked = true);
    house.api.installs().lose(TEAM, None, "app_uninstalled");
    let gone = until(|| house.kept(TEAM).gone.is_some());
    gone.await;
    assert_eq!(house.kept(TEAM).sealed, "", "no token of it is kept");
    assert!(house.api.installs().complaints()[0].contains("app_uninstalled"));

    house.installs().await;
    assert!(house.kept(TEAM).gone.is_none() && house.token(TEAM).is_some());
    assert!(house.api.installs().complaints().is_empty());
}

#[tokio::test]
async fn an_old_word_of_an_end_does_not_end_a_new_install() {
    let slack = Slack::start();
    let mut house = House::open(&slack).await;
    house.installs().await;
    house.keeps();

    house.api.installs().lose(TEAM, None, "tokens_revoked");
    until(|| house.token(TEAM).is_some()).await;

    assert_eq!(house.kept(TEAM).gone, None);
    let said = house.api.post(TEAM, "auth.test", &json!({})).await;
    assert!(said.is_ok(), "{said:?}");
}

/// Looks until something is so.
async fn until(is_so: impl Fn() -> bool) {
    while !is_so() {
        // waits for the world: what is looked at is kept by a task that tells nobody
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
