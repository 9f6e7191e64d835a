//! The registry of consents: what there is, a new one, the end of one, and what is live by one.

use jiff::civil::Date;

use super::asked::{Asked, Said};
use super::buttons;
use super::consent_uses::{Uses, uses};
use super::form::{choice, chosen, field};
use super::looking::look;
use super::office::Office;
use super::practice::changed;
use super::roster::roster;
use super::wish::{Wish, button, for_eyes_of, plain, wish};
use crate::domain::change::{self, By, Changed};
use crate::domain::consent::{self, Consent, LONGEST, MOST};
use crate::domain::content::normalized;
use crate::domain::ids::{PostId, PracticeId};
use crate::domain::network::Network;
use crate::domain::practice::{Practice, Purpose};
use crate::domain::setting::{Named, Setting};
use crate::ports::chat::Place;
use crate::ports::intake::{Field, Problem};
use crate::ports::notice::{Button, ConsentView, Form, FormField, Notice, View, Weight};
use crate::ports::store::{Change, OutboxWrite, Stored};

/// What the button of the list does.
pub(super) const VERB: &str = "consent";

/// So many posts get a button that takes them down.
const TAKEDOWNS: usize = 5;
/// So many consents are listed at once.
const LISTED: usize = 30;
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
pub(super) fn show(office: &Office, asked: &Asked<'_>, typed: &str) -> Result<Change, Said> {
    let consent = find(asked.practice, typed).ok_or_else(unknown)?;
    let mut change = asked.change(office);
    change.outbox.push(shown_to(office, asked, &consent.code));
    Ok(change)
}

/// A consent ends at once; what is live by it is looked for after that, and told where cards are
/// signed and to whoever asked.
pub(super) fn revoke(office: &Office, asked: &Asked<'_>, typed: &str) -> Result<Change, Said> {
    let practice = asked.practice;
    let consent = find(practice, typed).ok_or_else(unknown)?;
    if consent.revoked.is_some() {
        return Err(sentence("that consent was revoked before"));
    }
    if asked.member.agency {
        return Err(sentence("only the practice's own people end a consent: tell one of them"));
    }
    let wanted = vec![revoking(consent)];
    let decided = change::decide(practice, wanted, By::Member(asked.member), office.now());
    let decided = decided.map_err(|why| Said::Sentence(why.to_string()))?;
    let mut change = changed(office, practice, decided, Some(asked.member));
    let approvals = practice.channel(Purpose::Approvals);
    change.outbox.extend(approvals.map(|channel| {
        let place = Place { channel: channel.clone(), thread: None, only: None, instead_of: None };
        let one = Wish::Consent { code: consent.code.clone(), place };
        wish(office, &practice.id, format!("revoked/{}", consent.code), one, false)
    }));
    if approvals != Some(asked.channel) {
        change.outbox.push(shown_to(office, asked, &consent.code));
    }
    Ok(change)
}

fn shown_to(office: &Office, asked: &Asked<'_>, code: &str) -> OutboxWrite {
    let place = for_eyes_of(asked.from, asked.channel, None);
    let one = Wish::Consent { code: code.to_owned(), place };
    wish(office, &asked.practice.id, format!("private/{}", asked.seq), one, false)
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
pub(super) fn entered(
    office: &Office,
    asked: &Asked<'_>,
    fields: &[Field],
) -> Result<Change, Said> {
    let practice = asked.practice;
    let wanted = read(office, practice, fields).map_err(|(_, why)| Said::Sentence(why))?;
    let decided = change::decide(practice, vec![wanted], By::Member(asked.member), office.now());
    let decided = decided.map_err(|why| Said::Sentence(why.to_string()))?;
    let new = decided.after.consents.last().map(|new| new.code.clone());
    let mut change = changed(office, practice, decided, Some(asked.member));
    change.outbox.extend(new.map(|code| shown_to(office, asked, &code)));
    Ok(change)
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
    if practice.consents.iter().filter(|known| known.holds(office.now())).count() >= MOST {
        return Err(("purpose", format!("{MOST} consents hold here, and no more fit")));
    }
    let consent = new_code(office, practice);
    Ok(Named { setting: Setting::ConsentGiven { consent, networks, until }, called })
}

/// A code that the practice has not; some number beside the random one ends the search.
fn new_code(office: &Office, practice: &Practice) -> String {
    let random = office.chance.bytes();
    let codes = (0..=u8::MAX).map(|nth| {
        let mut random = random;
        random[0] = random[0].wrapping_add(nth);
        consent::code(random)
    });
    let mut new = codes.filter(|code| practice.consent(code).is_none());
    new.next().unwrap_or_else(|| consent::code(random))
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

/// One consent, as it stands now, with what was made with it.
pub(super) async fn of_one(office: &Office, whose: &PracticeId, code: &str) -> Stored<Notice> {
    let practice = office.store.practice(whose).await?;
    let found = practice.as_ref().and_then(|p| Some((p, p.consent(code)?)));
    let Some((practice, consent)) = found else {
        let why = "that consent is not here any more".to_owned();
        return Ok(plain(View::Refused { number: 0, why }));
    };
    let Uses { live, waiting } = uses(office, practice, code).await?;
    let mut posts: Vec<&PostId> = live.iter().filter_map(|(post, _)| post.as_ref()).collect();
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
