import test from 'ava'
import { createSenders } from '../../../../server/events/senders.ts'

const driver = (token: string, status: 'READY' | 'DELETING' = 'READY') => ({ token, org: `org of ${token}`, status })

test('a driver is known by its token, until it is being deleted', async t => {
  let drivers = [driver('a'), driver('b', 'DELETING')]
  const senders = createSenders({ list: async () => drivers })
  t.deepEqual(await senders.find('a'), { org: 'org of a' })
  t.is(await senders.find('b'), undefined)
  t.is(await senders.find(''), undefined)
  drivers = [driver('c')]
  senders.follow({ kind: 'Function' })
  t.deepEqual(await senders.find('a'), { org: 'org of a' })
  senders.follow({ kind: 'Driver' })
  t.is(await senders.find('a'), undefined)
  t.deepEqual(await senders.find('c'), { org: 'org of c' })
})

test('a driver whose token cannot be opened lets nobody in', async t => {
  const senders = createSenders({ list: async () => [{ ...driver(''), status: 'ERROR' }, driver('a')] })
  t.is(await senders.find(''), undefined)
  t.deepEqual(await senders.find('a'), { org: 'org of a' })
})
