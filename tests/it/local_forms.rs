//! The local platform's forms over HTTP: asked for when they are opened, and refused field by field.

use countersign::chat::local;
use countersign::ports::chat::Chat;
use countersign::ports::intake::{Field, Happening};
use countersign::ports::notice::{Button, Notice, Weight};
use serde_json::{Value, json};

use crate::local_support::{Answer, Platform, form, in_ideas, noted};

/// A message with a button that has a form.
async fn with_a_button(platform: &Platform) -> String {
    let button = Button {
        id: "decline:1".to_owned(),
        label: "Decline".to_owned(),
        weight: Weight::Danger,
        form: form("decline:1", "reason").fields,
    };
    let notice = Notice { buttons: vec![button], ..noted("a card") };
    platform.chat.show("k1", &in_ideas(), &notice).await;
    platform.ideas("dr-rao").await[0]["id"].as_str().expect("an id").to_owned()
}

async fn presses(platform: &Platform, message: &str, button: &str, fields: Value) -> Answer {
    let press = json!({ "as": "dr-rao", "button": button, "fields": fields });
    platform.ask("POST", &format!("/local/api/messages/{message}/press")).json(&press).await
}

#[tokio::test]
async fn a_button_is_pressed_with_its_form() {
    let platform = Platform::open().await;
    let card = with_a_button(&platform).await;
    let reason = json!({ "reason": "too bold" });

    let pressed = presses(&platform, &card, "decline:1:mark", reason.clone()).await;
    let marked = platform.intake.last().what;
    let plain = presses(&platform, &card, "decline:1", reason.clone()).await;
    let other = presses(&platform, &card, "sign:1", reason.clone()).await;
    let longer = presses(&platform, &card, "decline:12", reason).await;
    let extra = presses(&platform, &card, "decline:1", json!({ "more": "too bold" })).await;

    let statuses = [&pressed, &plain, &other, &longer, &extra].map(|answer| answer.status);
    assert_eq!(statuses, [201, 201, 409, 409, 400]);
    let Happening::Pressed { button, fields, .. } = marked else { panic!("{marked:?}") };
    assert_eq!(button, "decline:1:mark");
    assert_eq!(fields, [Field { name: "reason".to_owned(), value: "too bold".to_owned() }]);
}

#[tokio::test]
async fn a_form_is_asked_for_when_it_is_opened() {
    let platform = Platform::open().await;
    let card = with_a_button(&platform).await;
    let opens = async |query: &str| {
        platform.ask("GET", &format!("/local/api/form?as=dr-rao&{query}")).send().await
    };

    let button = opens(&format!("message={card}&button=decline:1")).await;
    let command = opens("channel=ideas&command=/post%20new").await;
    let whole = opens("channel=ideas&command=/post%20new%20x").await;
    let neither = opens("channel=ideas").await;
    let gone = opens("message=m99&button=decline:1").await;

    assert_eq!(button.json()["form"]["button"], "decline:1:mark");
    assert_eq!(button.json()["form"]["fields"][0]["value"], "as it stands");
    assert_eq!(command.json()["form"]["button"], "new");
    assert_eq!(whole.json(), json!({ "form": null }));
    assert_eq!((neither.status, gone.status), (400, 404));
}

#[tokio::test]
async fn problems_are_said_by_field_and_nothing_is_brought() {
    let platform = Platform::open().await;
    let card = with_a_button(&platform).await;

    let answer = presses(&platform, &card, "decline:1", json!({ "reason": "wrong" })).await;

    assert_eq!(answer.status, 422);
    assert_eq!(
        answer.json(),
        json!({
            "error": "the form can't be sent like this",
            "hint": "mend what is said of its fields, and send it again",
            "problems": [{ "field": "reason", "why": "mend it" }],
        })
    );
    assert_eq!(platform.intake.heard(), []);
}

// The gate has to know of it, though the form says so already.
#[tokio::test]
async fn what_may_be_about_a_patient_is_brought_all_the_same() {
    let platform = Platform::open().await;
    let card = with_a_button(&platform).await;

    let answer = presses(&platform, &card, "decline:1", json!({ "reason": "MRN 1" })).await;

    assert_eq!(answer.status, 422);
    assert_eq!(answer.json()["problems"], json!([{ "field": "reason", "why": "mend it" }]));
    assert_eq!(platform.intake.heard().len(), 1);
}

#[tokio::test]
async fn a_form_that_a_command_opened_is_sent_without_a_message() {
    let platform = Platform::open().await;
    let sends = async |button: &str, fields: Value| {
        let form = json!({ "as": "maya", "channel": "ideas", "button": button, "fields": fields });
        platform.ask("POST", "/local/api/form").json(&form).await
    };

    let sent = sends("new", json!({ "text": "Flu shots" })).await;
    let heard = platform.intake.last();
    let wrong = sends("new", json!({ "text": "wrong" })).await;
    let unknown = sends("new", json!({ "more": "Flu shots" })).await;
    let closed = sends("sign:1", json!({})).await;

    let statuses = [&sent, &wrong, &unknown, &closed].map(|answer| answer.status);
    assert_eq!(statuses, [201, 422, 400, 409]);
    assert_eq!(platform.intake.heard().len(), 1);
    assert_eq!(heard.from, local::identity("maya"));
    let Happening::Pressed { message, button, .. } = heard.what else { panic!("{heard:?}") };
    assert_eq!((message.channel, message.message), (local::channel("ideas"), String::new()));
    assert_eq!(button, "new");
}
