//! The real program, run against the simulator: a post is signed there, also while it is down.

use tempfile::TempDir;

use crate::discord::{Answered, Discord};
use crate::program::{Program, applies};

#[tokio::test]
async fn a_sign_off_made_while_the_program_is_down_counts() {
    let discord = Discord::start();
    discord.without_limits();
    let data = TempDir::new().expect("a folder");
    let mut program = Program::serve(data.path(), &discord);
    program.says("Discord is connected").await;
    discord.until(|world| world.apps[0].commands.len() == 2).await;
    let (maya, rao) = (discord.person("maya"), discord.person("dr-rao"));
    let code = applies(data.path(), &discord);
    rao.runs("approvals", "/post confirm", &[("code", &code)]).await.expect("answered");
    let words = "Flu shots this Saturday, no appointment needed.";

    maya.runs("ideas", "/post new", &[("text", words)]).await.expect("answered");
    let draft = discord.sees("ideas", "Draft of post 1").await;
    maya.presses(&draft, "Send for signature").await.expect("answered");
    let card = discord.sees("approvals", "Content:").await;
    let said = program.said();
    drop(program);
    rao.reacts(&card, "✅");
    let mut program = Program::serve(data.path(), &discord);

    program.says("Discord is connected").await;
    let signed = discord.sees("approvals", "Signed by Dr. Rao").await;
    assert_eq!(signed, card);
    let cards = discord.transcript("approvals", "maya").matches("Content:").count();
    assert_eq!(cards, 1);
    // Whatever is logged, neither words nor the token are.
    let (said, token) = (said + &program.said(), discord.app().token);
    assert!(said.contains("Discord") && !said.contains("Flu shots") && !said.contains(&token));
}

#[tokio::test]
async fn a_form_that_a_command_opens_goes_on_until_all_of_it_is_filled_in() {
    let discord = Discord::start();
    discord.without_limits();
    let data = TempDir::new().expect("a folder");
    let mut program = Program::serve(data.path(), &discord);
    program.says("Discord is connected").await;
    discord.until(|world| world.apps[0].commands.len() == 2).await;
    applies(data.path(), &discord);
    let maya = discord.person("maya");

    let opened = maya.runs("ideas", "/post new", &[]).await;
    assert_eq!(opened, Ok(Answered::Opens));
    let words = "Flu shots this Saturday, no appointment needed.";
    let sent = maya.submits(&[("Text", words)]).await;
    assert!(matches!(sent, Ok(Answered::Thinks(_))), "{sent:?}");
    let more = discord.sees("ideas", "Edit post 1: there is more to fill in").await;
    let opened = maya.presses(&more, "Written for · Not before · Not after").await;
    assert_eq!(opened, Ok(Answered::Opens));
    maya.submits(&[("Written for", "Colleagues")]).await.expect("answered");

    discord.sees("ideas", "colleagues").await;
    // For the eyes of whoever fills it in, and nobody else's.
    assert!(!discord.transcript("ideas", "dr-rao").contains("more to fill in"));
    assert!(discord.transcript("ideas", "dr-rao").contains(words));
}
