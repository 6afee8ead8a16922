/** The disk fills up under a running server: nothing is acknowledged that is not stored, and all goes on when there is room. */
import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { type LiveServer, startLiveServer } from '../helpers/live-server.ts'
import { type OwnDocker, startOwnDocker } from '../helpers/own-docker.ts'
import { until } from '../helpers/wait.ts'
import { checkEnd, wasAcknowledged } from './ends.ts'
import { type Ask, countAnswers, renderCounts } from './load.ts'
import { fill, mountSmallDisk } from './small-disk.ts'
import {
  type Answer,
  archiveOf,
  ask,
  containersOf,
  createFunction,
  execute,
  imageOfCodeIn,
  reach,
  reachCleanDocker,
  seed,
} from './stage.ts'

const code = 'def handle(ctx, payload):\n    return payload\n'
/** More than the room that may be left on a full disk. */
const largeCode = `${code}#${randomBytes(300_000).toString('hex')}\n`
/** Ends when it is told to, and tells just before. */
const patientCode = `import os, time
def handle(ctx, payload):
    open("/tmp/begun", "w").close()
    while not os.path.exists("/tmp/go"):
        time.sleep(0.01)
    open("/tmp/done", "w").close()
    return payload
`

const isIn = ({ docker }: OwnDocker, id: string, file: string): Promise<boolean> =>
  docker('exec', id, 'test', '-e', file).then(
    () => true,
    () => false,
  )

interface Stage {
  own: OwnDocker
  server: LiveServer
  dataDir: string
  filler: string
}

async function prepare(t: ExecutionContext): Promise<Stage> {
  const disk = await mountSmallDisk(t)
  const own = await startOwnDocker()
  t.teardown(own.close)
  const args = ['--db-file', join(disk, 'dispatch.db'), '--function-idle', '1s']
  const server = await startLiveServer({ args, env: own.env })
  t.teardown(() => server.stop())
  await seed(server)
  await createFunction(server, { name: 'f', image: 'python3', code })
  await createFunction(server, { name: 'patient', image: 'python3', code: patientCode })
  await createFunction(server, { name: 'asleep', image: 'python3', code: largeCode })
  return { own, server, dataDir: join(disk, 'dispatch-data'), filler: join(disk, 'filler') }
}

async function run(server: LiveServer, functionName: string, options: { input: string; blocking: boolean }) {
  const answer: Answer = await ask(server, 'POST', `runs?functionName=${functionName}`, options)
  return { ...options, functionName, answer }
}

/** A run that nobody awaits, begun and not ended, and what ends it; the only function that is awake. */
async function beginPatient({ server, own, dataDir }: Stage) {
  const asked = await run(server, 'patient', { input: 'patient', blocking: false })
  const id = await until('only the run under way keeps a function awake', async () => {
    const ids = await containersOf(own, dataDir)
    const holders = await Promise.all(ids.map(each => imageOfCodeIn(own, each)))
    const awake = ids.filter((_, index) => holders[index])
    return awake.length === 1 && (await isIn(own, awake[0] ?? '', '/tmp/begun')) && awake[0]
  })
  const end = async (): Promise<void> => {
    await own.docker('exec', id, 'touch', '/tmp/go')
    await until('the function has done its work', () => isIn(own, id, '/tmp/done'))
  }
  return { asked, end }
}

/** Until runs of both kinds, awaited and not awaited, are refused; returns those that were acknowledged before. */
async function runUntilRefused(t: ExecutionContext, server: LiveServer): Promise<Ask[]> {
  const acknowledged: Ask[] = []
  for (const blocking of [true, false]) {
    const refused = await until('a run is refused', async () => {
      const asked = await run(server, 'f', { input: 'x'.repeat(50_000), blocking })
      if (!wasAcknowledged(asked)) return asked.answer
      acknowledged.push(asked)
    })
    t.is(refused.status, 507)
    t.regex(refused.body.message, /the disk is full: free some space/)
  }
  return acknowledged
}

test('a full disk refuses what it cannot store, and says so', async t => {
  t.timeout(10 * 60_000, 'a Docker of its own on a machine that may be busy')
  const stage = await prepare(t)
  const { server, filler } = stage
  const patient = await beginPatient(stage)
  const before = await Promise.all(['1', '2', '3'].map(input => run(server, 'f', { input, blocking: false })))
  await fill(filler)
  const acknowledged = [...before, ...(await runUntilRefused(t, server))]
  await patient.end()
  const woken = await execute(server, 'asleep')
  t.true(woken.status === 507 || woken.body.error?.type === 'SystemError', JSON.stringify(woken.body))
  const source = await archiveOf('python3', code)
  const created = { name: 'g', image: 'python3', handler: 'handler.handle', source }
  const answer = await ask(server, 'POST', 'function', created)
  t.true([201, 507].includes(answer.status))
  t.is((await ask(server, 'GET', 'function/f')).body.status, 'READY')

  await rm(filler)
  const again = await until('runs are stored again', async () => {
    const asked = await run(server, 'f', { input: 'again', blocking: true })
    return wasAcknowledged(asked) && asked
  })
  for (const asked of [...acknowledged, again]) await checkEnd(t, server, asked)
  t.is((await checkEnd(t, server, patient.asked)).status, 'READY')
  await until('what slept answers', async () => (await execute(server, 'asleep', 'well')).body.output === 'well')
  // Changes are taken again once what was done meanwhile is in the audit log.
  await until('changes are taken again', async () => (await ask(server, 'POST', 'function', created)).status !== 503)
  await reach(server, 'function/g', 'READY')
  await reachCleanDocker(stage.own, stage.dataDir)
  t.log(`acknowledged: ${renderCounts(countAnswers(acknowledged))}; woken while the disk was full: ${woken.status}`)
})
