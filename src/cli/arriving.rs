//! Posts of an export that had not left: they arrive as drafts of those who wrote them, and what
//! of them is not taken over is said.
//!
//! The chain vouches for who wrote a post and for where it is live. For its words, pictures and
//! times nobody does: words pass the same screen as if somebody had typed them, pictures are made
//! anew, and a time is kept only where the chain tells the same. Whoever wrote a post there can't
//! sign it here, whether they are in the practice still or not.

use jiff::Timestamp;

use super::incoming::Incoming;
use crate::app::effects::{Doer, entry};
use crate::app::office::Office;
use crate::app::roster::roster;
use crate::app::wish::{Wish, wish};
use crate::domain::canonical::hex;
use crate::domain::certificate::Kept;
use crate::domain::consent::Vouched;
use crate::domain::content::{Picture, normalized};
use crate::domain::draft::is_link;
use crate::domain::entry::{Fact, Subject, What};
use crate::domain::ids::{AccountId, MemberId};
use crate::domain::ledger::NewEntry;
use crate::domain::member::{Member, Role};
use crate::domain::outbox::RowState;
use crate::domain::plan::plan;
use crate::domain::policy::Risk;
use crate::domain::post::{Draft, Post, State};
use crate::domain::practice::{Practice, Purpose};
use crate::domain::setting::Setting;
use crate::ports::chat::Place;
use crate::ports::store::{MediaBytes, OutboxWrite};
use crate::screen::Finding;

/// So many bytes of text one draft may bring: the door takes no more either.
const LONGEST: usize = 20_000;

/// What arrives of posts, and what is said of them.
#[derive(Debug, Default)]
pub struct Arriving {
    /// The drafts.
    pub posts: Vec<Post>,
    /// Entries that tell of them, and of people who are named in them alone.
    pub entries: Vec<NewEntry>,
    /// Their pictures.
    pub media: Vec<MediaBytes>,
    /// Where they are shown.
    pub outbox: Vec<OutboxWrite>,
    /// What whoever imports has to know, a line each.
    pub said: Vec<String>,
}

/// A post that had not left, and the practice that it arrives in.
struct Step<'a> {
    office: &'a Office,
    practice: &'a Practice,
    incoming: &'a Incoming,
    old: &'a Post,
}

impl Arriving {
    /// Makes drafts of what had not left. People who wrote some of it and are not in the practice
    /// any more are among those who were there once.
    pub fn of(
        office: &Office,
        practice: &mut Practice,
        incoming: &Incoming,
    ) -> anyhow::Result<Self> {
        let mut arriving = Self::default();
        let mut posts: Vec<&Post> =
            incoming.told.fold.posts().filter(|post| is_on_its_way(post.state)).collect();
        posts.sort_by_key(|post| post.number);
        for old in &posts {
            arriving.remember(office, practice, incoming, &old.drafter);
        }
        for old in posts {
            arriving.take(&Step { office, practice, incoming, old })?;
        }
        Ok(arriving)
    }

    /// Lets the person who began a post be one who was there once, if they are not there now.
    fn remember(
        &mut self,
        office: &Office,
        practice: &mut Practice,
        incoming: &Incoming,
        who: &MemberId,
    ) {
        let mut all = practice.members.iter().chain(&practice.former);
        if all.any(|member| member.id == *who) {
            return;
        }
        let known = incoming.practice.former.iter().find(|member| member.id == *who).cloned();
        let known = known.unwrap_or_else(|| Member::new(who.clone(), "", Role::Staff, false));
        let Member { id, name, agency, signs_from, .. } = known;
        let joined = Setting::MemberJoined {
            member: id.clone(),
            role: Role::Staff,
            agency,
            from: signs_from,
        };
        for (setting, called) in
            [(joined, name), (Setting::MemberLeft { member: id }, String::new())]
        {
            practice.apply(&setting, &called, (office.now(), None));
            let fact = Fact { what: What::Set(setting), subject: None };
            let mut new = entry(office, Doer::default(), fact);
            new.body.note = called;
            self.entries.push(new);
        }
    }

    fn take(&mut self, step: &Step<'_>) -> anyhow::Result<()> {
        let Step { office, practice, old, .. } = *step;
        let mut post =
            Post::new(practice.id.clone(), old.id.clone(), old.number, old.drafter.clone());
        let mut others: Vec<MemberId> = old.earlier_authors.clone();
        others.push(old.author.clone());
        others.retain(|who| *who != old.drafter);
        others.sort();
        others.dedup();
        post.earlier_authors = others;
        post.writers.clone_from(&old.writers);
        post.draft = step.draft(self)?;
        self.said.extend(step.writers_who_left());
        let (number, author) = (post.number, post.author.clone());
        let (writers, earlier_authors) = (post.writers.clone(), post.earlier_authors.clone());
        let what = What::Drafted { number, author, writers, earlier_authors };
        let subject = Subject { post: post.id.clone(), revision: 0, state: State::Draft };
        let fact = Fact { what, subject: Some(subject.clone()) };
        self.entries.push(entry(office, Doer::default(), fact));
        for (sha256, Vouched { by, consents }) in &post.draft.vouched {
            let (member, pictures) = (by.clone(), vec![sha256.clone()]);
            let what = What::PicturesVouched { member, pictures, consents: consents.clone() };
            let fact = Fact { what, subject: Some(subject.clone()) };
            self.entries.push(entry(office, Doer::default(), fact));
        }
        self.outbox.extend(card(office, practice, &post));
        self.posts.push(post);
        Ok(())
    }
}

impl Step<'_> {
    /// What the post is to say next.
    fn draft(&self, arriving: &mut Arriving) -> anyhow::Result<Draft> {
        let Step { incoming, old, .. } = *self;
        let number = old.number;
        let told = incoming.drafts.iter().find(|drafted| drafted.post == old.id);
        let told = told.map_or_else(Draft::default, |drafted| drafted.draft.clone());
        let mut draft = Draft {
            text: normalized(&told.text),
            disclosure: normalized(&told.disclosure),
            accounts: self.accounts(&told, &mut arriving.said),
            // A file may ask for more, never for less than the chain or the rules do.
            risk: told.risk.max(old.risk).max(Risk::default()),
            ..Draft::default()
        };
        if self.is_planned(&told) {
            (draft.slot, draft.opens, draft.closes) = (told.slot, told.opens, told.closes);
        } else if told.slot.or(told.opens).or(told.closes).is_some() {
            arriving.said.push(format!(
                "When post {number} was to go has passed, or is not what its ledger says: plan it again"
            ));
        }
        if !self.is_clean(&told) {
            arriving.said.push(format!(
                "What post {number} says looks like patient information, and is not taken over"
            ));
            return Ok(Draft { text: String::new(), disclosure: String::new(), ..draft });
        }
        let own = told.texts.iter().filter(|(account, _)| self.practice.account(account).is_some());
        let own = own.map(|(account, text)| (account.clone(), normalized(text)));
        draft.texts = own.filter(|(_, text)| !text.is_empty() && *text != draft.text).collect();
        draft.source =
            Some(normalized(&told.source)).filter(|link| is_link(link)).unwrap_or_default();
        draft.audience = told.audience;
        for Picture { sha256, alt, .. } in &told.pictures {
            let Some(vouched) = self.vouched(sha256) else {
                arriving.said.push(format!(
                    "A picture of post {number} is left out: its ledger has nobody's word that it \
                     may be shown"
                ));
                continue;
            };
            let made = incoming.renewed(sha256)?;
            draft.vouched.insert(hex::encode(&made.sha256), vouched);
            let (sha256, media_type) = (hex::encode(&made.sha256), made.media_type.to_owned());
            let alt = normalized(alt);
            let (of_draft, bytes) = ((sha256.clone(), media_type.clone()), made.bytes);
            draft.pictures.push(Picture { sha256: of_draft.0, media_type: of_draft.1, alt });
            arriving.media.push(MediaBytes { sha256, media_type, bytes });
        }
        Ok(draft)
    }

    /// Whose word it is, as the chain tells, that a picture of the post may be shown.
    fn vouched(&self, sha256: &str) -> Option<Vouched> {
        let of_post = |kept: &&Kept| {
            let subject = &kept.sealed.entry.fact.subject;
            subject.as_ref().is_some_and(|subject| subject.post == self.old.id)
        };
        let mut last = None;
        for kept in self.incoming.chain.iter().filter(of_post) {
            match kept.what() {
                What::PicturesVouched { member, pictures, consents }
                    if pictures.iter().any(|known| known == sha256) =>
                {
                    last = Some(Vouched { by: member.clone(), consents: consents.clone() });
                }
                What::PicturesLeftOut { .. } => last = None,
                _ => {}
            }
        }
        last
    }

    /// Where it goes. Where it is live, or may be, it must not go out once more.
    fn accounts(&self, told: &Draft, said: &mut Vec<String>) -> Vec<AccountId> {
        let Step { practice, old, .. } = *self;
        let known = told.accounts.iter().filter(|account| practice.account(account).is_some());
        let (out, left): (Vec<_>, Vec<_>) = known.cloned().partition(|account| {
            old.publications.iter().any(|there| there.is_out() && there.account == *account)
        });
        for account in out {
            let mut there = old.publications.iter().filter(|there| there.account == account);
            let is_live = there.any(|there| there.state == RowState::Done);
            let how = if is_live { "is live" } else { "was leaving and may be live" };
            let name = practice.name_of_account(Some(&account));
            said.push(format!("Post {} {how} on {name}: that account is left out", old.number));
        }
        left
    }

    /// Its times are those that the chain tells, and can be kept.
    fn is_planned(&self, told: &Draft) -> bool {
        let Step { office, practice, old, .. } = *self;
        let closes = old.window.map(|window| window.closes);
        let agrees = |slot: Timestamp| old.slot == Some(slot);
        plan(practice, told, office.now())
            .is_ok_and(|plan| agrees(plan.slot) && closes == Some(plan.window.closes))
    }

    fn is_clean(&self, told: &Draft) -> bool {
        let roster = roster(self.practice, self.office.now());
        let texts: Vec<&str> = told.typed().collect();
        let length = texts.iter().map(|text| text.len()).sum::<usize>();
        length <= LONGEST
            && texts.iter().all(|text| {
                let found = self.office.screen.check(text, &roster);
                !found.iter().any(Finding::keeps_out)
            })
    }

    /// A line for each of its writers who is not in the practice any more.
    fn writers_who_left(&self) -> Vec<String> {
        let Step { practice, incoming, old, .. } = *self;
        let mut writers = vec![&old.drafter, &old.author];
        writers.dedup();
        let gone = writers.into_iter().filter(|who| practice.member(who).is_none());
        let line = |who: &MemberId| {
            format!(
                "Post {} was written by {}, who is not in the practice any more: it stays theirs, \
                 and becomes nobody else's own words",
                old.number,
                incoming.practice.name_of(who)
            )
        };
        gone.map(line).collect()
    }
}

fn is_on_its_way(state: State) -> bool {
    match state {
        State::Draft | State::InReview | State::SignedOff | State::Publishing | State::Missed => {
            true
        }
        State::Published | State::PartPublished | State::Withdrawn | State::TakenDown => false,
    }
}

fn card(office: &Office, practice: &Practice, post: &Post) -> Option<OutboxWrite> {
    let channel = practice.channel(Purpose::Ideas)?.clone();
    let place = Some(Place { channel, thread: None, only: None, instead_of: None });
    let card = Wish::Card { post: post.id.clone(), revision: 0, place };
    Some(wish(office, &practice.id, format!("card/{}/0", post.id), card, true))
}
