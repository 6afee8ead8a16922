/** What the gateway makes of secrets: kept until they change, but no failure to read one is. */
import test from 'ava'
import { pino } from 'pino'
import { dispatchError } from '../../../../server/core/errors.ts'
import { createSecretCache } from '../../../../server/gateway/secret-cache.ts'

const values = { key: 'value' }
const reading = async () => values

/** Reads by each of `reads` in turn. */
function open(reads: (() => Promise<Record<string, string>>)[]) {
  let count = 0
  const read = () => {
    count += 1
    return reads[count - 1]?.() ?? Promise.reject(new Error('one read too many'))
  }
  const parse = ({ key }: Record<string, string>) => {
    if (key === undefined) throw new Error('no key in it')
    return key
  }
  const log = pino({ level: 'silent' })
  const cache = createSecretCache({ secrets: { read }, log, parse, uselessText: 'a secret is of no use' })
  return { cache, reads: () => count }
}

test('a secret is read once, and again when it was written', async t => {
  const { cache, reads } = open([reading, reading])
  t.deepEqual([await cache.find('o', 's'), await cache.find('o', 's')], ['value', 'value'])
  t.is(reads(), 1)
  cache.forget('o', 's')
  t.is(await cache.find('o', 's'), 'value')
})

const useless: [string, () => Promise<Record<string, string>>][] = [
  ['is not there', () => Promise.reject(dispatchError('NOT_FOUND', { kind: 'secret', name: 's' }))],
  ['holds nothing of use', async () => ({})],
]
for (const [what, read] of useless)
  test(`a secret that ${what} is not looked at again before it is written`, async t => {
    const { cache, reads } = open([read, reading])
    t.deepEqual([await cache.find('o', 's'), await cache.find('o', 's')], [undefined, undefined])
    t.is(reads(), 1)
    cache.forget('o', 's')
    t.is(await cache.find('o', 's'), 'value')
  })

test('a secret that could not be read is read again by the next one', async t => {
  const { cache } = open([() => Promise.reject(new Error('disk I/O error')), reading])
  t.deepEqual([await cache.find('o', 's'), await cache.find('o', 's')], [undefined, 'value'])
})
