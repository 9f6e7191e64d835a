//! Signing in on a server that speaks Mastodon's API, and asking whether that is still good.

use jiff::Timestamp;
use reqwest::Method;
use serde_json::Value;

use super::read::{self, Room};
use super::{Kept, Mastodon, Open, no, server};
use crate::domain::expiry::Expiry;
use crate::domain::outbox::Outcome;
use crate::domain::secret::Secret;
use crate::networks::http::{self, Effect, Failure};
use crate::ports::accounts::{SignedIn, Typed};
use crate::ports::publisher::On;

impl Mastodon {
    /// Tries a token: whose it is, whether it may do what is needed, and what fits there.
    pub async fn sign_in(&self, typed: &Typed) -> Result<SignedIn, Failure> {
        let token = typed.secret.reveal().trim().to_owned();
        if !token.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(no("the token has characters that no token has: copy it again"));
        }
        let open = Open { server: server(&typed.server)?, token };
        let who = self.who(&open, typed.now).await?;
        let (Some(id), Some(name)) = (read::id(&who), who["acct"].as_str()) else {
            return Err(no("the server does not say whose token that is"));
        };
        if !read::is_meant(&typed.handle, name) {
            return Err(no(&format!("that token is @{name}'s")));
        }
        if let Some(lacks) = self.lacks(&open, typed.now).await? {
            return Err(no(&lacks));
        }
        let room = self.room(&open, typed.now).await?;
        let kept = Kept { token: open.token, room };
        let secrets = serde_json::to_string(&kept).expect("plain texts");
        Ok(SignedIn {
            server: open.server.as_str().trim_end_matches('/').to_owned(),
            // An account's page has one address, whichever of its names the server is asked by.
            identity: who["url"].as_str().map(http::web_address).filter(|url| !url.is_empty()),
            remote_id: id.to_owned(),
            name: format!("@{name}"),
            secrets: Secret::new(secrets),
            expiry: Expiry::Never,
        })
    }

    /// Asks whose the kept token is, and what fits there now.
    pub async fn test(&self, on: On<'_>) -> Result<(), Outcome> {
        let open = self.open(on).await?;
        let tested = async {
            let who = self.who(&open, on.now).await?;
            if read::id(&who) != Some(&on.account.remote_id) {
                let other = "the token is another account's now".to_owned();
                return Err(Failure::Ended(Outcome::SignedOut(other)));
            }
            if let Some(lacks) = self.lacks(&open, on.now).await? {
                return Err(Failure::Ended(Outcome::SignedOut(lacks)));
            }
            self.room(&open, on.now).await
        };
        match tested.await {
            Ok(room) => {
                self.keys.alter(on, |kept: &mut Kept| kept.room = room).await;
                self.remember(on.account, room);
                Ok(())
            }
            Err(failure) => Err(self.keys.heed(on, failure).await),
        }
    }

    async fn who(&self, open: &Open, now: Timestamp) -> Result<Value, Failure> {
        let path = ["api", "v1", "accounts", "verify_credentials"];
        self.ask(self.request(Method::GET, open, &path)?, Effect::Repeatable, now).await
    }

    /// What the token may not do, in a sentence. Only newer servers tell.
    async fn lacks(&self, open: &Open, now: Timestamp) -> Result<Option<String>, Failure> {
        let path = ["api", "v1", "apps", "verify_credentials"];
        let request = self.request(Method::GET, open, &path)?;
        let told = self.ask(request, Effect::Repeatable, now).await.unwrap_or_default();
        let lacks = read::lacking(&told["scopes"]).join(", ");
        let sentence = format!("the token may not do all that is needed; it lacks {lacks}");
        Ok((!lacks.is_empty()).then_some(sentence))
    }

    /// What the server takes; where it does not say, what most take.
    async fn room(&self, open: &Open, now: Timestamp) -> Result<Room, Failure> {
        let request = self.request(Method::GET, open, &["api", "v2", "instance"])?;
        match self.ask(request, Effect::Repeatable, now).await {
            Ok(instance) => Ok(Room::of(&instance["configuration"])),
            Err(Failure::NotThere | Failure::NotFound(_)) => Ok(Room::of(&Value::Null)),
            Err(failure) => Err(failure),
        }
    }
}
