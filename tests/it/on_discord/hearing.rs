//! What Discord brings, as only Discord brings it.

use std::time::Duration;

use countersign::ports::chat::Chat;

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

#[tokio::test]
async fn a_sign_off_stands_as_long_as_one_of_two_kinds_of_reaction_does() {
    let practice = TestPractice::open_over_discord().await;
    practice.person("maya").submits("Flu shots this Saturday.").await;
    practice.settle().await;
    let there = over(&practice).message(&practice.chat.newest_card()).await;
    let (rao, at) = (practice.discord().person("dr-rao"), stands(&there));
    let decisions = async || {
        over(&practice).hears_out().await;
        countersign::app::inbox::drain(&practice.office).await.expect("works");
        practice.post(1).await.decisions.len()
    };
    rao.reacts(&at, "✅");
    rao.reacts_loudly(&at, "✅");
    assert_eq!(decisions().await, 1);

    rao.unreacts(&at, "✅");
    assert_eq!(decisions().await, 1);
    rao.reacts(&at, "✅");
    rao.unreacts_loudly(&at, "✅");
    assert_eq!(decisions().await, 1);
    rao.unreacts(&at, "✅");
    assert_eq!(decisions().await, 0);
}

#[tokio::test]
async fn an_edit_that_nobody_may_read_is_said_and_changes_nothing() {
    let practice = TestPractice::open_over_discord().await;
    let tomas = practice.person("tomas");
    let idea = tomas.has_idea("Flu shots this Saturday.").await;
    practice.chat.deaf(true);
    let nobodys = practice.discord().person("tomas").says("ideas", "Who has the key?");
    over(&practice).hears_out().await;
    practice.chat.deaf(false);
    practice.settle().await;
    practice.transcript();

    tomas.rewrites("ideas", &idea, "").await;
    practice.settle().await;
    practice.discord().person("tomas").edits(&nobodys, "");
    over(&practice).hears_out().await;
    practice.settle().await;

    let transcript = practice.transcript();
    assert_eq!(transcript.matches("can't be read, and changes nothing").count(), 1, "{transcript}");
    assert!(transcript.contains("(to tomas)"), "{transcript}");
}

#[tokio::test]
async fn where_a_file_is_is_never_stored_and_said_anew_after_a_day() {
    let practice = TestPractice::open_over_discord().await;
    let tomas = practice.discord().person("tomas");
    tomas.brings("ideas", "@countersign Our garden.", &[("garden.png", b"not stored")]);
    over(&practice).hears_out().await;
    practice.settle().await;

    let since = practice.office.began;
    let ideas = practice.office.store.live_ideas(&practice.id(), since).await.expect("read");
    let idea = practice.office.store.idea(&practice.id(), &ideas[0]).await.expect("read");
    let file = idea.expect("kept").files.swap_remove(0).id;
    assert!(!file.contains("http") && !file.contains(' '), "{file}");
    let chat = &over(&practice).chat;
    let fetched = async || chat.fetch(&file, 1_000).await;
    assert_eq!(fetched().await.as_deref(), Ok(&b"not stored"[..]));
    practice.discord().with(|world| world.later(Duration::from_hours(25)));
    assert_eq!(fetched().await.as_deref(), Ok(&b"not stored"[..]));
}
