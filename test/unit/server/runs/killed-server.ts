/** A server on disk that accepts runs as fast as it can, says which, and notes each that it executes; made to be killed. */
import { appendFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { openSqliteStore } from '../../../../server/store/sqlite.ts'
import { answer } from '../../../helpers/fake-execution.ts'
import { createTestApp, seed } from '../../../helpers/test-app.ts'

const source =
  'H4sIAAAAAAACA+3NsQqDQBCE4a19ii0NBFnJxcK3OXInFiLHRYu8fQ4bwT4S8P+aGaaZoUkf+TErOue2LI5p9nB73/bu6VpRkxOs78XncinXFOKgo5/DFOvXPd36SjXHZc2zpkoAAAAAAAAAAAAAAAAAAH/rC7KMCE8AKAAA'

const [file = '', executedFile = ''] = process.argv.slice(2)
const store = await openSqliteStore({ file })
const fn = async ({ id }: { id: string }) => {
  appendFileSync(executedFile, `${id}\n`)
  await pause(3)
  return answer('1')
}
const app = await createTestApp({ teardown: () => undefined }, { fn }, { store })
await seed(app)
await app.call('POST', '/v1/function', { name: 'fn', image: 'python3', source })
await app.reach('/v1/function/fn', 'READY')

async function acceptForEver(): Promise<never> {
  for (;;) {
    const { status, body } = await app.call('POST', '/v1/runs?functionName=fn', { input: 1 })
    if (status === 202) process.stdout.write(`${body.name}\n`)
  }
}
await Promise.all(Array.from({ length: 4 }, acceptForEver))
