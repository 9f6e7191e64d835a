//! What Discord brings, as only Discord brings it.

use crate::discord::Answered;
use crate::support::{OverDiscord, TestPractice, stands};

fn over(practice: &TestPractice) -> &OverDiscord {
    practice.over_discord()
}

#[tokio::test]
async fn a_command_in_nobodys_channel_says_how_to_bind_it() {
    let practice = TestPractice::open_over_discord().await;
    let discord = practice.discord();
    discord.with(|world| {
        let guild = world.guilds[0].id;
        world.add_channel(guild, "lobby");
    });

    let tomas = discord.person("tomas");
    let said = over(&practice).answered(tomas.runs("lobby", "/post queue", &[])).await;

    assert!(matches!(said, Ok(Answered::Says(_))), "{said:?}");
    let lobby = discord.transcript("lobby", "tomas");
    let id = discord.channel_id("lobby");
    assert!(lobby.starts_with("countersign (only you)") && lobby.contains(&format!("/{id}")));
    assert_eq!(discord.transcript("lobby", "maya"), "");
}

#[tokio::test]
async fn a_super_reaction_counts_when_it_is_found_later() {
    let practice = TestPractice::open_over_discord().await;
    practice.person("maya").submits("Flu shots this Saturday.").await;
    practice.settle().await;
    let card = practice.chat.newest_card();
    let there = over(&practice).message(&card).await;

    practice.chat.deaf(true);
    let (discord, at) = (practice.discord(), stands(&there));
    discord.person("dr-rao").reacts_loudly(&at, "✅");
    over(&practice).hears_out().await;
    practice.chat.deaf(false);
    countersign::app::sweep::all(&practice.office).await.expect("swept");
    practice.settle().await;

    assert_eq!(practice.post(1).await.decisions.len(), 1);
}

#[tokio::test]
async fn an_emoji_of_the_servers_own_means_nothing_whatever_it_is_called() {
    let practice = TestPractice::open_over_discord().await;
    practice.person("maya").submits("Flu shots this Saturday.").await;
    practice.settle().await;
    let there = over(&practice).message(&practice.chat.newest_card()).await;
    let (discord, at) = (practice.discord(), stands(&there));
    let id = discord.with(|world| {
        let guild = world.guilds[0].id;
        world.add_emoji(guild, "white_check_mark")
    });

    discord.person("dr-rao").reacts(&at, &format!("white_check_mark:{id}"));
    over(&practice).hears_out().await;
    practice.settle().await;

    assert!(practice.post(1).await.decisions.is_empty());
}
