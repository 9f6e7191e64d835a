//! WordPress: posts on a site of one's own, over its [API](https://developer.wordpress.org/rest-api/).
//!
//! A post is made as a draft first, under an address part (its slug) by which it is found again,
//! and published by one request that can be repeated. What is derived of the signed words: the
//! title, which is the first of them; the slug and the picture's file name, which are of the
//! publication's id; and that an address in the text is a link to itself. The picture is the
//! post's featured image; where that stands is the theme's.
//!
//! It asks under `/wp-json/`, which is there once the site's permalinks are any but the plain
//! ones. What the site changes of the words or of an alt text is found while it is a draft, and
//! then nothing is published.

mod engage;
mod engagement;
mod page;
mod read;
mod site;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use reqwest::Method;
use reqwest::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use serde_json::{Value, json};

use super::checked::{self, server, surely_not_sent, taken_down};
use super::http::{Clients, Effect, Failure};
use super::token::Keyring;
use crate::domain::expiry::Expiry;
use crate::domain::network::Network;
use crate::domain::outbox::{Certainty, LookedUp, Outcome};
use crate::domain::secret::Secret;
use crate::ports::accounts::{SignedIn, Typed};
use crate::ports::engagement::Reads;
use crate::ports::publisher::{Job, Media, On, Prepared, Publisher, ReadBack, Readiness};
use site::{Kept, Site};

/// The network of this file.
pub const NETWORK: Network = Network::WordPress;

/// What is there is seen at once; this is for a request that is still on its way.
const SEEN: SignedDuration = SignedDuration::from_secs(5);
/// Everything that is not in the bin.
const ANY: &str = "publish,future,draft,pending,private";
/// As it is written, not as it is shown.
const EDIT: (&str, &str) = ("context", "edit");

/// WordPress, as practices publish on it.
pub struct WordPress {
    clients: Arc<Clients>,
    keys: Arc<Keyring>,
    timeout: Duration,
}

impl WordPress {
    /// Over these; each request may take `timeout`.
    pub fn new(clients: Arc<Clients>, keys: Arc<Keyring>, timeout: Duration) -> Self {
        Self { clients, keys, timeout }
    }

    /// Tries a user's name and an application password.
    pub async fn sign_in(&self, typed: &Typed) -> Result<SignedIn, Failure> {
        let user = typed.handle.trim().to_owned();
        let kept = Kept { user, password: typed.secret.reveal().trim().to_owned() };
        let site = self.site(&typed.server, kept, typed.now)?;
        let me = match site.get(&["users", "me"], &[EDIT]).await {
            Err(Failure::NotThere | Failure::NotFound(_)) => Err(no(
                "there is no WordPress at that address, or its permalinks are the plain ones: \
                 choose others under Settings, Permalinks",
            )),
            other => other,
        }?;
        let (Some(remote_id), Some(name)) = (read::id(&me), me["name"].as_str()) else {
            return Err(no("the site does not say who that is"));
        };
        read::may_publish(&me).map_err(|why| no(&why))?;
        let secrets = serde_json::to_string(&site.kept).expect("plain texts");
        Ok(SignedIn {
            server: site.address.as_str().trim_end_matches('/').to_owned(),
            identity: read::own_address(&me),
            remote_id,
            name: name.to_owned(),
            secrets: Secret::new(secrets),
            expiry: Expiry::Never,
        })
    }

    /// Asks who the kept password is of, and what they may do.
    pub async fn test(&self, on: On<'_>) -> Result<(), Outcome> {
        let site = self.open(on).await?;
        let out = |why: String| Failure::Ended(Outcome::SignedOut(why));
        let me = site.get(&["users", "me"], &[EDIT]).await;
        let tested = me.and_then(|me| match read::id(&me) {
            Some(id) if id == on.account.remote_id => read::may_publish(&me).map_err(out),
            _ => Err(out("the name is another user's now".to_owned())),
        });
        match tested {
            Ok(()) => Ok(()),
            Err(failure) => Err(self.keys.heed(on, failure).await),
        }
    }

    fn site(&self, address: &str, kept: Kept, now: Timestamp) -> Result<Site, Failure> {
        let (clients, address) = (self.clients.clone(), server(address)?);
        Ok(Site { clients, timeout: self.timeout, address, kept, now })
    }

    async fn open(&self, on: On<'_>) -> Result<Site, Outcome> {
        let kept = self.keys.open(on).await?;
        Ok(self.site(&on.account.server, kept, on.now)?)
    }

    async fn prepared(&self, job: &Job<'_>) -> Result<Prepared, Failure> {
        let site = self.open(job.on).await?;
        let mut prepared = Prepared::default();
        for (media, picture) in job.media.iter().zip(&job.part.media) {
            let slug = page::picture_slug(job.id, media);
            prepared.uploads.push(uploaded(&site, (media, &slug), &picture.alt).await?);
        }
        let known = known(&site, job).await?;
        prepared.draft = Some(drafted(&site, job, (known, prepared.uploads.first())).await?);
        Ok(prepared)
    }

    async fn look(&self, job: &Job<'_>) -> Result<LookedUp, Failure> {
        let (site, slug) = (self.open(job.on).await?, page::slug(job.id));
        // By its id first: something on the site may have given it another address since.
        if let Some(draft) = job.draft {
            match site.get(&["posts", draft], &[EDIT]).await {
                Ok(post) => return Ok(read::looked_up(&post, draft)),
                Err(Failure::NotThere) => {}
                Err(failure) => return Err(failure),
            }
        }
        let query = [("slug", &*slug), ("status", "publish"), EDIT];
        let found = site.get(&["posts"], &query).await?;
        let Some(found) = found.as_array() else { return Ok(LookedUp::CantTell) };
        let Some(first) = found.first() else { return Ok(LookedUp::Absent) };
        let is_it = first["slug"] == slug && first["status"] == "publish";
        Ok(match read::id(first) {
            Some(remote) if is_it => LookedUp::Found { remote, url: read::link(first) },
            _ => LookedUp::CantTell,
        })
    }

    async fn live(&self, on: On<'_>, remote: &str) -> Result<ReadBack, Failure> {
        let site = self.open(on).await?;
        let post = site.get(&["posts", remote], &[EDIT]).await?;
        if post["status"].as_str().is_some_and(|status| status != "publish") {
            return Ok(ReadBack::Gone);
        }
        let text = read::words(&post).ok_or_else(|| site.unclear())?;
        let alts = match read::featured(&post) {
            None => Vec::new(),
            Some(id) => match site.get(&["media", &id], &[EDIT]).await {
                Ok(media) => vec![read::alt(&media).ok_or_else(|| site.unclear())?],
                Err(Failure::NotThere | Failure::NotFound(_)) => Vec::new(),
                Err(failure) => return Err(failure),
            },
        };
        Ok(ReadBack::There { text, alts, media: Vec::new() })
    }

    /// The post into the bin, its picture away for good: it would stay at its address otherwise.
    async fn taken(&self, on: On<'_>, remote: &str) -> Result<(), Failure> {
        let site = self.open(on).await?;
        let post = site.get(&["posts", remote], &[EDIT]).await?;
        site.delete(&["posts", remote], &[]).await?;
        let Some(picture) = read::featured(&post) else { return Ok(()) };
        let media = site.get(&["media", &picture], &[EDIT]).await?;
        // Another picture than ours may be part of other pages.
        if media["slug"].as_str().is_some_and(page::is_ours) {
            site.delete(&["media", &picture], &[("force", "true")]).await?;
        }
        Ok(())
    }
}

#[async_trait]
impl Publisher for WordPress {
    fn network(&self) -> Network {
        NETWORK
    }

    /// One asks for the post by its slug. Should the request land after the look, the next one is
    /// about the same draft and makes no second post.
    fn certainty(&self) -> Certainty {
        Certainty::LookUp { delay: SEEN }
    }

    async fn readiness(&self, on: On<'_>) -> Readiness {
        self.keys.readiness(on).await
    }

    async fn prepare(&self, job: &Job<'_>) -> Result<Prepared, Outcome> {
        checked::pictures(job)?;
        job.part.check().map_err(|refusal| Outcome::Refused(refusal.to_string()))?;
        match self.prepared(job).await {
            Ok(prepared) => Ok(prepared),
            Err(failure) => Err(self.keys.heed(job.on, failure).await),
        }
    }

    async fn publish(&self, job: &Job<'_>, prepared: &Prepared) -> Outcome {
        if let Err(outcome) = checked::uploads(job, prepared) {
            return outcome;
        }
        let Some(draft) = prepared.draft.as_deref().filter(|id| read::is_id(id)) else {
            return Outcome::Refused("there is no draft to publish".to_owned());
        };
        let site = match self.open(job.on).await {
            Ok(site) => site,
            Err(outcome) => return surely_not_sent(outcome, job.on.now),
        };
        let request = match site.request(Method::POST, &["posts", draft], &[]) {
            Ok(request) => request.json(&json!({ "status": "publish" })),
            Err(failure) => return failure.into(),
        };
        match site.ask(request, Effect::Mutates).await {
            Ok(post) => read::published(&post, draft),
            Err(failure) => self.keys.heed(job.on, failure).await,
        }
    }

    async fn look_up(&self, job: &Job<'_>) -> LookedUp {
        match self.look(job).await {
            Ok(looked_up) => looked_up,
            Err(failure) => {
                self.keys.heed(job.on, failure).await;
                LookedUp::CantTell
            }
        }
    }

    async fn read_back(&self, on: On<'_>, remote: &str) -> ReadBack {
        if !read::is_id(remote) {
            return ReadBack::CantTell;
        }
        match self.live(on, remote).await {
            Ok(there) => there,
            Err(Failure::NotThere) => ReadBack::Gone,
            Err(failure) => {
                self.keys.heed(on, failure).await;
                ReadBack::CantTell
            }
        }
    }

    fn reads(&self) -> Option<&dyn Reads> {
        Some(self)
    }

    async fn take_down(&self, on: On<'_>, remote: &str) -> Outcome {
        if !read::is_id(remote) {
            return checked::no_id();
        }
        match self.taken(on, remote).await {
            Ok(()) | Err(Failure::NotThere) => taken_down(remote),
            Err(failure) => self.keys.heed(on, failure).await,
        }
    }
}

/// The site's id of a picture with its alt text: it is there already, or it is uploaded.
async fn uploaded(
    site: &Site,
    (media, slug): (&Media, &str),
    alt: &str,
) -> Result<String, Failure> {
    let found = site.get(&["media"], &[("slug", slug), EDIT]).await?;
    let known = found.as_array().ok_or_else(|| site.unclear())?.first().cloned();
    let made = match known {
        Some(known) => known,
        None => upload(site, media, slug).await?,
    };
    let id = read::id(&made).ok_or_else(|| site.unclear())?;
    let described = match read::alt(&made) {
        Some(has) if has == alt => made,
        _ => site.post(&["media", &id], &json!({ "alt_text": alt })).await?,
    };
    match read::alt(&described) {
        Some(has) if has == alt => Ok(id),
        Some(_) => Err(no("the site changes the picture's alt text, so it was not published: \
            write it without < and >")),
        None => Err(site.unclear()),
    }
}

async fn upload(site: &Site, media: &Media, slug: &str) -> Result<Value, Failure> {
    let ending = if media.media_type == "image/png" { "png" } else { "jpg" };
    let request = site
        .request(Method::POST, &["media"], &[])?
        .header(CONTENT_TYPE, &media.media_type)
        .header(CONTENT_DISPOSITION, format!("attachment; filename=\"{slug}.{ending}\""))
        .body(media.bytes.clone());
    site.ask(request, Effect::Repeatable).await
}

/// The publication's post that is there already: by the id that it had, or by its slug. The one
/// that is live before any other.
async fn known(site: &Site, job: &Job<'_>) -> Result<Option<Value>, Failure> {
    if let Some(draft) = job.draft {
        match site.get(&["posts", draft], &[EDIT]).await {
            Ok(post) if post["status"] != "trash" => return Ok(Some(post)),
            Ok(_) | Err(Failure::NotThere) => {}
            Err(failure) => return Err(failure),
        }
    }
    let slug = page::slug(job.id);
    let found = site.get(&["posts"], &[("slug", &slug), ("status", ANY), EDIT]).await?;
    let found = found.as_array().ok_or_else(|| site.unclear())?;
    let live = found.iter().find(|post| post["status"] == "publish");
    Ok(live.or_else(|| found.first()).cloned())
}

/// The post as a draft: the one that is there already, made what was signed, or a new one.
async fn drafted(
    site: &Site,
    job: &Job<'_>,
    (known, picture): (Option<Value>, Option<&String>),
) -> Result<String, Failure> {
    let (slug, words) = (page::slug(job.id), job.part.words());
    let featured = picture.and_then(|id| id.parse::<u64>().ok()).unwrap_or(0);
    let mut post = json!({
        "title": page::escaped(&page::title(job.part)),
        "content": page::content(&words),
        "featured_media": featured,
    });
    let made = if let Some(known) = known {
        let id = read::id(&known).ok_or_else(|| site.unclear())?;
        // It got there after all; to publish it again changes nothing.
        if known["status"] == "publish" {
            return Ok(id);
        }
        site.post(&["posts", &id], &post).await?
    } else {
        (post["slug"], post["status"]) = (slug.as_str().into(), "draft".into());
        site.post(&["posts"], &post).await?
    };
    let id = read::id(&made).ok_or_else(|| site.unclear())?;
    let has = read::words(&made).ok_or_else(|| site.unclear())?;
    if has == words && made["featured_media"] == featured && made["slug"] == slug {
        return Ok(id);
    }
    Err(no("the site changes the post's words, picture or address, so it was not published"))
}

fn no(why: &str) -> Failure {
    Failure::Ended(Outcome::Refused(why.to_owned()))
}
