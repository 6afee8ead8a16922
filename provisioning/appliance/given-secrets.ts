/** Secrets that were given: they are remembered as used, and erased where they came from, once nothing needs them there. */
import { setTimeout as pause } from 'node:timers/promises'
import { messageOf } from '../../server/core/errors.ts'
import type { Used } from '../firstboot/plan-values.ts'
import { writeSources } from '../firstboot/record.ts'
import { certificateKeys, credentialKeys, passwordKeys } from '../firstboot/secret-values.ts'
import type { Fault } from '../firstboot/settings.ts'
import { pick } from '../firstboot/source-record.ts'
import { eraseSecrets } from '../firstboot/sources/read.ts'
import { type Booted, type BootParts, tellForgotten } from './booted.ts'
import { takeLater } from './late-certificate.ts'

const retryMs = 2000
const certificateRetryMs = 60_000

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
async function erase(parts: BootParts, booted: Booted, needed: readonly string[]): Promise<readonly Fault[]> {
  const { places, run, problems } = parts
  if (!booted.isRemembered) return []
  try {
    await writeSources(places.state, booted.plan.remember(planUsed(booted, needed)))
    return await eraseSecrets(booted.sourced, run, needed)
  } catch (thrown) {
    tellForgotten(problems, thrown)
    return []
  }
}

/** A key of another certificate is no matter of time. */
const mayComeRight = ({ plan, parsed }: Booted): boolean =>
  certificateKeys.key in plan.values && !parsed.faults.some(({ key }) => key === certificateKeys.key)

/** Until it is taken, key and certificate stay where they came from. */
async function awaitCertificate(parts: BootParts, booted: Booted, needed: readonly string[]): Promise<void> {
  const { keeper, certificate } = parts.appliance
  const values = pick(booted.plan.values, key => Object.values(certificateKeys).includes(key))
  const wait = () => pause(parts.certificateRetryMs ?? certificateRetryMs, undefined, { ref: false })
  const pair = await takeLater(values, { keeper, certificate, pause: wait })
  if (pair === undefined) return
  const others = needed.filter(key => key !== certificateKeys.key)
  await erase(parts, { ...booted, pair, isRemembered: true }, others)
}

/** A claim that is cut off from being remembered is owed its password at the next boot, where it would else seem another's. */
async function rememberOwed({ places, problems, appliance }: BootParts, booted: Booted): Promise<void> {
  const { credentials } = booted.parsed
  if (credentials.adminPassword === undefined || appliance.claimed.isSet() || !booted.isRemembered) return
  const used = planUsed(booted, [...booted.unused, passwordKeys.admin])
  await writeSources(places.state, booted.plan.remember(used)).catch(thrown => tellForgotten(problems, thrown))
}

/** The way back of a claim that failed would take a pair along that is nowhere else. */
const listKept = ({ appliance: { keeper } }: BootParts, { plan }: Booted): readonly string[] =>
  plan.hasPair && keeper.isTakingBack() ? [certificateKeys.key] : []

/** Answers with what is still where it came from, and should not be. */
export async function useSecrets(parts: BootParts, booted: Booted): Promise<readonly Fault[]> {
  await rememberOwed(parts, booted)
  const isOwn = await claimByGiven(parts, booted)
  // Of a claim by somebody else the password is another one.
  const unused = booted.unused.filter(key => isOwn || key !== passwordKeys.admin)
  const needed = [...new Set([...unused, ...listKept(parts, booted)])]
  const kept = await erase(parts, booted, needed)
  if (unused.includes(certificateKeys.key) && mayComeRight(booted)) void awaitCertificate(parts, booted, needed)
  return kept
}
