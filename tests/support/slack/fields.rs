//! The shapes of what people fill in or choose: inputs, lists, dates.

use super::shapes::Rule::{Empty, Flag, Free, Part, Parts, Str};
use super::shapes::{ACTION_ID, CONFIRM, FOCUS, ID, PLACEHOLDER, Shape};

/// Their shapes.
pub const FIELDS: &[Shape] = &[
    (
        "static_select",
        &[
            ACTION_ID,
            CONFIRM,
            FOCUS,
            PLACEHOLDER,
            ("options", false, Parts("option", 100)),
            ("option_groups", false, Parts("option_group", 100)),
            ("initial_option", false, Part("option")),
        ],
        &["options", "option_groups"],
    ),
    (
        "multi_static_select",
        &[
            ACTION_ID,
            CONFIRM,
            FOCUS,
            PLACEHOLDER,
            ("options", false, Parts("option", 100)),
            ("option_groups", false, Parts("option_group", 100)),
            ("initial_options", false, Parts("option", 100)),
            ("max_selected_items", false, Free),
        ],
        &["options", "option_groups"],
    ),
    (
        "users_select",
        &[ACTION_ID, CONFIRM, FOCUS, PLACEHOLDER, ("initial_user", false, Str(ID))],
        &[],
    ),
    (
        "multi_users_select",
        &[
            ACTION_ID,
            CONFIRM,
            FOCUS,
            PLACEHOLDER,
            ("initial_users", false, Free),
            ("max_selected_items", false, Free),
        ],
        &[],
    ),
    (
        "conversations_select",
        &[
            ACTION_ID,
            CONFIRM,
            FOCUS,
            PLACEHOLDER,
            ("initial_conversation", false, Str(ID)),
            ("default_to_current_conversation", false, Flag),
            ("response_url_enabled", false, Flag),
            ("filter", false, Free),
        ],
        &[],
    ),
    (
        "channels_select",
        &[
            ACTION_ID,
            CONFIRM,
            FOCUS,
            PLACEHOLDER,
            ("initial_channel", false, Str(ID)),
            ("response_url_enabled", false, Flag),
        ],
        &[],
    ),
    (
        "external_select",
        &[
            ACTION_ID,
            CONFIRM,
            FOCUS,
            PLACEHOLDER,
            ("initial_option", false, Part("option")),
            ("min_query_length", false, Free),
        ],
        &[],
    ),
    (
        "datepicker",
        &[ACTION_ID, CONFIRM, FOCUS, PLACEHOLDER, ("initial_date", false, Str(10))],
        &[],
    ),
    (
        "timepicker",
        &[
            ACTION_ID,
            CONFIRM,
            FOCUS,
            PLACEHOLDER,
            ("initial_time", false, Str(5)),
            ("timezone", false, Str(ID)),
        ],
        &[],
    ),
    ("datetimepicker", &[ACTION_ID, CONFIRM, FOCUS, ("initial_date_time", false, Free)], &[]),
    (
        "checkboxes",
        &[
            ACTION_ID,
            CONFIRM,
            FOCUS,
            ("options", true, Parts("option", 10)),
            ("initial_options", false, Parts("option", 10)),
        ],
        &[],
    ),
    (
        "radio_buttons",
        &[
            ACTION_ID,
            CONFIRM,
            FOCUS,
            ("options", true, Parts("option", 10)),
            ("initial_option", false, Part("option")),
        ],
        &[],
    ),
    (
        "plain_text_input",
        &[
            ACTION_ID,
            FOCUS,
            PLACEHOLDER,
            ("initial_value", false, Empty(3000)),
            ("multiline", false, Flag),
            ("min_length", false, Free),
            ("max_length", false, Free),
            ("dispatch_action_config", false, Free),
        ],
        &[],
    ),
    (
        "number_input",
        &[
            ACTION_ID,
            FOCUS,
            PLACEHOLDER,
            ("is_decimal_allowed", true, Flag),
            ("initial_value", false, Str(ID)),
            ("min_value", false, Str(ID)),
            ("max_value", false, Str(ID)),
            ("dispatch_action_config", false, Free),
        ],
        &[],
    ),
    (
        "email_text_input",
        &[
            ACTION_ID,
            FOCUS,
            PLACEHOLDER,
            ("initial_value", false, Empty(3000)),
            ("dispatch_action_config", false, Free),
        ],
        &[],
    ),
    (
        "url_text_input",
        &[
            ACTION_ID,
            FOCUS,
            PLACEHOLDER,
            ("initial_value", false, Empty(3000)),
            ("dispatch_action_config", false, Free),
        ],
        &[],
    ),
    (
        "rich_text_input",
        &[
            ACTION_ID,
            FOCUS,
            PLACEHOLDER,
            ("initial_value", false, Free),
            ("dispatch_action_config", false, Free),
        ],
        &[],
    ),
    ("file_input", &[ACTION_ID, ("filetypes", false, Free), ("max_files", false, Free)], &[]),
];
