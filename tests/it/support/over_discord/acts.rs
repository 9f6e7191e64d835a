//! What people of a conversation do, as they do it on Discord.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;

use countersign::app::inbox;
use countersign::chat::discord::origin::{Origin, PRACTICE, Verb};
use countersign::chat::discord::show;
use countersign::domain::practice::ChannelRef;
use countersign::ports::button::{FieldKind, Form, FormField};
use countersign::ports::intake::{Field, Happening};

use super::{OverDiscord, at, named};
use crate::discord::{Answered, At, Person, World};
use crate::support::border::there;

impl OverDiscord {
    pub(super) async fn does(&self, person: &Person, what: &Happening, files: &[Vec<u8>]) {
        match what {
            Happening::Said { message, text, .. } if typed(text).is_some() => {
                let (command, options) = typed(text).expect("just seen");
                let options: Vec<(&str, &str)> =
                    options.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
                let channel = &message.channel.channel;
                let _ = self.answered(person.runs(channel, &command, &options)).await;
            }
            Happening::Said { message, thread, text, files: refs } => {
                let mut names = self.border.messages.lock().await;
                let root = thread.as_ref().and_then(|root| there(&names, &root.message));
                let channel = &message.channel.channel;
                let files: Vec<_> =
                    refs.iter().zip(files).map(|(f, b)| (&*f.name, &*f.alt, &**b)).collect();
                let root = root.map(|root| at(&root));
                let stands = person.brings_described(channel, root, text, &files);
                let home = self.discord.channel_id(channel);
                names.push((message.message.clone(), named(home, stands)));
            }
            Happening::Edited { message, text, .. } => {
                if let Some(at) = self.at(message).await {
                    person.edits(&at, text);
                }
            }
            Happening::Deleted { message } => {
                if let Some(at) = self.at(message).await {
                    self.deletes(person, &at);
                }
            }
            Happening::Reacted { message, emoji, on } => {
                if let Some(at) = self.at(message).await {
                    self.reacts(person, &at, (emoji, *on));
                }
            }
            Happening::Picked { message, author, text, .. } => {
                let author = author.as_ref().map(|author| self.discord.person(&author.user));
                let at = self.found(author.as_ref().unwrap_or(person), message, text).await;
                let _ = self.answered(person.uses("Make a post from this", &at)).await;
            }
            Happening::Pressed { message, button, fields } => {
                let at = self.at(message).await.expect("a message that is known");
                let home = self.channel(&message.channel);
                self.presses(person, (&at, home), (button, fields)).await;
            }
        }
    }

    /// Somebody deletes a message, which may be gone already without anybody having heard of it.
    fn deletes(&self, person: &Person, at: &At) {
        self.discord.with(|world| {
            let all = &mut world.channel_mut(at.0).expect("there").messages;
            let known = all.iter_mut().find(|message| message.id == at.1);
            known.expect("once there").gone = false;
        });
        person.deletes(at);
    }

    fn reacts(&self, person: &Person, at: &At, (emoji, on): (&str, bool)) {
        // Nobody can type a reaction there.
        if self.discord.with(|world| world.emoji(emoji).is_err()) {
            return;
        }
        if on {
            person.reacts(at, emoji);
        } else {
            person.unreacts(at, emoji);
        }
        if self.hearsay.load(Ordering::SeqCst) {
            self.discord.with(|world| {
                let message = world.message_mut(at.0, at.1).expect("it stands");
                let all = message.reactions.iter_mut();
                all.for_each(|reaction| reaction.users.retain(|user| *user != person.id));
            });
        }
    }

    async fn presses(
        &self,
        person: &Person,
        (at, home): (&At, ChannelRef),
        (button, fields): (&str, &[Field]),
    ) {
        *self.border.opened.lock().expect("whole") = None;
        let id = self.discord.with(|world| custom_id(world, at, button));
        // A client may show for a while what was there.
        let about = (at.0.to_string() != home.channel).then_some(home);
        let gone = Origin { verb: Verb::Does, about, button: button.to_owned() };
        let id = id.or_else(|| gone.write(0)).expect("short enough");
        let came = self.answered(person.presses_id(at, &id)).await;
        let form = self.border.opened.lock().expect("whole").clone();
        match (form, came) {
            (Some(form), Ok(Answered::Opens)) => self.fills(person, &form, fields).await,
            (Some(form), Ok(Answered::Says(menu))) => {
                self.fills_parts(person, (at.0, menu), (&form, fields)).await;
            }
            _ => {}
        }
    }

    /// Opens each part of the form in which something is filled in, or the first.
    async fn fills_parts(&self, person: &Person, menu: At, (form, fields): (&Form, &[Field])) {
        let is_in = |part: &[&FormField], field: &Field| {
            part.iter().any(|known| known.name == field.name && !known.leads)
        };
        let parts = show::parts(form);
        let mut wanted: BTreeSet<usize> = (0..parts.len())
            .filter(|nth| fields.iter().any(|field| is_in(&parts[*nth], field)))
            .collect();
        if wanted.is_empty() {
            wanted.insert(0);
        }
        // What is open and closed is said before what has to lie between.
        for part in wanted.into_iter().rev() {
            let prefix = format!("p{part}");
            let id = self.discord.with(|world| {
                let ids = custom_ids(world, &menu);
                ids.into_iter().find(|id| id.starts_with(&prefix)).expect("a button of this part")
            });
            if let Ok(Answered::Opens) = self.answered(person.presses_id(&menu, &id)).await {
                let form = self.border.opened.lock().expect("whole").clone().expect("opened");
                self.fills(person, &form, fields).await;
                // Nobody fills in a form before what they sent a moment ago was looked at.
                let office = self.border.office.lock().expect("whole").clone().expect("somebody's");
                inbox::drain(&office).await.expect("works");
            }
        }
    }

    /// Fills in the form that is open, and sends it.
    async fn fills(&self, person: &Person, form: &Form, fields: &[Field]) {
        let labelled = fields.iter().filter_map(|field| {
            let known = form.fields.iter().find(|known| known.name == field.name)?;
            Some((show::cut(&known.label, 45), labels(&known.kind, &field.value)))
        });
        let labelled: Vec<(String, String)> = labelled.collect();
        let labelled: Vec<(&str, &str)> =
            labelled.iter().map(|(label, value)| (label.as_str(), value.as_str())).collect();
        let _ = self.answered(person.submits(&labelled)).await;
    }
}

/// A command as one types it there, if one can: with its options.
fn typed(text: &str) -> Option<(String, Vec<(String, String)>)> {
    let words = text.strip_prefix("/post ")?;
    let (verb, rest) = words.split_once(' ').unwrap_or((words, ""));
    let alone = options(verb, rest);
    let (whose, rest) = rest.split_once(' ').unwrap_or((rest, ""));
    let of_one = || {
        let mut options = options(verb, rest)?;
        options.push((PRACTICE.to_owned(), whose.to_owned()));
        Some(options)
    };
    let options = alone.or_else(|| of_one().filter(|_| !whose.is_empty()))?;
    Some((format!("/post {verb}"), options))
}

/// What is given for each option of a subcommand, if one can.
fn options(verb: &str, mut rest: &str) -> Option<Vec<(String, String)>> {
    let commands = show::command::all();
    let sub = commands[0]["options"].as_array()?.iter().find(|sub| sub["name"] == verb)?.clone();
    let known = sub["options"].as_array().cloned().unwrap_or_default();
    let mut options = Vec::new();
    for option in known.iter().filter(|option| option["name"] != PRACTICE) {
        let is_number = option["type"] == 4;
        let (value, after) =
            if is_number { rest.split_once(' ').unwrap_or((rest, "")) } else { (rest, "") };
        if is_number && value.parse::<u32>().is_err()
            || value.is_empty() && option["required"] == true
        {
            return None;
        }
        if !value.is_empty() {
            options.push((option["name"].as_str()?.to_owned(), value.to_owned()));
        }
        rest = after;
    }
    rest.is_empty().then_some(options)
}

/// The id of the button of a message that does this.
fn custom_id(world: &World, at: &At, button: &str) -> Option<String> {
    let ids = custom_ids(world, at);
    ids.into_iter().find(|id| Origin::read(id).is_some_and(|origin| origin.button == button))
}

fn custom_ids(world: &World, at: &At) -> Vec<String> {
    let Some(message) = world.message(at.0, at.1) else { return Vec::new() };
    let rows = message.components.iter().filter_map(|row| row["components"].as_array());
    let ids = rows.flatten().filter_map(|button| button["custom_id"].as_str());
    ids.map(ToOwned::to_owned).collect()
}

/// What is chosen, as it is typed there.
fn labels(kind: &FieldKind, value: &str) -> String {
    match kind {
        FieldKind::Line | FieldKind::Lines => value.to_owned(),
        FieldKind::One { of } | FieldKind::Many { of } => {
            let chosen = value.lines().map(|id| of.iter().find(|choice| choice.id == id));
            let chosen = chosen.map(|choice| choice.expect("such a choice").label.as_str());
            chosen.collect::<Vec<_>>().join("\n")
        }
    }
}
