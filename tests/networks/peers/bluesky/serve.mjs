// A Bluesky of one's own on this machine alone: Bluesky's PDS, PLC and, where PostgreSQL is, its
// AppView, which counts and notifies. It prints one line of JSON, and serves until its input ends.
//
//   PEER_POSTGRES=postgres://.. PEER_RATE_LIMITS=1 node serve.mjs

import { mkdtempSync, rmSync } from 'node:fs'
import http from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// Read when the packages below are.
process.env.LOG_ENABLED = 'false'
const { ADMIN_PASSWORD, JWT_SECRET, TestBsky, TestPds, TestPlc, mockNetworkUtilities } =
  await import('@atproto/dev-env')

// The servers themselves would be heard by the whole net.
const listen = http.Server.prototype.listen
http.Server.prototype.listen = function (port, ...rest) {
  return listen.call(this, port, '127.0.0.1', ...rest.filter((one) => typeof one === 'function'))
}

// All that is stored goes to `tmpdir()`.
process.env.TMPDIR = mkdtempSync(join(tmpdir(), 'bluesky-'))
// What else it may say is of another client.
const postgres = process.env.PEER_POSTGRES?.split('?')[0]
const rateLimitsEnabled = process.env.PEER_RATE_LIMITS === '1'
process.stdin.on('end', ends).resume()
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, ends)

const plc = await TestPlc.create({})
const { pds, appview } = postgres ? await withAppView() : await alone()
const here = `http://127.0.0.1:${pds.port}`
const accounts = {}
for (const name of ['practice', 'patient', 'troubled']) accounts[name] = await signUp(name)
const told = { pds: here, plc: plc.url, appview, admin: ADMIN_PASSWORD, secret: JWT_SECRET, accounts }
console.log(JSON.stringify(told))

async function alone() {
  console.error('no PEER_POSTGRES: a PDS and a PLC, and no AppView')
  const pds = await TestPds.create({ didPlcUrl: plc.url, rateLimitsEnabled })
  mockNetworkUtilities(pds)
  return { pds, appview: null }
}

async function withAppView() {
  const { default: freePort } = await import('get-port')
  const port = await freePort()
  const bsky = await TestBsky.create({
    pdsPort: port,
    plcUrl: plc.url,
    repoProvider: `ws://localhost:${port}`,
    dbPostgresUrl: postgres,
    dbPostgresSchema: 'appview',
  })
  const pds = await TestPds.create({
    port,
    didPlcUrl: plc.url,
    rateLimitsEnabled,
    bskyAppViewUrl: bsky.url,
    bskyAppViewDid: bsky.ctx.cfg.serverDid,
  })
  mockNetworkUtilities(pds, bsky)
  return { pds, appview: `http://127.0.0.1:${bsky.port}` }
}

async function signUp(name) {
  const handle = `${name}.test`
  const made = await calls('com.atproto.server.createAccount', {
    handle,
    email: `${name}@example.com`,
    password: `${name}-password`,
  })
  const app = await calls('com.atproto.server.createAppPassword', { name: 'tests' }, made.accessJwt)
  return { did: made.did, handle, password: `${name}-password`, appPassword: app.password }
}

async function calls(method, body, token) {
  const headers = { 'content-type': 'application/json' }
  if (token) headers.authorization = `Bearer ${token}`
  const asked = { method: 'POST', headers, body: JSON.stringify(body) }
  const answer = await fetch(`${here}/xrpc/${method}`, asked)
  if (!answer.ok) throw new Error(`${method}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}

function ends() {
  rmSync(process.env.TMPDIR, { recursive: true, force: true })
  process.exit()
}
