/** What happens first at each power-on: what was given is read, applied and remembered. */
import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf } from '../../server/core/errors.ts'
import type { StepFailure } from '../firstboot/apply.ts'
import { planValues } from '../firstboot/plan-values.ts'
import { readRecord, writeValues } from '../firstboot/record.ts'
import { certificateKeys, passwordKeys } from '../firstboot/secret-values.ts'
import type { Parsed, Values } from '../firstboot/settings.ts'
import { readSources } from '../firstboot/sources/read.ts'
import type { Sourced } from '../firstboot/sources/sourced.ts'
import { type Booted, type BootParts, tellForgotten } from './booted.ts'
import { loadPair, renderPair } from './late-certificate.ts'

/** Drives for discs appear while the machine already boots. */
const awaitDevices = ['udevadm', 'settle', '--timeout=20']

async function readGiven({ run, places }: BootParts): Promise<Sourced> {
  await run(awaitDevices)
  const mounts = join(places.runtime, 'disc')
  await mkdir(mounts, { recursive: true, mode: 0o700 })
  return readSources(run, { ...places, mounts })
}

/** What counts again where a claim was cut off; one that is marked is whole. */
async function readCutOff({ claimed, former }: BootParts['appliance']): Promise<Values | undefined> {
  if (claimed.isSet()) {
    await former.drop().catch(() => undefined)
    return undefined
  }
  // One that cannot be read is one all the same: nothing of the claim is to stay.
  return former.read().catch(() => ({}))
}

const listUnset = (failures: readonly StepFailure[]): readonly string[] =>
  failures.flatMap(({ password }) => (password === undefined ? [] : [passwordKeys[password]]))

/** In force is what was given, and nothing else. */
const isTaken = (pair: string | undefined, { settings }: Parsed): boolean =>
  pair !== undefined && pair === renderPair(settings.certificate)

/** Before anybody else can change them. False where the next boot must take all of it again: the disk is full, say. */
async function remember({ places, appliance, problems }: BootParts): Promise<boolean> {
  try {
    await writeValues(places.state, appliance.keeper.current().values)
    return true
  } catch (thrown) {
    tellForgotten(problems, thrown)
    return false
  }
}

/** Whatever is wrong with what was given, the machine boots. */
export async function applyGiven(parts: BootParts): Promise<Booted> {
  const { places, appliance, problems } = parts
  const { keeper, certificate } = appliance
  const remembered = await readRecord(places.state, randomBytes(16).toString('hex'))
  const sourced = await readGiven(parts)
  const wasClaimed = appliance.claimed.isSet()
  const cutOff = await readCutOff(appliance)
  const pairBefore = await loadPair(certificate)
  const stored = cutOff ?? remembered.values
  const before = { stored, record: remembered.sources, pair: pairBefore, isClaimed: wasClaimed }
  const plan = planValues(sourced, before)
  if (plan.removed.includes(certificateKeys.certificate))
    await certificate.forget().catch(thrown => problems.tell('certificate', [messageOf(thrown)]))
  const { failures, ...parsed } = await keeper.boot(plan.values, cutOff !== undefined)
  const isRemembered = await remember(parts)
  const pair = await loadPair(certificate)
  const isPairUnused = plan.hasPair && !isTaken(pair, parsed)
  const unused = [...listUnset(failures), ...(isPairUnused ? [certificateKeys.key] : [])]
  const faults = [...remembered.faults, ...sourced.faults, ...plan.faults]
  return { sourced, plan, parsed, unused, pair, wasClaimed, isRemembered, faults }
}
