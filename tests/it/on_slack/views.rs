//! Forms and the home tab.

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

    let wrong = maya.submits(&[("Slot", "soonish")]).await;
    let right = maya.submits(&[("Text", "Flu shots this Sunday :tada:")]).await;
    practice.slack().settled().await;
    practice.settle().await;

    let Submitted::Wrong(errors) = wrong else { panic!("{wrong:?}") };
    assert_eq!(errors.len(), 1);
    assert_eq!(errors[0].0, "slot");
    assert!(errors[0].1.starts_with("that is not a time"), "{errors:?}");
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

    let mut other = practice.database.opens().await;
    let taken = if practice.database.is_on_server() {
        "BEGIN; UPDATE counters SET last_event = last_event"
    } else {
        "BEGIN IMMEDIATE"
    };
    other.runs(taken).await.expect("the only writer");
    let wrong = maya.submits(&[("Text", "Flu shots this Sunday.")]).await;
    other.runs("ROLLBACK").await.expect("no writer any more");

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
    let card = practice.chat.over().expect("on Slack").message(&practice.chat.newest_card()).await;
    let link = format!("/archives/{}/p{}", card.channel.channel, card.message.replace('.', ""));
    assert!(rao.contains(&link), "{rao}");
    assert!(rao.contains("A new post") && !rao.contains("Who signs"), "{rao}");
    assert!(!guest.contains("A new post"), "{guest}");
}

#[tokio::test]
async fn the_home_tab_begins_a_post_and_changes_the_practice() {
    let practice = TestPractice::open_over_slack().await;
    practice.transcript();
    let (maya, ana) = (practice.slack().person("maya"), practice.slack().person("ana"));
    for person in [&maya, &ana] {
        person.opens_home();
    }
    practice.slack().settled().await;

    maya.presses_at_home("A new post").await.expect("acknowledged");
    let begun = maya.submits(&[("Text", "Flu shots this Saturday.")]).await;
    ana.presses_at_home("Zone, quiet hours").await.expect("acknowledged");
    let changed = ana.submits(&[("Zone", "America/Denver")]).await;
    practice.slack().settled().await;
    practice.settle().await;

    assert_eq!((begun, changed), (Submitted::Closed, Submitted::Closed));
    assert_eq!(practice.post(1).await.draft.text, "Flu shots this Saturday.");
    let now = practice.office.store.practice(&practice.id()).await.expect("readable");
    assert_eq!(now.expect("there").zone.iana_name(), Some("America/Denver"));
}
