//! Looking through what was shown in a conversation.

use countersign::ports::chat::MessageRef;
use countersign::ports::notice::{CardView, View};

use super::{FakeChat, Message};

impl FakeChat {
    /// The newest button with this label that the person can see.
    pub fn button(&self, user: &str, label: &str) -> (MessageRef, String) {
        self.button_in(None, user, label)
    }

    /// The question whether a patient could be in what came with a message, and what says no to it.
    pub fn question(&self, user: &str, message: &str) -> Option<(MessageRef, String)> {
        let world = self.world();
        let asked = world.messages.iter().rev().filter(|m| m.only.as_deref() == Some(user));
        let mut buttons = asked.flat_map(|m| {
            let buttons = m.notice.iter().flat_map(|n| &n.buttons);
            buttons.map(|b| (m.at.clone(), b.id.clone()))
        });
        buttons
            .find(|(_, id)| id.starts_with("pictured:no:") && id.ends_with(&format!(":{message}")))
    }

    /// The newest button with this label that the person can see, in this channel if one is named.
    pub fn button_in(
        &self,
        channel: Option<&str>,
        user: &str,
        label: &str,
    ) -> (MessageRef, String) {
        let world = self.world();
        let seen = world
            .messages
            .iter()
            .rev()
            .filter(|m| !m.gone && m.only.as_ref().is_none_or(|only| only == user))
            .filter(|m| channel.is_none_or(|channel| m.at.channel.channel == channel));
        let mut buttons = seen.flat_map(|m| {
            let buttons = m.notice.iter().flat_map(|n| &n.buttons);
            buttons.map(|b| (m.at.clone(), b))
        });
        let found = buttons.find(|(_, b)| b.label == label);
        let (at, button) = found.unwrap_or_else(|| panic!("{user} sees no button {label}"));
        (at, button.id.clone())
    }

    /// The card of a post's revision.
    pub fn card(&self, number: i64, revision: i64) -> MessageRef {
        self.find(
            |view| matches!(view, View::Card(c) if (c.number, c.revision) == (number, revision)),
        )
    }

    /// The newest card.
    pub fn newest_card(&self) -> MessageRef {
        self.find(|view| matches!(view, View::Card(_)))
    }

    /// The newest notice that is there.
    pub fn newest_view(&self) -> Option<View> {
        let world = self.world();
        let mut newest = world.messages.iter().rev().filter(|m| !m.gone);
        newest.find_map(|m| m.notice.as_ref()).map(|notice| notice.view.clone())
    }

    /// The newest notice in a channel.
    pub fn newest_in(&self, channel: &str) -> MessageRef {
        let world = self.world();
        let there = |m: &&Message| !m.gone && m.notice.is_some() && m.at.channel.channel == channel;
        world.messages.iter().rev().find(there).expect("a notice").at.clone()
    }

    /// The newest card with these words.
    pub fn card_saying(&self, words: &str) -> MessageRef {
        self.find(|view| matches!(view, View::Card(c) if c.parts.iter().any(|p| p.text == words)))
    }

    /// What the newest card says.
    pub fn newest_card_view(&self) -> CardView {
        let at = self.newest_card();
        let world = self.world();
        let message = world.messages.iter().find(|m| m.at == at);
        match message.and_then(|m| m.notice.as_ref()).map(|n| &n.view) {
            Some(View::Card(card)) => card.clone(),
            _ => panic!("no card"),
        }
    }

    /// The newest draft.
    pub fn newest_draft(&self) -> MessageRef {
        self.find(|view| matches!(view, View::Draft(_)))
    }

    fn find(&self, is: impl Fn(&View) -> bool) -> MessageRef {
        let world = self.world();
        let mut newest = world.messages.iter().rev().filter(|m| !m.gone);
        let found = newest.find(|m| m.notice.as_ref().is_some_and(|n| is(&n.view)));
        found.expect("no such notice stands").at.clone()
    }

    /// What a message is, for the transcript.
    pub fn name(&self, at: &MessageRef) -> String {
        let world = self.world();
        let message = world.messages.iter().find(|m| m.at == *at);
        match message.and_then(|m| m.notice.as_ref()).map(|n| &n.view) {
            Some(View::Card(card)) => format!("card {}.{}", card.number, card.revision),
            Some(View::Draft(card)) => format!("draft {}", card.number),
            _ => at.message.clone(),
        }
    }

    /// What was shown in which channel since this was asked last.
    pub fn words_since_last(&self) -> Vec<(String, String)> {
        let mut world = self.world();
        let (from, to) = (world.looked_at, world.messages.len());
        world.looked_at = to;
        let shown = world.messages[from..].iter();
        let shown = shown.filter_map(|m| Some((m.at.channel.channel.clone(), m.notice.as_ref()?)));
        let words = shown.map(|(channel, n)| (channel, self.words.render(&n.view)));
        words.map(|(channel, words)| (channel, words.expect("renders"))).collect()
    }

    /// Everything that stands there, as a page would show it.
    pub fn everything_as_html(&self) -> String {
        let world = self.world();
        let notices = world.messages.iter().filter(|m| !m.gone).filter_map(|m| m.notice.as_ref());
        let words = notices.map(|n| self.words.render(&n.view).expect("renders"));
        let words = words.collect::<Vec<_>>().join("\n\n");
        let mut page = String::new();
        pulldown_cmark::html::push_html(&mut page, pulldown_cmark::Parser::new(&words));
        page
    }
}
