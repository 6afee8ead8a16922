/** Discs that bring values: which there are, and what is on them while they are mounted, read-only and in a private folder. */
import { mkdtemp, readdir, readFile, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf } from '../../../server/core/errors.ts'
import type { Run } from '../../run.ts'
import type { Fault } from '../settings.ts'
import { readCloudConfig, type Taken } from './cloud-config.ts'
import { readDiscFile } from './disc-file.ts'
import { parseOvfEnvironment } from './ovf-environment.ts'
import type { Source, SourceName } from './sourced.ts'

export interface DiscPlaces {
  /** `/sys/block` */
  readonly blockDevices: string
  /** `/dev` */
  readonly devices: string
  /** An existing folder, in which discs are mounted one after the other. */
  readonly mounts: string
}

interface Disc {
  /** `/dev/sr0` */
  readonly device: string
  readonly label: string
}

const environmentFile = 'ovf-env.xml'
/** What it may hold is for whoever the machine trusts anyway, but it must not run or lead elsewhere. */
const mountOptions = 'ro,nosuid,nodev,noexec'

/** A drive, or a disk of hardware without partitions, as which hypervisors attach images too. The disk of the system has some. */
async function mayHoldDisc(blockDevices: string, name: string): Promise<boolean> {
  const folder = join(blockDevices, name)
  const text = await readFile(join(folder, 'removable'), 'utf8').catch(() => '')
  if (text.trim() === '1') return true
  const entries: readonly string[] = await readdir(folder).catch(() => [])
  return entries.includes('device') && !entries.some(entry => entry.startsWith(name))
}

/** Looks at the disc itself: what udev knows may be late. Undefined for an empty drive, or another file system. */
async function probe(run: Run, device: string): Promise<Disc | undefined> {
  const { exitCode, stdout } = await run(['blkid', '-p', '-o', 'export', device])
  const found = new Map(stdout.split('\n').map(line => [line.replace(/=.*/, ''), line.replace(/^[^=]*=/, '')]))
  if (exitCode !== 0 || found.get('TYPE') !== 'iso9660') return undefined
  return { device, label: found.get('LABEL') ?? '' }
}

export async function findDiscs(run: Run, { blockDevices, devices }: DiscPlaces): Promise<readonly Disc[]> {
  const names = (await readdir(blockDevices).catch(() => [])).toSorted()
  const possible = await Promise.all(names.map(name => mayHoldDisc(blockDevices, name)))
  const probed = names.filter((_, at) => possible[at]).map(name => probe(run, join(devices, name)))
  return (await Promise.all(probed)).filter(disc => disc !== undefined)
}

/** What a part of a disc gives; a part that cannot be read is a fault of it. */
async function take(disc: Disc, name: SourceName, read: () => Promise<Taken | undefined>): Promise<Source[]> {
  const source = { name, place: `the disc in ${disc.device}` }
  try {
    const taken = await read()
    return taken === undefined ? [] : [{ ...source, ...taken }]
  } catch (thrown) {
    const fault: Fault = { key: `${name} in ${disc.device}`, problem: messageOf(thrown), instead: 'it is not read' }
    return [{ ...source, values: {}, faults: [fault] }]
  }
}

async function readMounted(disc: Disc, folder: string): Promise<Source[]> {
  const isCloud = disc.label.toUpperCase() === 'CIDATA'
  const environment = await take(disc, 'ovf-env.xml', async () => {
    const xml = await readDiscFile(folder, environmentFile)
    if (xml !== undefined) return { values: parseOvfEnvironment(xml), faults: [] }
    if (disc.label.toUpperCase() === 'DISPATCH')
      throw new Error(`its label is DISPATCH, but it holds no ${environmentFile}`)
    return undefined
  })
  if (!isCloud) return environment
  const cloud = await take(disc, 'CIDATA', async () =>
    readCloudConfig((await readDiscFile(folder, 'user-data')) ?? '', (await readDiscFile(folder, 'meta-data')) ?? ''),
  )
  return [...environment, ...cloud]
}

/** The disc is free again when it resolves. */
async function readDisc(run: Run, mounts: string, disc: Disc): Promise<Source[]> {
  const folder = await mkdtemp(join(mounts, 'disc-'))
  const mounted = await run(['mount', '-t', 'iso9660', '-o', mountOptions, disc.device, folder])
  try {
    if (mounted.exitCode === 0) return await readMounted(disc, folder)
    return await take(disc, 'ovf-env.xml', () =>
      Promise.reject(new Error(`it cannot be mounted: ${mounted.stderr.trim()}`)),
    )
  } finally {
    const isFree = mounted.exitCode !== 0 || (await run(['umount', folder])).exitCode === 0
    if (!isFree) await run(['umount', '--lazy', folder])
    // One that stays is gone with the power: no boot stops at it.
    await rmdir(folder).catch(() => undefined)
  }
}

/** One after the other, in the order of their names. */
export async function readDiscs(run: Run, places: DiscPlaces): Promise<readonly Source[]> {
  const sources: Source[] = []
  for (const disc of await findDiscs(run, places)) sources.push(...(await readDisc(run, places.mounts, disc)))
  return sources
}
