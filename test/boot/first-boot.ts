/** What is proved of first boots: an appliance that nobody told anything is claimed in a browser, one with properties is ready by itself. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { findChromium } from '../helpers/chromium.ts'
import { type Bench, startNew } from './bench.ts'
import { type Asked, askAt, findPorts, type Ports, waitFor } from './outside.ts'
import { createSshKey, runOverSsh, type SshKey } from './ssh.ts'

const password = 'wïnter $is "not\' coming \\ yet & <soon> '

/** Grouped, behind its title on the console and its twin. */
const codePattern = /\b([0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5})\b/g

interface Machine {
  readonly ports: Ports
  /** What the serial port has shown so far. */
  serial(): Promise<string>
  cutPower(): Promise<void>
}

async function start(bench: Bench, name: string, disc?: string): Promise<Machine> {
  const ports = await findPorts()
  const forwards = Object.values(ports)
  const machine = await startNew(bench, { name, credentials: {}, forwards, ...(disc !== undefined && { disc }) })
  return { ports, serial: machine.serial, cutPower: machine.cutPower }
}

const seconds = (sinceMs: number): string => `${((Date.now() - sinceMs) / 1000).toFixed(1)} s`

function expect(holds: boolean, problem: string): void {
  if (!holds) throw new Error(problem)
}

/** The page is reached through the port that people use, and everything else only says where it is. */
async function checkClosed({ ports }: Machine): Promise<void> {
  const answers = [
    await askAt(ports.api, { path: '/v1/version' }),
    await askAt(ports.gateway, { path: '/hello' }),
    await askAt(ports.apiTls, { path: '/v1/function', isTls: true }),
  ]
  for (const { status, body } of answers)
    expect(status === 503 && body.includes('not set up yet'), `not closed: ${status} ${body}`)
  const { status, location } = await askAt(ports.http, { path: '/' })
  expect(status >= 300 && status < 400 && location.startsWith('https://'), `port 80 leads to ${location || status}`)
}

async function readCode(machine: Machine): Promise<string> {
  let code: string | undefined
  await waitFor('the setup code on the serial port', async () => {
    code = [...(await machine.serial()).matchAll(codePattern)].at(-1)?.[1]
    return code !== undefined
  })
  return code ?? ''
}

interface Claim {
  readonly code: string
  readonly keys: string
}

/** In a real browser, as a person does; answers with the seconds from the last click to the last page. */
async function claimInBrowser({ ports }: Machine, { code, keys }: Claim, shots: string): Promise<string> {
  const browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] })
  try {
    const page = await browser.newPage({ ignoreHTTPSErrors: true })
    page.setDefaultTimeout(120_000)
    await page.goto(`https://127.0.0.1:${ports.https.hostPort}/`)
    await page.fill('#code', code)
    await page.fill('#password', password)
    await page.fill('#repeated', password)
    await page.fill('#sshKeys', keys)
    await page.click('button[value=review]')
    await page.waitForSelector('button[value=claim]')
    await page.screenshot({ path: join(shots, 'review.png'), fullPage: true })
    const clickedMs = Date.now()
    await page.click('button[value=claim]')
    await page.waitForSelector('text=ssh admin@')
    const took = seconds(clickedMs)
    await page.screenshot({ path: join(shots, 'claimed.png'), fullPage: true })
    return took
  } finally {
    await browser.close()
  }
}

const isApi = ({ status, body }: Asked): boolean => status === 401 || (status === 200 && body.includes('version'))

async function checkOpen({ ports }: Machine): Promise<void> {
  await waitFor('the API over TLS', async () => isApi(await askAt(ports.apiTls, { path: '/v1/version', isTls: true })))
  const gateway = await askAt(ports.https, { path: '/nothing', isTls: true })
  expect(gateway.status === 404 && !gateway.body.includes('not set up'), `443 is not the gateway's: ${gateway.status}`)
}

async function checkLogins({ ports }: Machine, key: SshKey): Promise<void> {
  const port = ports.ssh.hostPort
  const byKey = await runOverSsh({ port, user: 'admin', key }, 'dispatch get functions')
  expect(byKey.includes('NAME'), `by key: ${byKey}`)
  const byPassword = await runOverSsh({ port, user: 'admin', key, password }, 'dispatch appliance status -o json')
  expect(JSON.parse(byPassword).state === 'ready', `by password: ${byPassword}`)
}

export async function proveClaim(bench: Bench): Promise<void> {
  const powerOnMs = Date.now()
  const machine = await start(bench, 'unclaimed')
  await waitFor('the set-up page', async () => {
    const { status, body } = await askAt(machine.ports.https, { path: '/', isTls: true })
    return status === 200 && body.includes('id="code"')
  })
  bench.print(`ok  no properties: the set-up page answers ${seconds(powerOnMs)} after power-on`)
  await checkClosed(machine)
  const key = await createSshKey(bench, 'claim')
  const took = await claimInBrowser(machine, { code: await readCode(machine), keys: key.publicKey }, bench.dir)
  await checkOpen(machine)
  await checkLogins(machine, key)
  bench.print(`ok  claimed in Chromium in ${took}; API, gateway on 443, SSH by key and by password`)
  await machine.cutPower()
}

/** XML's own characters as entities. */
const escapeXml = (text: string): string => text.replace(/[&<>"\n]/g, each => `&#${each.codePointAt(0)};`)

function renderEnvironment(values: Readonly<Record<string, string>>): string {
  const rows = Object.entries(values).map(
    ([key, value]) => `<Property oe:key="${key}" oe:value="${escapeXml(value)}"/>`,
  )
  const namespace = 'http://schemas.dmtf.org/ovf/environment/1'
  return `<?xml version="1.0" encoding="UTF-8"?>
<Environment xmlns="${namespace}" xmlns:oe="${namespace}"><PropertySection>${rows.join('')}</PropertySection></Environment>
`
}

async function makeDisc({ shell, dir }: Bench, values: Readonly<Record<string, string>>): Promise<string> {
  const [file, disc] = [join(dir, 'ovf-env.xml'), join(dir, 'properties.iso')]
  await writeFile(file, renderEnvironment(values))
  await shell.run(['genisoimage', '-quiet', '-J', '-r', '-V', 'OVF ENV', '-o', disc, file])
  return disc
}

/** QEMU's own network, in which 10.0.2.2 is the host. */
const staticNetwork = {
  'network.ip0': '10.0.2.15',
  'network.netmask0': '24',
  'network.gateway': '10.0.2.2',
  'network.DNS': '10.0.2.3',
  'network.fqdn': 'solo.example.com',
}

export async function proveProperties(bench: Bench): Promise<void> {
  const key = await createSshKey(bench, 'properties')
  const values = {
    ...staticNetwork,
    'dispatch.admin_pwd': password,
    'appliance.ssh_keys': key.publicKey,
    'network.ntp': 'bad name!',
  }
  const disc = await makeDisc(bench, values)
  const powerOnMs = Date.now()
  const machine = await start(bench, 'properties', disc)
  await checkOpen(machine)
  bench.print(`ok  properties on a disc: ready ${seconds(powerOnMs)} after power-on, without a hand on it`)
  await checkLogins(machine, key)
  const ssh = { port: machine.ports.ssh.hostPort, user: 'admin', key }
  const { addresses, faults, hostName } = JSON.parse(await runOverSsh(ssh, 'dispatch appliance status -o json'))
  expect(
    addresses.some((each: { asked?: { matches: boolean } }) => each.asked?.matches),
    'the address differs',
  )
  expect(
    faults.some(({ key: name }: { key: string }) => name === 'network.ntp'),
    'the bad value is not told',
  )
  expect(hostName === 'solo', `the host name is ${hostName}`)
  bench.print('ok  static network, host name, hostile password and key applied; the bad value is named')
  await machine.cutPower()
}
