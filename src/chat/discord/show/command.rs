//! The commands as Discord is told of them, made from the same table as the help. Pure.

use serde_json::{Value, json};
use serenity::builder::{CreateCommand, CreateCommandOption};
use serenity::model::application::{
    CommandOptionType, CommandType, InstallationContext, InteractionContext,
};

use super::button::cut;
use crate::chat::discord::origin::{PICK, PRACTICE};
use crate::domain::command::{Command, Line, ROOT};
use crate::ports::intake::Blank;
use crate::ports::notice::Choice;

/// The longest description.
const ABOUT: usize = 100;
/// Most choices, and the longest name of one.
const CHOICES: usize = 25;
const NAME: usize = 100;

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
    let sub = words.fold(sub, |sub, word| sub.add_sub_option(option(verb, word)));
    let whose = "At an agency's desk: whose post";
    let whose = CreateCommandOption::new(CommandOptionType::String, PRACTICE, whose);
    sub.add_sub_option(whose.set_autocomplete(true))
}

/// What fits behind what somebody types, as Discord offers it: plain text, in one line each.
pub fn choices(blank: Blank, all: &[Choice]) -> Value {
    let choice = |Choice { id, label }: &Choice| {
        let value = match blank {
            Blank::Number => json!(id.parse::<i64>().ok()?),
            Blank::Code | Blank::Practice => json!(id),
        };
        let name = cut(&one_line(label), NAME);
        (!name.is_empty()).then(|| json!({ "name": name, "value": value }))
    };
    all.iter().filter_map(choice).take(CHOICES).collect()
}

/// Words as they stand, without what would show them in another order or break their line.
fn one_line(text: &str) -> String {
    let turns = |c: &char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let plain: String = text.chars().filter(|c| !turns(c)).collect();
    let words = plain.split(|c: char| c.is_whitespace() || c.is_control());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// A number has to be said; text that is not opens the form, where there is one.
fn option(verb: &str, word: &str) -> CreateCommandOption {
    let (kind, about, required) = match word {
        "NUMBER" => (CommandOptionType::Integer, "The post's number", true),
        "TEXT" => (CommandOptionType::String, "What it says; without it a form opens", false),
        "CODE" => (CommandOptionType::String, "The one-time code", true),
        _ => (CommandOptionType::String, "Some words", true),
    };
    let option = CreateCommandOption::new(kind, word.to_lowercase(), about).required(required);
    // A code that somebody was handed is for nobody to guess.
    let known = word == "NUMBER" || word == "CODE" && verb != "confirm";
    let option = option.set_autocomplete(known);
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

    #[test]
    fn choices_are_one_line_each_and_fit() {
        let choice = |id: &str, label: &str| Choice { id: id.to_owned(), label: label.to_owned() };
        let all = [
            choice("41", "41 draft: Flu\nshots\t**now** @everyone \u{202e}x"),
            choice("40", &"é".repeat(101)),
            choice("none", "no number"),
            choice("39", " \n"),
        ];

        let offered = choices(Blank::Number, &all);

        let name = "é".repeat(99) + "…";
        assert_eq!(
            offered,
            json!([
                { "name": "41 draft: Flu shots **now** @everyone x", "value": 41 },
                { "name": name, "value": 40 },
            ])
        );
        let many = vec![choice("KDRM-4Q7X", "KDRM-4Q7X"); 30];
        assert_eq!(choices(Blank::Code, &many).as_array().map(Vec::len), Some(25));
    }
}
