//! A practice is made on Discord, and changed, by its own commands and forms.

use crate::discord::Answered;
use crate::support::TestPractice;

#[tokio::test]
async fn whoever_may_manage_the_server_makes_a_practice() {
    let practice = TestPractice::open_over_discord().await;
    let (over, discord) = (practice.over_discord(), practice.discord());
    let (lena, tomas) = (discord.person("lena"), discord.person("tomas"));
    let rao = discord.with(|world| {
        let user = world.users.iter().find(|user| user.name == "dr-rao").expect("there");
        user.id.to_string()
    });

    let refused = over.answered(tomas.runs("annex", "/post setup", &[])).await;
    over.answered(lena.runs("annex", "/post setup", &[])).await.expect("answered");
    assert!(lena.form().is_some() && tomas.form().is_none());
    // The conversation calls people by name, so nobody here has such an id.
    let nobody = format!("Dr. Rao {rao}");
    let wrong = filled(&practice, &nobody).await;
    over.answered(lena.runs("annex", "/post setup", &[])).await.expect("answered");
    let right = filled(&practice, "Dr. Rao dr-rao").await;
    practice.settle().await;

    assert!(matches!(refused, Ok(Answered::Says(_))), "{refused:?}");
    assert!(discord.transcript("annex", "tomas").contains("The server's owner"));
    assert!(matches!(wrong, Ok(Answered::Says(_))), "{wrong:?}");
    assert!(right.is_ok(), "{right:?}");
    let all = practice.office.store.practices().await.expect("readable");
    assert!(all.iter().any(|id| id.as_str() == "lakeside-pediatrics"), "{all:?}");
}

async fn filled(practice: &TestPractice, physicians: &str) -> Result<Answered, &'static str> {
    let lena = practice.discord().person("lena");
    let fields = [
        ("Name of the practice", "Lakeside Pediatrics"),
        ("Zone", "America/Denver"),
        ("Your name", "Lena"),
        ("Your role", "Manager: runs the practice"),
        ("Physicians who sign", physicians),
    ];
    practice.over_discord().answered(lena.submits(&fields)).await
}

/// The names of its people, by the second part of the form that changes one of them.
async fn after_the_second_part(fields: &[(&str, &str)]) -> Vec<String> {
    let practice = TestPractice::open_over_discord().await;
    let lena = practice.person("lena");
    lena.says("approvals", "/post setup").await;
    practice.settle().await;

    lena.fills("Change a person", fields).await;
    practice.settle().await;

    let known = practice.office.store.practice(&practice.id()).await.expect("readable");
    known.expect("there").members.into_iter().map(|member| member.name).collect()
}

#[tokio::test]
async fn somebody_leaves_by_the_second_part_of_a_form_which_asks_anew_who_it_is() {
    let left = after_the_second_part(&[("person", "maya"), ("more", "leaves")]).await;
    let nobody = after_the_second_part(&[("more", "leaves")]).await;

    assert!(left.len() == 6 && !left.contains(&"Maya".to_owned()), "{left:?}");
    assert_eq!(nobody.len(), 7, "{nobody:?}");
}
