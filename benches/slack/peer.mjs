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

const section = (text) => ({ type: 'section', text: { type: 'mrkdwn', text } });
const button = (id, text) => ({
  type: 'button',
  action_id: id,
  value: id,
  text: { type: 'plain_text', text },
});

/** The card as it stands: about as much as ours has. */
const card = (people) => [
  section('*Post 1, revision 1*'),
  section('Flu shots this Saturday 9 to 12, no appointment needed.'),
  section('Goes to Practice page'),
  {
    type: 'context',
    elements: [{ type: 'mrkdwn', text: `Signed by ${people.map((who) => `<@${who}>`).join(', ')}` }],
  },
  {
    type: 'actions',
    elements: [
      button('unsign', 'Take my sign-off back'),
      button('hold', 'Hold'),
      button('edit', 'Edit'),
      button('withdraw', 'Withdraw'),
    ],
  },
];

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
  const text = `Post 1, revision 1: signed by ${people.length}`;
  await client.chat.update({ channel, ts, text, blocks: card(people) });
  shown.run(channel, ts);
});

await app.start();
