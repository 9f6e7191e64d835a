//! The one list of what the local platform's HTTP API can be asked. The router and the `OpenAPI`
//! text are made from it.

use Body::{Image, Json, Multipart, Nothing};
use Method::{Delete, Get, Patch, Post, Put};

/// How it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Makes something new.
    Post,
    /// Sets something; twice is once.
    Put,
    /// Changes something.
    Patch,
    /// Takes something away; twice is once.
    Delete,
}

impl Method {
    /// As `HTTP` writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Get => "GET",
            Post => "POST",
            Put => "PUT",
            Patch => "PATCH",
            Delete => "DELETE",
        }
    }
}

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is said in its row of the list")]
pub enum Op {
    Describe,
    People,
    Channels,
    Transcript,
    Published,
    Events,
    Say,
    Edit,
    Delete,
    React,
    Unreact,
    Press,
    Form,
    SendForm,
    Upload,
    File,
    Picture,
    Settled,
    Faults,
    SetFaults,
    NetPost,
    NetFind,
    NetRead,
    NetTakeDown,
    NetUpload,
    NetPicture,
}

/// A parameter of the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// It must be there.
    pub required: bool,
}

/// A field of a JSON body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// `string`, `array` or `object`.
    pub kind: &'static str,
    /// It must be there.
    pub required: bool,
}

/// What a request brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Body {
    /// No body.
    Nothing,
    /// A JSON object with these fields.
    Json(&'static [Field]),
    /// A form with a file.
    Multipart,
    /// The bytes of a picture.
    Image,
}

/// Something that can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Route {
    /// What.
    pub op: Op,
    /// How.
    pub method: Method,
    /// Where.
    pub path: &'static str,
    /// What it does, a sentence.
    pub says: &'static str,
    /// What the address may say.
    pub query: &'static [Parameter],
    /// What it brings.
    pub body: Body,
    /// The status when it is done.
    pub done: u16,
}

impl Route {
    /// What it brings must be declared as JSON.
    pub fn must_be_json(&self) -> bool {
        matches!(self.body, Json(_))
    }
}

const fn must(name: &'static str) -> Parameter {
    Parameter { name, required: true }
}

const fn may(name: &'static str) -> Parameter {
    Parameter { name, required: false }
}

const fn text(name: &'static str) -> Field {
    Field { name, kind: "string", required: true }
}

const fn maybe(name: &'static str, kind: &'static str) -> Field {
    Field { name, kind, required: false }
}

const fn get(op: Op, path: &'static str, says: &'static str) -> Route {
    Route { op, method: Get, path, says, query: &[], body: Nothing, done: 200 }
}

const fn with(method: Method, body: Body, done: u16, route: Route) -> Route {
    Route { method, body, done, ..route }
}

const fn asking(query: &'static [Parameter], route: Route) -> Route {
    Route { query, ..route }
}

const SAY: &[Field] = &[
    text("as"),
    text("channel"),
    maybe("thread", "string"),
    maybe("text", "string"),
    maybe("files", "array"),
    maybe("key", "string"),
];
const EDIT: &[Field] = &[text("as"), text("text"), maybe("files", "array")];
const PRESS: &[Field] = &[text("as"), text("button"), maybe("fields", "object")];
const SEND_FORM: &[Field] =
    &[text("as"), text("channel"), text("button"), maybe("fields", "object")];
const FORM: &[Parameter] =
    &[must("as"), may("message"), may("button"), may("channel"), may("command")];
const FAULTS: &[Field] = &[maybe("chat", "object"), maybe("network", "object")];
const POST: &[Field] = &[text("account"), text("text"), maybe("media", "array")];
const TRANSCRIPT: &[Parameter] = &[must("channel"), may("after"), may("as")];

/// Everything that can be asked.
#[rustfmt::skip]
pub const ROUTES: &[Route] = &[
    get(Op::Describe, "/local/api", "This text."),
    get(Op::People, "/local/api/people", "Everybody one can act as."),
    get(Op::Channels, "/local/api/channels", "Every channel."),
    asking(TRANSCRIPT, get(Op::Transcript, "/local/api/transcript", "Messages that are new or changed after a number, as somebody sees them.")),
    get(Op::Published, "/local/api/published", "What is live on the local network."),
    asking(&[may("as")], get(Op::Events, "/local/api/events", "Server-sent events: `change` with {seq} whenever something changed.")),
    with(Post, Json(SAY), 201, get(Op::Say, "/local/api/messages", "Writes a message; files are {id, name, alt} of uploads. A text that looks like patient information is not kept. A `key` (a UUID) that is known says nothing twice.")),
    with(Patch, Json(EDIT), 200, get(Op::Edit, "/local/api/messages/{id}", "Changes an own message to this text and, if given, these files.")),
    asking(&[must("as")], with(Delete, Nothing, 200, get(Op::Delete, "/local/api/messages/{id}", "Deletes an own message, or one of Countersign's."))),
    asking(&[must("as")], with(Put, Nothing, 200, get(Op::React, "/local/api/messages/{id}/reactions/{emoji}", "Puts a reaction on a message."))),
    asking(&[must("as")], with(Delete, Nothing, 200, get(Op::Unreact, "/local/api/messages/{id}/reactions/{emoji}", "Takes a reaction away."))),
    with(Post, Json(PRESS), 201, get(Op::Press, "/local/api/messages/{id}/press", "Presses a button; fields are {name: value} of its form.")),
    asking(FORM, get(Op::Form, "/local/api/form", "{form}: the form that a button of a message opens, or a command without its words in a channel, as it stands now; null when it opens none.")),
    with(Post, Json(SEND_FORM), 201, get(Op::SendForm, "/local/api/form", "Sends a form that a command opened; fields are {name: value}. Fields with problems are answered with 422 and problems: [{field, why}], here and under a message.")),
    with(Post, Multipart, 201, get(Op::Upload, "/local/api/files", "Uploads a picture for a message to come, as the form's `file`; its name and alt text are given with the message.")),
    get(Op::File, "/local/api/files/{id}", "The bytes of a file."),
    get(Op::Picture, "/local/api/media/{sha256}", "The bytes of a card's picture."),
    asking(&[may("after")], get(Op::Settled, "/local/api/settled", "Answers when all that is due up to a number of the inbox has run; 408 after half a minute.")),
    get(Op::Faults, "/local/api/faults", "What is told to go wrong."),
    with(Put, Json(FAULTS), 200, get(Op::SetFaults, "/local/api/faults", "For teaching and tests: tells what goes wrong from now on.")),
    with(Post, Json(POST), 201, get(Op::NetPost, "/local/network/posts", "Makes a post; a repeated Idempotency-Key is answered with the first, and 200.")),
    asking(&[must("key")], get(Op::NetFind, "/local/network/posts", "The live posts that an Idempotency-Key made.")),
    get(Op::NetRead, "/local/network/posts/{id}", "A post, if it is live."),
    with(Delete, Nothing, 204, get(Op::NetTakeDown, "/local/network/posts/{id}", "Takes a post down.")),
    with(Post, Image, 201, get(Op::NetUpload, "/local/network/media", "Uploads a picture for a post to come.")),
    get(Op::NetPicture, "/local/network/media/{id}", "The bytes of a post's picture."),
];
