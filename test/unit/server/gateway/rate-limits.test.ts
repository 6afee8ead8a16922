/** What is kept of clients in memory. */
import test from 'ava'
import type { ServedApi } from '../../../../server/core/ports.ts'
import { createRateLimits } from '../../../../server/gateway/rate-limits.ts'

const limit = { requests: 1, perSeconds: 3600, burst: 1 }
const lists = { hosts: [], uris: [], methods: [], protocols: [] }
const api: ServedApi = { org: 'o', name: 'a', functionName: 'f', tls: '', cors: false, rateLimit: limit, ...lists }

test('of more clients than are kept, those go that have not been seen for longest', t => {
  const { spend } = createRateLimits(() => 0)
  const isAllowed = (client: string) => spend(api, limit, client).refusal === undefined
  t.deepEqual(['seen', 'forgotten', 'seen'].map(isAllowed), [true, true, false])
  for (let client = 0; client < 49_999; client += 1) isAllowed(`other ${client}`)
  t.false(isAllowed('seen'))
  t.true(isAllowed('forgotten'))
})
