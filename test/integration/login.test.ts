/** A real browser logs a command line in: the pages, their policies of content, and the way back to the command line. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import type { Page } from 'playwright-core'
import { launchChromium } from '../helpers/chromium.ts'
import { createTestApp } from '../helpers/test-app.ts'
import { createStage } from '../wire/cli/stage.ts'

const password = 'winter is not coming yet'
const hashParameters = { memoryKibibytes: 64, passes: 1, lanes: 1 }

async function createPlace(t: ExecutionContext) {
  const open = await createTestApp(t, {}, { hashParameters })
  const { store } = open
  await open.call('POST', '/v1/iam/user', { name: 'jon', password })
  const { app } = await createTestApp(t, {}, { hashParameters, auth: 'required', store })
  await app.api.listen({ host: '127.0.0.1', port: 0 })
  const address = app.api.server.address()
  const browser = await launchChromium()
  t.teardown(() => browser.close())
  const page = await browser.newPage()
  const problems: string[] = []
  page.on('console', message => void problems.push(message.text()))
  const port = typeof address === 'object' ? String(address?.port) : ''
  const directory = mkdtempSync(join(tmpdir(), 'dispatch-login-'))
  t.teardown(() => rmSync(directory, { recursive: true }))
  const config = join(directory, 'c.json')
  writeFileSync(config, '{}')
  const stage = await createStage(t)
  const env = { DISPATCH_CONFIG: config, DISPATCH_PORT: port }
  const pause = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, Math.min(ms, 20)))
  return { store, page, problems, env, pause, stage, readConfig: () => JSON.parse(readFileSync(config, 'utf8')) }
}

async function fillIn(page: Page, secret: string): Promise<void> {
  await page.getByLabel('User').fill('jon')
  await page.getByLabel('Password').fill(secret)
  await page.getByRole('button', { name: 'Log in' }).click()
}

test('a person logs in on the page, after a mistake, and the command line has the session', async t => {
  const { page, problems, env, pause, stage, readConfig, store } = await createPlace(t)
  const last = Promise.withResolvers<string>()
  const openBrowser = async (url: string) => {
    await page.goto(url)
    t.is(await page.evaluate('document.activeElement.id'), 'user')
    await fillIn(page, 'wrong')
    t.regex((await page.getByRole('alert').textContent()) ?? '', /^the user or the password is wrong: try again, /)
    t.is(await page.evaluate('document.activeElement.id'), 'password')
    problems.length = 0
    await fillIn(page, password)
    await page.waitForURL(/127\.0\.0\.1:\d+\/catcher/)
    last.resolve((await page.textContent('body')) ?? '')
  }
  const { code, stderr } = await stage.dispatch(['login'], { env, openBrowser, pause })
  t.is(code, 0, stderr)
  t.is(await last.promise, 'Cookie received. Please close this page.')
  t.deepEqual(
    problems.filter(text => /content security/i.test(text)),
    [],
  )
  const [context] = Object.values<{ cookie: string }>(readConfig().contexts)
  t.regex(context?.cookie ?? '', /^dss_/)
  t.is((await stage.dispatch(['logout'], { env })).code, 0)
  t.deepEqual(await store.collection('Session').list(), [])
})

test('a person lets a device in by its code', async t => {
  const { page, problems, env, pause, stage, readConfig } = await createPlace(t)
  const lines: string[] = []
  const told = Promise.withResolvers<RegExpExecArray>()
  const stderr = {
    write: (text: string) => {
      lines.push(text)
      const found = /Open (\S+) .* the code (\S+)/.exec(text)
      if (found) told.resolve(found)
    },
  }
  const login = stage.dispatch(['login', '--device'], { env, pause, stderr })
  const [, url = '', code = ''] = await told.promise
  await page.goto(url)
  await page.getByLabel('Code').fill(code.toLowerCase())
  await page.getByRole('button', { name: 'Continue' }).click()
  await fillIn(page, password)
  t.regex((await page.textContent('main')) ?? '', new RegExp(code))
  await page.getByRole('button', { name: 'Allow' }).click()
  t.is(await page.textContent('h1'), 'The device is logged in')
  t.is((await login).code, 0, lines.join(''))
  t.regex(Object.values<{ cookie: string }>(readConfig().contexts)[0]?.cookie ?? '', /^dss_/)
  t.deepEqual(problems, [])
})
