//! What people and the world do, one act at a time, by chance.

use countersign::app::{operator, sweep};
use countersign::domain::ids::PracticeId;
use countersign::domain::post::{Post, State};
use countersign::domain::practice::Practice;
use countersign::ports::chat::MessageRef;
use jiff::SignedDuration;

use crate::chance::Dice;
use crate::support::Does;
use crate::world::World;

/// One act of somebody, or of the world; then what is due happens.
pub async fn one(world: &mut World, dice: &mut Dice) {
    match dice.between(0, 100) {
        0..=17 => begin(world, dice).await,
        18..=79 => with_a_post(world, dice).await,
        80..=84 => at_the_desk(world, dice).await,
        85..=89 => network(world, dice),
        90..=92 => platform(world, dice).await,
        93..=94 => {
            let twice = dice.between(0, 2) == 0;
            world.office.again(twice);
            world.plays("twice or not");
        }
        95..=96 => {
            world.office.restarts().await;
            world.plays("restart");
        }
        _ => stops(world, dice).await,
    }
    let minutes = i64::try_from(dice.between(5, 90)).expect("few");
    world.office.waits(SignedDuration::from_mins(minutes)).await;
    // What it says in words is not looked at here.
    world.office.transcript();
}

/// The day ends: the platform is there, and nothing is stopped for longer than a day.
pub async fn evening(world: &mut World) {
    world.office.chat.away(false);
    world.office.chat.deaf(false);
    set_all(world, false).await;
    for practice in &world.practices {
        let released = operator::stop_one(&world.office.office, &practice.id, false).await;
        released.expect("released");
    }
    world.office.waits(SignedDuration::from_hours(6)).await;
    world.office.transcript();
}

/// Maya begins a draft in one practice, or in several from the desk.
async fn begin(world: &mut World, dice: &mut Dice) {
    world.texts += 1;
    let mut names = Vec::new();
    for _ in 0..dice.between(1, 4) {
        let id = any(world, dice).id.to_string();
        if !names.contains(&id) {
            names.push(id);
        }
    }
    let text = format!("Notice {} to everybody.", world.texts);
    let line = format!("/post new {}: {text}", names.join(", "));
    world.office.person("maya").says("desk", &line).await;
    world.plays("new");
}

/// Somebody does something with a post of some practice.
async fn with_a_post(world: &mut World, dice: &mut Dice) {
    let mut found = None;
    for _ in 0..world.practices.len() {
        let practice = any(world, dice).clone();
        if let Some(post) = a_post(world, &practice, dice).await {
            found = Some((practice, post));
            break;
        }
    }
    let Some((practice, post)) = found else {
        return;
    };
    let Some(at) = shown(world, &practice.id, &post).await else {
        return;
    };
    let (verb, user, fields) = choose(&practice, &post, dice);
    world.plays(verb);
    let person = world.office.person(user);
    match verb {
        "✅" | "❌" | "✋" => person.reacts(verb, &at).await,
        "✅ off" => person.unreacts("✅", &at).await,
        verb => {
            let fields: Vec<(&str, &str)> =
                fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            person.press(&at, &format!("{verb}:{}", post.id), &fields).await;
        }
    }
}

/// An act that somebody may come upon: mostly the next step, sometimes one without effect.
fn choose(
    practice: &Practice,
    post: &Post,
    dice: &mut Dice,
) -> (&'static str, &'static str, Vec<(&'static str, String)>) {
    let approvers: Vec<_> = practice.members.iter().filter(|m| m.is_approver()).collect();
    let nth = usize::try_from(dice.between(0, 100)).expect("small");
    let approver = user(approvers[nth % approvers.len()].id.as_str());
    let slot = || vec![("slot", format!("+{}h", 1 + nth % 40))];
    match (post.state, nth) {
        (State::Draft, 0..=30) | (State::Missed, 0..=60) => ("edit", "maya", slot()),
        (State::Draft, 31..=95) => ("submit", "maya", Vec::new()),
        (State::InReview, 0..=39) => ("✅", approver, Vec::new()),
        (State::InReview, 40..=69) => ("sign", approver, Vec::new()),
        (State::InReview, 70..=74) => ("❌", approver, Vec::new()),
        (State::SignedOff, 0..=12) => ("✅ off", approver, Vec::new()),
        (State::SignedOff, 13..=20) => ("unsign", approver, Vec::new()),
        (State::Published, 0..=9) => ("takedown", "lena", Vec::new()),
        (_, 61..=74) => ("✋", "maya", Vec::new()),
        (_, 75..=84) => ("unhold", "lena", Vec::new()),
        (_, 85..=92) => ("edit", "maya", vec![("text", format!("Changed {nth}: {}", post.number))]),
        (_, 93..=95) => ("withdraw", "maya", Vec::new()),
        // Nobody's to sign but an approver's.
        _ => ("sign", "lena", Vec::new()),
    }
}

async fn at_the_desk(world: &mut World, dice: &mut Dice) {
    let id = any(world, dice).id.clone();
    let line = match dice.between(0, 4) {
        0 => "/post queue".to_owned(),
        1 => format!("/post stop {id}"),
        2 => format!("/post hold {id} 1"),
        _ => format!("/post show {id} 1"),
    };
    world.office.person("maya").says("desk", &line).await;
    world.plays("desk");
}

fn network(world: &mut World, dice: &mut Dice) {
    let does = match dice.between(0, 4) {
        0 => Does::TakesSilently,
        1 => Does::LosesSilently,
        2 => Does::Later(600),
        _ => Does::Refuses,
    };
    world.office.network.next(&[does]);
    world.office.network.blind(dice.between(0, 6) == 0);
    world.plays("network");
}

async fn platform(world: &mut World, dice: &mut Dice) {
    match dice.between(0, 3) {
        0 => world.office.chat.away(true),
        1 => world.office.chat.deaf(true),
        _ => {
            world.office.chat.away(false);
            world.office.chat.deaf(false);
            sweep::all(&world.office.office).await.expect("swept");
        }
    }
    world.plays("platform");
}

async fn stops(world: &mut World, dice: &mut Dice) {
    let stopped = dice.between(0, 3) == 0;
    if set_all(world, stopped).await {
        world.plays(if stopped { "stop all" } else { "release all" });
    }
}

async fn set_all(world: &World, stopped: bool) -> bool {
    let changed = operator::stop_all(&world.office.office, stopped).await.expect("set");
    if changed {
        operator::tell_all(&world.office.office).await.expect("told");
    }
    changed
}

fn any<'a>(world: &'a World, dice: &mut Dice) -> &'a Practice {
    let many = u64::try_from(world.practices.len()).expect("few");
    &world.practices[usize::try_from(dice.between(0, many)).expect("few")]
}

/// Mostly a post that is on its way, sometimes any.
async fn a_post(world: &World, practice: &Practice, dice: &mut Dice) -> Option<Post> {
    let store = &world.office.office.store;
    let posts = match dice.between(0, 8) {
        0 => store.posts(&practice.id).await,
        _ => store.open_posts(&practice.id).await,
    };
    let posts = posts.expect("readable");
    let many = u64::try_from(posts.len()).expect("few");
    let at = if many == 0 { 0 } else { usize::try_from(dice.between(0, many)).expect("few") };
    posts.into_iter().nth(at)
}

/// The message that shows the post: its draft's, or its newest card's.
async fn shown(world: &World, practice: &PracticeId, post: &Post) -> Option<MessageRef> {
    let cards = world.office.office.store.cards(practice, &post.id).await.expect("readable");
    cards.into_iter().next_back().map(|card| card.at)
}

/// The same name, for ever.
fn user(id: &str) -> &'static str {
    let known = crate::support::sample::PEOPLE.iter().find(|(known, ..)| *known == id);
    known.map_or("guest", |(known, ..)| known)
}
