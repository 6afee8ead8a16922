/** An attempt to log in as only the browser remembers it. */
import { randomBytes } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import test from 'ava'
import fc from 'fast-check'
import {
  type Attempt,
  createAttempt,
  findFault,
  maxAgeSeconds,
  parseAttempt,
  proofsOf,
  renderAttempt,
} from '../../../../../server/iam/oidc/flow.ts'

const begin = (destination = '/v1/iam/device?code=x') => createAttempt(randomBytes(32), 1_000_000, destination)

test('what a browser keeps is read as it was written, for any destination, and nothing else is', t => {
  fc.assert(
    fc.property(fc.webPath(), fc.nat(), (destination, startedMs) => {
      const attempt = createAttempt(randomBytes(32), startedMs, destination)
      return isDeepStrictEqual(parseAttempt(renderAttempt(attempt)), attempt)
    }),
    { numRuns: 100 },
  )
  fc.assert(
    fc.property(fc.string(), garbage => parseAttempt(garbage) === undefined),
    { numRuns: 100 },
  )
  t.pass()
})

test('the answer to an attempt ends it within its time, and only the answer to this one', t => {
  const attempt = begin()
  const { state } = proofsOf(attempt)
  const faultAfter = (ms: number, of: Attempt | undefined = attempt, told = state) =>
    findFault(of, told, 1_000_000 + ms)
  t.is(faultAfter(0), undefined)
  t.is(faultAfter(maxAgeSeconds * 1000), undefined)
  t.is(faultAfter(maxAgeSeconds * 1000 + 1), 'it took more than 10 minutes')
  t.is(faultAfter(-1), 'it took more than 10 minutes')
  t.is(findFault(undefined, state, 1_000_000), 'this browser began no login, or it keeps no cookies')
  for (const told of ['', 'x', `${state}x`, proofsOf(begin()).state, proofsOf(attempt).nonce, 'ä'.repeat(43)])
    t.regex(faultAfter(0, attempt, told) ?? '', /^it is not the answer/, told)
})

test('an attempt that was changed fits no state: neither its time nor its destination', t => {
  const attempt = begin()
  const { state } = proofsOf(attempt)
  for (const changed of [{ startedMs: 1_000_001 }, { destination: '/elsewhere' }, { secret: begin().secret }])
    t.regex(findFault({ ...attempt, ...changed }, state, 1_000_001) ?? '', /^it is not the answer/)
})

test('state, nonce and verifier tell nothing of each other, nor of those of another attempt', t => {
  const all = [begin(), begin()].flatMap(attempt => Object.values(proofsOf(attempt)))
  t.is(new Set(all).size, 6)
  for (const proof of all) t.regex(proof, /^[\w-]{43}$/)
})
