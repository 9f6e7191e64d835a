//! What was kept out may have been a false alarm: its author asks those who look after the practice
//! to look at the message where it stands, and one of them says that it is about no patient, and
//! why. From then on exactly that text passes the gate of that practice, known by its keyed hash.

use super::asked::{Answer, Asked, Said};
use super::buttons::attest_reason;
use super::effects::{Doer, entry};
use super::office::Office;
use super::outbox::leftover;
use super::wish::{Wish, button, for_eyes_of, plain, wish};
use crate::domain::change;
use crate::domain::entry::{Fact, What};
use crate::domain::member::Member;
use crate::domain::practice::{Practice, Purpose};
use crate::domain::refusal::Refusal;
use crate::domain::window::shown;
use crate::ports::notice::{Button, Notice, View, Weight};
use crate::ports::store::{Change, Screened, Shell, Stored};

/// What an author's button does.
pub(super) const APPEAL: &str = "appeal";
/// What the button of whoever is asked does.
pub(super) const ATTEST: &str = "attest";

/// Under the notice to its author, where the message can be looked at.
pub(super) fn ask(practice: &Practice, shell: &Shell, seq: i64) -> Option<Button> {
    let looked_at = shell.still_there && !practice.id.is_instance();
    let id = format!("{APPEAL}:{seq}");
    looked_at.then(|| button(id, "It is about no patient", Weight::Plain))
}

/// Its author asks for a look.
pub(super) async fn appeal(office: &Office, asked: &Asked<'_>, seq: &str) -> Answer {
    let Some(kept_out) = kept_out(office, asked.practice, seq).await? else {
        return Ok(Err(gone()));
    };
    let KeptOut { shell, .. } = &kept_out;
    if shell.from != *asked.from {
        return Ok(Err(Said::Sentence("only whoever wrote it asks for that".to_owned())));
    }
    if !leftover::stands(office, asked.practice, shell).await? {
        return Ok(Err(changed_since()));
    }
    let link = office.link(&shell.message).await;
    let notice = Notice {
        view: View::Appeal {
            who: asked.member.name.clone(),
            channel: asked.practice.channel_name(&shell.message.channel),
            since: shown(shell.at, &asked.practice.zone),
            link,
        },
        buttons: vec![Button {
            form: attest_reason(),
            ..button(format!("{ATTEST}:{seq}"), "It is about no patient", Weight::Plain)
        }],
        reactions: Vec::new(),
    };
    let mut change = asked.change(office);
    let mut names = Vec::new();
    let may = |who: &&Member| may_attest(office, asked.practice, shell, who).is_ok();
    for member in asked.practice.members.iter().filter(may) {
        let Some(channel) = asked.practice.channel(Purpose::Approvals) else { continue };
        let Some(identity) = member.on(channel.platform) else { continue };
        let place = for_eyes_of(identity, channel, None);
        let say = Wish::Say { place, notice: notice.clone() };
        let subject = format!("{APPEAL}/{seq}/{}", member.id);
        change.outbox.push(wish(office, &asked.practice.id, subject, say, false));
        names.push(member.name.clone());
    }
    if names.is_empty() {
        let why = "nobody else looks after this practice: write it in other words";
        return Ok(Err(Said::Sentence(why.to_owned())));
    }
    let what =
        format!("{} can look at it now, and say that it is about no patient", names.join(", "));
    change.outbox.extend(asked.told(office, plain(View::Noted { what })).outbox);
    Ok(Ok(change))
}

/// Somebody who looked says that it is about no patient.
pub(super) async fn attest(
    office: &Office,
    asked: &Asked<'_>,
    (seq, reason): (&str, &str),
) -> Answer {
    let Some(kept_out) = kept_out(office, asked.practice, seq).await? else {
        return Ok(Err(gone()));
    };
    let KeptOut { shell, rules, traces } = kept_out;
    if let Err(refusal) = may_attest(office, asked.practice, &shell, asked.member) {
        return Ok(Err(asked.because(refusal, office.now()).into()));
    }
    // Whoever looked at other words says nothing of these.
    if !leftover::stands(office, asked.practice, &shell).await? {
        return Ok(Err(changed_since()));
    }
    if reason.trim().is_empty() {
        return Ok(Err(Refusal::NoReason.into()));
    }
    Ok(Ok(attested(office, asked, (&shell, rules, traces), reason)))
}

fn attested(
    office: &Office,
    asked: &Asked<'_>,
    (shell, rules, traces): (&Shell, Vec<String>, Vec<String>),
    reason: &str,
) -> Change {
    let mut change = asked.change(office);
    let what = What::Attested { member: asked.member.id.clone(), rules, traces: traces.clone() };
    let doer = Doer { member: Some(asked.member), note: reason };
    change.entries.push(entry(office, doer, Fact { what, subject: None }));
    change.attested = traces;
    let view = View::Attested {
        who: asked.member.name.clone(),
        channel: asked.practice.channel_name(&shell.message.channel),
        since: shown(shell.at, &asked.practice.zone),
    };
    let place = for_eyes_of(&shell.from, &shell.message.channel, None);
    let say = Wish::Say { place, notice: plain(view) };
    let subject = format!("attested/{}", shell.id.as_str());
    change.outbox.push(wish(office, &asked.practice.id, subject, say, false));
    change.outbox.push(leftover::is_no_more(&shell.message));
    change
}

/// May this member say so of what somebody else wrote?
fn may_attest(
    office: &Office,
    practice: &Practice,
    shell: &Shell,
    who: &Member,
) -> Result<(), Refusal> {
    if !change::runs(practice, who) {
        return Err(Refusal::MayNotAttest);
    }
    let mut own = [Some(&shell.from), shell.author.as_ref()].into_iter().flatten();
    if own.any(|own| practice.who(own).is_some_and(|author| author.id == who.id)) {
        return Err(Refusal::OwnAttest);
    }
    if change::is_new(who, office.now()) {
        return Err(Refusal::NewInRole);
    }
    Ok(())
}

/// What is left of a text that was kept out.
struct KeptOut {
    shell: Shell,
    rules: Vec<String>,
    traces: Vec<String>,
}

async fn kept_out(office: &Office, practice: &Practice, seq: &str) -> Stored<Option<KeptOut>> {
    let Ok(seq) = seq.parse() else { return Ok(None) };
    Ok(match office.store.inboxed(&practice.id, seq).await? {
        Some(Screened::Blocked { shell, rules, traces }) => Some(KeptOut { shell, rules, traces }),
        _ => None,
    })
}

fn changed_since() -> Said {
    let why =
        "the message was changed or deleted since, or somebody said so already: send it again";
    Said::Sentence(why.to_owned())
}

fn gone() -> Said {
    Said::Sentence("that was too long ago: send the message again".to_owned())
}
