/** What happens once at each power-on: what was given is read, applied and remembered, and its secrets are erased. */
import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { messageOf } from '../../server/core/errors.ts'
import type { StepFailure } from '../firstboot/apply.ts'
import { planValues, type Used, type ValuePlan } from '../firstboot/plan-values.ts'
import { readRecord, writeSources, writeValues } from '../firstboot/record.ts'
import { certificateKeys, credentialKeys, passwordKeys } from '../firstboot/secret-values.ts'
import type { Fault, Parsed, Values } from '../firstboot/settings.ts'
import { eraseSecrets, readSources } from '../firstboot/sources/read.ts'
import type { Sourced } from '../firstboot/sources/sourced.ts'
import type { Run } from '../run.ts'
import type { Appliance } from './appliance.ts'
import type { Pair } from './certificate.ts'
import type { Places } from './places.ts'
import type { Problems } from './problems.ts'

export interface BootParts {
  readonly appliance: Pick<Appliance, 'keeper' | 'claims' | 'claimed' | 'certificate' | 'former'>
  readonly places: Pick<Places, 'state' | 'runtime' | 'blockDevices' | 'devices'>
  readonly run: Run
  readonly problems: Problems
}

export interface Booted {
  readonly sourced: Sourced
  readonly plan: ValuePlan
  readonly parsed: Parsed
  /** Of passwords that could not be set, and of a pair that was not taken: they are still needed where they came from. */
  readonly unused: readonly string[]
  /** The administrator's pair in force by now. */
  readonly pair: string | undefined
  /** Before anything was applied. */
  readonly wasClaimed: boolean
  /** Of the sources, and of what is not even looked at. */
  readonly faults: readonly Fault[]
}

const retryMs = 2000

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

/** One that cannot be read is none: it is told when it is to be shown. */
const loadPair = ({ certificate }: BootParts['appliance']): Promise<Pair | undefined> =>
  certificate.given().catch(() => undefined)

/** Of those that were given: taking one back may fail too. */
const listUnset = (failures: readonly StepFailure[], given: Values): readonly string[] =>
  failures
    .flatMap(({ password }) => (password === undefined ? [] : [passwordKeys[password]]))
    .filter(key => key in given)

/** As it is compared. */
const renderPair = (pair: Pair | undefined): string | undefined => pair && JSON.stringify([pair.chainPem, pair.keyPem])

/** Whatever is wrong with what was given, the machine boots. */
export async function applyGiven(parts: BootParts): Promise<Booted> {
  const { places, appliance } = parts
  const { keeper, certificate } = appliance
  const remembered = await readRecord(places.state, randomBytes(16).toString('hex'))
  const sourced = await readGiven(parts)
  const wasClaimed = appliance.claimed.isSet()
  const cutOff = await readCutOff(appliance)
  const pairBefore = renderPair(await loadPair(appliance))
  const stored = cutOff ?? remembered.values
  const before = { stored, record: remembered.sources, pair: pairBefore, isClaimed: wasClaimed }
  const plan = planValues(sourced, before)
  if (plan.removed.includes(certificateKeys.certificate)) await certificate.forget()
  const { failures, ...parsed } = await keeper.boot(plan.values, cutOff !== undefined)
  const pair = renderPair(await loadPair(appliance))
  const isPairUnused = plan.hasPair && (pair === undefined || pair !== renderPair(parsed.settings.certificate))
  const unused = [...listUnset(failures, plan.values), ...(isPairUnused ? [certificateKeys.key] : [])]
  const faults = [...remembered.faults, ...sourced.faults, ...plan.faults]
  return { sourced, plan, parsed, unused, pair, wasClaimed, faults }
}

/** The server may still be starting: nothing but a claim ends this. False where somebody else was faster. */
async function claimByGiven({ appliance, problems }: BootParts, { parsed, wasClaimed }: Booted): Promise<boolean> {
  const { claims, claimed } = appliance
  const { credentials, settings } = parsed
  let isOwn = wasClaimed
  while (credentials.adminPassword !== undefined && !claimed.isSet()) {
    try {
      await claims.claimBy(credentials, settings.organization)
      isOwn = true
      problems.tell('claim', [])
    } catch (thrown) {
      problems.tell('claim', [`claiming by the password that was given: ${messageOf(thrown)}`])
      await pause(retryMs)
    }
  }
  return isOwn
}

function planUsed({ parsed: { credentials }, pair }: Booted, needed: readonly string[]): Used {
  const { rootPassword, adminPassword } = credentials
  const given = [
    ...(rootPassword === undefined ? [] : [passwordKeys.root]),
    ...(adminPassword === undefined ? [] : [passwordKeys.admin]),
  ]
  return {
    passwords: given.filter(key => !needed.includes(key)),
    owed: needed.filter(key => credentialKeys.includes(key)),
    isPairTaken: !needed.includes(certificateKeys.key),
    pair,
  }
}

/** Remembered before it is erased: a password that is gone from both would be lost. Answers with what is still there. */
export async function useSecrets(parts: BootParts, booted: Booted): Promise<readonly Fault[]> {
  const { appliance, places, run, problems } = parts
  const isOwn = await claimByGiven(parts, booted)
  // Of a claim by somebody else the password is another one.
  const needed = booted.unused.filter(key => isOwn || key !== passwordKeys.admin)
  try {
    await writeValues(places.state, appliance.keeper.current().values)
    await writeSources(places.state, booted.plan.remember(planUsed(booted, needed)))
    return await eraseSecrets(booted.sourced, run, needed)
  } catch (thrown) {
    // A full disk, say: the next boot takes all of it again.
    problems.tell('given', [`what was given cannot be remembered: ${messageOf(thrown)}`])
    return []
  }
}
