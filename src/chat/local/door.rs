//! The door of the local platform: who may come in at all.
//!
//! Another site in the browser, another host on the network and a public proxy all stay outside:
//! the `Host` must be a loopback name with our port, an `Origin` must be ours, forwarding headers
//! are refused, and the token must be there.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, HOST, ORIGIN, REFERRER_POLICY};
use axum::http::header::{HeaderName, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use subtle::ConstantTimeEq;

use super::problem::Problem;

/// Who may come in. The token is not printed by `Debug`, as there is none.
#[derive(Clone)]
pub struct Door {
    token: Arc<str>,
    port: u16,
}

impl Door {
    /// The door of a listener on this port.
    pub fn new(port: u16, token: &str) -> Self {
        Self { token: token.into(), port }
    }

    /// Where the listener is, for links: `http://127.0.0.1:7421`.
    pub fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Lets in what comes from this machine, with the token.
    pub fn guard(&self, router: Router) -> Router {
        router.layer(from_fn_with_state(self.clone(), with_token))
    }

    /// Lets in what comes from this machine, with or without the token: for a page that holds
    /// nothing.
    pub fn fence(&self, router: Router) -> Router {
        router.layer(from_fn_with_state(self.clone(), from_here))
    }

    fn refuses(&self, uri: &Uri, headers: &HeaderMap) -> Option<Problem> {
        if headers.keys().any(is_forwarding) {
            return Some(Problem::new(
                StatusCode::FORBIDDEN,
                "the request was forwarded",
                "the local platform is never put behind a proxy: ask it on this machine",
            ));
        }
        let hosts: Vec<_> = headers.get_all(HOST).iter().collect();
        let is_host = matches!(hosts[..], [host] if self.is_ours(host.as_bytes()));
        let is_target =
            uri.authority().is_none_or(|authority| self.is_ours(authority.as_str().as_bytes()));
        if !is_host || !is_target {
            return Some(Problem::new(
                StatusCode::FORBIDDEN,
                "the host is not this machine's own name",
                "ask 127.0.0.1, localhost or [::1], with the port",
            ));
        }
        let is_ours = |origin: &HeaderValue| {
            origin.as_bytes().strip_prefix(b"http://").is_some_and(|host| self.is_ours(host))
        };
        if !headers.get_all(ORIGIN).iter().all(is_ours) {
            return Some(Problem::new(
                StatusCode::FORBIDDEN,
                "the request comes from another site",
                "only the local workspace's own page may ask",
            ));
        }
        None
    }

    fn is_ours(&self, host: &[u8]) -> bool {
        let port = self.port.to_string();
        ["127.0.0.1", "localhost", "[::1]"].iter().any(|name| {
            let rest = host
                .get(..name.len())
                .filter(|start| start.eq_ignore_ascii_case(name.as_bytes()))
                .map(|_| &host[name.len()..]);
            match rest {
                Some([]) => self.port == 80,
                Some([b':', rest @ ..]) => rest == port.as_bytes(),
                _ => false,
            }
        })
    }

    fn knows(&self, uri: &Uri, headers: &HeaderMap) -> bool {
        let bearer = headers
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim());
        let query = uri.query().unwrap_or_default();
        let in_query = query.split('&').find_map(|pair| pair.strip_prefix("token="));
        bearer.or(in_query).is_some_and(|token| !token.is_empty() && self.is_token(token))
    }

    fn is_token(&self, token: &str) -> bool {
        token.as_bytes().ct_eq(self.token.as_bytes()).into()
    }
}

fn is_forwarding(name: &HeaderName) -> bool {
    let name = name.as_str();
    matches!(name, "forwarded" | "via" | "x-real-ip") || name.starts_with("x-forwarded-")
}

async fn with_token(State(door): State<Door>, request: Request, next: Next) -> Response {
    if let Some(problem) = door.refuses(request.uri(), request.headers()) {
        return problem.into_response();
    }
    if !door.knows(request.uri(), request.headers()) {
        let hint = "send Authorization: Bearer TOKEN; the start address shows the token";
        return Problem::new(StatusCode::UNAUTHORIZED, "the token is missing or wrong", hint)
            .into_response();
    }
    quiet(next.run(request).await)
}

async fn from_here(State(door): State<Door>, request: Request, next: Next) -> Response {
    match door.refuses(request.uri(), request.headers()) {
        Some(problem) => problem.into_response(),
        None => quiet(next.run(request).await),
    }
}

/// Nothing that leaves is cached, guessed at, or named to other sites.
fn quiet(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}
