//! Why Discord does not do what it was asked.

use serde_json::{Map, Value, json};

use super::rates::TooMany;

/// An error as Discord says it.
#[derive(Debug, Clone, PartialEq)]
pub struct Fail {
    pub status: u16,
    pub body: Value,
    /// It was one too many, and the head of the answer says more.
    pub limited: Option<Box<TooMany>>,
}

/// What a request comes to.
#[derive(Debug, Clone, PartialEq)]
pub enum Done {
    Said(Value),
    Made(Value),
    Nothing,
}

/// What a route answers.
pub type Answer = Result<Done, Fail>;

/// Errors by their code: the status, and the words.
const KNOWN: &[(u32, u16, &str)] = &[
    (0, 401, "401: Unauthorized"),
    (10003, 404, "Unknown Channel"),
    (10004, 404, "Unknown Guild"),
    (10007, 404, "Unknown Member"),
    (10008, 404, "Unknown Message"),
    (10013, 404, "Unknown User"),
    (10014, 400, "Unknown Emoji"),
    (10015, 404, "Unknown Webhook"),
    (10062, 404, "Unknown interaction"),
    (10063, 404, "Unknown application command"),
    (20012, 403, "You are not authorized to perform this action on this application"),
    (30010, 400, "Maximum number of reactions reached (20)"),
    (40005, 413, "Request entity too large"),
    (40060, 400, "Interaction has already been acknowledged."),
    (40333, 403, "internal network error"),
    (50001, 403, "Missing Access"),
    (50005, 403, "Cannot edit a message authored by another user"),
    (50006, 400, "Cannot send an empty message"),
    (50007, 403, "Cannot send messages to this user"),
    (50013, 403, "Missing Permissions"),
    (50027, 401, "Invalid Webhook Token"),
    (50083, 400, "Thread is archived"),
    (50109, 400, "The request body contains invalid JSON."),
    (160_004, 400, "A thread has already been created for this message"),
];

impl Fail {
    /// One that has a code of its own.
    pub fn code(code: u32) -> Self {
        let known = KNOWN.iter().find(|known| known.0 == code);
        let (_, status, message) = known.unwrap_or_else(|| panic!("no words for {code}"));
        Self::says(*status, code, message)
    }

    /// One in other words.
    pub fn says(status: u16, code: u32, message: &str) -> Self {
        Self { status, body: json!({ "message": message, "code": code }), limited: None }
    }

    /// A single field of a form is wrong.
    pub fn field(path: &[&str], code: &str, message: &str) -> Self {
        let mut wrong = Wrong::default();
        wrong.add(path, code, message);
        wrong.fail()
    }

    /// There is no such route.
    pub fn nowhere() -> Self {
        Self::says(404, 0, "404: Not Found")
    }
}

impl From<TooMany> for Fail {
    fn from(limited: TooMany) -> Self {
        let mut body = json!({
            "message": "You are being rate limited.",
            "retry_after": limited.retry.as_secs_f64(), "global": limited.scope == "global",
        });
        // Not always there, though a client that reads errors would look for it.
        if let Some(code) = limited.code {
            body["code"] = json!(code);
        }
        Self { status: 429, body, limited: Some(Box::new(limited)) }
    }
}

/// What is wrong with a form, field by field.
#[derive(Debug, Default)]
pub struct Wrong(Map<String, Value>);

impl Wrong {
    /// Something is wrong at this place.
    pub fn add(&mut self, path: &[&str], code: &str, message: &str) {
        let mut at = &mut self.0;
        for name in path {
            let inner = at.entry((*name).to_owned()).or_insert_with(|| json!({}));
            at = inner.as_object_mut().expect("made as an object");
        }
        let list = at.entry("_errors").or_insert_with(|| json!([]));
        let list = list.as_array_mut().expect("made as a list");
        list.push(json!({ "code": code, "message": message }));
    }

    /// A text must not be longer than this.
    pub fn at_most(&mut self, path: &[&str], length: usize, most: usize) {
        if length > most {
            let message = format!("Must be {most} or fewer in length.");
            self.add(path, "BASE_TYPE_MAX_LENGTH", &message);
        }
    }

    /// Something must be there.
    pub fn required(&mut self, path: &[&str]) {
        self.add(path, "BASE_TYPE_REQUIRED", "This field is required");
    }

    /// A text must have between this and that many characters.
    pub fn between(&mut self, path: &[&str], length: usize, (least, most): (usize, usize)) {
        if length < least || length > most {
            let message = format!("Must be between {least} and {most} in length.");
            self.add(path, "BASE_TYPE_BAD_LENGTH", &message);
        }
    }

    /// All of it as an error.
    pub fn fail(self) -> Fail {
        let mut fail = Fail::says(400, 50035, "Invalid Form Body");
        fail.body["errors"] = Value::Object(self.0);
        fail
    }

    /// Fails if anything is wrong.
    pub fn check(self) -> Result<(), Fail> {
        if self.0.is_empty() { Ok(()) } else { Err(self.fail()) }
    }
}
