/** Performs cases on one server, in order, in a folder that holds the files that they name. */
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import testAny, { type TestFn } from 'ava'
import { Agent, fetch } from 'undici'
import { buildTickerImage } from '../../helpers/driver-image.ts'
import { type CliResult, type LiveServer, startLiveServer } from '../../helpers/live-server.ts'
import { startPackageIndex } from '../../helpers/package-index.ts'
import { until } from '../../helpers/wait.ts'
import { answers, type Case, type CleanStep, type CommandStep, type FetchStep, holds, splitWords } from './step.ts'

const test = testAny as TestFn<{ server: LiveServer; directory: string }>
const fixture = (name: string): string => fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url))

const render = (step: CommandStep, { code, stdout, stderr }: CliResult): string =>
  `dispatch ${step.run}\nexit code ${code}\n${stdout}${stderr}`

async function perform(step: CommandStep, { cli }: LiveServer): Promise<string | undefined> {
  const words = splitWords(step.run)
  let result = await cli(...words)
  if (step.until)
    await until(`dispatch ${step.run}`, async () => {
      if (holds(step, result)) return true
      result = await cli(...words)
      return false
    }).catch(() => undefined)
  return holds(step, result) ? undefined : render(step, result)
}

/** The certificate of the server is its own. */
const trusting = new Agent({ connect: { rejectUnauthorized: false } })

async function ask(step: FetchStep, { gatewayUrl, gatewayTlsUrl }: LiveServer): Promise<string | undefined> {
  const [method = '', path = ''] = step.fetch.split(' ')
  const { headers = {}, body = null } = step
  const url = `${step.overTls ? gatewayTlsUrl : gatewayUrl}${path}`
  const answer = await fetch(url, { method, headers, body, dispatcher: trusting })
  const text = await answer.text()
  return answers(step, { status: answer.status, headers: answer.headers, text })
    ? undefined
    : `${step.fetch}\n${answer.status} ${text}`
}

async function clean({ clean: kinds }: CleanStep, { cli }: LiveServer): Promise<void> {
  for (const kind of kinds)
    await until(`there are no ${kind}`, async () => {
      const listed: { name: string }[] = JSON.parse((await cli('get', kind, '-o', 'json')).stdout)
      for (const { name } of listed) await cli('delete', kind, name)
      return listed.length === 0
    })
}

/** Registers one test for each case; a case that fails does not keep the later ones from being tried. */
export function tell(title: string, cases: readonly Case[]): void {
  for (const [index, { title: caseTitle, steps }] of cases.entries())
    test.serial(`${title} ${index + 1}: ${caseTitle}`, async t => {
      for (const step of steps) {
        if ('clean' in step) await clean(step, t.context.server)
        else if ('fetch' in step) t.is(await ask(step, t.context.server), undefined)
        else if ('run' in step) t.is(await perform(step, t.context.server), undefined)
      }
      t.pass()
    })
}

/** Stories name a package that only the internet has. */
const pandas = { name: 'pandas', version: '0.23.0', files: { 'pandas.py': "__version__ = '0.23.0'\n" } }

/** Once in a file, before its cases. */
export function startStage(): void {
  const teardowns: (() => unknown)[] = []
  test.before(async t => {
    // Stories name an image that only the internet has.
    await buildTickerImage('dispatchframework/ticker:0.0.2')
    const directory = await mkdtemp(join(tmpdir(), 'dispatch-stories-'))
    for (const name of ['cli/working-folder', 'stories']) await cp(fixture(name), directory, { recursive: true })
    const { pipIndexUrl } = await startPackageIndex({ teardown: end => void teardowns.push(end) }, { pip: [pandas] })
    const args = ['--pip-index-url', pipIndexUrl]
    t.context = { directory, server: await startLiveServer({ cliDir: directory, overTls: true, args }) }
  })
  test.after.always(async t => {
    await t.context.server?.stop()
    for (const end of teardowns.reverse()) await end()
    await rm(t.context.directory, { recursive: true, force: true })
  })
}
