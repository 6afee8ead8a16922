/** Who changes a resource while the server works on it: that is no failure, neither in the log nor in the resource. */
import test from 'ava'
import { pino } from 'pino'
import { dispatchError } from '../../../server/core/errors.ts'
import { createMemoryStore } from '../../../server/store/memory.ts'
import type { Store } from '../../../server/store/port.ts'
import { createTestApp } from '../../helpers/test-app.ts'

test('a change that comes between is followed up, and nothing is said of it', async t => {
  const store = createMemoryStore()
  let conflicts = 3
  const collection: Store['collection'] = kind => {
    const entities = store.collection<never>(kind)
    if (kind !== 'API') return entities
    const update: typeof entities.update = async entity => {
      if (conflicts-- > 0) throw dispatchError('WRITE_CONFLICT', { kind: 'API', name: 'a' })
      return entities.update(entity)
    }
    return { ...entities, update }
  }
  const lines: string[] = []
  const log = pino({ level: 'warn' }, { write: line => void lines.push(line) })
  const { call, reach } = await createTestApp(t, {}, { log, store: { ...store, collection } })
  await call('POST', '/v1/api', { name: 'a', function: 'f' })
  await reach('/v1/api/a', 'READY')
  t.true(conflicts < 0)
  t.deepEqual(lines, [])
})
