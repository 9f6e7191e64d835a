//! The commands as Discord is told of them, made from the same table as the help. Pure.

use serde_json::{Value, json};
use serenity::builder::{CreateCommand, CreateCommandOption};
use serenity::model::application::{
    CommandOptionType, CommandType, InstallationContext, InteractionContext,
};

use super::button::cut;
use crate::chat::discord::origin::{PICK, PRACTICE};
use crate::domain::command::{Command, Line, ROOT};

/// The longest description.
const ABOUT: usize = 100;

/// All of them: `/post` with a subcommand a line of the help, and the one on messages.
pub fn all() -> Value {
    let name = ROOT.trim_start_matches('/');
    let post = Command::help().iter().fold(
        CreateCommand::new(name).description("Posts of this practice, and their sign-off"),
        |post, line| post.add_option(sub(line)),
    );
    let pick = CreateCommand::new(PICK).kind(CommandType::Message);
    json!([in_guilds(post), in_guilds(pick)])
}

/// Only where a channel can be a practice's.
fn in_guilds(command: CreateCommand) -> CreateCommand {
    command
        .contexts(vec![InteractionContext::Guild])
        .integration_types(vec![InstallationContext::Guild])
}

fn sub(line: &Line) -> CreateCommandOption {
    let mut words = line.usage.split(' ');
    let verb = words.next().unwrap_or_default();
    let about = cut(&capital(line.does), ABOUT);
    let sub = CreateCommandOption::new(CommandOptionType::SubCommand, verb, about);
    let sub = words.fold(sub, |sub, word| sub.add_sub_option(option(word)));
    let whose = "At an agency's desk: whose post";
    sub.add_sub_option(CreateCommandOption::new(CommandOptionType::String, PRACTICE, whose))
}

/// A number has to be said; text that is not opens the form, where there is one.
fn option(word: &str) -> CreateCommandOption {
    let (kind, about, required) = match word {
        "NUMBER" => (CommandOptionType::Integer, "The post's number", true),
        "TEXT" => (CommandOptionType::String, "What it says; without it a form opens", false),
        "CODE" => (CommandOptionType::String, "The one-time code", true),
        _ => (CommandOptionType::String, "Some words", true),
    };
    let option = CreateCommandOption::new(kind, word.to_lowercase(), about).required(required);
    if word == "NUMBER" { option.min_int_value(1) } else { option }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_help_is_a_subcommand() {
        let all = all();

        let subs = all[0]["options"].as_array().expect("subcommands");
        let usages: Vec<String> = subs
            .iter()
            .map(|sub| {
                let options = sub["options"].as_array().into_iter().flatten();
                let names = options.map(|option| option["name"].as_str().unwrap_or_default());
                let words = names.filter(|name| *name != PRACTICE).map(str::to_uppercase);
                let verb = sub["name"].as_str().unwrap_or_default().to_owned();
                [verb].into_iter().chain(words).collect::<Vec<_>>().join(" ")
            })
            .collect();
        let help: Vec<&str> = Command::help().iter().map(|line| line.usage).collect();
        assert_eq!(usages, help);
        assert!(subs.iter().all(|sub| sub["type"] == 1));
        assert_eq!((&all[1]["name"], &all[1]["type"]), (&json!(PICK), &json!(3)));
    }
}
