//! What a request to a method of the Web API says: its token and its arguments, however they come.

use axum::body::Bytes;
use axum::http::{HeaderMap, Uri, header};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Map, Value};

use super::fail::Fail;

/// The arguments of one call.
#[derive(Debug, Default)]
pub struct Args {
    /// The token, wherever it stood.
    pub token: Option<String>,
    /// The token stood in the header, where an app-level token must stand.
    pub in_header: bool,
    /// JSON came without its character set.
    pub lacks_charset: bool,
    values: Map<String, Value>,
}

impl Args {
    /// Reads the query, the body (form or JSON) and the header of a request.
    pub fn read(uri: &Uri, headers: &HeaderMap, body: &Bytes) -> Result<Self, Fail> {
        let mut args = Self::default();
        args.form(uri.query().unwrap_or_default().as_bytes());
        let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        match kind.unwrap_or_default() {
            kind if kind.starts_with("application/json") => {
                args.lacks_charset = !kind.contains("charset");
                args.json_body(body)?;
            }
            kind if kind.starts_with("application/x-www-form-urlencoded") => args.form(body),
            _ => {}
        }
        args.token = args.values.remove("token").and_then(|token| Some(token.as_str()?.to_owned()));
        let said = headers.get(header::AUTHORIZATION).and_then(|said| said.to_str().ok());
        if let Some(token) = said.and_then(|said| said.strip_prefix("Bearer ")) {
            args.token = Some(token.trim().to_owned());
            args.in_header = true;
        }
        if let Some(pair) = said.and_then(|said| said.strip_prefix("Basic ")) {
            args.client(pair);
        }
        Ok(args)
    }

    fn form(&mut self, text: &[u8]) {
        for (name, value) in form_urlencoded::parse(text) {
            self.values.insert(name.into_owned(), Value::String(value.into_owned()));
        }
    }

    fn json_body(&mut self, body: &Bytes) -> Result<(), Fail> {
        if body.is_empty() {
            return Ok(());
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(values)) => self.values.extend(values),
            Ok(_) => return Err(Fail::new("json_not_object")),
            Err(_) => return Err(Fail::new("invalid_json")),
        }
        Ok(())
    }

    /// The id and the secret of an app that asks for a token.
    fn client(&mut self, pair: &str) {
        let pair = BASE64_STANDARD.decode(pair).unwrap_or_default();
        let pair = String::from_utf8_lossy(&pair);
        if let Some((id, secret)) = pair.split_once(':') {
            self.values.insert("client_id".to_owned(), id.into());
            self.values.insert("client_secret".to_owned(), secret.into());
        }
    }

    /// A text, if it is there.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.values.get(name).and_then(Value::as_str)
    }

    /// A text that must be there.
    pub fn need(&self, name: &str, without: &str) -> Result<&str, Fail> {
        self.text(name).filter(|text| !text.is_empty()).ok_or_else(|| Fail::new(without))
    }

    /// Something structured: itself in JSON, or as JSON text in a form.
    pub fn json(&self, name: &str) -> Result<Option<Value>, Fail> {
        match self.values.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if text.is_empty() => Ok(None),
            Some(Value::String(text)) => serde_json::from_str(text)
                .map(Some)
                .map_err(|_| Fail::new(&format!("invalid_{name}_format"))),
            Some(value) => Ok(Some(value.clone())),
        }
    }

    /// Whether something is on.
    pub fn flag(&self, name: &str) -> bool {
        match self.values.get(name) {
            Some(Value::Bool(on)) => *on,
            Some(Value::String(text)) => text == "true" || text == "1",
            _ => false,
        }
    }

    /// A number, if it is there.
    pub fn number(&self, name: &str) -> Option<usize> {
        match self.values.get(name)? {
            Value::Number(number) => usize::try_from(number.as_u64()?).ok(),
            Value::String(text) => text.parse().ok(),
            _ => None,
        }
    }
}
