/**
 * Runs inside the booted appliance, handed in from outside: waits for the state that is its argument, says once what only
 * somebody inside can see, and from then on what stands on the screen whenever that changes.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash, createPrivateKey, X509Certificate } from 'node:crypto'
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'

const reportPort = '/dev/ttyS1'
const deadlineMs = 20 * 60_000
const wantedState = process.argv[2] ?? 'unclaimed'

function report(word: string, facts: unknown): void {
  appendFileSync(reportPort, `SELFTEST ${word} ${JSON.stringify(facts)}\n`)
}

function run(program: string, ...words: string[]): string {
  return execFileSync(program, words, { encoding: 'utf8', env: { PATH: '/usr/sbin:/usr/bin', HOME: '/root' } })
}

const read = (path: string): string => readFileSync(path, 'utf8')

/** Of a private key the public half is made anew. */
const isSshKey = (path: string): boolean => {
  const [type, key] = run('ssh-keygen', '-y', '-f', path).split(' ')
  return read(`${path}.pub`).startsWith(`${type} ${key}`.trim())
}

const tls = { certificate: '/etc/dispatch/tls/certificate.pem', key: '/etc/dispatch/tls/key.pem' }
const isTlsKey = (path: string): boolean =>
  new X509Certificate(read(tls.certificate)).checkPrivateKey(createPrivateKey(read(path)))

const isThere = (path: string): boolean => readFileSync(path).length >= 16

type Checks = Readonly<Record<string, (path: string) => boolean>>

/** What makes this machine another one than all others, and whether each of it is whole. */
const identity: Checks = {
  '/etc/machine-id': path => /^[0-9a-f]{32}\n$/.test(read(path)),
  [tls.key]: isTlsKey,
  '/var/lib/dispatch/data.key': isThere,
  '/var/lib/dispatch/data/instance-id': isThere,
  '/var/lib/systemd/random-seed': isThere,
  '/var/lib/docker/engine-id': isThere,
}

/** They are made when sshd is needed for the first time. */
const hostKeys: Checks = { '/etc/ssh/ssh_host_ed25519_key': isSshKey, '/etc/ssh/ssh_host_rsa_key': isSshKey }

function judge(path: string, isWhole: (path: string) => boolean): string[] {
  try {
    return isWhole(path) ? [] : [`${path} is not whole`]
  } catch (thrown) {
    return [`${path}: ${thrown}`]
  }
}

const hash = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex')

/** What a cut of first boot would leave undone. */
function findProblems(checks: Checks): string[] {
  const failed = run('systemctl', 'list-units', '--state=failed', '--plain', '--no-legend').trim()
  const journal = run('journalctl', '--boot', '--no-pager', '--quiet', '--output=cat', '_PID=1')
  return [
    ...Object.entries(checks).flatMap(([path, isWhole]) => judge(path, isWhole)),
    ...(failed === '' ? [] : [`failed units: ${failed}`]),
    ...(journal.includes('ordering cycle') ? ['systemd found an ordering cycle'] : []),
    ...(existsSync('/var/lib/dispatch-appliance/pending') ? ['settings are not applied to the end'] : []),
  ]
}

const loadStatus = () => JSON.parse(read('/run/dispatch-appliance/state.json'))

type Named = { readonly name: string; readonly ok?: boolean }
const isSshWanted = (): boolean => loadStatus().urls.some(({ name }: Named) => name === 'SSH')
const isSshUp = (): boolean => spawnSync('systemctl', ['is-active', '--quiet', 'ssh.service']).status === 0

/** The clock of a machine without a network is never right. */
function isSettled(): boolean {
  const { state, health } = loadStatus()
  const isWell = (wanted: string) => health.some(({ name, ok }: Named) => name === wanted && ok)
  return state === wantedState && isWell('docker') && isWell('server') && (!isSshWanted() || isSshUp())
}

async function waitUntilSettled(): Promise<void> {
  for (const begin = performance.now(); !isSettled(); await pause(500))
    if (performance.now() - begin > deadlineMs) throw new Error(`not ${wantedState}: ${JSON.stringify(loadStatus())}`)
}

function secondsTo(unit: string, property = 'ActiveEnterTimestampMonotonic'): number {
  return Number(run('systemctl', 'show', '--value', `--property=${property}`, unit)) / 1e6
}

async function testify(): Promise<void> {
  // Any state but "running" is an exit code other than 0; the failed units say more.
  spawnSync('systemctl', ['is-system-running', '--wait'])
  await waitUntilSettled()
  const checks = { ...identity, ...(isSshWanted() && hostKeys) }
  const kernel = Number(run('systemctl', 'show', '--value', '--property=UserspaceTimestampMonotonic')) / 1e6
  report('pass', {
    times: { kernel, api: secondsTo('dispatch-server.service'), multiUser: secondsTo('multi-user.target') },
    problems: findProblems(checks),
    agentSeconds: secondsTo('dispatch-appliance.service', 'ExecMainStartTimestampMonotonic'),
    identity: Object.fromEntries(Object.keys(checks).map(path => [path, existsSync(path) ? hash(path) : 'absent'])),
    status: loadStatus(),
    journal: run('journalctl', '--boot', '--no-pager', '--quiet', '--output=cat', '--unit=dispatch-appliance.service'),
  })
}

/** The kernel's copy of the text console that is shown: two bytes of size, two of the cursor; then characters and their colours. */
function readScreen(): string[] {
  const bytes = readFileSync('/dev/vcsa')
  const [rows = 0, columns = 0] = bytes
  const characters = Buffer.from(bytes.subarray(4).filter((_, at) => at % 2 === 0))
  const line = (row: number) => characters.subarray(row * columns, (row + 1) * columns)
  return Array.from({ length: rows }, (_, row) => line(row).toString('latin1').trimEnd())
}

async function watchScreen(): Promise<never> {
  for (let told = ''; ; await pause(500)) {
    const lines = readScreen()
    if (lines.join('\n') === told) continue
    told = lines.join('\n')
    report('screen', { lines })
  }
}

report('up', { uptimeSeconds: Number(read('/proc/uptime').split(' ')[0]) })
await testify()
  .then(watchScreen)
  .catch(error => report('fail', { problem: String(error), stderr: String(error?.stderr ?? '') }))
