//! Random acts by random members, in random order, some of them twice.

use std::cell::RefCell;
use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::alter::Alter;
use super::turns::{Came, Tap, Turn};
use super::world::World;
use crate::domain::member::Role;
use crate::domain::policy::Risk;
use crate::domain::review::{Act, Cell, cell};
use crate::domain::state::{Source, State};

/// Cells that no act on a post brings about: a stop is the practice's, and has no post.
const NOT_BY_ACTS: [Act; 2] = [Act::Stop, Act::Release];

#[test]
fn whatever_happens_nothing_leaves_unsigned_and_the_ledger_tells_it_all() {
    let config = Config { cases: 1200, failure_persistence: None, ..Config::default() };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let reached = RefCell::new(BTreeSet::new());

    let walked = runner.run(&stories(), |(needed, of, author, turns)| {
        let mut world = World::new(needed, &of, author);
        for (what, twice) in &turns {
            world.happen(what);
            if *twice {
                world.happen(what);
            }
        }
        reached.borrow_mut().append(&mut world.reached);
        Ok(())
    });

    if let Err(error) = walked {
        panic!("{error}");
    }
    let reached = reached.into_inner();
    let never: Vec<_> = every_cell_with_an_effect()
        .filter(|cell| !reached.contains(cell))
        .map(|(act, state)| format!("{act} in {state}"))
        .collect();
    assert!(never.is_empty(), "never reached: {never:#?}");
}

fn every_cell_with_an_effect() -> impl Iterator<Item = (Act, State)> {
    let acts = Act::ALL.iter().filter(|act| !NOT_BY_ACTS.contains(act));
    acts.flat_map(|act| State::ALL.iter().map(|state| (*act, *state)))
        .filter(|(act, state)| matches!(cell(*act, *state), Cell::Go(..)))
}

fn stories() -> impl Strategy<Value = (usize, Vec<usize>, usize, Vec<(Turn, bool)>)> {
    let policy = select(vec![vec![], vec![0, 1], vec![0, 1, 2]]);
    let turns = prop::collection::vec((a_turn(), prop::bool::weighted(0.1)), 1..50);
    // The front desk's posts, a physician's own, an agency's.
    let author = select(vec![3_usize, 3, 0, 1, 6]);
    (1..=2_usize, policy, author, beginnings(), turns).prop_map(
        |(needed, of, author, mut all, turns)| {
            all.extend(turns);
            (needed, of, author, all)
        },
    )
}

/// Some stories begin where chance alone seldom comes.
fn beginnings() -> impl Strategy<Value = Vec<(Turn, bool)>> {
    let tap = Tap { source: Source::Reaction, old: 0, recovered: false };
    let signed = vec![Turn::Submit(3), Turn::Sign(1, tap), Turn::Sign(0, tap), Turn::Wish(false)];
    let sent = |first: Came, second: Turn| {
        let claims = [Turn::Lease(0), Turn::Claim(0), Turn::Lease(1), Turn::Claim(1)];
        [&signed[..], &claims, &[Turn::Came(0, first), second]].concat()
    };
    let held = |story: Vec<Turn>| [story, vec![Turn::Hold(Some(1))]].concat();
    let part_live = sent(Came::Published, Turn::Came(1, Came::Refused));
    let late = vec![Turn::Lease(0), Turn::Claim(0), Turn::Wait(60), Turn::WindowClosed];
    let all = vec![
        vec![],
        [signed.clone(), late].concat(),
        signed.clone(),
        sent(Came::Published, Turn::Came(1, Came::Published)),
        sent(Came::Published, Turn::Came(1, Came::Refused)),
        sent(Came::Unknown, Turn::Parked(1)),
        sent(Came::Refused, Turn::Came(1, Came::Refused)),
        [signed.clone(), vec![Turn::SetRisk(5, Risk::Low)]].concat(),
        [signed.clone(), vec![Turn::Change(Alter::Left(1)), Turn::Recount]].concat(),
        vec![Turn::Submit(3), Turn::SetRisk(5, Risk::Low)],
        [part_live, vec![Turn::Edit(3, 1), Turn::Sign(1, tap), Turn::Sign(0, tap)]].concat(),
        vec![Turn::Edit(3, 5), Turn::Override(4), Turn::Submit(3)],
        held(vec![]),
        held(sent(Came::Refused, Turn::Came(1, Came::Refused))),
        held(sent(Came::Published, Turn::Came(1, Came::Refused))),
    ];
    select(all).prop_map(|turns| turns.into_iter().map(|what| (what, false)).collect())
}

fn a_turn() -> impl Strategy<Value = Turn> {
    prop_oneof![
        20 => writing(),
        24 => voting(),
        56 => leaving(),
    ]
}

fn writing() -> impl Strategy<Value = Turn> {
    let who = || 0..7_usize;
    prop_oneof![
        8 => who().prop_map(Turn::Submit),
        3 => (who(), 0..6_u8).prop_map(|(who, text)| Turn::Edit(who, text)),
        3 => (who(), select(vec![0, 0, 1, 20, 30, 200, 800]))
            .prop_map(|(who, ahead)| Turn::MoveSlot(who, ahead)),
        1 => who().prop_map(Turn::Override),
        1 => Just(Turn::Withdraw),
        1 => Just(Turn::CardDeleted),
    ]
}

fn voting() -> impl Strategy<Value = Turn> {
    let who = || 0..7_usize;
    let tap = || {
        let source = select(vec![Source::Reaction, Source::Button]);
        let old = select(vec![0, 0, 0, 0, 1]);
        (source, old, any::<bool>()).prop_map(|(source, old, recovered)| Tap {
            source,
            old,
            recovered,
        })
    };
    let physician = || prop_oneof![4 => 0..3_usize, 1 => who()];
    prop_oneof![
        16 => (physician(), tap()).prop_map(|(who, tap)| Turn::Sign(who, tap)),
        2 => (physician(), tap()).prop_map(|(who, tap)| Turn::Decline(who, tap)),
        2 => (physician(), any::<bool>()).prop_map(|(who, only)| Turn::Unsign(who, only)),
        1 => prop::option::of(who()).prop_map(Turn::Hold),
        3 => who().prop_map(Turn::Unhold),
        1 => changing(),
        1 => (who(), select(Risk::ALL)).prop_map(|(who, risk)| Turn::SetRisk(who, risk)),
        1 => Just(Turn::Recount),
    ]
}

/// Changes of the practice, and often the recount that follows them.
fn changing() -> impl Strategy<Value = Turn> {
    let who = || 0..7_usize;
    let role = select(vec![Role::Approver, Role::Approver, Role::Staff, Role::Compliance]);
    let of = select(vec![vec![], vec![0], vec![0, 1], vec![1, 2]]);
    let alter = prop_oneof![
        4 => (1..3_usize, of).prop_map(|(needed, of)| Alter::Policy(needed, of)),
        4 => (0..4_usize, role).prop_map(|(who, role)| Alter::Role(who, role)),
        1 => who().prop_map(Alter::Left),
        1 => Just(Alter::Back),
        2 => who().prop_map(Alter::AtOnce),
        1 => who().prop_map(Alter::AsItWas),
    ];
    alter.prop_map(Turn::Change)
}

fn leaving() -> impl Strategy<Value = Turn> {
    let row = || 0..4_usize;
    let who = || 0..7_usize;
    let came = select(vec![
        Came::Published,
        Came::Published,
        Came::Published,
        Came::TryLater,
        Came::Refused,
        Came::Unknown,
    ]);
    prop_oneof![
        8 => prop::bool::weighted(0.1).prop_map(Turn::Wish),
        12 => row().prop_map(Turn::Lease),
        3 => row().prop_map(Turn::Expire),
        14 => row().prop_map(Turn::Claim),
        10 => (row(), came).prop_map(|(row, came)| Turn::Came(row, came)),
        3 => row().prop_map(Turn::Parked),
        4 => (who(), row(), any::<bool>())
            .prop_map(|(who, row, live)| Turn::Answer(who, row, live)),
        1 => who().prop_map(Turn::Takedown),
        2 => select(vec![1, 5, 30]).prop_map(Turn::Wait),
        2 => Just(Turn::WindowClosed),
        2 => Just(Turn::Restored),
        1 => select(vec![true, false, false, false]).prop_map(Turn::Stop),
    ]
}
