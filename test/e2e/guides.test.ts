/** The guides do what they say: each command of their `console` blocks is typed into a shell, and prints what stands below. */
import { type SpawnOptions, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import testAny, { type ExecutionContext, type TestFn } from 'ava'
import { cleanEnv, type LiveServer, startLiveServer } from '../helpers/live-server.ts'
import { startPackageIndex } from '../helpers/package-index.ts'
import { until } from '../helpers/wait.ts'
import { loadPage, repository } from '../unit/docs/pages.ts'
import { type Example, isPrinted, parseExamples } from './guides/example.ts'
import { byHand, type GuidePage, type Place, pages } from './guides/pages.ts'

const test = testAny as TestFn<{ server: LiveServer; directory: string }>
const dist = fileURLToPath(new URL('../../dist', import.meta.url))

const editor = `#!/bin/sh
sed -i 's/^timeout: .*/timeout: 500/' "$2"
`

const teardowns: (() => unknown)[] = []

/** Pages name a package that only the internet has. */
const humanize = {
  ...{ name: 'humanize', version: '4.9.0' },
  files: { 'humanize.py': 'def naturalsize(value): return f"{value / 1e6:.1f} MB"\n' },
}

test.before(async t => {
  const { pipIndexUrl } = await startPackageIndex({ teardown: end => void teardowns.push(end) }, { pip: [humanize] })
  const server = await startLiveServer({ overTls: true, args: ['--pip-index-url', pipIndexUrl] })
  t.context = { server, directory: await mkdtemp(join(tmpdir(), 'dispatch-guides-')) }
  // The editor that a page takes as an example.
  await mkdir(join(t.context.directory, 'bin'))
  await writeFile(join(t.context.directory, 'bin/code'), editor, { mode: 0o755 })
  await server.cli('create', 'seed-images')
  // Which of them have a runtime is for the machine to say.
  for (const image of ['nodejs', 'python3', 'java', 'powershell'])
    await until(`image ${image} is made or not`, async () => {
      const { stdout } = await server.cli('get', 'image', image, '-o', 'json')
      return ['READY', 'ERROR'].includes(JSON.parse(stdout).status)
    })
})

test.after.always(async t => {
  await t.context.server?.stop()
  for (const end of teardowns.reverse()) await end()
  await rm(t.context.directory, { recursive: true, force: true })
})

interface Typing {
  readonly page: GuidePage
  /** Where the commands are typed, and with what. */
  readonly spawned: SpawnOptions
}

/** Both streams as a terminal shows them; a command that is endless is interrupted once it has printed what it should. */
function type({ command, prints }: Example, { page, spawned }: Typing): Promise<string> {
  const child = spawn('sh', ['-c', `exec 2>&1\n${command}`], { ...spawned, detached: true })
  let printed = ''
  child.stdout?.on('data', chunk => {
    printed += chunk
    if (page.endless?.includes(command) && child.pid && isPrinted(printed, prints)) process.kill(-child.pid, 'SIGINT')
  })
  return new Promise(resolve => {
    child.on('close', () => resolve(printed))
  })
}

const isLook = (command: string): boolean => /^dispatch (get|describe) /.test(command)

/** What is looked at may take its time to become so. */
async function tryOut(t: ExecutionContext, example: Example, typing: Typing): Promise<void> {
  const { command, prints } = example
  let printed = ''
  const isAsSaid = async () => {
    printed = await type(example, typing)
    return isPrinted(printed, prints) || !isLook(command)
  }
  await until(command, isAsSaid, 60_000).catch(() => undefined)
  t.true(isPrinted(printed, prints), `$ ${command}\n${printed}\n${typing.page.path} says:\n${prints}`)
}

const asHere = (text: string, { here = {} }: GuidePage, place: Place): string =>
  Object.entries(here).reduce((changed, [there, value]) => changed.replaceAll(there, value(place)), text)

for (const page of pages) {
  const { path, organization, isInCheckout, before = [], apart = {} } = page
  test.serial(path, async t => {
    const { server, directory } = t.context
    const config = join(server.directory, 'cli.json')
    const place = {
      url: server.url,
      gatewayUrl: server.gatewayUrl,
      gatewayTlsPort: new URL(server.gatewayTlsUrl).port,
      config,
    }
    const settings = { HOME: server.directory, DISPATCH_CONFIG: config, DISPATCH_ORGANIZATION: organization }
    const env = { ...cleanEnv, ...settings, CHECKOUT: repository, PATH: `${directory}/bin:${dist}:${process.env.PATH}` }
    const cwd = isInCheckout ? repository : await mkdtemp(join(directory, 'page-'))
    const typing: Typing = { page, spawned: { cwd, env, stdio: ['ignore', 'pipe', 'inherit'] } }
    for (const command of before) await type({ command, prints: '' }, typing)
    const text = asHere(loadPage(path).text, page, place)
    const elsewhere = new Set(Object.values(apart).flat())
    for (const file of Object.keys(apart)) t.true(file === byHand || existsSync(join(repository, file)), file)
    const examples = parseExamples(text)
    t.true(examples.length >= 5)
    for (const example of examples) if (!elsewhere.delete(example.command)) await tryOut(t, example, typing)
    t.deepEqual([...elsewhere], [])
  })
}
