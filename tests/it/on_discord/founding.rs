//! A practice is made on Discord, by its own command and form.

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
