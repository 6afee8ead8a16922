/** Runs inside the booted appliance, handed in from outside: proves that it works and says so in one line. */
import { execFileSync, spawnSync } from 'node:child_process'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statfsSync,
  writeFileSync,
} from 'node:fs'
import { availableParallelism, networkInterfaces, totalmem } from 'node:os'
import { basename, matchesGlob } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

const reportPort = '/dev/ttyS1'
const stateDir = '/var/lib/dispatch-selftest'
const runsFile = `${stateDir}/runs.json`
const deadlineMs = 20 * 60_000

/** Only that the system is up, with all of its hardware: no functions. */
const isHardwareOnly = process.argv.includes('--hardware')

const functions = [
  {
    name: 'hello-py',
    image: 'python3',
    file: 'hello.py',
    source: 'def handle(ctx, payload):\n    return "py " + payload["name"]\n',
  },
  {
    name: 'hello-js',
    image: 'nodejs',
    file: 'hello.js',
    source: 'module.exports = (context, payload) => "js " + payload.name\n',
  },
]

type Row = Readonly<Record<string, unknown>>

function report(word: string, facts: unknown): void {
  appendFileSync(reportPort, `SELFTEST ${word} ${JSON.stringify(facts)}\n`)
}

const environment = { PATH: '/usr/sbin:/usr/bin', HOME: '/root' }

function run(program: string, ...words: string[]): string {
  return execFileSync(program, words, {
    encoding: 'utf8',
    env: environment,
    cwd: '/root',
  })
}

const dispatch = (...words: string[]) => run('dispatch', ...words)

function list(kind: string, ...words: string[]): Row[] {
  const rows: unknown = JSON.parse(dispatch('get', kind, ...words, '--json'))
  return Array.isArray(rows) ? rows : [JSON.parse(JSON.stringify(rows))]
}

function expect(holds: boolean, problem: string): void {
  if (!holds) throw new Error(problem)
}

async function waitFor(what: string, holds: () => boolean): Promise<number> {
  const begin = performance.now()
  while (!holds()) {
    expect(performance.now() - begin < deadlineMs, `${what} did not come about within ${deadlineMs / 1000} s`)
    await pause(200)
  }
  return Math.round(performance.now() - begin)
}

/** Seconds since the kernel began, of a moment that systemd recorded. */
function secondsTo(unit: string): number {
  return Number(run('systemctl', 'show', '--value', '--property=ActiveEnterTimestampMonotonic', unit)) / 1e6
}

/** Seconds since the kernel began, of Docker's own word: its unit counts as started when it has begun. */
function secondsToDocker(): number {
  const lines = run('journalctl', '--boot', '--no-pager', '--output=short-monotonic', '--unit=docker.service')
  return Number(/^\[ *([\d.]+)\] .*API listen on/m.exec(lines)?.[1])
}

function loadTimes(): Row {
  const kernel = Number(run('systemctl', 'show', '--value', '--property=UserspaceTimestampMonotonic')) / 1e6
  return {
    kernel,
    docker: secondsToDocker(),
    api: secondsTo('dispatch-server.service'),
    multiUser: secondsTo('multi-user.target'),
  }
}

function checkSystem(): void {
  // Any state but "running" is an exit code other than 0; the failed units say more.
  spawnSync('systemctl', ['is-system-running', '--wait'])
  const failed = run('systemctl', 'list-units', '--state=failed', '--plain', '--no-legend').trim()
  expect(failed === '', `failed units: ${failed}`)
  const journal = run('journalctl', '--boot', '--no-pager', '--quiet', '--output=cat', '_PID=1')
  expect(!/ordering cycle/.test(journal), 'systemd found an ordering cycle')
}

async function createAll(): Promise<Row> {
  dispatch('create', 'seed-images')
  const status = (name: string) => list('images').find(image => image.name === name)?.status
  const missingMs = await waitFor(
    'java and powershell in ERROR',
    () => status('java') === 'ERROR' && status('powershell') === 'ERROR',
  )
  for (const image of list('images').filter(({ name }) => name === 'java' || name === 'powershell')) {
    expect(String(image.reason).length > 10, `image ${image.name} is in ERROR without a reason`)
  }
  const readyMs = await waitFor(
    'nodejs and python3 READY',
    () => status('nodejs') === 'READY' && status('python3') === 'READY',
  )
  mkdirSync(stateDir, { recursive: true })
  for (const { name, image, file, source } of functions) {
    writeFileSync(`${stateDir}/${file}`, source)
    const handler = image === 'python3' ? ['--handler', 'hello.handle'] : []
    dispatch('create', 'function', name, `${stateDir}/${file}`, '--image', image, ...handler)
  }
  dispatch('create', 'eventdriver', 'http', '--name', 'hook')
  return { missingMs, readyMs }
}

/** undefined: under emulation a container may take longer than a call waits for it, and then there is one for the next. */
function execute(name: string): Row | undefined {
  const words = ['exec', name, '--input', '{"name":"Jon"}', '--wait']
  const { status, stdout, stderr } = spawnSync('dispatch', words, { encoding: 'utf8', env: environment, cwd: '/root' })
  if (status !== 0 && stderr.includes('[Code: 429]')) return undefined
  expect(status === 0, `exec ${name}: ${stderr}`)
  return JSON.parse(stdout)
}

async function callAll(): Promise<void> {
  for (const { name } of functions) {
    await waitFor(`${name} READY`, () => list('functions').some(row => row.name === name && row.status === 'READY'))
    let finished: Row | undefined
    await waitFor(`a container for ${name}`, () => {
      finished = execute(name)
      return finished !== undefined
    })
    const wanted = `${name.slice(-2)} Jon`
    expect(finished?.output === wanted, `${name} answered ${JSON.stringify(finished)}`)
  }
}

/** Root is let in by the local socket, which the commands above went by; over the network nobody is without a credential. */
async function checkStrangers(): Promise<void> {
  const headers = { cookie: 'cookie', 'x-dispatch-org': 'dispatch' }
  const { status } = await fetch('http://127.0.0.1:8080/v1/function', { headers })
  expect(status === 401, `a stranger who asks for functions is answered ${status}`)
}

/** Through the firewall twice: into the driver's container, and from there to the server's listener for events. */
async function sendWebhook(): Promise<void> {
  const isReady = () => list('eventdrivers').some(({ name, status }) => name === 'hook' && status === 'READY')
  await waitFor('the event driver READY', isReady)
  const [driver] = list('eventdrivers')
  const send = () => fetch(String(driver?.url), { method: 'POST', body: 'x' })
  // READY says that its container runs; under emulation its program takes some seconds more until it listens.
  let answer = await send().catch(() => undefined)
  for (const begin = performance.now(); !answer && performance.now() - begin < deadlineMs; await pause(200))
    answer = await send().catch(() => undefined)
  expect(answer?.status === 202, `the webhook was answered ${answer?.status} ${await answer?.text()}`)
}

/** Of the last PCI device on the way to a device. */
function findDriver(device: string): string {
  const path = realpathSync(device)
  const end = [...path.matchAll(/\/[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.\d(?=\/)/g)].at(-1)
  return end ? basename(realpathSync(`${path.slice(0, end.index + end[0].length)}/driver`)) : 'none'
}

/** The hardware as the system sees it; waits until every card has an address. */
async function describeMachine(): Promise<Row> {
  const cards = readdirSync('/sys/class/net').filter(name => existsSync(`/sys/class/net/${name}/device`))
  const hasAddress = (card: string) => networkInterfaces()[card]?.some(({ family }) => family === 'IPv4') === true
  await waitFor('an address on every network card', () => cards.every(hasAddress))
  const { blocks, bsize } = statfsSync('/')
  return {
    firmware: existsSync('/sys/firmware/efi') ? 'uefi' : 'bios',
    cpus: availableParallelism(),
    memoryMiB: Math.round(totalmem() / 2 ** 20),
    disk: findDriver(`/sys/class/block/${basename(run('findmnt', '-no', 'SOURCE', '/').trim())}`),
    cards: cards.map(card => findDriver(`/sys/class/net/${card}`)),
    rootGib: (blocks * bsize) / 2 ** 30,
  }
}

/** While functions have containers: people and hypervisors are told the addresses of cards, never those of Docker's links. */
function checkAddresses(): void {
  const links = readdirSync('/sys/class/net').filter(name => name !== 'lo')
  const isCard = (name: string) => existsSync(`/sys/class/net/${name}/device`)
  const virtual = links.filter(name => !isCard(name))
  expect(virtual.includes('docker0') && virtual.some(name => name.startsWith('veth')), `links: ${links.join(' ')}`)
  const told: Row[] = JSON.parse(dispatch('appliance', 'status', '-o', 'json')).addresses
  for (const { link } of told) expect(isCard(String(link)), `${link} is told as the machine's own`)
  const settings = readFileSync('/etc/vmware-tools/tools.conf', 'utf8')
  const excluded = /^exclude-nics=(.*)$/m.exec(settings)?.[1]?.split(',') ?? []
  for (const name of links) {
    const isExcluded = excluded.some(pattern => matchesGlob(name, pattern))
    expect(isExcluded !== isCard(name), `open-vm-tools ${isExcluded ? 'hides' : 'shows'} ${name}`)
  }
}

const runNames = () => list('runs').map(({ name }) => String(name))

async function main(): Promise<void> {
  checkSystem()
  const times = loadTimes()
  if (isHardwareOnly) {
    const { ok, status } = await fetch('http://127.0.0.1:8080/healthz')
    expect(ok, `the server says of its health ${status}`)
    return report('pass', { times, machine: await describeMachine() })
  }
  const isFirst = !existsSync(runsFile)
  const known: string[] = isFirst ? [] : JSON.parse(readFileSync(runsFile, 'utf8'))
  const created = isFirst ? await createAll() : {}
  for (const name of known) expect(runNames().includes(name), `run ${name} of an earlier boot is gone`)
  await callAll()
  await checkStrangers()
  await sendWebhook()
  checkAddresses()
  const runs = runNames()
  expect(runs.length >= known.length + functions.length, `only ${runs.length} runs are listed`)
  // Only this file is flushed: what Dispatch promises to keep, it must have flushed itself.
  writeFileSync(runsFile, JSON.stringify(runs), { flush: true })
  report('pass', { times, ...created, runs: runs.length, machine: await describeMachine() })
  if (isFirst) run('systemctl', 'reboot')
}

report('up', { uptimeSeconds: Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]) })
await main().catch(error => {
  // Does not throw: whatever becomes of the journal, the verdict goes out.
  const lines = ['--boot', '--no-pager', '--lines=40', '--unit=dispatch-server.service']
  const server = spawnSync('/usr/bin/journalctl', lines, { encoding: 'utf8' }).stdout ?? ''
  report('fail', { problem: String(error), stderr: String(error?.stderr ?? ''), server })
})
