//! A request to the REST API: its route, who asks, and what it says, as JSON or with files.

use std::collections::HashMap;
use std::str::FromStr;

use axum::body::Bytes;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::{HeaderMap, Method, Uri, header};
use serde_json::Value;

use super::fail::{Fail, Wrong};
use super::id::Id;

/// The largest request.
const LARGEST: usize = 25 * 1024 * 1024;

/// A file that comes with a request.
#[derive(Debug, Clone)]
pub struct Upload {
    /// The n of its part, `files[n]`.
    pub at: String,
    pub name: String,
    pub kind: Option<String>,
    pub bytes: Bytes,
}

/// One request.
#[derive(Debug, Clone)]
pub struct Call {
    pub method: Method,
    /// The path below `/api/v10`, without escapes.
    pub path: Vec<String>,
    pub query: HashMap<String, String>,
    pub body: Value,
    pub files: Vec<Upload>,
    /// The app whose token it bears.
    pub app: Option<Id>,
}

/// What was asked, and what was answered.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// The route, ids as stars.
    pub route: String,
    pub path: String,
    pub request: Value,
    pub status: u16,
    pub answer: Value,
}

impl Call {
    /// One without its body.
    pub fn head(method: &Method, uri: &Uri, app: Option<Id>) -> Self {
        let below = uri.path().trim_start_matches("/api").trim_start_matches("/v10");
        let query = uri.query().unwrap_or_default().as_bytes();
        Self {
            method: method.clone(),
            path: below.trim_matches('/').split('/').map(unescaped).collect(),
            query: form_urlencoded::parse(query).into_owned().collect(),
            body: Value::Null,
            files: Vec::new(),
            app,
        }
    }

    /// Reads the body.
    pub async fn read(&mut self, request: Request) -> Result<(), Fail> {
        let kind = content_type(request.headers()).to_owned();
        if kind.starts_with("multipart/") {
            return self.read_parts(request).await;
        }
        let body = axum::body::to_bytes(request.into_body(), LARGEST).await;
        let body = body.map_err(|_| Fail::code(40005))?;
        if !body.is_empty() {
            self.body = serde_json::from_slice(&body).map_err(|_| Fail::code(50109))?;
        }
        Ok(())
    }

    async fn read_parts(&mut self, request: Request) -> Result<(), Fail> {
        let broken = |_| Fail::code(50109);
        let mut form =
            Multipart::from_request(request, &()).await.map_err(|_| Fail::code(50109))?;
        while let Some(part) = form.next_field().await.map_err(broken)? {
            let name = part.name().unwrap_or_default().to_owned();
            if name == "payload_json" {
                let text = part.bytes().await.map_err(broken)?;
                self.body = serde_json::from_slice(&text).map_err(|_| Fail::code(50109))?;
                continue;
            }
            let at = name.strip_prefix("files[").and_then(|rest| rest.strip_suffix(']'));
            let (Some(at), Some(file)) = (at, part.file_name()) else { continue };
            let (at, file) = (at.to_owned(), file.to_owned());
            let kind = part.content_type().map(ToOwned::to_owned);
            let bytes = part.bytes().await.map_err(broken)?;
            self.files.push(Upload { at, name: file, kind, bytes });
        }
        if self.files.iter().map(|file| file.bytes.len()).sum::<usize>() > LARGEST {
            return Err(Fail::code(40005));
        }
        Ok(())
    }

    /// The route with a star for whatever differs from one thing to the next.
    pub fn route(&self) -> String {
        let mut route = format!("{} ", self.method);
        for (at, part) in self.path.iter().enumerate() {
            let secret = at == 2 && ["webhooks", "interactions"].contains(&self.path[0].as_str());
            let emoji = at > 0 && self.path[at - 1] == "reactions";
            let number = part.bytes().all(|byte| byte.is_ascii_digit());
            route += if secret || emoji || number { "/*" } else { "/" };
            if !route.ends_with('*') {
                route += part;
            }
        }
        route
    }

    /// The parameter by which limits of the same route differ.
    pub fn major(&self) -> String {
        let parts = if self.path[0] == "webhooks" { 3 } else { 2 };
        self.path.iter().skip(1).take(parts - 1).map(String::as_str).collect::<Vec<_>>().join("/")
    }

    /// The app that asks.
    pub fn app(&self) -> Result<Id, Fail> {
        self.app.ok_or_else(|| Fail::code(0))
    }

    /// Something of the query; what cannot be read is refused.
    pub fn asked<T: FromStr>(&self, name: &str) -> Result<Option<T>, Fail> {
        let Some(text) = self.query.get(name) else { return Ok(None) };
        let wrong = || {
            let message = format!("Value \"{text}\" is not int.");
            Fail::field(&[name], "NUMBER_TYPE_COERCE", &message)
        };
        text.parse().map(Some).map_err(|_| wrong())
    }

    /// The limit of a list, between one and a hundred.
    pub fn limit(&self, without: usize) -> Result<usize, Fail> {
        let limit = self.asked("limit")?.unwrap_or(without);
        if limit == 0 || limit > 100 {
            let mut wrong = Wrong::default();
            let (code, words) = match limit {
                0 => ("NUMBER_TYPE_MIN", "int value should be greater than or equal to 1."),
                _ => ("NUMBER_TYPE_MAX", "int value should be less than or equal to 100."),
            };
            wrong.add(&["limit"], code, words);
            return Err(wrong.fail());
        }
        Ok(limit)
    }
}

/// An id in a path.
pub fn id(text: &str) -> Result<Id, Fail> {
    text.parse().map_err(|_| {
        let message = format!("Value \"{text}\" is not snowflake.");
        Fail::field(&["id"], "NUMBER_TYPE_COERCE", &message)
    })
}

/// A piece of a path without its escapes; in a path, unlike a form, a plus is a plus.
fn unescaped(part: &str) -> String {
    let text = part.replace('+', "%2B");
    let read = form_urlencoded::parse(text.as_bytes()).next();
    read.map(|(name, _)| name.into_owned()).unwrap_or_default()
}

fn content_type(headers: &HeaderMap) -> &str {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.unwrap_or_default()
}
