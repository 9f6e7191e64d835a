//! Forms, as a platform opens them for a person and sends them.

use countersign::app::door::Door;
use countersign::cli::sample;
use countersign::ports::chat::MessageRef;
use countersign::ports::intake::{By, Field, Happening, Intake, Problem, Wanted};
use countersign::ports::notice::{Form, FormField};

use super::Person;

/// A form that stands open.
#[derive(Debug)]
pub struct Opened {
    /// What it shows.
    pub form: Form,
    pub at: MessageRef,
}

impl Opened {
    /// The field with this name.
    pub fn field(&self, name: &str) -> &FormField {
        let found = self.form.fields.iter().find(|field| field.name == name);
        found.unwrap_or_else(|| panic!("no field {name} in {:?}", self.names()))
    }

    /// The names of its fields.
    pub fn names(&self) -> Vec<&str> {
        self.form.fields.iter().map(|field| field.name.as_str()).collect()
    }
}

impl Person<'_> {
    /// Opens the form of the newest button with this label that this person can see.
    pub async fn opens(&self, label: &str) -> Option<Opened> {
        let (at, button) = self.practice.chat.button(self.user, label);
        self.opens_that(&at, &button).await
    }

    /// Opens the form of a button that was seen before.
    pub async fn opens_that(&self, at: &MessageRef, button: &str) -> Option<Opened> {
        let by = By::Button(at.clone(), button.to_owned());
        let form = self.form(&at.channel.channel, by).await?;
        Some(Opened { form, at: at.clone() })
    }

    /// Types a command without its words.
    pub async fn begins(&self, channel: &str, command: &str) -> Option<Opened> {
        let form = self.form(channel, By::Command(command.to_owned())).await?;
        let at = MessageRef { channel: sample::channel(channel), message: String::new() };
        Some(Opened { form, at })
    }

    async fn form(&self, channel: &str, by: By) -> Option<Form> {
        let (from, channel) = (sample::identity(self.user), sample::channel(channel));
        Door(self.practice.office.clone()).form(&Wanted { from, channel, by }).await
    }

    /// Fills in these fields and leaves the others as they stand. What is wrong with it; where
    /// something is, it is not sent unless it looks like patient information.
    pub async fn sends_form(&self, form: &Opened, filled: &[(&str, &str)]) -> Vec<Problem> {
        let typed: Vec<String> =
            filled.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let line = format!("[{}] {}", form.form.title, typed.join(" "));
        self.note(line.trim_end());
        let fields = form.form.fields.iter().map(|field| {
            let new = filled.iter().find(|(name, _)| *name == field.name);
            let value = new.map_or_else(|| field.value.clone(), |(_, value)| (*value).to_owned());
            Field { name: field.name.clone(), value }
        });
        let pressed = Happening::Pressed {
            message: form.at.clone(),
            button: form.form.button.clone(),
            fields: fields.collect(),
        };
        let event = self.practice.event(self.user, &form.at.channel.channel, pressed);
        let problems = Door(self.practice.office.clone()).look_over(&event).await;
        for Problem { field, why, .. } in &problems {
            self.practice.note(&format!("            {field}: {why}"));
        }
        if problems.is_empty() || problems.iter().any(|problem| problem.blocked) {
            self.tell(&self.practice.brings(event).await);
        }
        problems
    }
}
