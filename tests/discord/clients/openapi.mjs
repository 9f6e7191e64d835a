// Holds requests and answers, a line each on the standard input, against schemas that were made
// of Discord's OpenAPI document; prints how many there were.

import { createInterface } from 'node:readline';
import * as schemas from 'discord-api-spec/zod';
import { z } from 'zod';

const message = ['MessageCreateRequest', 'MessageResponse'];
const editMessage = ['MessageEditRequestPartial', 'MessageResponse'];
const list = (schema) => z.array(schemas[`${schema}Schema`]);

// What a route takes and what it answers; nothing where the document has nothing to say.
const routes = {
  'GET /gateway': [null, 'GatewayResponse'],
  'GET /gateway/bot': [null, 'GatewayBotResponse'],
  'GET /users/@me': [null, 'UserPIIResponse'],
  'GET /users/@me/guilds': [null, list('MyGuildResponse')],
  'GET /users/*': [null, 'UserResponse'],
  'POST /users/@me/channels': ['CreatePrivateChannelRequest', 'PrivateChannelResponse'],
  'GET /oauth2/applications/@me': [null, 'PrivateApplicationResponse'],
  'GET /applications/@me': [null, 'PrivateApplicationResponse'],
  'GET /guilds/*': [null, 'GuildWithCountsResponse'],
  'GET /guilds/*/members': [null, list('GuildMemberResponse')],
  'GET /guilds/*/members/*': [null, 'GuildMemberResponse'],
  'GET /guilds/*/roles': [null, list('GuildRoleResponse')],
  'GET /guilds/*/channels': [null, list('GuildChannelResponse')],
  'GET /guilds/*/threads/active': [null, 'ThreadsResponse'],
  'GET /channels/*': [null, 'ThreadResponse'],
  'PATCH /channels/*': ['UpdateThreadRequestPartial', 'ThreadResponse'],
  'GET /channels/*/messages': [null, list('MessageResponse')],
  'POST /channels/*/messages': message,
  'GET /channels/*/messages/*': [null, 'MessageResponse'],
  'PATCH /channels/*/messages/*': editMessage,
  'DELETE /channels/*/messages/*': [],
  'POST /channels/*/messages/*/threads': ['CreateTextThreadWithMessageRequest', 'ThreadResponse'],
  'PUT /channels/*/messages/*/reactions/*/@me': [],
  'GET /channels/*/messages/*/reactions/*': [null, list('UserResponse')],
  'GET /applications/*/commands': [null, list('ApplicationCommandResponse')],
  'PUT /applications/*/commands': [
    list('ApplicationCommandUpdateRequest'),
    list('ApplicationCommandResponse'),
  ],
  'PUT /applications/*/guilds/*/commands': [
    list('ApplicationCommandUpdateRequest'),
    list('ApplicationCommandResponse'),
  ],
  'POST /interactions/*/*/callback': [null, 'InteractionCallbackResponse'],
  'POST /webhooks/*/*': ['IncomingWebhookRequestPartial', 'MessageResponse'],
  'PATCH /webhooks/*/*/messages/@original': [
    'IncomingWebhookUpdateRequestPartial',
    'MessageResponse',
  ],
};

// JSON Schema's date-time allows any zone, Zod's only that of Greenwich, and that only as a letter.
// Ids may be numbers where the document knows only text.
const read = (text) => {
  const zoned = text.replaceAll(/(\d\d:\d\d\.\d+)\+00:00"/g, '$1Z"');
  const call = JSON.parse(zoned.replaceAll(/:(\d{17,})(?=[,}])/g, ':"$1"'));
  for (const file of call.request?.attachments ?? []) file.id = String(file.id);
  return call;
};

// What is wrong with a field has a name, as Discord's other pages show, and not a number.
const numbered = (answer) => {
  const text = JSON.stringify(answer);
  return JSON.parse(text.replaceAll(/"code":"[A-Z][A-Z0-9_]*"/g, '"code":0'));
};

const wrong = [];
let count = 0;
const hold = (route, what, schema, value) => {
  const known = typeof schema === 'string' ? schemas[`${schema}Schema`] : schema;
  if (!known) {
    wrong.push(`${route}: there is no schema ${schema}`);
    return;
  }
  const held = known.safeParse(value);
  if (!held.success) {
    wrong.push(`${route}: ${what} ${JSON.stringify(value)}\n${z.prettifyError(held.error)}`);
  }
};

for await (const line of createInterface({ input: process.stdin })) {
  const { route, request, status, answer } = read(line);
  count += 1;
  if (!(route in routes)) {
    wrong.push(`${route}: not in the table`);
    continue;
  }
  const [takes, answers] = routes[route];
  if (takes && status < 400) hold(route, 'request', takes, request);
  // The document has a code in each limit; Discord's other pages and its answers do not.
  if (status === 429) hold(route, 'answer', 'RatelimitedResponse', { code: 0, ...answer });
  else if (status >= 400) hold(route, 'answer', 'ErrorResponse', numbered(answer));
  else if (answers && status !== 204) hold(route, 'answer', answers, answer);
}

if (wrong.length > 0) {
  console.error(wrong.join('\n'));
  process.exit(1);
}
console.log(count);
