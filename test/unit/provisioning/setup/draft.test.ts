/** A draft is readable by nobody, for one browser, and for a time. */
import test from 'ava'
import { createDraftSeal } from '../../../../provisioning/setup/draft.ts'
import { readEntries } from '../../../../provisioning/setup/entries.ts'

const form: Record<string, string> = { code: 'K7QM', password: 'wïnter', certificate: 'own', chain: 'PEM' }
const entries = readEntries(name => form[name])

test('what was sealed is there again, until its time is over', t => {
  let nowMs = 0
  const { seal, open } = createDraftSeal({ nowMs: () => nowMs, lifeMs: 1000 })
  const sealed = seal(entries, 'token')
  t.deepEqual(open(sealed, 'token'), entries)
  nowMs = 1000
  t.is(open(sealed, 'token'), undefined)
})

test('it shows nothing of what is in it, and never looks the same', t => {
  const { seal } = createDraftSeal({ nowMs: () => 0 })
  const [one, other] = [seal(entries, 'token'), seal(entries, 'token')]
  t.not(one, other)
  for (const text of [one, Buffer.from(one, 'base64url').toString('latin1')]) t.notRegex(text, /K7QM|nter|PEM/)
})

test('another browser, another start, and whoever changes a byte of it cannot open it', t => {
  const { seal, open } = createDraftSeal({ nowMs: () => 0 })
  const sealed = seal(entries, 'token')
  t.is(open(sealed, 'other'), undefined)
  t.is(createDraftSeal({ nowMs: () => 0 }).open(sealed, 'token'), undefined)
  const bytes = Buffer.from(sealed, 'base64url')
  for (const index of [0, 12, 30, bytes.length - 1]) {
    const changed = Buffer.from(bytes)
    changed[index] = (changed[index] ?? 0) ^ 1
    t.is(open(changed.toString('base64url'), 'token'), undefined)
  }
  for (const none of ['', 'x', bytes.subarray(0, 20).toString('base64url')]) t.is(open(none, 'token'), undefined)
})
