/** An appliance that nobody told anything: looked at on its screen, claimed in a browser, looked at once more. */
import { join } from 'node:path'
import { chromium, type Page } from 'playwright-core'
import { findChromium } from '../../helpers/chromium.ts'
import type { Bench } from '../bench.ts'
import { createSshKey, runOverSsh, type SshKey } from '../ssh.ts'
import {
  type Appliance,
  awaitApi,
  awaitSetupPage,
  checkClosed,
  expect,
  hear,
  type Identity,
  readCode,
  secondsSince,
  start,
} from './appliance.ts'
import { checkAdminLogins } from './given.ts'
import { proveScreenClaimed, proveScreenUnclaimed } from './screen.ts'

/** It is typed on the keyboard of the machine too. */
const password = 'winter is coming soon'

interface Claim {
  readonly code: string
  readonly keys: string
}

/** As far as the page on which everything is looked at once more. */
async function fillIn(page: Page, { ports }: Appliance, { code, keys }: Claim): Promise<void> {
  await page.goto(`https://127.0.0.1:${ports.https.hostPort}/`)
  await page.fill('#code', code)
  await page.fill('#password', password)
  await page.fill('#repeated', password)
  await page.fill('#sshKeys', keys)
  await page.click('button[value=review]')
  await page.waitForSelector('button[value=claim]')
}

/** In a real browser, as a person does, who mistypes the code at first; answers with the seconds from the last click to the last page. */
async function claimInBrowser(machine: Appliance, claim: Claim, shots: string): Promise<string> {
  const browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] })
  try {
    const page = await browser.newPage({ ignoreHTTPSErrors: true })
    page.setDefaultTimeout(120_000)
    await fillIn(page, machine, { ...claim, code: 'AAAAA-AAAAA' })
    await page.click('button[value=claim]')
    await page.waitForSelector('text=not the code')
    await page.screenshot({ path: join(shots, 'wrong-code.png'), fullPage: true })
    await fillIn(page, machine, claim)
    await page.screenshot({ path: join(shots, 'review.png'), fullPage: true })
    const clickedMs = Date.now()
    await page.click('button[value=claim]')
    await page.waitForSelector('text=ssh admin@')
    const took = secondsSince(clickedMs)
    await page.screenshot({ path: join(shots, 'claimed.png'), fullPage: true })
    return took
  } finally {
    await browser.close()
  }
}

/** Whoever comes second, and be it root, is told so. */
async function checkClaimedOnce({ ports }: Appliance, key: SshKey): Promise<void> {
  const admin = { port: ports.ssh.hostPort, user: 'admin', key, input: 'another one for the second' }
  const told = await runOverSsh(admin, 'dispatch appliance claim --password-stdin 2>&1; echo "code $?"')
  expect(told.includes('is claimed already') && told.includes('code 1'), `claimed a second time: ${told}`)
}

export async function proveClaim(bench: Bench): Promise<Identity> {
  const machine = await start(bench, { name: 'claim', awaits: 'unclaimed' })
  const [seconds, { identity, status }] = await Promise.all([awaitSetupPage(machine), hear(machine)])
  bench.print(`ok  no properties: the set-up page answers ${seconds} after power-on`)
  expect(status.faults.length === 0, `told nothing, and yet not taken: ${JSON.stringify(status.faults)}`)
  await checkClosed(machine)
  const code = await readCode(machine)
  await proveScreenUnclaimed(bench, machine, code)
  const key = await createSshKey(bench, 'claim')
  const took = await claimInBrowser(machine, { code, keys: key.publicKey }, bench.shots)
  await awaitApi(machine)
  await checkAdminLogins(machine, key, password)
  await checkClaimedOnce(machine, key)
  bench.print(`ok  claimed in Chromium in ${took}, once; API, gateway on 443, SSH by key and by password`)
  await proveScreenClaimed(bench, machine, password)
  await machine.running.cutPower()
  return { ...identity, 'setup code': code }
}
