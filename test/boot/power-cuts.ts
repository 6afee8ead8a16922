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
import { awaitSetupPage, expect, hear, type Identity, readCode, start } from './first-boot/appliance.ts'
import { makeValuesDisc } from './first-boot/discs.ts'
import { checkGiven, createGiven, type Given } from './first-boot/given.ts'
import { findShared } from './first-boot/identity.ts'

/** Numbers from 0 to 1, the same for the same seed: the high half of a linear congruential generator (Numerical Recipes). */
export function* createRandom(seed: number): Generator<number, never> {
  for (let state = seed >>> 0; ; ) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    yield (state >>> 8) / 2 ** 24
  }
}

const tlsKeyFile = '/etc/dispatch/tls/key.pem'

interface Cut {
  readonly name: string
  readonly afterMs: number
  /** Values that it was told, on a disc. */
  readonly told?: { readonly given: Given; readonly disc: string }
}

async function proveCut(bench: Bench, { name, afterMs, told }: Cut): Promise<Identity> {
  const discs = told ? [told.disc] : []
  const first = await startNew(bench, { name, credentials: {}, discs })
  await pause(afterMs)
  await first.cutPower()
  const machine = await start(bench, { name: `${name}-after`, of: name, awaits: 'unclaimed', discs })
  const [seconds, testimony] = await Promise.all([awaitSetupPage(machine), hear(machine)])
  if (told) await checkGiven(machine, testimony, told.given)
  else expect(testimony.status.faults.length === 0, `${name}: ${JSON.stringify(testimony.status.faults)}`)
  const code = await readCode(machine)
  await machine.running.cutPower()
  const moment = `${(afterMs / 1000).toFixed(1).padStart(6)} s`
  bench.print(`ok  ${name} at ${moment}${told ? ', with values' : ''}; completed ${seconds} after power-on`)
  await rm(join(bench.dir, `${name}.qcow2`))
  // The same pair was given to all that were told something.
  const isOwn = (what: string): boolean => !told || what !== tlsKeyFile
  const own = Object.entries(testimony.identity).filter(([what]) => isOwn(what))
  return { ...Object.fromEntries(own), 'setup code': code }
}

/** Every other one has values to apply. */
export async function provePowerCuts(bench: Bench, { count, seed }: { count: number; seed: number }): Promise<void> {
  const whole = await start(bench, { name: 'uncut', awaits: 'unclaimed' })
  await Promise.all([awaitSetupPage(whole), hear(whole)])
  const wholeMs = Date.now() - whole.running.powerOnMs()
  await whole.running.cutPower()
  bench.print(`${count} power cuts within ${(wholeMs / 1000).toFixed(1)} s of a first boot, by --seed ${seed}`)
  const given = await createGiven(bench, 'cuts')
  const told = { given, disc: await makeValuesDisc(bench, 'cuts', given.values) }
  const random = createRandom(seed)
  const identities: Record<string, Identity> = {}
  for (let at = 1; at <= count; at += 1) {
    const [name, afterMs] = [`cut-${at}`, random.next().value * wholeMs]
    identities[name] = await proveCut(bench, { name, afterMs, ...(at % 2 === 0 && { told }) })
  }
  const shared = findShared(identities)
  expect(shared.length === 0, `after power cuts machines have in common: ${shared.join('; ')}`)
}
