// The same job on the library for JavaScript that most bots use: a sign-off by reaction is stored
// for good and counts once, one by button is stored before it is answered, and its card then says
// so.
//
// `node peer.mjs FILE` keeps its sign-offs in that SQLite file.

import Database from 'better-sqlite3';
import {
  ActionRowBuilder,
  ButtonBuilder,
  ButtonStyle,
  Client,
  EmbedBuilder,
  Events,
  GatewayIntentBits as Intent,
  Partials,
} from 'discord.js';

const env = process.env;
const db = new Database(process.argv[2]);
db.pragma('journal_mode = WAL');
db.pragma('synchronous = FULL');
db.exec(`
  CREATE TABLE IF NOT EXISTS sign_offs (
    channel TEXT NOT NULL,
    message TEXT NOT NULL,
    person TEXT NOT NULL,
    at INTEGER NOT NULL,
    shown INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (channel, message, person)
  ) WITHOUT ROWID;
`);

const sign = db.prepare(
  'INSERT OR IGNORE INTO sign_offs (channel, message, person, at) VALUES (?, ?, ?, ?)',
);
const shown = db.prepare('UPDATE sign_offs SET shown = 1 WHERE channel = ? AND message = ?');
const signers = db.prepare('SELECT person FROM sign_offs WHERE channel = ? AND message = ?');

const button = (id, label, style = ButtonStyle.Secondary) =>
  new ButtonBuilder().setCustomId(id).setLabel(label).setStyle(style);

const draft = 'Flu shots this Saturday 9 to 12, no appointment needed.';
const window =
  'Window: Fri 27 Nov 2026, 10:30 to Sat 28 Nov 2026, 10:30 America/Chicago\nContent: ff83cd17';
const hint =
  '✅ = I approve exactly this for publication in my name\n❌ decline · ✋ hold · 🛑 stop everything';

/** The card as it stands: as much as ours has. */
const card = (people) => {
  const signed = `Signed by ${people.join(', ')}, ${new Date().toUTCString()}`;
  const words = `**Post 1, revision 1** by Tomas · **signed off**\n${signed}\n
**Practice page** · 55 of 500 characters\n> ${draft}\n\n${window}\n\n${hint}`;
  const embed = new EmbedBuilder().setColor(0x2e7d32).setDescription(words);
  embed.setFooter({ text: 'ref 9f86d081884c' });
  const first = new ActionRowBuilder().addComponents(
    button('sign', 'Sign', ButtonStyle.Primary),
    button('unsign', 'Take my sign-off back'),
    button('decline', 'Decline'),
    button('hold', 'Hold'),
    button('edit', 'Edit'),
  );
  const second = new ActionRowBuilder().addComponents(
    button('withdraw', 'Withdraw', ButtonStyle.Danger),
  );
  return {
    content: '',
    embeds: [embed],
    components: [first, second],
    allowedMentions: { parse: [] },
  };
};

const client = new Client({
  intents: [Intent.Guilds, Intent.GuildMessages, Intent.GuildMessageReactions],
  // Without these it hears nothing of messages from before it was started.
  partials: [Partials.Message, Partials.Reaction, Partials.User],
  rest: { api: `${env.DISCORD_URL}/api` },
});

/** The card says who signed it. */
const show = async (channel, message) => {
  const people = signers.all(channel, message).map((row) => row.person);
  await client.channels.cache.get(channel).messages.edit(message, card(people));
  shown.run(channel, message);
};

client.on(Events.MessageReactionAdd, async (reaction, user) => {
  if (user.id === client.user.id || reaction.emoji.name !== '✅') return;
  const { channelId, id } = reaction.message;
  if (sign.run(channelId, id, user.id, Date.now()).changes === 0) return;
  await show(channelId, id);
});

client.on(Events.InteractionCreate, async (interaction) => {
  if (!interaction.isButton() || interaction.customId !== 'sign') return;
  const { channelId, message, user } = interaction;
  const isNew = sign.run(channelId, message.id, user.id, Date.now()).changes > 0;
  await interaction.deferUpdate();
  if (isNew) await show(channelId, message.id);
});

await client.login(env.BOT_TOKEN);
