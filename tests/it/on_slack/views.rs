//! Forms and the home tab.

use countersign::ports::intake::Problem;

use crate::slack::Submitted;
use crate::support::TestPractice;

#[tokio::test]
async fn what_is_wrong_stands_at_its_field_and_the_form_stays() {
    let practice = TestPractice::open_over_slack().await;
    let over = practice.chat.over().expect("on Slack").clone();
    practice.person("maya").submits("Flu shots this Saturday.").await;
    let card = over.message(&practice.chat.newest_card()).await;
    let (maya, at) = (practice.slack().person("maya"), (card.channel.channel, card.message));
    maya.presses(&at, "Edit").await.expect("acknowledged");
    let why = "that is no time".to_owned();
    over.finds(vec![Problem { field: "slot".to_owned(), why: why.clone(), blocked: false }]);

    let slot = maya.modal().expect("open")["blocks"][2]["label"]["text"].clone();
    let slot = slot.as_str().expect("a label").to_owned();
    let wrong = maya.submits(&[(&slot, "soon")]).await;
    over.finds(Vec::new());
    let right = maya.submits(&[("Text", "Flu shots this Sunday :tada:")]).await;
    practice.slack().settled().await;
    practice.settle().await;

    assert_eq!(wrong, Submitted::Wrong(vec![("slot".to_owned(), why)]));
    assert_eq!(right, Submitted::Closed);
    assert!(maya.modal().is_none());
    assert_eq!(practice.post(1).await.draft.text, "Flu shots this Sunday 🎉");
}

#[tokio::test]
async fn what_could_not_be_stored_is_said_in_the_form_and_nothing_is_lost() {
    let practice = TestPractice::open_over_slack().await;
    let over = practice.chat.over().expect("on Slack").clone();
    practice.person("maya").submits("Flu shots this Saturday.").await;
    let card = over.message(&practice.chat.newest_card()).await;
    let (maya, at) = (practice.slack().person("maya"), (card.channel.channel, card.message));
    maya.presses(&at, "Edit").await.expect("acknowledged");

    practice.sql.limit_pages(Some(1)).await.expect("limited");
    let wrong = maya.submits(&[("Text", &"Flu shots. ".repeat(200))]).await;
    practice.sql.limit_pages(None).await.expect("lifted");

    let Submitted::Wrong(errors) = wrong else { panic!("{wrong:?}") };
    assert_eq!(errors[0].0, "text");
    assert!(errors[0].1.contains("Not recorded"), "{errors:?}");
    assert_eq!(practice.post(1).await.draft.text, "Flu shots this Saturday.");
}

#[tokio::test]
async fn the_home_tab_shows_what_waits_for_whoever_looks() {
    let practice = TestPractice::open_over_slack().await;
    practice.person("maya").submits("Flu shots this Saturday.").await;
    let home = |who: &'static str| {
        let person = practice.slack().person(who);
        person.opens_home();
        let slack = practice.slack();
        async move {
            slack.settled().await;
            slack.person(who).home().expect("shown").to_string()
        }
    };

    let (rao, tomas, guest) = (home("dr-rao").await, home("tomas").await, home("guest").await);

    assert!(rao.contains("Waits for you:") && rao.contains("Flu shots"));
    assert!(!tomas.contains("Waits for you:") && tomas.contains("On the way:"));
    assert!(guest.contains("No practice knows you yet.") && !guest.contains("Flu shots"));
}
