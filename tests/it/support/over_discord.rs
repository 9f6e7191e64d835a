//! The conversation's platform when it is the simulated Discord: what people do there comes in as
//! Discord brings it, and what is shown goes out as Discord takes it.
//!
//! As with Slack, the names of messages are exchanged at the border; people and channels have the
//! same names there, and ids of Discord's making.

mod acts;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use countersign::app::office::Office;
use countersign::chat::discord::listen::{Ears, hear};
use countersign::chat::discord::{Api, DiscordChat, Health, Wires, show};
use countersign::cli::sample;
use countersign::domain::member::{Identity, Platform};
use countersign::domain::practice::ChannelRef;
use countersign::domain::secret::Secret;
use countersign::ports::chat::{Chat, MessageRef, Place, Unreachable};
use countersign::ports::clock::Clock;
use countersign::ports::intake::{ChatEvent, Happening, Receipt, Theirs};
use countersign::render::Words;
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{Mutex, watch};

use super::border::{Border, Names, OTHERS, ROOMS, ours, there};
use super::chat::FOUNDERS;
use crate::discord::{At, Discord, How, Id, Order, Overwrite, Person, World};

/// The intents of a session that hears all that is said.
const INTENTS: u64 = 1 | 1 << 9 | 1 << 10 | 1 << 12 | 1 << 15;
/// Sees a channel.
const VIEW_CHANNEL: u64 = 1 << 10;

/// The simulated Discord, and our end of it.
pub struct OverDiscord {
    /// Discord.
    pub discord: Discord,
    /// Our port towards it.
    pub chat: DiscordChat,
    clock: Arc<dyn Clock>,
    border: Arc<Border>,
    ears: Ears,
    deaf: AtomicBool,
    /// It tells of reactions that do not stand any more.
    pub hearsay: AtomicBool,
    /// What Discord brings.
    brings: Mutex<UnboundedReceiver<Order>>,
    /// As long as these are there, Discord tells of everything, and is heard.
    _open: (UnboundedSender<Order>, watch::Sender<Health>),
}

/// Who and what is called how there.
struct There(Discord);

impl Names for There {
    fn person(&self, theirs: &Identity) -> Identity {
        let name = self.0.with(|world| {
            let user = theirs.user.parse().ok().and_then(|id| world.user(id));
            user.map(|user| user.name.clone())
        });
        sample::identity(name.as_deref().unwrap_or(&theirs.user))
    }

    fn channel(&self, theirs: &ChannelRef) -> ChannelRef {
        let name = self.0.with(|world| {
            let channel = theirs.channel.parse().ok().and_then(|id| world.channel(id));
            channel.map(|channel| channel.name.clone())
        });
        sample::channel(name.as_deref().unwrap_or(&theirs.channel))
    }

    fn place(&self, ours: Theirs) -> Theirs {
        let (platform, workspace) = (Platform::Discord, self.0.guild().to_string());
        let user = self.0.user_id(&ours.from.user).to_string();
        let channel = self.0.channel_id(&ours.channel.channel).to_string();
        Theirs {
            from: Identity { platform, workspace: workspace.clone(), user },
            channel: ChannelRef { platform, workspace, channel },
            ..ours
        }
    }
}

impl OverDiscord {
    /// Discord, with the sample practice in it; it is now as the clock says.
    pub fn start(clock: Arc<dyn Clock>) -> Self {
        let discord = Discord::start();
        discord.without_limits();
        let (session, brings) = unbounded_channel();
        discord.with(|world| {
            world.timing.answer = Duration::from_secs(30);
            populate(world);
            let now = u64::try_from(clock.now().as_second()).expect("after 1970");
            world.is_not_before(now);
            let app = world.apps[0].clone();
            world.apps[0].commands = commands();
            let said = json!({ "token": app.token, "intents": INTENTS, "shard": [0, 1] });
            world.identify(&said, &session);
        });
        let app = discord.app();
        let api = Api::new(discord.url(), Secret::new(app.token)).expect("an address");
        let wires = Wires::new(api);
        let words = Arc::new(Words::built_in().expect("templates compile"));
        let border = Arc::new(Border::of(Box::new(There(discord.clone()))));
        let (is_heard, health) = watch::channel(Health::Up);
        let chat = DiscordChat::new(&wires, words.clone(), border.clone(), health);
        let ears = Ears::new(border.clone(), wires, words, clock.clone());
        let (deaf, hearsay) = (AtomicBool::new(false), AtomicBool::new(false));
        let brings = Mutex::new(brings);
        Self {
            discord,
            chat,
            clock,
            border,
            ears,
            deaf,
            hearsay,
            brings,
            _open: (session, is_heard),
        }
    }

    /// Events go to this office from now on.
    pub fn belongs_to(&self, office: &Arc<Office>) {
        *self.border.office.lock().expect("whole") = Some(office.clone());
    }

    /// Every event comes twice.
    pub fn twice(&self, twice: bool) {
        self.border.twice.store(twice, Ordering::SeqCst);
    }

    /// Whoever asks for choices waits for ever.
    pub fn stalls(&self) {
        self.border.stalls.store(true, Ordering::SeqCst);
    }

    /// What Discord brings is lost.
    pub fn deaf(&self, deaf: bool) {
        self.deaf.store(deaf, Ordering::SeqCst);
    }

    /// These people are in a channel, and nobody else but the bot.
    pub fn are_in(&self, channel: &str, people: &[&'static str]) {
        let bot = self.discord.app().id;
        self.discord.with(|world| {
            let guild = world.guilds[0].id;
            let known = world.channels.iter().find(|known| known.name == channel);
            let id = known.map(|known| known.id);
            let id = id.unwrap_or_else(|| world.add_channel(guild, channel));
            let one = |id, of_member, allow, deny| Overwrite { id, of_member, allow, deny };
            let user = |name: &&str| world.users.iter().find(|user| user.name == **name);
            let members = people.iter().filter_map(user).map(|user| user.id).chain([bot]);
            let seen = members.map(|id| one(id, true, VIEW_CHANNEL, 0));
            let overwrites = [one(guild, false, 0, VIEW_CHANNEL)].into_iter().chain(seen).collect();
            world.channel_mut(id).expect("there").overwrites = overwrites;
        });
    }

    /// Discord does not answer the next notice, and shows it all the same or not.
    pub fn loses_an_answer(&self, place: &Place, shown: bool) {
        let routes: &[&str] = match (&place.instead_of, &place.only) {
            (Some(_), _) => &["PATCH /channels/*/messages/*"],
            (None, Some(_)) => &["POST /channels/*/messages", "POST /webhooks/*/*"],
            (None, None) => &["POST /channels/*/messages"],
        };
        for route in routes {
            self.discord.fault(route, 1, if shown { How::DropsAnswer } else { How::Breaks });
        }
    }

    /// Somebody does this there; what the gate makes of it.
    pub async fn happens(&self, who: &str, what: &Happening, files: &[Vec<u8>]) -> Receipt {
        self.hears_out().await;
        self.border.receipts.lock().expect("whole").clear();
        let now = u64::try_from(self.clock.now().as_second()).expect("after 1970");
        self.discord.with(|world| world.is_not_before(now));
        let person = self.discord.person(who);
        self.does(&person, what, files).await;
        self.hears_out().await;
        let heard = self.border.receipts.lock().expect("whole").pop();
        heard.unwrap_or(Receipt::Ignored)
    }

    /// Hears what was brought until now.
    pub async fn hears_out(&self) {
        let mut brings = self.brings.lock().await;
        while let Ok(order) = brings.try_recv() {
            self.hears(order).await;
        }
    }

    async fn hears(&self, order: Order) {
        let Order::Send(frame) = order else { return };
        let frame: Value = serde_json::from_str(&frame).expect("JSON");
        if let (Some(kind), false) = (frame["t"].as_str(), self.deaf.load(Ordering::SeqCst)) {
            hear(&self.ears, kind, &frame["d"]).await;
        }
    }

    /// Does something that waits for an answer, and hears of it meanwhile.
    pub async fn answered<T>(&self, acts: impl Future<Output = T>) -> T {
        let mut brings = self.brings.lock().await;
        let mut acts = std::pin::pin!(acts);
        loop {
            tokio::select! {
                biased;
                done = &mut acts => return done,
                Some(order) = brings.recv() => self.hears(order).await,
            }
        }
    }

    /// The message there, where it is one of a conversation.
    async fn at(&self, message: &MessageRef) -> Option<At> {
        let stands = there(&self.border.messages.lock().await, &message.message)?;
        Some(at(&stands))
    }

    /// A message is gone, and nobody hears of it yet.
    pub async fn loses(&self, message: &MessageRef) {
        if let Some((channel, id)) = self.at(message).await {
            self.discord.with(|world| {
                if let Some(message) = world.message_mut(channel, id) {
                    message.gone = true;
                }
            });
        }
    }

    /// The message there; written before anybody listened, if nobody wrote it yet.
    async fn found(&self, person: &Person, message: &MessageRef, text: &str) -> At {
        if let Some(at) = self.at(message).await {
            return at;
        }
        self.hears_out().await;
        let deaf = self.deaf.swap(true, Ordering::SeqCst);
        let at = person.says(&message.channel.channel, text);
        self.hears_out().await;
        self.deaf.store(deaf, Ordering::SeqCst);
        self.border.messages.lock().await.push((message.message.clone(), named(at.0, at)));
        at
    }

    /// A place as Discord calls it.
    pub async fn place(&self, place: &Place) -> Place {
        let names = self.border.messages.lock().await;
        let id = |message: &String| there(&names, message).map_or(message.clone(), |at| at.1);
        let only = place.only.as_ref().map(|who| Identity {
            platform: Platform::Discord,
            workspace: self.discord.guild().to_string(),
            user: self.discord.user_id(&who.user).to_string(),
        });
        Place {
            channel: self.channel(&place.channel),
            thread: place.thread.as_ref().map(id),
            only,
            instead_of: place.instead_of.as_ref().map(id),
        }
    }

    /// A channel there.
    pub fn channel(&self, ours: &ChannelRef) -> ChannelRef {
        ChannelRef {
            platform: Platform::Discord,
            workspace: self.discord.guild().to_string(),
            channel: self.discord.channel_id(&ours.channel).to_string(),
        }
    }

    /// A message as Discord calls it.
    pub async fn message(&self, message: &MessageRef) -> MessageRef {
        let stands = there(&self.border.messages.lock().await, &message.message);
        let id = stands.map_or_else(|| message.message.clone(), |at| at.1);
        MessageRef { channel: self.channel(&message.channel), message: id }
    }

    /// What happened in a channel while nobody listened, as the conversation has it.
    pub async fn missed(
        &self,
        at: &ChannelRef,
        since: Timestamp,
        known: &[MessageRef],
    ) -> Result<Vec<ChatEvent>, Unreachable> {
        let mut there = Vec::new();
        for message in known {
            there.push(self.message(message).await);
        }
        let mut events = Vec::new();
        for event in self.chat.missed(&self.channel(at), since, &there).await? {
            events.push(self.border.ours(event).await);
        }
        Ok(events)
    }

    /// A message that stands there is called so from now on.
    pub async fn is_called(&self, ours: &MessageRef, theirs: &MessageRef) {
        let at = (theirs.channel.channel.clone(), theirs.message.clone());
        self.border.messages.lock().await.push((ours.message.clone(), at));
    }

    /// How we call a message of theirs, if we call it anything.
    pub async fn ours(&self, theirs: &MessageRef) -> Option<String> {
        ours(&self.border.messages.lock().await, &theirs.message)
    }

    /// Somebody as the practice calls them.
    pub fn person(&self, theirs: &Identity) -> Identity {
        There(self.discord.clone()).person(theirs)
    }

    /// The newest message of the bot's.
    pub fn newest(&self, place: &Place) -> MessageRef {
        let (channel, bot) = (self.channel(&place.channel), self.discord.app().id);
        let message = self.discord.with(|world| {
            let all = world.channels.iter().flat_map(|channel| &channel.messages);
            let own = all.filter(|message| message.author == bot && !message.gone);
            let newest = own.max_by_key(|message| message.id).expect("shown");
            (newest.channel.to_string(), newest.id.to_string())
        });
        let id = if message.0 == channel.channel {
            message.1
        } else {
            format!("{}/{}", message.0, message.1)
        };
        MessageRef { channel, message: id }
    }
}

/// Who and what is there beside the sample practice.
fn populate(world: &mut World) {
    let guild = world.guilds[0].id;
    // Whose a server is sees all of it; that is nobody of the practice.
    world.guilds[0].owner = world.apps[0].id;
    for name in OTHERS {
        let user = world.add_user(name);
        world.user_mut(user).expect("made").bot = name == "robot";
        world.join(guild, user, Vec::new());
    }
    let managers = world.add_role(guild, "managers");
    let roles = &mut world.guild_mut(guild).expect("made").roles;
    roles.iter_mut().find(|role| role.id == managers).expect("made").permissions = MANAGE_GUILD;
    for name in FOUNDERS {
        let user = world.users.iter().find(|user| user.name == name).expect("made").id;
        let mut members = world.guild_mut(guild).expect("made").members.iter_mut();
        members.find(|member| member.user == user).expect("joined").roles.push(managers);
    }
    for name in ROOMS {
        world.add_channel(guild, name);
    }
}

/// Whoever has it looks after the server.
const MANAGE_GUILD: u64 = 1 << 5;

/// The commands, as Discord keeps them.
fn commands() -> Vec<Value> {
    let Value::Array(mut all) = show::command::all() else { panic!("a list") };
    for (nth, command) in all.iter_mut().enumerate() {
        command["id"] = json!((nth + 1).to_string());
        command["guild_id"] = Value::Null;
        if command["type"].is_null() {
            command["type"] = json!(1);
        }
    }
    all
}

/// Where a message of theirs stands.
pub fn stands(theirs: &MessageRef) -> At {
    at(&(theirs.channel.channel.clone(), theirs.message.clone()))
}

/// Where a message of a name stands.
fn at((channel, message): &(String, String)) -> At {
    let (stands_in, message) = message.split_once('/').unwrap_or((channel, message));
    let id = |text: &str| text.parse::<Id>().unwrap_or_else(|_| panic!("{text} is no id"));
    (id(stands_in), id(message))
}

/// A message of a channel as names have it; one in a thread says in which.
fn named(home: Id, (stands_in, message): At) -> (String, String) {
    let id = if home == stands_in { message.to_string() } else { format!("{stands_in}/{message}") };
    (home.to_string(), id)
}
