// A small bot on Slack's own library for JavaScript; only its base URL is not Slack's.
//
// `bolt.mjs socket` uses Socket Mode, `bolt.mjs http PORT` signed requests and an install by OAuth.

import bolt from '@slack/bolt';

const env = process.env;
const [mode, port] = process.argv.slice(2);
const clientOptions = { slackApiUrl: `${env.SLACK_URL}/api/` };

const installs = new Map();
const byHttp = {
  signingSecret: env.SIGNING_SECRET,
  clientId: env.OAUTH_ID,
  clientSecret: env.OAUTH_SECRET,
  stateSecret: 'a secret for the state',
  scopes: env.OAUTH_SCOPES.split(','),
  redirectUri: `http://127.0.0.1:${port}/slack/oauth_redirect`,
  installationStore: {
    storeInstallation: async (install) => installs.set(install.team.id, install),
    fetchInstallation: async (query) => installs.get(query.teamId),
  },
  installerOptions: {
    authorizationUrl: `${env.SLACK_URL}/oauth/v2/authorize`,
    redirectUriPath: '/slack/oauth_redirect',
    directInstall: true,
    clientOptions,
  },
};
const bySocket = { socketMode: true, appToken: env.APP_TOKEN, token: env.BOT_TOKEN };

const app = new bolt.App({
  ...(mode === 'socket' ? bySocket : byHttp),
  clientOptions,
  logLevel: bolt.LogLevel.WARN,
});

const modal = (begins) => ({
  type: 'modal',
  callback_id: 'draft',
  title: { type: 'plain_text', text: 'New post' },
  submit: { type: 'plain_text', text: 'Send for signature' },
  blocks: [
    {
      type: 'input',
      block_id: 'text',
      label: { type: 'plain_text', text: 'Text' },
      element: {
        type: 'plain_text_input',
        action_id: 'text',
        multiline: true,
        ...(begins && { initial_value: begins }),
      },
    },
  ],
});

const section = (text) => ({ type: 'section', text: { type: 'mrkdwn', text } });

const sign = {
  type: 'actions',
  elements: [
    { type: 'button', action_id: 'sign', value: '1', text: { type: 'plain_text', text: 'Sign' } },
  ],
};

app.command('/post', async ({ ack, body, client }) => {
  if (body.text === 'new') {
    await ack();
    await client.views.open({ trigger_id: body.trigger_id, view: modal() });
  } else {
    await ack('Write `/post new`.');
  }
});

app.shortcut('make_post', async ({ ack, shortcut, client }) => {
  await ack();
  await client.views.open({
    trigger_id: shortcut.trigger_id,
    view: modal(shortcut.message.text),
  });
});

app.view('draft', async ({ ack, view, client }) => {
  const text = view.state.values.text.text.value;
  if (text.length > 40) {
    await ack({ response_action: 'errors', errors: { text: 'At most 40 characters.' } });
    return;
  }
  await ack();
  await client.chat.postMessage({ channel: 'CAPPROVALS', text, blocks: [section(text), sign] });
});

app.action('sign', async ({ ack, body, client, respond }) => {
  await ack();
  const { text, ts } = body.message;
  const blocks = [section(`${text} (signed)`)];
  await client.chat.update({ channel: body.channel.id, ts, text, blocks });
  await respond({ text: 'Thank you.', replace_original: false });
});

app.event('reaction_added', async ({ event, client }) => {
  const { channel, ts } = event.item;
  const found = await client.reactions.get({ channel, timestamp: ts, full: true });
  const marks = found.message.reactions.map((r) => `${r.name} ${r.count}`).join(', ');
  const { user } = await client.users.info({ user: event.user });
  await client.chat.postMessage({ channel, thread_ts: ts, text: `${user.name}: ${marks}` });
});

app.event('reaction_removed', async ({ event, client }) => {
  const { channel, ts } = event.item;
  const text = `${event.reaction} is gone`;
  await client.chat.postMessage({ channel, thread_ts: ts, text });
});

const idea = async (event, client) => {
  const { channel, ts, user } = event;
  if (event.thread_ts) {
    await client.reactions.add({ channel, timestamp: ts, name: 'memo' });
    return;
  }
  await client.chat.postEphemeral({ channel, user, text: 'Noted.' });
  await client.reactions.add({ channel, timestamp: ts, name: 'eyes' });
  let count = 0;
  for await (const page of client.paginate('conversations.history', { channel, limit: 1 })) {
    count += page.messages.length;
  }
  await client.chat.postMessage({ channel, thread_ts: ts, text: `${count} in the channel` });
};

const shared = async (event, client, token) => {
  const file = event.files[0];
  const answer = await fetch(file.url_private, { headers: { Authorization: `Bearer ${token}` } });
  await client.filesUploadV2({
    channel_id: event.channel,
    thread_ts: event.ts,
    initial_comment: 'Here it is again.',
    filename: 'again.png',
    file: Buffer.from(await answer.arrayBuffer()),
  });
};

app.event('message', async ({ event, client, context }) => {
  const { channel } = event;
  if (event.subtype === undefined && channel === 'CIDEAS') {
    await idea(event, client);
  } else if (event.subtype === 'file_share') {
    await shared(event, client, context.botToken);
  } else if (event.subtype === 'message_deleted') {
    await client.chat.postMessage({ channel, text: 'One is gone.' });
  } else if (event.subtype === 'message_changed') {
    const { edited, bot_id, subtype, ts } = event.message;
    if (subtype === 'tombstone') {
      await client.chat.postMessage({ channel, text: 'One is gone.' });
    } else if (edited && !bot_id) {
      await client.chat.postMessage({ channel, thread_ts: ts, text: 'It was edited.' });
    }
  }
});

const homeTab = (text) => {
  const label = { type: 'plain_text', text: 'Look again' };
  const accessory = { type: 'button', action_id: 'again', text: label };
  return { type: 'home', blocks: [{ ...section(text), accessory }] };
};

app.event('app_home_opened', async ({ event, client }) => {
  const view = homeTab('Nothing waits for you.');
  await client.views.publish({ user_id: event.user, view });
});

app.action('again', async ({ ack, body, client }) => {
  await ack();
  const { hash } = body.view;
  await client.views.publish({ user_id: body.user.id, hash, view: homeTab('Still nothing.') });
});

await app.start(mode === 'socket' ? undefined : Number(port));
