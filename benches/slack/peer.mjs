// The same job on Slack's own library for JavaScript: a sign-off by reaction is stored for good
// before it is acknowledged, counts once however often Slack brings it, and its card then says so.
//
// `node peer.mjs FILE` keeps its sign-offs in that SQLite file.

import bolt from '@slack/bolt';
import Database from 'better-sqlite3';

const env = process.env;
const db = new Database(process.argv[2]);
db.pragma('journal_mode = WAL');
db.pragma('synchronous = FULL');
db.exec(`
  CREATE TABLE IF NOT EXISTS events (id TEXT PRIMARY KEY) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS sign_offs (
    channel TEXT NOT NULL,
    ts TEXT NOT NULL,
    person TEXT NOT NULL,
    at INTEGER NOT NULL,
    shown INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (channel, ts, person)
  ) WITHOUT ROWID;
`);

const hear = db.prepare('INSERT OR IGNORE INTO events (id) VALUES (?)');
const sign = db.prepare(
  'INSERT OR IGNORE INTO sign_offs (channel, ts, person, at) VALUES (?, ?, ?, ?)',
);
const shown = db.prepare('UPDATE sign_offs SET shown = 1 WHERE channel = ? AND ts = ?');
const signers = db.prepare('SELECT person FROM sign_offs WHERE channel = ? AND ts = ?');

const isSignOff = (event) =>
  event?.type === 'reaction_added' && event.reaction === 'white_check_mark';

/** Stores it; false when it was stored before. */
const store = db.transaction(({ event_id: id, event }) => {
  if (hear.run(id).changes === 0) return false;
  if (isSignOff(event)) sign.run(event.item.channel, event.item.ts, event.user, Date.now());
  return true;
});

const lines = (block_id, ...elements) => ({
  type: 'rich_text',
  block_id,
  elements: [{ type: 'rich_text_section', elements }],
});
const words = (text) => ({ type: 'text', text });
const bold = (text) => ({ type: 'text', text, style: { bold: true } });
const plain = (text) => ({ type: 'plain_text', text, emoji: false });
const button = (does, text, more) => ({
  type: 'button',
  action_id: does,
  value: `${does}:post-000000`,
  text: plain(text),
  ...more,
});

const head = ' by Tomas · ';
const draft = 'Flu shots this Saturday 9 to 12, no appointment needed.';
const window =
  'Window: Fri 27 Nov 2026, 10:30 to Sat 28 Nov 2026, 10:30 America/Chicago\nContent: ff83cd17';
const hint =
  '✅ = I approve exactly this for publication in my name\n❌ decline · ✋ hold · 🛑 stop everything';

/** The card as it stands: as much as ours has, in its text and in its blocks. */
const card = (people) => {
  const signed = `Signed by ${people.join(', ')}, ${new Date().toUTCString()}`;
  const text = `Post 1, revision 1${head}signed off
${signed}
Practice page · 55 of 500 characters
${draft}
${window}
${hint}`;
  const blocks = [
    lines('b0', bold('Post 1, revision 1'), words(head), bold('signed off'), words(`\n${signed}`)),
    lines('b1', bold('Practice page'), words(' · 55 of 500 characters')),
    {
      type: 'rich_text',
      block_id: 'b1-quote',
      elements: [{ type: 'rich_text_quote', elements: [words(draft)] }],
    },
    lines('b2', words(window)),
    { type: 'divider', block_id: 'b3' },
    lines('b4', words(hint)),
    {
      type: 'actions',
      block_id: 'b5',
      elements: [
        button('sign', 'Sign', { style: 'primary' }),
        button('unsign', 'Take my sign-off back'),
        button('decline', 'Decline'),
        button('hold', 'Hold'),
        button('edit', 'Edit'),
        button('withdraw', 'Withdraw', {
          style: 'danger',
          confirm: {
            style: 'danger',
            title: plain('Withdraw?'),
            text: plain("This can't be taken back."),
            confirm: plain('Withdraw'),
            deny: plain('Cancel'),
          },
        }),
      ],
    },
  ];
  return { text, blocks };
};

const app = new bolt.App({
  socketMode: true,
  appToken: env.APP_TOKEN,
  token: env.BOT_TOKEN,
  clientOptions: { slackApiUrl: `${env.SLACK_URL}/api/` },
  logLevel: bolt.LogLevel.ERROR,
});

// Bolt acknowledges an event before any listener sees it, so that it is stored here.
const processEvent = app.processEvent.bind(app);
app.processEvent = async (received) => {
  if (!store(received.body)) return received.ack();
  return processEvent(received);
};

app.event('reaction_added', async ({ event, client }) => {
  if (!isSignOff(event)) return;
  const { channel, ts } = event.item;
  const people = signers.all(channel, ts).map((row) => row.person);
  await client.chat.update({ channel, ts, ...card(people) });
  shown.run(channel, ts);
});

await app.start();
