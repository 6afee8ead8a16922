/** The disk fills up under a running server: nothing is acknowledged that is not stored, and all goes on when there is room. */
import { execFileSync } from 'node:child_process'
import { appendFile, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { startLiveServer } from '../helpers/live-server.ts'
import { startOwnDocker } from '../helpers/own-docker.ts'
import { until } from '../helpers/wait.ts'
import { archiveOf, ask, createFunction, execute, reach, seed, temporaryDir } from './stage.ts'

const code = 'def handle(ctx, payload):\n    return len(payload)\n'

async function mountSmallDisk(t: ExecutionContext): Promise<string> {
  const disk = join(await temporaryDir(t), 'disk')
  await mkdir(disk)
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=32m', 'tmpfs', disk])
  t.teardown(() => execFileSync('umount', ['--lazy', disk]))
  return disk
}

/** Takes the room that is left, to the last page. */
async function fill(file: string): Promise<void> {
  for (const bytes of [1 << 20, 1 << 12]) {
    const takeOne = () =>
      appendFile(file, Buffer.alloc(bytes)).then(
        () => true,
        () => false,
      )
    while (await takeOne());
  }
}

test('a full disk refuses what it cannot store, and says so', async t => {
  t.timeout(10 * 60_000, 'a Docker of its own on a machine that may be busy')
  const disk = await mountSmallDisk(t)
  const own = await startOwnDocker()
  t.teardown(own.close)
  const server = await startLiveServer({ args: ['--db-file', join(disk, 'dispatch.db')], env: own.env })
  t.teardown(() => server.stop())
  await seed(server)
  await createFunction(server, { name: 'f', image: 'python3', code })
  const input = 'x'.repeat(50_000)
  const acknowledged: string[] = []
  await fill(join(disk, 'filler'))
  const refused = await until('a run is refused', async () => {
    const answer = await execute(server, 'f', input)
    if (answer.status === 200) acknowledged.push(answer.body.name)
    return answer.status !== 200 && answer
  })
  t.is(refused.status, 507)
  t.regex(refused.body.message, /the disk is full: free some space/)
  const source = await archiveOf('python3', code)
  const created = { name: 'g', image: 'python3', handler: 'handler.handle', source }
  const answer = await ask(server, 'POST', 'function', created)
  t.true([201, 507].includes(answer.status))
  t.is((await ask(server, 'GET', 'function/f')).body.status, 'READY')

  await rm(join(disk, 'filler'))
  const again = await until('runs are stored again', async () => {
    const next = await execute(server, 'f', input)
    return next.status === 200 && next.body
  })
  t.is(again.output, input.length)
  for (const name of [...acknowledged, again.name]) t.is((await ask(server, 'GET', `runs/${name}`)).status, 200)
  // Changes are taken again once what was done meanwhile is in the audit log.
  await until('changes are taken again', async () => (await ask(server, 'POST', 'function', created)).status !== 503)
  await reach(server, 'function/g', 'READY')
})
