/** Which results of a handler come piece by piece. */
import { Readable } from 'node:stream'
import test from 'ava'
import { isStream } from '../../../../../server/runtimes/nodejs/pieces.ts'

const iterable = { next: () => ({ done: true, value: 1 }), [Symbol.iterator]: () => [1].values() }

const streams: Record<string, unknown> = {
  'a generator': (function* () {})(),
  'an async generator': (async function* () {})(),
  'an iterator': new Map([[1, 2]]).entries(),
  'an iterator of ones own': iterable,
  'a stream of Node': Readable.from(['a']),
  'a stream of the web': new Blob(['a']).stream(),
}
const values: Record<string, unknown> = {
  'an array': [1],
  'a map': new Map(),
  'a set': new Set(),
  'a text': 'abc',
  bytes: Buffer.from('abc'),
  'an object with a member next': { next: () => undefined },
  'an iterator with a JSON form of its own': { ...iterable, toJSON: () => [1] },
  nothing: null,
  undefined: undefined,
}

for (const [what, value] of Object.entries(streams)) test(`${what} does`, t => t.true(isStream(value)))
for (const [what, value] of Object.entries(values)) test(`${what} does not`, t => t.false(isStream(value)))
