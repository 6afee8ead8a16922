/** Code that no function owns, after a crash between storing the two, or a disk that is full. */
import test from 'ava'
import { dispatchError } from '../../../../server/core/errors.ts'
import type { SourceEntity } from '../../../../server/functions/schema.ts'
import { createMemoryStore } from '../../../../server/store/memory.ts'
import type { Store } from '../../../../server/store/port.ts'
import { createTestApp } from '../../../helpers/test-app.ts'

const body = { name: 'fn', image: 'i', source: 'AAAA' }
const sourcesOf = (store: Store) => store.collection<SourceEntity>('Source')

test('a start removes the code that no function owns, and no other', async t => {
  const store = createMemoryStore()
  const first = await createTestApp(t, {}, { store })
  await first.call('POST', '/v1/function', body)
  const [owned] = await sourcesOf(store).list()
  if (!owned) return t.fail()
  await sourcesOf(store).create({ ...owned, name: 'left-by-a-crash' })
  await sourcesOf(store).create({ ...owned, org: 'other' })
  await createTestApp(t, {}, { store })
  t.deepEqual(await sourcesOf(store).keys(), [{ org: 'dispatch', name: owned.name }])
})

test('a full disk is told of the function, though its code cannot be removed either', async t => {
  const store = createMemoryStore()
  const full = (kind: string) => () => Promise.reject(dispatchError('DISK_FULL', { kind, name: 'fn' }))
  const collection: Store['collection'] = kind => {
    const entities = store.collection<never>(kind)
    if (kind === 'Source') return { ...entities, remove: full('source') }
    return kind === 'Function' ? { ...entities, create: full('function') } : entities
  }
  const { call } = await createTestApp(t, {}, { store: { ...store, collection } })
  const { status, body: answer } = await call('POST', '/v1/function', body)
  t.is(status, 507)
  t.regex(answer.message, /^function fn could not be stored/)
})
