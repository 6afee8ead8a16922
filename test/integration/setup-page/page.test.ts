/** A person sets an appliance up: with and without scripts, by keyboard alone, with files, and with mistakes. */
import test from 'ava'
import type { Page } from 'playwright-core'
import { code } from '../../helpers/fake-agent.ts'
import { password } from '../../helpers/setup-browser.ts'
import { fillIn, press, reachReview, startSetupStage, watchProblems } from './stage.ts'

const gateway = { key: 'network.gateway', problem: 'it is not in the network', instead: 'DHCP is used' }
const focused = (page: Page): Promise<string> =>
  page.evaluate('document.activeElement.id || document.activeElement.className')

test.serial('without scripts an appliance is claimed all the same, after a mistake', async t => {
  const { agent, open, url } = await startSetupStage(t)
  const page = await open({ javaScriptEnabled: false })
  await page.goto(url)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Review' }).click()
  await page.getByRole('link', { name: 'Set-up code: Enter the code that the console shows.' }).click()
  await fillIn(page)
  await page.getByLabel('Fixed address').check()
  await page.getByLabel('IP address').fill('10.0.0.5/24')
  await page.getByRole('button', { name: 'Review' }).click()
  await page.getByRole('button', { name: 'Claim' }).click()
  t.is(await page.getByRole('heading', { level: 1 }).textContent(), 'The machine is yours')
  t.like(agent.claims[0]?.values, { 'network.ip0': '10.0.0.5/24', 'dispatch.admin_pwd': password })
})

test.serial(
  'by keyboard alone: the way leads through all fields, faults get the focus, and a link of theirs leads to the field',
  async t => {
    const { agent, open, url } = await startSetupStage(t)
    const page = await open()
    await page.goto(url)
    await page.keyboard.press('Tab')
    t.is(await focused(page), 'skip')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    while ((await focused(page)) !== 'code') await page.keyboard.press('Tab')
    await page.keyboard.type(code)
    for (const text of ['', password, password]) {
      await page.keyboard.press('Tab')
      if (text !== '') await page.keyboard.type(text)
    }
    for (const id of ['sshKeys', 'fqdn', 'addressing-dhcp']) {
      await page.keyboard.press('Tab')
      t.is(await focused(page), id)
    }
    await page.keyboard.press('ArrowDown')
    for (const id of ['address', 'netmask', 'gateway']) {
      await page.keyboard.press('Tab')
      t.is(await focused(page), id)
    }
    await page.keyboard.type('10.9.9.9')
    agent.findFaults = values => (values['network.gateway'] === '10.9.9.9' ? [gateway] : [])
    await page.keyboard.press('Enter')
    await page.locator('.summary').waitFor()
    t.is(await focused(page), 'summary')
    t.regex(await page.title(), /^Error: /)
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    t.is(await focused(page), 'gateway')
    t.is(await page.locator('#gateway').inputValue(), '10.9.9.9')
    await page.keyboard.press('Control+a')
    await page.keyboard.type('10.0.0.1')
    await fillIn(page)
    await page.keyboard.press('Enter')
    await page.locator('.review').waitFor()
    while ((await page.evaluate('document.activeElement.value')) !== 'claim') await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.locator('.tick').waitFor()
    t.is(agent.claims[0]?.values['network.gateway'], '10.0.0.1')
  },
)

test.serial(
  'a field is checked as it is left, what is mended is not told any more, and the code is never sent along',
  async t => {
    const { agent, open, url } = await startSetupStage(t)
    agent.findFaults = values => (values['network.gateway'] === '10.9.9.9' ? [gateway] : [])
    const page = await open()
    const problems = watchProblems(page)
    const sent: string[] = []
    page.on('request', request => void sent.push(request.postData() ?? ''))
    await page.goto(url)
    await fillIn(page)
    await page.locator('#repeated').fill('another')
    await page.locator('#sshKeys').focus()
    await page.locator('#repeated-error', { hasText: 'not the same' }).waitFor()
    await page.locator('#addressing-fixed').check()
    await page.locator('#gateway').fill('10.9.9.9')
    await page.locator('#fqdn').focus()
    await page.locator('#gateway-error', { hasText: 'it is not in the network' }).waitFor()
    t.is(await page.locator('#gateway').getAttribute('aria-invalid'), 'true')
    t.is(await page.locator('#gateway-error span').getAttribute('lang'), 'en')
    await page.locator('#gateway').fill('10.0.0.1')
    await page.locator('#fqdn').focus()
    await page.locator('#gateway-error').waitFor({ state: 'hidden' })
    t.is(await page.locator('#gateway').getAttribute('aria-invalid'), null)
    t.true(sent.length > 2)
    t.false(sent.some(body => body.includes(code)))
    t.deepEqual(problems, [])
  },
)

test.serial('certificate and key come as files', async t => {
  const { agent, open, url } = await startSetupStage(t)
  const page = await open()
  await page.goto(url)
  await fillIn(page)
  await page.getByLabel('Use your own').check()
  const file = (text: string) => ({ name: 'x.pem', mimeType: 'application/x-pem-file', buffer: Buffer.from(text) })
  await page.getByLabel('Certificate file').setInputFiles(file('CERTIFICATE'))
  await page.getByLabel('Private key file').setInputFiles(file('KEY'))
  await press(page, 'review')
  await page.getByText('Yours, with its private key').waitFor()
  await press(page, 'claim')
  await page.locator('.tick').waitFor()
  t.like(agent.claims[0]?.values, { 'appliance.tls_cert': 'CERTIFICATE', 'appliance.tls_cert_key': 'KEY' })
})

/** Keeps what is shown while the browser waits for the next page: from outside nobody looks into it then. */
const watchProgress = `new MutationObserver(() => {
  const { hidden, innerText } = document.querySelector('.progress')
  const { disabled } = document.querySelector('button[value="claim"]')
  sessionStorage.setItem('seen', JSON.stringify({ hidden, innerText, disabled }))
}).observe(document.querySelector('.progress'), { attributes: true })`

test.serial('while it is claimed the page says so, and cannot be sent twice', async t => {
  const { agent, open, url } = await startSetupStage(t)
  const page = await open()
  await reachReview(page, url)
  await page.evaluate(watchProgress)
  await press(page, 'claim')
  await page.locator('.tick').waitFor()
  const seen = JSON.parse(await page.evaluate<string>("sessionStorage.getItem('seen')"))
  t.like(seen, { hidden: false, disabled: true })
  t.regex(seen.innerText, /Claiming This takes up to a minute/)
  t.is(agent.claims.length, 1)
})

test.serial('of two browsers one claims; the other learns it, by reloading too', async t => {
  const { open, url } = await startSetupStage(t)
  const [one, other] = [await open(), await open()]
  await reachReview(one, url)
  await reachReview(other, url)
  await press(one, 'claim')
  await one.locator('.tick').waitFor()
  await press(other, 'claim')
  await other.getByRole('heading', { name: 'This machine has an owner' }).waitFor()
  await one.reload()
  await one.getByRole('heading', { name: 'This machine has an owner' }).waitFor()
  t.pass()
})

test.serial('a review that is reloaded is there again, and still claims', async t => {
  const { agent, open, url } = await startSetupStage(t)
  const page = await open()
  await reachReview(page, url)
  await page.reload()
  await press(page, 'claim')
  await page.locator('.tick').waitFor()
  t.is(agent.claims.length, 1)
})

test.serial('the time of a trial is counted down, and its end is told', async t => {
  const { agent, open, url } = await startSetupStage(t)
  agent.claim = async () => ({ outcome: 'trial', untilMs: agent.nowMs() + 2000, addresses: ['10.0.0.9'] })
  const page = await open()
  await reachReview(page, url)
  await press(page, 'claim')
  await page.getByRole('timer').getByText('0 seconds', { exact: true }).waitFor()
  await page.getByText('The time is over.').waitFor()
  t.pass()
})

test.serial('the first paint takes one request, of less than 100 kB', async t => {
  const { open, url } = await startSetupStage(t)
  const page = await open()
  const urls: string[] = []
  page.on('request', request => void (request.url().startsWith('data:') || urls.push(request.url())))
  const answer = await page.goto(url, { waitUntil: 'networkidle' })
  t.deepEqual(urls, [url])
  const { length = Number.NaN } = (await answer?.body()) ?? []
  t.true(length < 100_000)
  t.log(`${length} bytes`)
})

test.serial('what the last page shows is copied at a press', async t => {
  const { open, url, browser } = await startSetupStage(t)
  const page = await open({ permissions: ['clipboard-read', 'clipboard-write'] })
  await reachReview(page, url)
  await press(page, 'claim')
  await page.locator('.tick').waitFor()
  await page.getByRole('button', { name: 'Copy' }).last().click()
  await page.getByRole('button', { name: 'Copied' }).waitFor()
  t.is(await page.evaluate('navigator.clipboard.readText()'), 'ssh admin@dispatch.example.com')
  t.true(browser.isConnected())
})
