/** What happens once at each power-on: what was given is read, applied and remembered, and its secrets are erased. */
import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { messageOf } from '../../server/core/errors.ts'
import { planValues, type ValuePlan } from '../firstboot/plan-values.ts'
import { readRecord, writeSources, writeValues } from '../firstboot/record.ts'
import type { Fault, Parsed, Values } from '../firstboot/settings.ts'
import { eraseSecrets, readSources } from '../firstboot/sources/read.ts'
import type { Sourced } from '../firstboot/sources/sourced.ts'
import type { Run } from '../run.ts'
import type { Appliance } from './appliance.ts'
import { certificateKeys } from './lasting-values.ts'
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
  /** A password could not be set: it is still needed where it came from. */
  readonly lacksPassword: boolean
  /** Of the sources, not of their values. */
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

/** Whatever is wrong with what was given, the machine boots. */
export async function applyGiven(parts: BootParts): Promise<Booted> {
  const { places, appliance } = parts
  const { keeper, certificate } = appliance
  const remembered = await readRecord(places.state, randomBytes(16).toString('hex'))
  const sourced = await readGiven(parts)
  const cutOff = await readCutOff(appliance)
  const plan = planValues(cutOff ?? remembered.values, sourced, remembered.sources)
  if (plan.removed.includes(certificateKeys.certificate)) await certificate.forget()
  const { failures, ...parsed } = await keeper.boot(plan.values, cutOff !== undefined)
  const lacksPassword = failures.some(({ password }) => password !== undefined)
  return { sourced, plan, parsed, lacksPassword, faults: [...remembered.faults, ...sourced.faults] }
}

/** The server may still be starting: nothing but a claim ends this. */
async function claimByGiven({ appliance, problems }: BootParts, { parsed }: Booted): Promise<void> {
  const { claims, claimed } = appliance
  const { credentials, settings } = parsed
  while (credentials.adminPassword !== undefined && !claimed.isSet()) {
    try {
      await claims.claimBy(credentials, settings.organization)
      problems.tell('claim', [])
    } catch (thrown) {
      problems.tell('claim', [`claiming by the password that was given: ${messageOf(thrown)}`])
      await pause(retryMs)
    }
  }
}

/** Remembered before it is erased: a password that is gone from both would be lost. Answers with what is still there. */
export async function useSecrets(parts: BootParts, booted: Booted): Promise<readonly Fault[]> {
  const { appliance, places, run, problems } = parts
  await claimByGiven(parts, booted)
  try {
    await writeValues(places.state, appliance.keeper.current().values)
    await writeSources(places.state, booted.plan.remember(booted.lacksPassword ? {} : booted.parsed.credentials))
    if (booted.lacksPassword) return []
    return await eraseSecrets(booted.sourced, run)
  } catch (thrown) {
    // A full disk, say: the next boot takes all of it again.
    problems.tell('given', [`what was given cannot be remembered: ${messageOf(thrown)}`])
    return []
  }
}
