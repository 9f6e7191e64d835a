//! Agencies, their desks, and the instance: what a store promises of them.

use std::collections::BTreeSet;

use countersign::domain::agency::{Agency, Others};
use countersign::domain::entry::What;
use countersign::domain::ids::{AgencyId, PostId, PracticeId};
use countersign::domain::listing::List;
use countersign::domain::member::Identity;
use countersign::domain::practice::{ChannelRef, Practice, Purpose};
use countersign::ports::store::{Agencies, Change, Founding, Idea, Most, Store, StoreError, Thing};
use jiff::Timestamp;

use super::bench::{Bench, promises};
use super::values::{at, channel, conflict, entry, message, practice, said};

promises!(
    an_agency_is_read_as_it_was_written,
    a_channel_is_a_desk_or_a_practices,
    the_instance_is_no_practice,
    a_stop_for_all_is_every_practices_and_raises_its_version,
    an_agency_is_the_instances_to_change,
    only_what_an_agency_serves_is_found_through_it,
    what_an_agencys_other_clients_are_known_by_is_told,
    the_newest_posts_of_what_a_person_serves_elsewhere_are_found,
    an_event_of_several_practices_is_stored_for_all_or_none,
    a_practice_is_made_with_the_event_that_asks_for_it_or_not_at_all,
);

async fn an_agency_is_read_as_it_was_written(bench: &Bench) {
    open(bench).await;
    let first = agency("birch", &["harbor", "northside"], &["a", "b"]);
    let other = agency("oak", &["harbor"], &["c"]);
    let later = agency("birch", &["northside"], &["b", "d"]);

    bench.commit(having(&first)).await;
    bench.commit(having(&other)).await;
    assert_eq!(bench.store.agencies().await.expect("read"), [first, other.clone()]);
    bench.commit(having(&later)).await;

    assert_eq!(bench.store.agencies().await.expect("read"), [later, other]);
    let owner = async |name: &str| bench.store.desk(&desk(name)).await.expect("read");
    assert_eq!(owner("a").await, None);
    assert_eq!(owner("d").await, Some(AgencyId::new("birch")));
    assert_eq!(bench.store.binding(&desk("a")).await.expect("read"), None);
}

async fn a_channel_is_a_desk_or_a_practices(bench: &Bench) {
    open(bench).await;
    bench.commit(having(&agency("birch", &["harbor"], &["a"]))).await;
    let ideas = channel("northside", "ideas");
    let mut thief = agency("oak", &[], &[]);
    thief.desks = BTreeSet::from([ideas]);
    let mut newcomer = practice(&PracticeId::new("newcomer"));
    newcomer.channels[0].1 = desk("a");

    conflict(&bench.store.commit(having(&thief)).await);
    conflict(&bench.store.commit(having(&agency("oak", &[], &["a"]))).await);
    conflict(&bench.store.found(&newcomer, at(1), &[]).await);

    let binding = bench.store.binding(&desk("a")).await.expect("read").expect("bound");
    assert_eq!((binding.practice.is_instance(), binding.purpose), (true, Purpose::Desk));
}

async fn the_instance_is_no_practice(bench: &Bench) {
    open(bench).await;

    let listed = bench.store.practices().await.expect("read");

    assert_eq!(listed, [bench.harbor.clone(), bench.northside.clone()]);
    let head = bench.store.head(&PracticeId::instance()).await.expect("a chain");
    assert_eq!(head.seq, 1);
    conflict(&bench.store.found(&Practice::instance(), at(1), &[]).await);
}

async fn a_stop_for_all_is_every_practices_and_raises_its_version(bench: &Bench) {
    open(bench).await;
    let now = async || {
        let practice = bench.store.practice(&bench.northside).await;
        practice.expect("read").expect("a practice")
    };
    let before = now().await;

    bench.commit(Change { stopped: Some(true), ..of_instance() }).await;

    let after = now().await;
    assert!(after.all_stopped && !after.stopped && !before.all_stopped);
    let decided_before = Change { practice_version: Some(before.version), ..bench.change() };
    conflict(&bench.store.commit(decided_before).await);
    bench.commit(Change { stopped: Some(false), ..of_instance() }).await;
    assert!(!now().await.all_stopped);
    let instance = bench.store.practice(&PracticeId::instance()).await;
    assert!(!instance.expect("read").expect("the instance").stopped);
}

async fn an_agency_is_the_instances_to_change(bench: &Bench) {
    open(bench).await;
    let birch = agency("birch", &["northside"], &["a"]);

    let theirs = Change { agency: Some(birch.clone()), ..bench.change() };
    let result = bench.store.commit(theirs).await;

    assert!(matches!(result, Err(StoreError::Damaged(_))), "{result:?}");
    let old = bench.store.practice(&PracticeId::instance()).await.expect("read");
    let version = old.map(|instance| instance.version);
    bench.commit(having(&birch)).await;
    let decided_before = Change { practice_version: version, ..having(&birch) };
    conflict(&bench.store.commit(decided_before).await);
}

async fn only_what_an_agency_serves_is_found_through_it(bench: &Bench) {
    open(bench).await;
    bench.commit(having(&agency("birch", &["harbor"], &[]))).await;
    let (birch, post) = (AgencyId::new("birch"), bench.post().await);
    let idea = Idea {
        at: message("master"),
        member: post.author.clone(),
        text: "Flu shots".to_owned(),
        files: Vec::new(),
        typed: Timestamp::UNIX_EPOCH,
        answer: None,
        post: Some(post.id.clone()),
        dismissed: false,
        offered: None,
        pictured: None,
    };
    bench.commit(Change { idea: Some(idea), ..bench.change() }).await;
    let whose = async |thing: Thing| bench.store.whose(&birch, &thing).await.expect("read");
    let things = || [Thing::Post(post.id.clone()), Thing::Master(message("master"))];
    let northside = practice(&bench.northside);
    let ours = northside.members.iter().find(|m| m.agency).expect("an agency's member");
    let staff = northside.members.iter().find(|m| !m.agency).expect("a member");
    let served = async |by: &Identity| bench.store.served(&birch, by).await.expect("read");

    for thing in things() {
        assert!(whose(thing).await.is_empty());
    }
    assert_eq!(served(&ours.identities[0]).await, []);
    bench.commit(having(&agency("birch", &["northside"], &[]))).await;

    for thing in things() {
        assert_eq!(whose(thing).await, BTreeSet::from([bench.northside.clone()]));
    }
    assert!(whose(Thing::Post(PostId::new("post-9"))).await.is_empty());
    assert_eq!(served(&ours.identities[0]).await, [(bench.northside.clone(), northside.name)]);
    assert_eq!(served(&staff.identities[0]).await, []);
}

async fn what_an_agencys_other_clients_are_known_by_is_told(bench: &Bench) {
    open(bench).await;
    let others = async |than: &PracticeId| bench.store.others(than).await.expect("read");
    assert_eq!(others(&bench.northside).await, Others::default());

    bench.commit(having(&agency("birch", &["harbor", "northside"], &[]))).await;
    bench.commit(having(&agency("oak", &["harbor", "northside"], &[]))).await;

    let northside = practice(&bench.northside);
    let own = northside.members.iter().filter(|member| !member.agency);
    let mut told = others(&PracticeId::new("harbor")).await;
    told.people.sort_unstable();
    assert_eq!(told.practices, [northside.name.as_str()]);
    let mut own: Vec<String> = own.map(|member| member.name.clone()).collect();
    own.sort_unstable();
    assert_eq!(told.people, own);
    assert_eq!(
        told.handles,
        northside.accounts.iter().map(|a| a.remote_id.clone()).collect::<Vec<_>>()
    );
    assert_eq!(told.phones, northside.listed(List::Phones));
    assert!(!told.phones.is_empty());
}

async fn the_newest_posts_of_what_a_person_serves_elsewhere_are_found(bench: &Bench) {
    open(bench).await;
    for number in 1..=3 {
        bench.commit(bench.draft(number)).await;
    }
    let northside = practice(&bench.northside);
    let ours = northside.members.iter().find(|m| m.agency).expect("an agency's member");
    let staff = northside.members.iter().find(|m| !m.agency).expect("a member");
    let harbor = PracticeId::new("harbor");
    let newest = async |than: &PracticeId, by: &Identity, each, all| {
        let most = Most { each, all };
        let found = bench.store.newest_elsewhere(than, by, most).await.expect("read");
        found.into_iter().map(|post| post.number).collect::<Vec<_>>()
    };
    let maya = &ours.identities[0];

    assert_eq!(newest(&harbor, maya, 9, 9).await, [0; 0]);
    bench.commit(having(&agency("birch", &["harbor"], &[]))).await;
    bench.commit(having(&agency("oak", &["northside"], &[]))).await;
    assert_eq!(newest(&harbor, maya, 9, 9).await, [0; 0]);
    bench.commit(having(&agency("birch", &["harbor", "northside"], &[]))).await;

    assert_eq!(newest(&harbor, maya, 9, 9).await, [3, 2, 1]);
    assert_eq!(newest(&harbor, maya, 2, 9).await, [3, 2]);
    assert_eq!(newest(&harbor, maya, 9, 1).await, [3]);
    assert_eq!(newest(&harbor, &staff.identities[0], 9, 9).await, [0; 0]);
    assert_eq!(newest(&bench.northside, maya, 9, 9).await, [0; 0]);
}

async fn an_event_of_several_practices_is_stored_for_all_or_none(bench: &Bench) {
    let each = |second: &str| {
        vec![(bench.northside.clone(), said("ev-1")), (PracticeId::new(second), said("ev-1"))]
    };

    let broken = bench.store.receive_each(&each("nowhere"), at(5)).await;
    assert!(broken.is_err());
    assert!(bench.store.unhandled(0, 9).await.expect("read").is_empty());
    let (last, fresh) = bench.store.receive_each(&each("harbor"), at(5)).await.expect("stored");
    let again = bench.store.receive_each(&each("harbor"), at(6)).await.expect("known");

    assert!(fresh);
    assert_eq!(again, (last, false));
    let waiting = bench.store.unhandled(0, 9).await.expect("read");
    let whose: Vec<&PracticeId> = waiting.iter().map(|event| &event.practice).collect();
    assert_eq!(whose, [&bench.northside, &bench.harbor]);
    assert_eq!(waiting.last().map(|event| event.seq), Some(last));
}

async fn open(bench: &Bench) {
    let opened = entry(What::Opened { key: String::new(), former: None }, None);
    let made = bench.store.found(&Practice::instance(), at(0), &[opened]).await;
    made.expect("a new chain");
}

async fn a_practice_is_made_with_the_event_that_asks_for_it_or_not_at_all(bench: &Bench) {
    open(bench).await;
    let instance = PracticeId::instance();
    let (seq, _) = bench.store.receive(&instance, &said("e1"), at(1)).await.expect("stored");
    let making = |id: &str, of: &PracticeId| {
        let mut practice = practice(&PracticeId::new(id));
        practice.channels = vec![(Purpose::Approvals, channel("lakeside", "approvals"))];
        let entries = vec![entry(What::PracticeMade { sample: false }, None)];
        let (codes, outbox) = (Vec::new(), Vec::new());
        let founds = Some(Box::new(Founding { practice, entries, codes, outbox }));
        Change { founds, handled: Some(seq), ..Change::new(of.clone(), at(10)) }
    };
    let waits = async || bench.store.unhandled(0, 10).await.expect("read").len();

    let not_its_own = bench.store.commit(making("lakeside", &bench.harbor)).await;
    let id_taken = bench.store.commit(making("northside", &instance)).await;
    assert!(matches!(not_its_own, Err(StoreError::Damaged(_))), "{not_its_own:?}");
    conflict(&id_taken);
    assert_eq!(waits().await, 1);

    bench.commit(making("lakeside", &instance)).await;
    let again = Change { handled: None, ..making("shoreline", &instance) };
    conflict(&bench.store.commit(again).await);

    assert_eq!(waits().await, 0);
    let made = PracticeId::new("lakeside");
    assert_eq!(bench.store.head(&made).await.expect("a chain").seq, 1);
    let shoreline = bench.store.practice(&PracticeId::new("shoreline")).await.expect("read");
    assert_eq!(shoreline, None);
    assert!(!bench.store.public_key().is_empty());
}

fn agency(id: &str, practices: &[&str], desks: &[&str]) -> Agency {
    Agency {
        id: AgencyId::new(id),
        name: id.to_owned(),
        practices: practices.iter().map(|id| PracticeId::new(*id)).collect(),
        desks: desks.iter().map(|name| desk(name)).collect(),
    }
}

fn desk(name: &str) -> ChannelRef {
    channel("agency", name)
}

fn of_instance() -> Change {
    Change::new(PracticeId::instance(), at(10))
}

fn having(agency: &Agency) -> Change {
    Change { agency: Some(agency.clone()), ..of_instance() }
}
