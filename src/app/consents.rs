//! The registry of consents: what there is, a new one, the end of one, and what is live by one.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::asked::{Answer, Asked, Said};
use super::form::{choice, chosen, field};
use super::looking::look;
use super::office::Office;
use super::practice::changed;
use super::roster::roster;
use super::wish::{Wish, button, plain, wish};
use super::{buttons, views};
use crate::domain::change::{self, By, Changed};
use crate::domain::consent::{self, Consent, LONGEST, MOST};
use crate::domain::content::normalized;
use crate::domain::entry::What;
use crate::domain::ids::PostId;
use crate::domain::network::Network;
use crate::domain::outbox::{Row, RowState};
use crate::domain::post::Post;
use crate::domain::practice::{Practice, Purpose};
use crate::domain::setting::{Named, Setting};
use crate::domain::state::State;
use crate::ports::chat::Place;
use crate::ports::intake::{Field, Problem};
use crate::ports::notice::{
    Button, ConsentView, Form, FormField, LinkedLine, Notice, View, Weight,
};
use crate::ports::store::{Change, Stored};

/// What the button of the list does.
pub(super) const VERB: &str = "consent";

/// So many consents are listed at once.
const LISTED: usize = 30;
/// So many entries of the ledger are read at once.
const PAGE: i64 = 500;
/// So many posts get a button that takes them down.
const TAKEDOWNS: usize = 5;

/// What was made with a consent.
#[derive(Debug, Default)]
pub struct Uses {
    /// What is live, a line each with its address, and its post.
    pub live: Vec<(PostId, LinkedLine)>,
    /// What has not gone out, a line each.
    pub waiting: Vec<String>,
}

/// Every consent that holds, newest first.
pub(super) fn list(office: &Office, asked: &Asked<'_>) -> Change {
    let practice = asked.practice;
    let holds = practice.consents.iter().rev().filter(|consent| consent.holds(office.now()));
    let all: Vec<ConsentView> = holds.map(|consent| shown(practice, consent)).collect();
    let more = match all.len().saturating_sub(LISTED) {
        0 => String::new(),
        more => format!("and {more} more: /post consent CODE shows one"),
    };
    let consents = all.into_iter().take(LISTED).collect();
    let (live, waiting) = (Vec::new(), Vec::new());
    let may = change::runs(practice, asked.member) && !asked.at_desk();
    let enter = Button {
        form: fields(practice),
        ..button(format!("{VERB}:new"), "Enter a consent", Weight::Plain)
    };
    let buttons = may.then_some(enter).into_iter().collect();
    let view = View::Consents { consents, one: false, live, waiting, more };
    asked.told(office, Notice { buttons, ..plain(view) })
}

/// One consent, and what was made with it.
pub(super) async fn show(office: &Office, asked: &Asked<'_>, typed: &str) -> Answer {
    let Some(consent) = find(asked.practice, typed) else { return Ok(Err(unknown())) };
    let notice = of_one(office, asked.practice, consent).await?;
    Ok(Ok(asked.told(office, notice)))
}

/// A consent ends: what is live by it is told to whoever asked, and where cards are signed.
pub(super) async fn revoke(office: &Office, asked: &Asked<'_>, typed: &str) -> Answer {
    let practice = asked.practice;
    let Some(consent) = find(practice, typed) else { return Ok(Err(unknown())) };
    if consent.revoked.is_some() {
        return Ok(Err(sentence("that consent was revoked before")));
    }
    let wanted = revoking(consent);
    let decided = change::decide(practice, vec![wanted], By::Member(asked.member), office.now());
    let decided = match decided {
        Ok(decided) => decided,
        Err(why) => return Ok(Err(Said::Sentence(why.to_string()))),
    };
    let after = decided.after.clone();
    let mut change = changed(office, practice, decided, Some(asked.member));
    let revoked = after.consent(&consent.code).unwrap_or(consent);
    let notice = of_one(office, &after, revoked).await?;
    let approvals = practice.channel(Purpose::Approvals);
    if let Some(channel) = approvals.filter(|_| !notice.buttons.is_empty()) {
        let place = Place { channel: channel.clone(), thread: None, only: None, instead_of: None };
        let say = Wish::Say { place, notice: notice.clone() };
        let subject = format!("revoked/{}", consent.code);
        change.outbox.push(wish(office, &practice.id, subject, say, false));
    }
    if approvals != Some(asked.channel) || notice.buttons.is_empty() {
        change.outbox.extend(asked.told(office, notice).outbox);
    }
    Ok(Ok(change))
}

/// The form of a new consent, for whoever may enter one.
pub(super) fn form(practice: &Practice, may: bool) -> Option<Form> {
    may.then(|| Form {
        title: "Enter a consent".to_owned(),
        send: "Enter".to_owned(),
        button: format!("{VERB}:new"),
        fields: fields(practice),
    })
}

fn fields(practice: &Practice) -> Vec<FormField> {
    let networks = networks(practice);
    let mut fields = vec![
        field("purpose", "What may the pictures be shown for?", "")
            .hint("As the paper says it, such as before and after. Name nobody."),
        field("until", "Until when?", "").hint("The last day, such as 2027-11-30."),
    ];
    if networks.len() > 1 {
        let of = networks.iter().map(|n| choice(n.as_str(), n.label())).collect();
        let where_ = field("networks", "Where may they be shown?", "").many(of);
        fields.push(where_.hint("None chosen: everywhere."));
    }
    fields
}

/// Those on which the practice has accounts.
fn networks(practice: &Practice) -> Vec<Network> {
    let mut all: Vec<Network> = practice.accounts.iter().map(|account| account.network).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// What is wrong with such a form.
pub(super) fn look_over(office: &Office, practice: &Practice, fields: &[Field]) -> Vec<Problem> {
    let problem =
        |(field, why): (&str, String)| Problem { field: field.to_owned(), why, blocked: false };
    read(office, practice, fields).err().map(problem).into_iter().collect()
}

/// Such a form was sent.
pub(super) async fn entered(office: &Office, asked: &Asked<'_>, fields: &[Field]) -> Answer {
    let practice = asked.practice;
    let wanted = match read(office, practice, fields) {
        Ok(wanted) => wanted,
        Err((_, why)) => return Ok(Err(Said::Sentence(why))),
    };
    let decided = change::decide(practice, vec![wanted], By::Member(asked.member), office.now());
    let decided = match decided {
        Ok(decided) => decided,
        Err(why) => return Ok(Err(Said::Sentence(why.to_string()))),
    };
    let after = decided.after.clone();
    let mut change = changed(office, practice, decided, Some(asked.member));
    if let Some(new) = after.consents.last() {
        let notice = of_one(office, &after, new).await?;
        change.outbox.extend(asked.told(office, notice).outbox);
    }
    Ok(Ok(change))
}

fn read<'a>(
    office: &Office,
    practice: &Practice,
    fields: &[Field],
) -> Result<Named, (&'a str, String)> {
    let of = |name: &str| fields.iter().find(|field| field.name == name).map(|f| f.value.as_str());
    let networks = chosen(of("networks").unwrap_or_default());
    let networks = networks.filter_map(|word| word.parse().ok()).collect();
    let (purpose, until) = (of("purpose").unwrap_or_default(), of("until").unwrap_or_default());
    given(office, practice, (networks, purpose, until))
}

/// A new consent as a setting, or which field of it can't be so and why.
pub fn given<'a>(
    office: &Office,
    practice: &Practice,
    (networks, purpose, until): (Vec<Network>, &str, &str),
) -> Result<Named, (&'a str, String)> {
    let called = normalized(purpose);
    if called.is_empty() {
        return Err(("purpose", "say what the pictures may be shown for".to_owned()));
    }
    if called.chars().count() > LONGEST || called.contains('\n') {
        let why = format!("say in one line of at most {LONGEST} characters what it is for");
        return Err(("purpose", why));
    }
    let last: Date = until.trim().parse().map_err(|_| {
        ("until", "that is not a day: write the last one, such as 2027-11-30".to_owned())
    })?;
    let ends = last.tomorrow().and_then(|day| practice.zone.to_timestamp(day.at(0, 0, 0, 0)));
    let until = ends.ok().filter(|until| *until > office.now());
    let until = until.ok_or_else(|| ("until", "that day is past: it would be over".to_owned()))?;
    if practice.consents.len() >= MOST {
        return Err(("purpose", format!("{MOST} consents are kept here, and no more fit")));
    }
    let consent = new_code(office, practice);
    Ok(Named { setting: Setting::ConsentGiven { consent, networks, until }, called })
}

fn new_code(office: &Office, practice: &Practice) -> String {
    loop {
        let code = consent::code(office.chance.bytes());
        if practice.consent(&code).is_none() {
            return code;
        }
    }
}

/// What a consent is for looks like patient information.
pub async fn names_somebody(office: &Office, practice: &Practice, purpose: &str) -> bool {
    let rosters = vec![roster(practice, office.now())];
    let found = look(office, rosters, vec![purpose.to_owned()]).await;
    found.is_none_or(|found| found.iter().any(|rules| !rules.is_empty()))
}

/// The end of a consent as a setting.
pub fn revoking(consent: &Consent) -> Named {
    let setting = Setting::ConsentRevoked { consent: consent.code.clone() };
    Named { setting, called: String::new() }
}

/// The consent with the code that somebody typed.
pub fn find<'a>(practice: &'a Practice, typed: &str) -> Option<&'a Consent> {
    practice.consent(&consent::read(typed)?)
}

async fn of_one(office: &Office, practice: &Practice, consent: &Consent) -> Stored<Notice> {
    let Uses { live, waiting } = uses(office, practice, consent).await?;
    let mut posts: Vec<&PostId> = live.iter().map(|(post, _)| post).collect();
    posts.dedup();
    let buttons = posts.into_iter().take(TAKEDOWNS).map(buttons::takedown).collect();
    let buttons = if consent.holds(office.now()) { Vec::new() } else { buttons };
    let live = live.into_iter().map(|(_, line)| line).collect();
    let (consents, more) = (vec![shown(practice, consent)], String::new());
    let view = View::Consents { consents, one: true, live, waiting, more };
    Ok(Notice { buttons, ..plain(view) })
}

/// What a consent says, in words.
pub fn shown(practice: &Practice, consent: &Consent) -> ConsentView {
    let last = consent.last_day(&practice.zone);
    let networks: Vec<&str> = consent.networks.iter().map(|network| network.label()).collect();
    let there = if networks.is_empty() { "everywhere".to_owned() } else { networks.join(", ") };
    let purpose = if consent.purpose.is_empty() { "what is not kept" } else { &consent.purpose };
    let day = |at| practice.zone.to_datetime(at).date();
    ConsentView {
        code: consent.code.clone(),
        terms: format!("for {purpose}; {there}; until {last}"),
        revoked: consent.revoked.map(|at| day(at).to_string()).unwrap_or_default(),
    }
}

/// What was made with a consent, as the ledger tells, and where it stands now.
pub async fn uses(office: &Office, practice: &Practice, consent: &Consent) -> Stored<Uses> {
    let mut uses = Uses::default();
    for (id, pictures) in vouched(office, practice, &consent.code).await? {
        let Some(post) = office.store.post(&practice.id, &id).await? else { continue };
        let is_open = matches!(
            post.state,
            State::Draft | State::InReview | State::SignedOff | State::Publishing | State::Missed
        );
        if is_open && post.draft.pictures.iter().any(|p| pictures.contains(&p.sha256)) {
            uses.waiting.push(views::line(practice, &post));
        }
        if post.state != State::TakenDown {
            for row in live(office, &post, &pictures).await? {
                let account = practice.name_of_account(row.account.as_ref());
                let line = format!("post {} on {account}", post.number);
                uses.live
                    .push((id.clone(), LinkedLine { line, link: row.url.unwrap_or_default() }));
            }
        }
    }
    Ok(uses)
}

/// What is live of a post with one of these pictures.
async fn live(office: &Office, post: &Post, pictures: &[String]) -> Stored<Vec<Row>> {
    let mut live = Vec::new();
    for publication in post.publications.iter().filter(|p| p.state == RowState::Done) {
        let content = office.store.content(&post.practice, &post.id, publication.revision).await?;
        // A content that is not kept any more may have shown it.
        let has_one = content.is_none_or(|content| {
            let mut media = content.accounts.iter().flat_map(|part| &part.media);
            media.any(|picture| pictures.contains(&picture.sha256))
        });
        if has_one {
            live.extend(office.store.row(&post.practice, &publication.id).await?);
        }
    }
    Ok(live)
}

/// The posts that got pictures by this consent, and which.
async fn vouched(
    office: &Office,
    practice: &Practice,
    code: &str,
) -> Stored<BTreeMap<PostId, Vec<String>>> {
    let (mut all, mut after) = (BTreeMap::new(), 0);
    loop {
        let page = office.store.entries(&practice.id, after, PAGE).await?;
        let Some((last, _)) = page.last() else { return Ok(all) };
        after = last.entry.seq;
        for (sealed, _) in &page {
            let fact = &sealed.entry.fact;
            let What::PicturesVouched { pictures, consent, .. } = &fact.what else { continue };
            if let (Some(subject), true) = (&fact.subject, consent.as_deref() == Some(code)) {
                let known: &mut Vec<String> = all.entry(subject.post.clone()).or_default();
                known.extend(pictures.iter().cloned());
            }
        }
    }
}

/// Decides a change of the registry by whoever runs Countersign.
pub fn decided(office: &Office, practice: &Practice, wanted: Named) -> Result<Changed, String> {
    let decided = change::decide(practice, vec![wanted], By::Operator, office.now());
    decided.map_err(|why| why.to_string())
}

fn unknown() -> Said {
    sentence("there is no consent with that code: /post consents lists those that hold")
}

fn sentence(why: &str) -> Said {
    Said::Sentence(why.to_owned())
}
