//! Who asks for something, and how a use case answers.

use jiff::{RoundMode, Timestamp, TimestampRound, Unit};

use super::buttons;
use super::office::Office;
use super::roster::Among;
use super::wish::{Wish, for_eyes_of, plain, wish};
use crate::domain::acts::Case;
use crate::domain::agency::Others;
use crate::domain::member::{Identity, Member};
use crate::domain::post::Post;
use crate::domain::practice::{ChannelRef, Practice};
use crate::domain::refusal::Refusal;
use crate::domain::slot::NotASlot;
use crate::domain::window::shown;
use crate::ports::notice::{Notice, View};
use crate::ports::store::{Card, Change, OutboxWrite, Stored};

/// What a use case answers: the change to commit, or the refusal for the person.
pub type Answer = Stored<Result<Change, Said>>;

/// Why there is no change, in a sentence for the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// The domain's refusal.
    Refused(Refusal),
    /// A sentence of its own, without any text of a post.
    Sentence(String),
}

impl From<NotASlot> for Said {
    fn from(why: NotASlot) -> Self {
        Self::Sentence(why.to_string())
    }
}

impl From<Refusal> for Said {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Who asks, from where, and about which message.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The practice as it is now.
    pub practice: &'a Practice,
    /// What the others are known by for which an agency of it works.
    pub others: &'a Others,
    /// Who.
    pub member: &'a Member,
    /// From which account.
    pub from: &'a Identity,
    /// Where.
    pub channel: &'a ChannelRef,
    /// The message that was written, pressed or reacted to.
    pub message: &'a String,
    /// When: what was typed is read as of then, however late it is handled.
    pub at: Timestamp,
    /// When by the platform's own clock, by which what it brings in any order is put in one.
    pub typed: Timestamp,
    /// The event's number.
    pub seq: i64,
}

impl<'a> Asked<'a> {
    /// The practice among those for which an agency of it works.
    pub(super) fn among(&self) -> Among<'a> {
        (self.practice, self.others)
    }

    /// A change that changes nothing yet.
    pub fn change(&self, office: &Office) -> Change {
        Change::new(self.practice.id.clone(), office.now())
    }

    /// It was asked at an agency's desk, not in a channel of the practice.
    pub fn at_desk(&self) -> bool {
        !self.practice.owns(self.channel)
    }

    /// Shows the person the post as it stands, where it was asked for.
    pub fn shown(&self, office: &Office, post: &Post) -> Change {
        let mut change = self.change(office);
        let place = for_eyes_of(self.from, self.channel, None);
        let look = Wish::Look { post: post.id.clone(), place };
        let subject = format!("private/{}", self.seq);
        change.outbox.push(wish(office, &self.practice.id, subject, look, false));
        change
    }

    /// What a decision about a post looks at.
    pub fn case(&self, office: &Office, post: &'a Post) -> Case<'a> {
        Case { practice: self.practice, post, now: office.now() }
    }

    /// Why it really has no effect: who acts from an account that is not known to be theirs may do
    /// what staff may, and is told what to do about it.
    pub fn because(&self, refusal: Refusal, now: Timestamp) -> Refusal {
        let may = matches!(
            refusal,
            Refusal::NotAnApprover
                | Refusal::MayNotRelease
                | Refusal::ComplianceOnly
                | Refusal::HeldByCountersign
                | Refusal::HeldSinceRestore
                | Refusal::NotYourHold
                | Refusal::MayNotAttest
                | Refusal::MayNotOverride
        );
        if may { self.not_from_here(now).unwrap_or(refusal) } else { refusal }
    }

    /// They may do more than staff, but not from here.
    pub fn not_from_here(&self, now: Timestamp) -> Option<Refusal> {
        let member = self.practice.member(&self.member.id).filter(|member| member.is_trusted())?;
        if member.unconfirmed.contains(self.from) {
            return Some(Refusal::Unconfirmed);
        }
        let from = member.counts_from(self.from).filter(|from| *from > now)?;
        Some(Refusal::IdentityWaits { from })
    }

    /// Tells the person privately why it has no effect.
    pub fn refused(&self, office: &Office, post: Option<&Post>, refusal: Refusal) -> Change {
        let (number, why) = (post.map_or(0, |p| p.number), self.words(refusal));
        let mut notice = plain(View::Refused { number, why });
        match (refusal, post) {
            (Refusal::TooLateLeaving | Refusal::TooLateLive, Some(post)) => {
                notice.buttons.push(buttons::takedown(&post.id));
            }
            (Refusal::Missed, Some(post)) => {
                notice.buttons = buttons::slots(self.practice, post, office.now());
            }
            _ => {}
        }
        self.told(office, notice)
    }

    /// A refusal's words, with times as the practice's clock shows them.
    fn words(&self, refusal: Refusal) -> String {
        match refusal {
            Refusal::SignsFrom { from } => {
                format!(
                    "you may sign what is made from {} on: this revision is older",
                    self.time(from)
                )
            }
            Refusal::SignableFrom { from } => {
                let waiting = self.practice.members.iter().filter(|m| m.signs_from == from);
                let names: Vec<&str> = waiting.map(|member| member.name.as_str()).collect();
                let who = match names.as_slice() {
                    [] => {
                        "nobody could sign it yet: the policy lets it be signed when it".to_owned()
                    }
                    names => format!("{} can sign only what", names.join(" and ")),
                };
                format!("{who} is made from {} on: do it again then", self.time(from))
            }
            Refusal::IdentityWaits { from } => {
                format!(
                    "this account counts as yours from {} on, or once somebody else says yes: do \
                     it again then",
                    self.time(from)
                )
            }
            other => other.to_string(),
        }
    }

    /// On the practice's clock; whoever does something in the minute that it names is not early.
    fn time(&self, at: Timestamp) -> String {
        let whole = TimestampRound::new().smallest(Unit::Minute).mode(RoundMode::Ceil);
        shown(at.round(whole).unwrap_or(at), &self.practice.zone)
    }

    /// Tells the person something privately.
    pub fn told(&self, office: &Office, notice: Notice) -> Change {
        let mut change = self.change(office);
        change.outbox.push(self.private(office, notice));
        change
    }

    /// The answer; a refusal about a post names the post.
    pub fn of_post(&self, office: &Office, post: &Post, answer: Result<Change, Said>) -> Change {
        let why = match answer {
            Ok(change) => return change,
            Err(Said::Refused(refusal)) => return self.refused(office, Some(post), refusal),
            Err(Said::Sentence(why)) => why,
        };
        self.told(office, plain(View::Refused { number: post.number, why }))
    }

    fn private(&self, office: &Office, notice: Notice) -> OutboxWrite {
        let place = for_eyes_of(self.from, self.channel, None);
        // What the sweep finds has no event, and so no number.
        let subject = match self.seq {
            0 => format!("private/{}", office.new_id()),
            seq => format!("private/{seq}"),
        };
        wish(office, &self.practice.id, subject, Wish::Say { place, notice }, false)
    }
}

/// For the sweep: an act found on a card, not brought by an event.
pub(super) fn found<'a>(
    (practice, others): Among<'a>,
    (member, from): (&'a Member, &'a Identity),
    (card, at): (&'a Card, Timestamp),
) -> Asked<'a> {
    Asked {
        at,
        typed: at,
        practice,
        others,
        member,
        from,
        channel: &card.at.channel,
        message: &card.at.message,
        seq: 0,
    }
}
