/** The set-up page in a real browser, with an agent that does what a test says. */
import { mkdir } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { ExecutionContext } from 'ava'
import axe from 'axe-core'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { connectAgent } from '../../../provisioning/setup/agent.ts'
import { startListeners } from '../../../provisioning/setup/listeners.ts'
import { fixedIdentity } from '../../../server/http/tls/identity.ts'
import { launchChromium } from '../../helpers/chromium.ts'
import { code, type FakeAgent, startFakeAgent } from '../../helpers/fake-agent.ts'
import { password } from '../../helpers/setup-browser.ts'
import { makePair } from '../../helpers/tls-stage.ts'
import { repository } from '../../unit/docs/pages.ts'

const screenshots = join(repository, 'build/screenshots/setup')

export interface SetupStage {
  readonly agent: FakeAgent
  readonly browser: Browser
  readonly url: string
  open(options?: BrowserContextOptions): Promise<Page>
}

export async function startSetupStage(t: Pick<ExecutionContext, 'teardown'>): Promise<SetupStage> {
  const agent = await startFakeAgent(t)
  const listeners = await startListeners({
    agent: connectAgent({ socketPath: agent.socketPath, lookMs: 3000, workMs: 60_000 }),
    nowMs: () => agent.nowMs(),
    log: { error: (fields, message) => console.error(message, fields) },
    identity: fixedIdentity(await makePair('localhost')),
    host: '127.0.0.1',
    ports: { page: 0, redirect: 0, refusal: 0, refusalTls: 0 },
  })
  const browser = await launchChromium()
  t.teardown(async () => {
    await browser.close()
    await listeners.close()
  })
  const { port } = listeners.page.server.address() as AddressInfo
  const open = async (options: BrowserContextOptions = {}) => {
    const context = await browser.newContext({ ignoreHTTPSErrors: true, locale: 'en-US', ...options })
    return context.newPage()
  }
  return { agent, browser, url: `https://127.0.0.1:${port}/`, open }
}

/** What must not be on any page: messages of the browser about it, but for the statuses that it is meant to have. */
export function watchProblems(page: Page): string[] {
  const problems: string[] = []
  page.on('pageerror', error => void problems.push(String(error)))
  page.on('console', message => {
    if (!message.text().startsWith('Failed to load resource: the server responded with a status'))
      problems.push(message.text())
  })
  return problems
}

interface Finding {
  readonly id: string
  readonly help: string
  readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary: string }[]
}

const levels = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']

/** What axe has to say against the page as it is shown now. */
export async function findBarriers(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  const run = `axe.run(document, { runOnly: ${JSON.stringify(levels)}, resultTypes: ['violations'] })`
  const found = await page.evaluate<Finding[]>(`${run}.then(({ violations }) => violations)`)
  return found.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${help}: ${target.join(' ')}: ${failureSummary}`),
  )
}

export const isWiderThanScreen = (page: Page): Promise<boolean> =>
  page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth')

export async function photograph(page: Page, name: string): Promise<void> {
  await mkdir(screenshots, { recursive: true })
  await page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true })
}

export async function fillIn(page: Page, typed = code): Promise<void> {
  await page.locator('#code').fill(typed)
  await page.locator('#password').fill(password)
  await page.locator('#repeated').fill(password)
}

export const press = (page: Page, step: string): Promise<void> => page.locator(`button[value="${step}"]`).click()

/** From nothing to the review. */
export async function reachReview(page: Page, url: string, typed = code): Promise<void> {
  await page.goto(url)
  await fillIn(page, typed)
  await press(page, 'review')
  await page.locator('button[value="claim"]').waitFor()
}
