/** What is well and what is not on the appliance, read from the system. */
import { readFile, statfs } from 'node:fs/promises'
import type { Run } from '../run.ts'
import { messageIn, type ServerClient } from './server-client.ts'
import type { Health } from './status.ts'

export interface HealthPlaces {
  /** The file system that fills up. */
  readonly disk: string
  /** `/proc/meminfo` */
  readonly memory: string
  /** There once the clock was set by a time server. */
  readonly clock: string
}

export const healthPlaces: HealthPlaces = {
  disk: '/var/lib',
  memory: '/proc/meminfo',
  clock: '/run/systemd/timesync/synchronized',
}

export interface HealthParts {
  readonly server: ServerClient
  readonly run: Run
  readonly places: HealthPlaces
}

/** Shares of the whole. Docker stops creating containers well before the last byte; figures waver, so that twice the least is enough again. */
const leastFree = { while: 0.05, again: 0.1 }

/** Whether that much is enough, by whether there was enough before: around one threshold the state would flap. Pure. */
export const hasEnough = (freeShare: number, hadEnough: boolean): boolean =>
  freeShare >= (hadEnough ? leastFree.while : leastFree.again)

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`

async function readDisk(path: string, wasOk: boolean): Promise<Health> {
  const { bavail, blocks, bsize } = await statfs(path)
  const text = `${gigabytes(bavail * bsize)} of ${gigabytes(blocks * bsize)} free`
  return { name: 'disk', ok: hasEnough(bavail / blocks, wasOk), text }
}

async function readMemory(path: string, wasOk: boolean): Promise<Health> {
  const lines = await readFile(path, 'utf8')
  const bytesOf = (key: string): number => Number(new RegExp(`^${key}: +(\\d+) kB`, 'm').exec(lines)?.[1] ?? 0) * 1024
  const [free, total] = [bytesOf('MemAvailable'), bytesOf('MemTotal')]
  return {
    name: 'memory',
    ok: hasEnough(free / total, wasOk),
    text: `${gigabytes(free)} of ${gigabytes(total)} free`,
  }
}

/** Without a network there is no time server, so an unset clock is told and is no trouble. */
async function readClock(path: string): Promise<Health> {
  const isSet = await readFile(path).then(
    () => true,
    () => false,
  )
  return { name: 'clock', ok: true, text: isSet ? 'set by a time server' : 'not set by a time server yet' }
}

/** It works, or says what does not. */
const toldStatuses = [200, 503]

/** The server's own word on itself and on Docker. */
async function readServer(server: ServerClient): Promise<Health[]> {
  const reply = await server.send('GET', '/healthz').catch(() => undefined)
  if (!reply || !toldStatuses.includes(reply.status)) {
    return [
      { name: 'docker', ok: false, text: 'not known' },
      { name: 'server', ok: false, text: reply ? messageIn(reply) : 'does not answer' },
    ]
  }
  const { docker, store } = Object.assign({ docker: undefined, store: undefined }, reply.body)
  return [
    { name: 'docker', ok: docker === undefined, text: docker === undefined ? 'running' : String(docker) },
    { name: 'server', ok: store === undefined, text: store === undefined ? 'running' : `its store: ${String(store)}` },
  ]
}

/** One that cannot be read is told as such, and hides no other. */
const orUnknown = (name: Health['name'], reading: Promise<Health>): Promise<Health> =>
  reading.catch(() => ({ name, ok: true, text: 'not known' }))

const systemdMs = 5000
export const serverUnits = { docker: 'docker.service', server: 'dispatch-server.service' }

/** What systemd starts no more is dead, not starting. Asked only while something is wrong. */
async function findGivenUp(fromServer: readonly Health[], run: Run): Promise<readonly Health[]> {
  if (fromServer.every(({ ok }) => ok)) return fromServer
  const { stdout } = await run(['systemctl', 'is-failed', ...Object.values(serverUnits)], { timeoutMs: systemdMs })
  const states = stdout.split('\n')
  const failed = Object.entries(serverUnits).filter((_, index) => states[index] === 'failed')
  return fromServer.map(health => {
    const unit = new Map(failed).get(health.name)
    if (health.ok || unit === undefined) return health
    return { ...health, isGivenUp: true, text: `${unit} has failed: see \`journalctl -u ${unit}\`` }
  })
}

/** `before`: what it was found to be the last time. */
export async function readHealth({ server, run, places }: HealthParts, before: readonly Health[]): Promise<Health[]> {
  const wasOk = (name: Health['name']): boolean => before.find(each => each.name === name)?.ok ?? true
  const [fromServer, ...others] = await Promise.all([
    readServer(server).then(found => findGivenUp(found, run)),
    orUnknown('disk', readDisk(places.disk, wasOk('disk'))),
    orUnknown('memory', readMemory(places.memory, wasOk('memory'))),
    orUnknown('clock', readClock(places.clock)),
  ])
  return [...fromServer, ...others]
}

export const troublesOf = (health: readonly Health[]): string[] =>
  health.filter(({ ok }) => !ok).map(({ name, text }) => `${name}: ${text}`)
