// How long the networks find the texts of tests/it/data/counts/texts.json, as their own libraries
// say: X by twitter-text, Bluesky by @atproto/api. Mastodon has no library; its rule is below.
//
//   node counts.mjs          writes counts.json beside the texts
//   node counts.mjs --check  fails where counts.json says otherwise

import { readFileSync, writeFileSync } from 'node:fs'
import { RichText } from '@atproto/api'
import twitter from 'twitter-text'

const folder = new URL('../../it/data/counts/', import.meta.url)
const texts = JSON.parse(readFileSync(new URL('texts.json', folder), 'utf8'))
const lines = Object.entries(texts).map(([name, text]) => {
  const bluesky = new RichText({ text })
  const counts = {
    x: twitter.parseTweet(text).weightedLength,
    bluesky_graphemes: bluesky.graphemeLength,
    bluesky_bytes: bluesky.length,
    mastodon: mastodon(text),
  }
  return `  ${JSON.stringify(name)}: ${JSON.stringify(counts)}`
})
const said = `{\n${lines.join(',\n')}\n}\n`
const file = new URL('counts.json', folder)
if (process.argv[2] === '--check') checks(readFileSync(file, 'utf8').split('\n'), said.split('\n'))
else writeFileSync(file, said)

function checks(committed, today) {
  const other = today.filter((line, at) => line !== committed[at])
  if (other.length === 0 && committed.length === today.length) return
  console.error(`counts.json is not what the libraries say today:\n${other.join('\n')}`)
  process.exit(1)
}

// Mastodon counts grapheme clusters, of which a link with its scheme has 23, and a mention loses
// its server: `countable_text` and `countable_length` in app/validators/status_length_validator.rb
// of github.com/mastodon/mastodon. What a link is, it takes from twitter-text, with paths and
// queries of its own (config/initializers/twitter_regex.rb there); what a mention is, from
// `Account::MENTION_RE` (app/models/account.rb) and app/lib/extractor.rb. Ruby may count the parts of
// an Indic conjunct apart that others count as one cluster, so none is among the texts.
function mastodon(text) {
  const found = [...links(text), ...mentions(text)].sort((one, other) => one.start - other.start)
  let counted = ''
  let end = 0
  for (const one of found) {
    if (one.start < end) continue
    counted += text.slice(end, one.start) + one.counts
    end = one.end
  }
  counted += text.slice(end)
  return [...new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(counted)].length
}

function links(text) {
  const { validUrlPrecedingChars: before, validDomain: domain } = twitter.regexen
  const white = '\\t-\\r \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000'
  const any = `[^${white}<>()?]`
  const balanced = `\\((?:${any}+|${any}*\\(${any}+\\)${any}*)\\)`
  const last = `(?:[^${white}()?!*"'「」<>;:=,.$%\\[\\]~&|@]|${balanced})`
  const path = `(?:${any}*(?:${balanced}${any}*)*${last}|${any}+/)`
  const beyond = '\\xa0-\\ufdcf\\ufdf0-\\uffef'
  const query = `\\?[a-z0-9!?*'();:&=+$/%#\\[\\]\\-_.,~|@^${beyond}]*[a-z0-9_&=#/\\-${beyond}]`
  const scheme = '(?:https?|dat|dweb|ipfs|ipns|ssb|gopher|gemini)://'
  const rest = `${domain.source}(?::[0-9]+)?(?:/${path}*)?(?:${query})?`
  // Also without a scheme, as what begins within such a one is no link.
  const link = new RegExp(`${before.source}((${scheme})?${rest})`, 'gi')
  return [...text.matchAll(link)]
    .filter((match) => match[2])
    .map((match) => {
      const end = match.index + match[0].length
      return { start: end - match[1].length, end, counts: 'x'.repeat(23) }
    })
}

function mentions(text) {
  const word = '[\\p{L}\\p{M}\\p{Nd}\\p{Pc}]'
  const name = '[a-zA-Z0-9_]+(?:[.-]+[a-zA-Z0-9_]+)*'
  const server = `${word}+(?:[.-]+${word}+)*`
  const mention = new RegExp(`(?<![=/]|${word})@(${name})(?:@(${server}))?`, 'gu')
  return [...text.matchAll(mention)]
    .map((match) => {
      const end = match.index + match[0].length
      return { start: match.index, end, counts: `@${match[1]}`, server: match[2] ?? '' }
    })
    .filter(({ end, server }) => {
      return !twitter.regexen.endMentionMatch.test(text.slice(end)) && server.length <= 253
    })
}
