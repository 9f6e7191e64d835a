//! A WordPress site as it is asked: the address, the password, and what its codes mean.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::{Method, RequestBuilder, StatusCode, Url};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::outbox::Outcome;
use crate::networks::http::{self, Attempt, Clients, Effect, Failure, Said};

/// How a site is signed in to.
#[derive(Clone, Serialize, Deserialize)]
pub struct Kept {
    /// The user's name.
    pub user: String,
    /// An application password of theirs.
    pub password: String,
}

/// A site, and what opens it.
pub struct Site {
    /// How.
    pub clients: Arc<Clients>,
    /// How long each request may take.
    pub timeout: Duration,
    /// Where.
    pub address: Url,
    /// As whom.
    pub kept: Kept,
    /// Now.
    pub now: Timestamp,
}

impl Site {
    /// Asks for a thing.
    pub async fn get(&self, path: &[&str], query: &[(&str, &str)]) -> Result<Value, Failure> {
        self.ask(self.request(Method::GET, path, query)?, Effect::Repeatable).await
    }

    /// Sends a thing; twice is the same as once.
    pub async fn post(&self, path: &[&str], body: &Value) -> Result<Value, Failure> {
        let request = self.request(Method::POST, path, &[])?.json(body);
        self.ask(request, Effect::Repeatable).await
    }

    /// Removes a thing; what is not there is removed.
    pub async fn delete(&self, path: &[&str], query: &[(&str, &str)]) -> Result<(), Failure> {
        match self.ask(self.request(Method::DELETE, path, query)?, Effect::Repeatable).await {
            Ok(_) | Err(Failure::NotThere) => Ok(()),
            Err(failure) => Err(failure),
        }
    }

    /// A request under the site's own API.
    pub fn request(
        &self,
        method: Method,
        path: &[&str],
        query: &[(&str, &str)],
    ) -> Result<RequestBuilder, Failure> {
        let mut url = http::at(&self.address, &[&["wp-json", "wp", "v2"], path].concat());
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let request = self.clients.of(&url)?.request(method, url);
        Ok(request.basic_auth(&self.kept.user, Some(&self.kept.password)))
    }

    /// It answered, and did not say what it has to.
    pub fn unclear(&self) -> Failure {
        Failure::Ended(Outcome::TryLater(self.now))
    }

    /// One attempt.
    pub async fn ask(&self, request: RequestBuilder, effect: Effect) -> Result<Value, Failure> {
        let (timeout, now) = (self.timeout, self.now);
        match http::send(request, Attempt { timeout, effect, now, codes }).await {
            Err(Failure::Ended(Outcome::SignedOut(why))) if why.contains("not allowed") => {
                let role = "the user has to be an author or an editor there";
                Err(Failure::Ended(Outcome::SignedOut(format!("{why}; {role}"))))
            }
            other => other,
        }
    }
}

/// WordPress names what is wrong in `code`. A firewall in front of it names nothing.
fn codes(status: StatusCode, body: &Value) -> Option<Said> {
    let unknown = status == StatusCode::UNAUTHORIZED;
    let out = match body["code"].as_str()? {
        "incorrect_password"
        | "invalid_username"
        | "invalid_email"
        | "application_passwords_disabled"
        | "application_passwords_disabled_for_user"
        // Whose role may not do this now.
        | "rest_cannot_publish"
        | "rest_cannot_create"
        | "rest_cannot_edit"
        | "rest_forbidden_context" => Said::SignedOut,
        "rest_not_logged_in"
        | "rest_forbidden"
        | "rest_forbidden_status"
        | "rest_cannot_delete"
        | "rest_user_cannot_view"
            if unknown =>
        {
            Said::SignedOut
        }
        // A site that has no bin does not throw away either.
        "rest_cannot_delete" | "rest_trash_not_supported" => Said::Refused,
        "rest_post_invalid_id" | "rest_already_trashed" => Said::NotThere,
        _ => return None,
    };
    Some(out)
}
