//! One practice, looked at from its ledger: the chain, what hangs on it, and the tables.

use std::collections::{BTreeMap, BTreeSet};

use ed25519_dalek::VerifyingKey;
use jiff::Timestamp;

use super::attested::Attested;
use super::former;
use super::found::Wrong;
use super::gaps::{Gap, Gaps};
use super::heads::Outside;
use super::pictures::pictures;
use super::purges::{OfFormer, Purges};
use crate::domain::agency::Agencies;
use crate::domain::consent::Vouched;
use crate::domain::entry::{Former, Revised, What};
use crate::domain::fold::Fold;
use crate::domain::ids::{PostId, PracticeId};
use crate::domain::ledger::{Body, Broken, Head, Sealed, Walk};
use crate::domain::post::{Post, State};
use crate::domain::roster::Roster;
use crate::domain::story;
use crate::ports::store::Store;

/// How many entries are read at once.
const PAGE: i64 = 500;

/// What was found whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whole {
    /// The end of the chain.
    pub head: Head,
    /// How many posts.
    pub posts: usize,
    /// How many contents.
    pub contents: usize,
    /// How many pictures.
    pub pictures: usize,
    /// Bodies and contents that are not kept any more.
    pub purged: usize,
    /// When retention took words last.
    pub last_purge: Option<Timestamp>,
    /// Where the chain goes on from a copy.
    pub gaps: Vec<Gap>,
}

/// What the entries say.
struct Told {
    walk: Walk,
    gaps: Gaps,
    fold: Fold,
    agencies: Agencies,
    attested: Attested,
    roster: Roster,
    /// Which entries are about which post.
    about: BTreeMap<PostId, Vec<i64>>,
    /// Which entry fixed which revision.
    fixed: Vec<(i64, PostId, Revised)>,
    /// The end of the chain that it had in another installation.
    former: Option<Former>,
    /// Bodies that are not there.
    missing: Vec<(i64, Option<PostId>)>,
    purges: Purges,
}

/// Looks at everything of one practice; the first thing that is wrong ends it.
pub async fn practice(
    store: &dyn Store,
    id: &PracticeId,
    key: &VerifyingKey,
    outside: &[&Outside],
) -> Result<Whole, Wrong> {
    let told = chain(store, id, key, outside).await?;
    people(store, id, &told).await?;
    if let Some(former) = &told.former {
        former::verify(store, id, former, told.purges.of_former()).await?;
    }
    let posts = posts(store, id, &told).await?;
    let mut whole = Whole {
        head: told.walk.head(),
        posts: posts.len(),
        contents: 0,
        pictures: 0,
        purged: told.missing.len(),
        last_purge: told.purges.last(),
        gaps: told.gaps.found(),
    };
    contents(store, &told, &posts, &mut whole).await?;
    Ok(whole)
}

/// Looks at the instance's own chain: the stop for all, and the agencies. Returns its end.
pub async fn instance(
    store: &dyn Store,
    key: &VerifyingKey,
    outside: &[&Outside],
) -> Result<(Head, usize), Wrong> {
    let id = PracticeId::instance();
    let told = chain(store, &id, key, outside).await?;
    let gone = || Wrong("it is not in the tables".to_owned());
    let instance = store.practice(&id).await?.ok_or_else(gone)?;
    if told.fold.is_stopped() != instance.stopped {
        return Err(Wrong("the stop for all is not what the ledger says".to_owned()));
    }
    if !told.fold.is_empty() || !told.roster.is_empty() {
        return Err(Wrong("it has posts, people or accounts, as only practices have".to_owned()));
    }
    match told.agencies.differs(&store.agencies().await?) {
        Some((agency, what)) => {
            Err(Wrong(format!("agency {agency}: its {what}: not what the ledger says")))
        }
        None => Ok((told.walk.head(), told.agencies.len())),
    }
}

async fn chain(
    store: &dyn Store,
    id: &PracticeId,
    key: &VerifyingKey,
    outside: &[&Outside],
) -> Result<Told, Wrong> {
    let mut told = Told {
        walk: Walk::new(id.clone()),
        gaps: Gaps::new(outside),
        fold: Fold::default(),
        roster: Roster::new(id.clone()),
        agencies: Agencies::default(),
        attested: Attested::default(),
        about: BTreeMap::new(),
        fixed: Vec::new(),
        former: None,
        missing: Vec::new(),
        purges: Purges::default(),
    };
    loop {
        let page = page(store, id, told.walk.head().seq).await?;
        if page.is_empty() {
            break;
        }
        for (sealed, body) in &page {
            told.walk.step(sealed, key)?;
            told.gaps.pass(sealed);
            told.add(sealed, body.as_ref())?;
        }
    }
    told.purges.explain(&told.missing, &OfFormer::default())?;
    told.gaps.end(told.walk.head().seq)?;
    ends(store, id, told.walk.head()).await?;
    told.attested.is_in_table(store, id).await?;
    Ok(told)
}

/// The next entries. Where a page can't be read, the entries before the damage can be.
async fn page(
    store: &dyn Store,
    id: &PracticeId,
    after: i64,
) -> Result<Vec<(Sealed, Option<Body>)>, Wrong> {
    if let Ok(page) = store.entries(id, after, PAGE).await {
        return Ok(page);
    }
    store
        .entries(id, after, 1)
        .await
        .map_err(|error| Wrong(format!("entry #{} was changed: {error}", after + 1)))
}

/// The chain ends where the database itself says.
async fn ends(store: &dyn Store, id: &PracticeId, end: Head) -> Result<(), Wrong> {
    let known = store.head(id).await?;
    if known.seq > end.seq {
        return Err(Broken::Truncated { seq: end.seq, seen: known.seq }.into());
    }
    if known != end {
        return Err(Wrong(format!("the database's own head is not entry #{}", end.seq)));
    }
    Ok(())
}

impl Told {
    fn add(&mut self, sealed: &Sealed, body: Option<&Body>) -> Result<(), Wrong> {
        let (entry, seq) = (&sealed.entry, sealed.entry.seq);
        let subject = entry.fact.subject.as_ref();
        match body {
            Some(body) if body.hash() != entry.body_hash => {
                return Err(Wrong(format!("the body of entry #{seq} was changed")));
            }
            Some(_) => {}
            None => self.missing.push((seq, subject.map(|subject| subject.post.clone()))),
        }
        self.purges.add(entry);
        self.attested.add(entry);
        let before = subject.and_then(|subject| self.fold.post(&subject.post));
        story::follows(before, entry)
            .map_err(|why| Wrong(format!("entry #{seq} does not follow: {why}")))?;
        match &entry.fact.what {
            What::Leaving { .. }
                if !before.is_some_and(|post| self.roster.meets_policy(post, entry)) =>
            {
                let why = "those who signed were not enough for the policy, or could not sign";
                return Err(Wrong(format!("entry #{seq}: {why}")));
            }
            What::Opened { former, .. } => self.former.clone_from(former),
            What::Submitted(fixed) | What::Edited(fixed) | What::Amended(fixed) => {
                let post = subject.map(|subject| subject.post.clone());
                self.fixed.extend(post.map(|post| (seq, post, fixed.clone())));
            }
            _ => {}
        }
        if let Some(subject) = subject {
            self.about.entry(subject.post.clone()).or_default().push(seq);
        }
        self.roster.add(entry, body);
        self.agencies.add(&entry.fact.what, body.map(|body| body.name.as_str()));
        self.fold.add(entry);
        Ok(())
    }
}

/// The practice in the tables is the practice of the ledger.
async fn people(store: &dyn Store, id: &PracticeId, told: &Told) -> Result<(), Wrong> {
    let gone = || Wrong("the practice is not in the tables".to_owned());
    let practice = store.practice(id).await?.ok_or_else(gone)?;
    match told.roster.differs(&practice) {
        Some(what) => Err(Wrong(format!("the practice's {what} is not what the ledger says"))),
        None => Ok(()),
    }
}

/// Every post in the tables is in the ledger and the same there, and the other way round.
async fn posts(store: &dyn Store, id: &PracticeId, told: &Told) -> Result<Vec<Post>, Wrong> {
    let posts = store.posts(id).await?;
    let numbered = |post: &Post| {
        let last = told.about.get(&post.id).and_then(|about| about.last());
        let last = last.map_or_else(String::new, |seq| format!(" (its last entry is #{seq})"));
        format!("post {}{last}", post.number)
    };
    for own in told.fold.posts() {
        if !posts.iter().any(|post| post.id == own.id) {
            return Err(Wrong(format!("{} is not in the tables", numbered(own))));
        }
    }
    for post in &posts {
        if told.fold.post(&post.id).is_none() {
            return Err(Wrong(format!("{} is not in the ledger", numbered(post))));
        }
        if let Some(column) = told.fold.differs(post) {
            let name = numbered(post);
            return Err(Wrong(format!("{name}: the {column} is not what the ledger says")));
        }
        let found = store.entries_of(id, &post.id).await?;
        if !is_vouched(post, &found) {
            let name = numbered(post);
            let why = "whose word its pictures are shown by is not what the ledger says";
            return Err(Wrong(format!("{name}: {why}")));
        }
        let found: Vec<i64> = found.iter().map(|(sealed, _)| sealed.entry.seq).collect();
        if told.about.get(&post.id) != Some(&found) {
            return Err(Wrong(format!("{}: not all its entries are found", numbered(post))));
        }
    }
    Ok(posts)
}

/// The pictures of a post are shown by the word that was given for them last.
fn is_vouched(post: &Post, entries: &[(Sealed, Option<Body>)]) -> bool {
    post.draft.pictures.iter().all(|picture| {
        let given = entries.iter().rev().find_map(|(sealed, _)| match &sealed.entry.fact.what {
            What::PicturesVouched { member, pictures, consents }
                if pictures.contains(&picture.sha256) =>
            {
                Some(Some(Vouched { by: member.clone(), consents: consents.clone() }))
            }
            What::PicturesLeftOut { .. } => Some(None),
            _ => None,
        });
        post.draft.vouched.get(&picture.sha256) == given.flatten().as_ref()
    })
}

/// Every content and picture is still what the ledger fixed.
async fn contents(
    store: &dyn Store,
    told: &Told,
    posts: &[Post],
    whole: &mut Whole,
) -> Result<(), Wrong> {
    let mut known = BTreeSet::new();
    for (seq, id, fixed) in &told.fixed {
        let Some(post) = posts.iter().find(|post| post.id == *id) else {
            continue;
        };
        let place = format!("post {}, revision {} (entry #{seq})", post.number, fixed.to);
        let content = store.content(&post.practice, id, fixed.to).await;
        let content = content.map_err(|error| Wrong(format!("{place}: {error}")))?;
        let Some(content) = content else {
            if is_needed(post, fixed) || !told.purges.took_all_of(id) {
                return Err(Wrong(format!("{place}: the content is missing")));
            }
            whole.purged += 1;
            continue;
        };
        if content.hash() != fixed.hash {
            return Err(Wrong(format!("{place}: the content is not what was fixed")));
        }
        whole.contents += 1;
        pictures(store, &content, &mut known)
            .await
            .map_err(|why| Wrong(format!("{place}: {why}")))?;
    }
    whole.pictures = known.len();
    Ok(())
}

/// It may still leave, so it can't have been purged.
fn is_needed(post: &Post, fixed: &Revised) -> bool {
    let open = [State::InReview, State::SignedOff, State::Publishing, State::Missed];
    post.revision == fixed.to && open.contains(&post.state)
}
