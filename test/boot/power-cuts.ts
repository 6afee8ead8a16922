/**
 * First boots whose power is cut at random moments, and the boot after each, which must complete what was begun.
 *
 * QEMU is killed, so whatever the guest had only in memory is gone. What it had written but not flushed is gone as far as it was
 * new to the disk: QEMU keeps the table that finds such clusters (qcow2) in memory until the guest flushes. What it wrote
 * over a cluster that the disk had already is kept, flushed or not.
 */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Bench, startNew } from './bench.ts'
import {
  type Appliance,
  awaitApi,
  awaitSetupPage,
  expect,
  hear,
  type Identity,
  readCode,
  start,
  type Testimony,
} from './first-boot/appliance.ts'
import { makeValuesDisc } from './first-boot/discs.ts'
import { adminPassword, checkAdminLogins, checkGiven, createGiven, type Given } from './first-boot/given.ts'
import { findShared } from './first-boot/identity.ts'

/** Numbers from 0 to 1, the same for the same seed: the high half of a linear congruential generator (Numerical Recipes). */
export function* createRandom(seed: number): Generator<number, never> {
  for (let state = seed >>> 0; ; ) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    yield (state >>> 8) / 2 ** 24
  }
}

const tlsKeyFile = '/etc/dispatch/tls/key.pem'

/** What an appliance was told, on a disc, and what becomes of it then. */
interface Told {
  readonly what: string
  readonly awaits: 'unclaimed' | 'ready'
  readonly discs: readonly string[]
  readonly given?: Given
}

interface Cut {
  readonly name: string
  readonly afterMs: number
  readonly told: Told
}

async function listTold(bench: Bench): Promise<readonly Told[]> {
  const given = await createGiven(bench, 'cuts')
  const claiming = { ...given.values, 'dispatch.admin_pwd': adminPassword }
  return [
    { what: 'nothing', awaits: 'unclaimed', discs: [] },
    { what: 'values', awaits: 'unclaimed', discs: [await makeValuesDisc(bench, 'cuts', given.values)], given },
    { what: 'values and a claim', awaits: 'ready', discs: [await makeValuesDisc(bench, 'claims', claiming)], given },
  ]
}

async function checkTold(machine: Appliance, testimony: Testimony, { given, awaits }: Told): Promise<void> {
  if (given) await checkGiven(machine, testimony, given)
  else expect(testimony.status.faults.length === 0, `${machine.name}: ${JSON.stringify(testimony.status.faults)}`)
  if (given && awaits === 'ready') await checkAdminLogins(machine, given.key)
}

async function proveCut(bench: Bench, { name, afterMs, told }: Cut): Promise<Identity> {
  const { discs, awaits, what, given } = told
  const first = await startNew(bench, { name, credentials: {}, discs })
  await pause(afterMs)
  await first.cutPower()
  const machine = await start(bench, { name: `${name}-after`, of: name, awaits, discs })
  const awaitSeen = awaits === 'ready' ? awaitApi : awaitSetupPage
  const [seconds, testimony] = await Promise.all([awaitSeen(machine), hear(machine)])
  await checkTold(machine, testimony, told)
  const code = awaits === 'unclaimed' ? { 'setup code': await readCode(machine) } : {}
  await machine.running.cutPower()
  const moment = `${(afterMs / 1000).toFixed(1).padStart(6)} s`
  bench.print(`ok  ${name} at ${moment}, told ${what}; completed ${seconds} after power-on`)
  await rm(join(bench.dir, `${name}.qcow2`))
  // The same pair was given to all that were told something.
  const own = Object.entries(testimony.identity).filter(([path]) => !given || path !== tlsKeyFile)
  return { ...Object.fromEntries(own), ...code }
}

/** Between the moment in which the agent of a first boot is started and the one in which the appliance can be claimed. */
async function measureWork(bench: Bench): Promise<{ readonly fromMs: number; readonly untilMs: number }> {
  const whole = await start(bench, { name: 'uncut', awaits: 'unclaimed' })
  const [, { agentSeconds }] = await Promise.all([awaitSetupPage(whole), hear(whole)])
  const untilMs = Date.now() - whole.running.powerOnMs()
  await whole.running.cutPower()
  return { fromMs: agentSeconds * 1000, untilMs }
}

export async function provePowerCuts(bench: Bench, { count, seed }: { count: number; seed: number }): Promise<void> {
  const { fromMs, untilMs } = await measureWork(bench)
  const [from, until] = [fromMs, untilMs].map(ms => (ms / 1000).toFixed(1))
  bench.print(`${count} power cuts between ${from} and ${until} s of a first boot, by --seed ${seed}`)
  const all = await listTold(bench)
  const random = createRandom(seed)
  const identities: Record<string, Identity> = {}
  for (let at = 1; at <= count; at += 1) {
    const [name, told] = [`cut-${at}`, all[at % all.length]]
    const afterMs = fromMs + random.next().value * (untilMs - fromMs)
    if (told) identities[name] = await proveCut(bench, { name, afterMs, told })
  }
  const shared = findShared(identities)
  expect(shared.length === 0, `after power cuts machines have in common: ${shared.join('; ')}`)
}
