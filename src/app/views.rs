//! From a post to what its card shows. Pure: finished strings, no decisions.

use jiff::Timestamp;

use super::findings::Findings;
use super::{buttons, when};
use crate::domain::acts::Case;
use crate::domain::content::{Content, Part};
use crate::domain::ledger::Head;
use crate::domain::outbox::{NOT_SEEN, Row, RowState};
use crate::domain::post::{Cause, Decision, Draft, Hold, Post, State, Verdict};
use crate::domain::practice::{Account, Practice};
use crate::domain::standing::Standing;
use crate::domain::window::shown;
use crate::ports::notice::{CardView, Notice, PartView, PictureView, View};

/// Why Countersign itself holds a post.
pub(super) fn held_by_itself(hold: Option<&Hold>) -> &'static str {
    match hold.and_then(|hold| hold.cause) {
        Some(Cause::Rules) => "held: a rule keeps what it says from going out now",
        Some(Cause::Consent) => {
            "held: nobody's word, or no consent that holds, lets its picture be shown"
        }
        Some(Cause::Limits) => "held: it does not fit its network any more, an edit lets it go on",
        Some(Cause::Restored) => {
            "held: it may have been published or changed after the copy that was put back"
        }
        Some(Cause::Edit) | None => {
            "held: an edit looked like patient information and was not kept"
        }
    }
}
/// What became of a post that nothing sent in time.
pub(super) const MISSED: &str = "did not go out: its window closed first";

/// A card: one revision for ever, its standing as it is now. What stands beside what leaves is
/// in the ledger.
pub fn card(case: Case<'_>, content: &Content, rows: &[Row], findings: &Findings) -> Notice {
    let Case { practice, post, .. } = case;
    let current = content.revision == post.revision;
    let rows = if post.state == State::TakenDown { &[] } else { rows };
    let pictures = content.accounts.first().map_or(&[][..], |part| &part.media);
    let standing = case.standing();
    let signable = current && can_be_signed(post, &standing);
    let slot = if current { when::planned(practice, post) } else { String::new() };
    let view = CardView {
        number: post.number,
        revision: content.revision,
        hash: content.hash().short(),
        sample: practice.sample,
        author: practice.name_of(&post.author),
        parts: content.accounts.iter().map(|p| part(practice, p, rows, content.revision)).collect(),
        pictures: pictures
            .iter()
            .map(|p| PictureView { sha256: p.sha256.clone(), alt: p.alt.clone() })
            .collect(),
        at: when::named(&slot, post.slot),
        slot,
        window: content.window.shown(&practice.zone),
        audience: String::new(),
        source: String::new(),
        blocking: findings.blocking.clone(),
        findings: findings.others.clone(),
        standing: if current { stands(practice, post, &standing) } else { String::new() },
        sign_offs: if current { sign_offs(practice, &post.decisions) } else { Vec::new() },
        blocked: if current { blocked(practice, post) } else { String::new() },
        replaced_by: if current { 0 } else { post.revision },
        changes: Vec::new(),
        signable,
        cut: false,
    };
    let buttons = if current { buttons::of_card(case, signable) } else { Vec::new() };
    let reactions = if signable { buttons::one_tap() } else { Vec::new() };
    Notice { view: View::Card(view), buttons, reactions }
}

/// A draft's message: what it will say, and what can be done with it.
pub fn draft(practice: &Practice, post: &Post, findings: &Findings) -> Notice {
    let accounts = post.draft.accounts.iter().filter_map(|id| practice.account(id));
    let pictures = post.draft.pictures.iter();
    let is_draft = post.state == State::Draft;
    let slot = when::meant(practice, &post.draft);
    let view = CardView {
        number: post.number,
        revision: 0,
        hash: String::new(),
        sample: practice.sample,
        author: practice.name_of(&post.author),
        parts: accounts.map(|account| draft_part(account, &post.draft)).collect(),
        pictures: pictures
            .map(|p| PictureView { sha256: p.sha256.clone(), alt: p.alt.clone() })
            .collect(),
        at: when::named(&slot, when::meant_at(practice, &post.draft)),
        slot,
        window: when::own_window(practice, &post.draft),
        audience: post.draft.audience.to_string(),
        source: post.draft.source.clone(),
        blocking: if is_draft { findings.blocking.clone() } else { Vec::new() },
        findings: findings.others.clone(),
        standing: if is_draft { String::new() } else { word(post.state).to_owned() },
        sign_offs: Vec::new(),
        blocked: if is_draft { blocked(practice, post) } else { String::new() },
        replaced_by: 0,
        changes: Vec::new(),
        signable: false,
        cut: false,
    };
    let buttons = if is_draft { buttons::of_draft(practice, post, findings) } else { Vec::new() };
    Notice { view: View::Draft(view), buttons, reactions: Vec::new() }
}

/// A post in one line of the queue.
pub fn line(practice: &Practice, post: &Post) -> String {
    let slot = post.draft.slot.and(post.slot);
    let slot = slot.map(|slot| format!(", {}", shown(slot, &practice.zone))).unwrap_or_default();
    let words = beginning(post.draft.main_text());
    let held = if post.hold.is_some() { ", held" } else { "" };
    format!("{} {}{held}{slot}: {}", post.number, word(post.state), words)
}

/// How a text begins, in one line.
pub(super) fn beginning(text: &str) -> String {
    let mut words: String = text.chars().take(60).collect();
    if words.len() < text.len() {
        words.push('…');
    }
    words.replace('\n', " ")
}

fn part(practice: &Practice, part: &Part, rows: &[Row], revision: i64) -> PartView {
    let account = practice.accounts.iter().find(|a| {
        (a.network, &a.server, &a.remote_id) == (part.network, &part.server, &part.remote)
    });
    let row = account.and_then(|account| {
        let mine = rows.iter().filter(|row| row.account.as_ref() == Some(&account.id));
        let mut shown = mine.filter(|r| r.state == RowState::Done || r.revision == Some(revision));
        shown.next_back()
    });
    PartView {
        outcome: row
            .map(|row| outcome(practice, row))
            .map(|words| capitalized(&words))
            .unwrap_or_default(),
        url: row.and_then(|row| row.url.clone()).unwrap_or_default(),
        ..part_view(account.map_or("a former account", |a| &a.name), part)
    }
}

fn draft_part(account: &Account, draft: &Draft) -> PartView {
    let part = Part::of(account, draft);
    part_view(&account.name, &part)
}

fn part_view(account: &str, part: &Part) -> PartView {
    let (limits, text) = (part.network.limits(), part.words());
    let has = part.network.length(&text);
    let cut = limits.cut.filter(|cut| has > *cut);
    let cut = cut.map(|cut| format!("readers see the first {cut} characters, then \"more\""));
    PartView {
        account: account.to_owned(),
        count: format!("{has} of {} characters", limits.text),
        cut: cut.unwrap_or_default(),
        text,
        outcome: String::new(),
        url: String::new(),
    }
}

/// What came of a publication, in a few words; empty while nothing did.
pub fn outcome(practice: &Practice, row: &Row) -> String {
    let why = row.trouble.as_deref().unwrap_or("no reason given");
    let unseen = why.starts_with(NOT_SEEN);
    match row.state {
        RowState::Ready | RowState::Leased if row.trouble.is_some() => {
            format!("waits until {}: {why}", shown(row.due, &practice.zone))
        }
        RowState::Ready | RowState::Leased | RowState::Cancelled => String::new(),
        RowState::Sending => "is leaving".to_owned(),
        RowState::Unknown | RowState::Resolving | RowState::Parked if unseen => why.to_owned(),
        RowState::Unknown | RowState::Resolving => {
            "may be live; finding out before anything is sent again".to_owned()
        }
        RowState::Done => "is live".to_owned(),
        RowState::Refused => format!("was refused: {why}"),
        RowState::Missed => "missed its window".to_owned(),
        RowState::Parked => "may be live; somebody has to look".to_owned(),
    }
}

/// What came of a publication, for the thread of its card; `head` is where the ledger stands.
pub fn of_outcome(practice: &Practice, post: &Post, (row, head): (&Row, Head)) -> View {
    let live = row.state == RowState::Done && post.state != State::TakenDown;
    View::Outcome {
        number: post.number,
        account: practice.name_of_account(row.account.as_ref()),
        what: format!("{}.", outcome(practice, row)),
        url: row.url.clone().filter(|_| live).unwrap_or_default(),
        head: if live { head.short() } else { String::new() },
    }
}

fn capitalized(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A sign-off would count: nobody declined, and nothing has left.
fn can_be_signed(post: &Post, standing: &Standing) -> bool {
    let open = matches!(post.state, State::InReview | State::SignedOff);
    open && standing.declined.is_empty() && standing.can_be_met() && !post.is_frozen()
}

pub(super) fn stands(practice: &Practice, post: &Post, standing: &Standing) -> String {
    let names = |of: &[crate::domain::ids::MemberId]| {
        of.iter().map(|id| practice.name_of(id)).collect::<Vec<_>>().join(", ")
    };
    match post.state {
        State::InReview if post.is_frozen() => {
            "frozen: one approver signed and one declined; only a new revision can go on".to_owned()
        }
        State::InReview if !standing.declined.is_empty() => {
            format!("declined by {}: an edit makes a new revision", names(&standing.declined))
        }
        State::InReview => standing.sentence(practice),
        state => word(state).to_owned(),
    }
}

/// The state in a word or two.
pub(super) fn word(state: State) -> &'static str {
    match state {
        State::Draft => "draft",
        State::InReview => "in review",
        State::SignedOff => "signed off",
        State::Publishing => "publishing",
        State::Published => "published",
        State::PartPublished => "published in part",
        State::Withdrawn => "withdrawn",
        State::Missed => "missed",
        State::TakenDown => "taken down",
    }
}

fn sign_offs(practice: &Practice, decisions: &[Decision]) -> Vec<String> {
    let line = |d: &Decision| {
        let did = match d.verdict {
            Verdict::Signed => "Signed",
            Verdict::Declined => "Declined",
        };
        let own = if d.own_words { " as own words" } else { "" };
        let recovered = if d.recovered { ", found after Countersign was away" } else { "" };
        let at = shown(d.at, &practice.zone);
        format!("{did}{own} by {}, {at}{recovered}", practice.name_of(&d.member))
    };
    decisions.iter().map(line).collect()
}

/// Why nothing of the practice leaves, as a sentence; empty when it does.
pub fn stopped(practice: &Practice) -> String {
    let why = match (practice.all_stopped, practice.stopped) {
        (true, _) => "Everything is stopped by whoever runs Countersign.",
        (false, true) => "Everything of this practice is stopped.",
        (false, false) => "",
    };
    why.to_owned()
}

fn blocked(practice: &Practice, post: &Post) -> String {
    let slot = post.slot.unwrap_or(Timestamp::MIN);
    let again = when::to_sign_again(practice, post, slot);
    match &post.hold {
        _ if practice.all_stopped => "everything is stopped by whoever runs Countersign".to_owned(),
        _ if practice.stopped => "stopped: nothing leaves until it is released".to_owned(),
        Some(Hold { by: Some(by), .. }) => format!("held by {}", practice.name_of(by)),
        Some(hold) => held_by_itself(Some(hold)).to_owned(),
        None if post.waits_for_slot() => {
            "it was signed off after its slot: choose another in the thread".to_owned()
        }
        None if post.state == State::SignedOff && !again.is_empty() => {
            format!(
                "sign again before the slot, a signature counts for 45 days: {}",
                again.join(", ")
            )
        }
        None => String::new(),
    }
}

/// `post 3`, `posts 3 and 4`; empty when there is none.
pub(super) fn numbers<'a>(posts: impl Iterator<Item = &'a Post>) -> String {
    let mut all: Vec<String> = posts.map(|post| post.number.to_string()).collect();
    match (all.pop(), all.is_empty()) {
        (None, _) => String::new(),
        (Some(only), true) => format!("post {only}"),
        (Some(last), false) => format!("posts {} and {last}", all.join(", ")),
    }
}
