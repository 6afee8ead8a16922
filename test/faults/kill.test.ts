/** The server is killed at any moment, again and again: what it acknowledged is there, and no container is forgotten. */
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { type LiveServer, startLiveServer } from '../helpers/live-server.ts'
import { until } from '../helpers/wait.ts'
import { type Answer, archiveOf, ask, containersOf, seed, temporaryDir } from './stage.ts'

const rounds = 8
const maxLifeMs = 1500
const code = 'def handle(ctx, payload):\n    return payload\n'

interface Acknowledged {
  functions: string[]
  /** Name to the answer that the client got. */
  runs: Map<string, Answer>
}

/** Creates and executes until the server is gone, and keeps what was answered. */
async function work(server: LiveServer, acknowledged: Acknowledged, round: number): Promise<void> {
  const source = await archiveOf('python3', code)
  for (let number = 0; ; number += 1) {
    const name = `f-${round}-${number}`
    const created = await ask(server, 'POST', 'function', { name, image: 'python3', handler: 'handler.handle', source })
    if (created.status === 201) acknowledged.functions.push(name)
    const [known = name] = acknowledged.functions
    const input = { input: number }
    const both = [{ ...input, blocking: true }, input].map(body =>
      ask(server, 'POST', `runs?functionName=${known}`, body),
    )
    await Promise.all(both.map(answer => answer.then(keep)))
  }
  function keep(answer: Answer): void {
    if (answer.status < 300) acknowledged.runs.set(answer.body.name, answer)
  }
}

const isReady = ({ status }: { status: string }): boolean => status === 'READY'

async function checkFound(t: ExecutionContext, server: LiveServer, { functions, runs }: Acknowledged): Promise<void> {
  const present = await until('all functions are READY', async () => {
    const { body } = await ask(server, 'GET', 'function')
    return body.every(isReady) && body
  })
  const names = new Set(present.map(({ name }: { name: string }) => name))
  t.deepEqual(
    functions.filter(name => !names.has(name)),
    [],
  )
  const { body: listed } = await ask(server, 'GET', 'runs')
  const found = new Map(listed.map((run: { name: string }) => [run.name, run]))
  for (const [name, { status, body }] of runs) {
    if (status === 200) t.deepEqual(found.get(name), body)
    else t.regex(JSON.stringify(found.get(name)), /"status":"(READY|ERROR)"/)
  }
}

test('kill -9 at any moment of a loop of creating and executing', async t => {
  t.timeout(20 * 60_000, 'eight lives on a machine that may be busy')
  const directory = await temporaryDir(t)
  const dataDir = join(directory, 'dispatch-data')
  const acknowledged: Acknowledged = { functions: [], runs: new Map() }
  let server = await startLiveServer({ directory })
  t.teardown(() => server.stop('SIGKILL'))
  await seed(server)
  for (let round = 0; round < rounds; round += 1) {
    const lifeMs = Math.random() * maxLifeMs
    const death = new Promise(resolve => {
      setTimeout(() => resolve(server.stop('SIGKILL')), lifeMs)
    })
    await t.throwsAsync(work(server, acknowledged, round), {
      instanceOf: TypeError,
      message: /fetch failed|terminated/,
    })
    await death
    const leftovers = await containersOf(dataDir)
    server = await startLiveServer({ directory })
    await checkFound(t, server, acknowledged)
    await until('the leftovers are gone', async () => {
      const present = await containersOf(dataDir)
      return leftovers.every(id => !present.includes(id))
    })
    t.log(
      `lived ${Math.round(lifeMs)} ms; ${acknowledged.functions.length} functions, ${acknowledged.runs.size} runs so far`,
    )
  }
  t.true(acknowledged.runs.size > 0)
  t.is(await server.stop(), 0)
  t.deepEqual(await containersOf(dataDir), [])
})
