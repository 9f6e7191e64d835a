//! The shapes of Block Kit as Slack documents them: which fields a thing has, and how long each is.

/// What a field may hold.
#[derive(Clone, Copy)]
pub enum Rule {
    /// A string of at most so many characters, and not empty.
    Str(usize),
    /// A string that may be empty.
    Empty(usize),
    /// One of these words.
    Word(&'static [&'static str]),
    /// True or false.
    Flag,
    /// Whatever it is: it is not looked into.
    Free,
    /// A `plain_text` object.
    Plain(usize),
    /// A `plain_text` or `mrkdwn` object.
    Text(usize),
    /// So many text objects, each of so many characters.
    Texts(usize, usize),
    /// One thing of these kinds.
    One(&'static [&'static str]),
    /// At most so many things of these kinds.
    Many(&'static [&'static str], usize),
    /// A thing that bears no `type`.
    Part(&'static str),
    /// So many things that bear no `type`.
    Parts(&'static str, usize),
}

/// A field: its name, whether it must be there, and what it may hold.
pub type Field = (&'static str, bool, Rule);

/// A kind of thing, its fields, and those of which one at least must be there.
pub type Shape = (&'static str, &'static [Field], &'static [&'static str]);

use Rule::{Empty, Flag, Free, Many, One, Part, Parts, Plain, Str, Text, Texts, Word};

/// The longest id.
pub const ID: usize = 255;

/// The blocks of a message.
pub const MESSAGE: &[&str] = &[
    "section",
    "header",
    "divider",
    "image",
    "actions",
    "context",
    "input",
    "file",
    "video",
    "markdown",
    "rich_text",
    "table",
];

/// The blocks of a modal and of a home tab.
pub const VIEW: &[&str] =
    &["section", "header", "divider", "image", "actions", "context", "input", "video", "rich_text"];

const PRESSED: &[&str] = &[
    "button",
    "overflow",
    "static_select",
    "multi_static_select",
    "users_select",
    "multi_users_select",
    "conversations_select",
    "channels_select",
    "external_select",
    "datepicker",
    "timepicker",
    "datetimepicker",
    "checkboxes",
    "radio_buttons",
    "workflow_button",
];

const BESIDE: &[&str] = &[
    "button",
    "overflow",
    "static_select",
    "multi_static_select",
    "users_select",
    "multi_users_select",
    "conversations_select",
    "channels_select",
    "external_select",
    "datepicker",
    "timepicker",
    "checkboxes",
    "radio_buttons",
    "image",
    "workflow_button",
];

const FILLED: &[&str] = &[
    "plain_text_input",
    "static_select",
    "multi_static_select",
    "users_select",
    "multi_users_select",
    "conversations_select",
    "channels_select",
    "external_select",
    "datepicker",
    "timepicker",
    "datetimepicker",
    "checkboxes",
    "radio_buttons",
    "file_input",
    "number_input",
    "email_text_input",
    "url_text_input",
    "rich_text_input",
];

const IN_CONTEXT: &[&str] = &["mrkdwn", "plain_text", "image"];

const BLOCK_ID: Field = ("block_id", false, Str(ID));
/// What names an element.
pub const ACTION_ID: Field = ("action_id", false, Str(ID));
/// A question before it counts.
pub const CONFIRM: Field = ("confirm", false, Part("confirm"));
/// It is where one begins to type.
pub const FOCUS: Field = ("focus_on_load", false, Flag);
/// What stands there as long as nothing does.
pub const PLACEHOLDER: Field = ("placeholder", false, Plain(150));
const OPTIONS: Field = ("options", true, Parts("option", 100));

/// Every shape that is known, but for those in `fields`.
pub const SHAPES: &[Shape] = &[
    (
        "section",
        &[
            BLOCK_ID,
            ("text", false, Text(3000)),
            ("fields", false, Texts(10, 2000)),
            ("accessory", false, One(BESIDE)),
            ("expand", false, Flag),
        ],
        &["text", "fields"],
    ),
    ("header", &[BLOCK_ID, ("text", true, Plain(150)), ("level", false, Free)], &[]),
    ("divider", &[BLOCK_ID], &[]),
    (
        "image",
        &[
            BLOCK_ID,
            ("image_url", false, Str(3000)),
            ("slack_file", false, Part("slack_file")),
            ("alt_text", true, Str(2000)),
            ("title", false, Plain(2000)),
        ],
        &["image_url", "slack_file"],
    ),
    ("actions", &[BLOCK_ID, ("elements", true, Many(PRESSED, 25))], &[]),
    ("context", &[BLOCK_ID, ("elements", true, Many(IN_CONTEXT, 10))], &[]),
    (
        "input",
        &[
            BLOCK_ID,
            ("label", true, Plain(2000)),
            ("element", true, One(FILLED)),
            ("hint", false, Plain(2000)),
            ("optional", false, Flag),
            ("dispatch_action", false, Flag),
        ],
        &[],
    ),
    ("file", &[BLOCK_ID, ("external_id", true, Str(ID)), ("source", true, Str(ID))], &[]),
    (
        "video",
        &[
            BLOCK_ID,
            ("alt_text", true, Str(2000)),
            ("title", true, Plain(199)),
            ("thumbnail_url", true, Str(3000)),
            ("video_url", true, Str(3000)),
            ("author_name", false, Str(50)),
            ("description", false, Plain(199)),
            ("provider_icon_url", false, Str(3000)),
            ("provider_name", false, Str(50)),
            ("title_url", false, Str(3000)),
        ],
        &[],
    ),
    ("markdown", &[BLOCK_ID, ("text", true, Str(12_000))], &[]),
    ("rich_text", &[BLOCK_ID, ("elements", true, Free)], &[]),
    ("table", &[BLOCK_ID, ("rows", true, Free), ("column_settings", false, Free)], &[]),
    ("mrkdwn", &[("text", true, Str(3000)), ("verbatim", false, Flag)], &[]),
    ("plain_text", &[("text", true, Str(3000)), ("emoji", false, Flag)], &[]),
    (
        "button",
        &[
            ACTION_ID,
            CONFIRM,
            ("text", true, Plain(75)),
            ("value", false, Str(2000)),
            ("url", false, Str(3000)),
            ("style", false, Word(&["primary", "danger"])),
            ("accessibility_label", false, Str(75)),
        ],
        &[],
    ),
    ("workflow_button", &[ACTION_ID, ("text", true, Plain(75)), ("workflow", true, Free)], &[]),
    ("overflow", &[ACTION_ID, CONFIRM, ("options", true, Parts("option", 5))], &[]),
    (
        "option",
        &[
            ("text", true, Text(75)),
            ("value", true, Str(150)),
            ("description", false, Text(75)),
            ("url", false, Str(3000)),
        ],
        &[],
    ),
    ("option_group", &[("label", true, Plain(75)), OPTIONS], &[]),
    (
        "confirm",
        &[
            ("title", true, Plain(100)),
            ("text", true, Text(300)),
            ("confirm", true, Plain(30)),
            ("deny", true, Plain(30)),
            ("style", false, Word(&["primary", "danger"])),
        ],
        &[],
    ),
    ("slack_file", &[("id", false, Str(ID)), ("url", false, Str(3000))], &["id", "url"]),
    (
        "modal",
        &[
            ("title", true, Plain(24)),
            ("blocks", true, Many(VIEW, 100)),
            ("close", false, Plain(24)),
            ("submit", false, Plain(24)),
            ("private_metadata", false, Empty(3000)),
            ("callback_id", false, Empty(ID)),
            ("external_id", false, Empty(ID)),
            ("clear_on_close", false, Flag),
            ("notify_on_close", false, Flag),
            ("submit_disabled", false, Flag),
        ],
        &[],
    ),
    (
        "home",
        &[
            ("blocks", true, Many(VIEW, 100)),
            ("private_metadata", false, Empty(3000)),
            ("callback_id", false, Empty(ID)),
            ("external_id", false, Empty(ID)),
        ],
        &[],
    ),
];
