/** A process that writes ever more to the store until a write is refused, then says how it ended. */
import { openSqliteStore } from '../../../server/store/sqlite.ts'
import { run } from './samples.ts'

const [file = ''] = process.argv.slice(2)
const store = await openSqliteStore({ file })
const body = 'x'.repeat(50_000)
let stored = 0
let refused: unknown
while (refused === undefined) {
  const writes = ['a', 'b', 'c'].map(letter => store.runs.put(run(`${letter}${stored}`, { body })))
  for (const end of await Promise.allSettled(writes)) {
    if (end.status === 'fulfilled') stored++
    else refused = end.reason
  }
}
const cause = refused instanceof Error && refused.cause instanceof Error ? refused.cause.message : ''
console.log(
  JSON.stringify({ stored, listed: (await store.runs.list({ org: 'solo' })).length, error: `${refused}`, cause }),
)
await store.close()
