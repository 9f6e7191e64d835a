//! What people do, one act at a time, by chance.

use countersign::cli::sample_agency::DESK;
use countersign::domain::ids::PracticeId;
use countersign::domain::member::Role;
use countersign::domain::practice::{Practice, Purpose};
use image::{ImageFormat, Rgb, RgbImage};

use crate::api::{File, Said};
use crate::deeds;
use crate::habits::{self, Who};
use crate::month::Month;
use crate::words::SECRET;
use crate::{changes, weather};

/// So much somebody does in one sitting at most.
const SITTING: u64 = 5;
/// So often somebody looks until there is something to do.
const LOOKS: usize = 5;

/// One act of somebody, or of the world.
pub async fn one(month: &mut Month) {
    match month.dice.between(0, 100) {
        0..=22 => writes(month).await,
        23..=24 => tells_a_secret(month).await,
        25..=82 => looks(month).await,
        83..=85 => asks(month).await,
        86..=88 => rewrites(month).await,
        89..=96 => weather::one(month).await,
        _ => changes::one(month).await,
    }
}

/// Somebody looks at a channel and does what they see to do; where nobody finds anything,
/// somebody looks elsewhere.
async fn looks(month: &mut Month) {
    for _ in 0..LOOKS {
        if looks_once(month).await {
            return;
        }
    }
}

async fn looks_once(month: &mut Month) -> bool {
    if month.dice.below(12) == 0 {
        let maya = Who { id: "maya".to_owned(), role: Role::Staff, own: false };
        return sits(month, &maya, (None, DESK)).await;
    }
    let called = month.called.pop_front();
    let (at, approvals) = match called {
        Some(at) => (at, true),
        None => (month.any(), month.dice.below(2) == 0),
    };
    let purpose = if approvals { Purpose::Approvals } else { Purpose::Ideas };
    let practice = &month.practices[at];
    let channel = practice.channel(purpose).expect("it has one").channel.clone();
    let who = match called {
        Some(at) => one_of(month, at, Role::Approver),
        None => somebody(month, at, approvals),
    };
    sits(month, &who, (Some(at), &channel)).await
}

/// Somebody with this role goes through a channel of every practice, as people do once a day.
pub async fn goes_through(month: &mut Month, role: Role, purpose: Purpose) {
    for at in 0..month.practices.len() {
        let practice = &month.practices[at];
        if !practice.members.iter().any(|member| member.role == role) {
            continue;
        }
        let channel = practice.channel(purpose).expect("it has one").channel.clone();
        let who = one_of(month, at, role);
        sits(month, &who, (Some(at), &channel)).await;
    }
}

/// Whether they found anything to do.
async fn sits(month: &mut Month, who: &Who, (at, channel): (Option<usize>, &str)) -> bool {
    let mut notes = month.eyes.look(&month.house, &who.id, channel).await;
    let mut found = false;
    for _ in 0..month.dice.between(1, SITTING) {
        let chosen = habits::choose(&notes, who, (&month.pressed, &mut month.dice));
        let Some(choice) = chosen else { break };
        found = true;
        deeds::does(month, who, (at, channel), (&choice, &notes)).await;
        notes.retain(|note| note.id != choice.note.id);
    }
    found
}

/// Who looks at a practice's channel: approvers where they sign, staff where they write; now and
/// then a stranger.
fn somebody(month: &mut Month, at: usize, signs: bool) -> Who {
    let wanted = match (signs, month.dice.below(20)) {
        (_, 0) => return stranger(),
        (true, 1..=11) | (false, 3) => Role::Approver,
        (true, 12..=14) | (false, 1..=2) => Role::Manager,
        (true, 15..=17) => Role::Compliance,
        (true | false, _) => Role::Staff,
    };
    one_of(month, at, wanted)
}

/// A member of the practice with this role; a stranger where there is none.
fn one_of(month: &mut Month, at: usize, wanted: Role) -> Who {
    let members = &month.practices[at].members;
    let those: Vec<_> = members.iter().filter(|member| member.role == wanted).collect();
    if those.is_empty() {
        return stranger();
    }
    let member = those[month.dice.below(those.len())];
    Who { id: member.id.to_string(), role: member.role, own: !member.agency }
}

fn stranger() -> Who {
    Who { id: "guest".to_owned(), role: Role::Staff, own: false }
}

/// Somebody writes something new: an idea, a draft, or at the desk drafts for several.
async fn writes(month: &mut Month) {
    let at = month.any();
    let who = somebody(month, at, false);
    let practice = month.practices[at].clone();
    let ideas = ideas(&practice);
    let own = [practice.id.clone()];
    match month.dice.below(10) {
        0..=2 => {
            let names = several(month);
            let words = month.text(&names);
            let ids: Vec<&str> = names.iter().map(PracticeId::as_str).collect();
            let text = format!("/post new {}: {words}", ids.join(", "));
            say(month, "maya", Said { channel: DESK, text: &text, ..Said::default() }).await;
            month.plays("new at the desk");
        }
        3..=5 => {
            let text = format!("/post new {}", month.text(&own));
            say(month, &who.id, Said { channel: &ideas, text: &text, ..Said::default() }).await;
            month.plays("new");
        }
        6..=7 => {
            let (text, file) = (month.text(&own), Some(picture(month, "Our front door")));
            let said = Said { channel: &ideas, text: &text, file, ..Said::default() };
            say(month, &who.id, said).await;
            month.plays("picture");
        }
        8 if practice.members.iter().any(|member| member.id.as_str() == "dr-kim") => {
            let text = format!("Dr. Kim explains. {}", month.text(&own));
            say(month, &who.id, Said { channel: &ideas, text: &text, ..Said::default() }).await;
            month.plays("idea with a name");
        }
        _ => {
            let text = month.text(&own);
            say(month, &who.id, Said { channel: &ideas, text: &text, ..Said::default() }).await;
            month.plays("idea");
        }
    }
}

/// Somebody types what must not be kept, one way or another.
async fn tells_a_secret(month: &mut Month) {
    let at = month.any();
    let who = somebody(month, at, false);
    let channel = ideas(&month.practices[at]);
    let (mut said, command) = (Said { channel: &channel, ..Said::default() }, command());
    match month.dice.below(5) {
        0 => said.text = SECRET,
        1 => said.text = &command,
        2 => {
            said.text = "Look at this.";
            said.file = Some(picture(month, SECRET));
        }
        3 => {
            said.text = "Look at that.";
            said.file = Some(File { name: format!("{SECRET}.png"), ..picture(month, "A door") });
        }
        _ => {
            said.channel = DESK;
            said.text = "/post new northside, p01: Our patient, SSN 219-09-9999, came back.";
        }
    }
    let who = if said.channel == DESK { "maya" } else { who.id.as_str() };
    if let Some(kept) = say(month, who, said).await {
        assert!(!kept, "the secret was kept");
        month.plays("secret");
    }
}

fn command() -> String {
    format!("/post new {SECRET}")
}

/// Somebody asks for something by a command.
async fn asks(month: &mut Month) {
    let at = month.any();
    let signs = month.dice.below(2) == 0;
    let who = somebody(month, at, signs);
    let number = 1 + month.dice.below(1 + month.texts.len() / month.practices.len());
    let practice = &month.practices[at];
    let (id, channel) = (practice.id.clone(), ideas(practice));
    let (text, at_desk) = match month.dice.below(14) {
        0 => ("/post queue".to_owned(), true),
        1 => (format!("/post show {id} {number}"), true),
        2 => (format!("/post hold {id} {number}"), true),
        3 => (format!("/post stop {id}"), true),
        4 => ("/post queue".to_owned(), false),
        5 => ("/post calendar".to_owned(), false),
        6 => (format!("/post show {number}"), false),
        7 => (format!("/post certificate {number}"), false),
        8 => ("/post said notice".to_owned(), false),
        9 => (format!("/post withdraw {number}"), false),
        10 => ("/post stop".to_owned(), false),
        11 => ("stop everything".to_owned(), false),
        12 => ("/post setup".to_owned(), false),
        _ => ("/post release".to_owned(), false),
    };
    let (who, channel) = if at_desk { ("maya", DESK) } else { (who.id.as_str(), channel.as_str()) };
    say(month, who, Said { channel, text: &text, ..Said::default() }).await;
    month.plays("command");
}

/// Somebody changes or deletes a message of theirs.
async fn rewrites(month: &mut Month) {
    let at = month.any();
    let desk = month.dice.below(3) == 0;
    let who = if desk { "maya".to_owned() } else { somebody(month, at, false).id };
    let channel = if desk { DESK.to_owned() } else { ideas(&month.practices[at]) };
    let mut notes = month.eyes.look(&month.house, &who, &channel).await;
    notes.retain(|note| note.from.id == who);
    let last = notes.len().min(5);
    if last == 0 {
        return;
    }
    let note = &notes[notes.len() - 1 - month.dice.below(last)];
    match month.dice.below(8) {
        0 => {
            month.house.is_deleted(&who, &note.id).await;
            month.plays("delete");
        }
        1 => {
            let heard = month.house.is_edited(&who, &note.id, SECRET).await;
            assert!(heard.is_none_or(|heard| !heard.kept), "the secret was kept");
            month.plays("secret");
        }
        _ => {
            if let Some(text) = month.texts.renewed(&note.text) {
                month.house.is_edited(&who, &note.id, &text).await;
                month.plays("rewrite");
            }
        }
    }
}

/// Writes a message; whether it was kept, if it was taken at all.
pub async fn say(month: &mut Month, who: &str, said: Said<'_>) -> Option<bool> {
    let nth = month.next_message();
    month.house.is_told(who, said, nth).await.map(|heard| heard.kept)
}

fn ideas(practice: &Practice) -> String {
    practice.channel(Purpose::Ideas).expect("it has one").channel.clone()
}

fn several(month: &mut Month) -> Vec<PracticeId> {
    let mut names = Vec::new();
    for _ in 0..month.dice.between(1, 4) {
        let at = month.any();
        let id = month.practices[at].id.clone();
        if !names.contains(&id) {
            names.push(id);
        }
    }
    names
}

/// A picture of its own color, so that it is no other.
fn picture(month: &mut Month, alt: &str) -> File {
    let color = [0; 3].map(|_: u8| u8::try_from(month.dice.below(256)).expect("a byte"));
    let mut bytes = std::io::Cursor::new(Vec::new());
    let picture = RgbImage::from_pixel(8, 8, Rgb(color));
    picture.write_to(&mut bytes, ImageFormat::Png).expect("a picture");
    File { bytes: bytes.into_inner(), name: "photo.png".to_owned(), alt: alt.to_owned() }
}
