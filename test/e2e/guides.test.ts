/** The guides do what they say: each command of their `console` blocks is typed into a shell, and prints what stands below. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import testAny, { type TestFn } from 'ava'
import { cleanEnv, type LiveServer, startLiveServer } from '../helpers/live-server.ts'
import { until } from '../helpers/wait.ts'
import { loadPage } from '../unit/docs/pages.ts'
import { type Example, isPrinted, parseExamples } from './guides/example.ts'

const test = testAny as TestFn<{ server: LiveServer; directory: string }>
const dist = fileURLToPath(new URL('../../dist', import.meta.url))

test.before(async t => {
  const server = await startLiveServer()
  t.context = { server, directory: await mkdtemp(join(tmpdir(), 'dispatch-guides-')) }
  await server.cli('create', 'seed-images')
  for (const [image, status] of Object.entries({
    nodejs: 'READY',
    python3: 'READY',
    java: 'ERROR',
    powershell: 'ERROR',
  }))
    await until(`image ${image} is ${status}`, async () => {
      const { stdout } = await server.cli('get', 'image', image, '-o', 'json')
      return JSON.parse(stdout).status === status
    })
})

test.after.always(async t => {
  await t.context.server?.stop()
  await rm(t.context.directory, { recursive: true, force: true })
})

/** Both streams as a terminal shows them. */
const type = (command: string, { server, directory }: { server: LiveServer; directory: string }): Promise<string> =>
  new Promise(resolve => {
    const env = {
      ...cleanEnv,
      PATH: `${dist}:${process.env.PATH}`,
      HOME: server.directory,
      DISPATCH_CONFIG: join(server.directory, 'cli.json'),
    }
    execFile('sh', ['-c', `exec 2>&1\n${command}`], { cwd: directory, env }, (_, stdout) => resolve(stdout))
  })

for (const name of ['functions', 'images', 'secrets', 'apis', 'events']) {
  test.serial(`docs/guides/${name}.md`, async t => {
    const examples: Example[] = parseExamples(loadPage(`docs/guides/${name}.md`).text)
    t.true(examples.length >= 5)
    for (const { command, prints } of examples) {
      const printed = await type(command, t.context)
      t.true(isPrinted(printed, prints), `$ ${command}\n${printed}\nThe guide says:\n${prints}`)
    }
  })
}
