/** Values that cannot be used, of every setting and every source: each is named, and the appliance boots as if it had not been told. */
import type { Bench } from '../bench.ts'
import { waitFor } from '../outside.ts'
import {
  type Appliance,
  awaitSetupPage,
  checkClosed,
  expect,
  hear,
  type Identity,
  readCode,
  readFingerprint,
  start,
  type Testimony,
} from './appliance.ts'
import { type BadRound, createBadRounds, findDifferences } from './bad-rounds.ts'
import { makeDisc, makeValuesDisc, tellsOfSecrets } from './discs.ts'
import { checkGiven, createGiven } from './given.ts'

async function makeDiscs(bench: Bench, { name, values, environment, cloud }: BadRound): Promise<string[]> {
  const given = Object.fromEntries(values.map(({ key, value }) => [key, value]))
  return [
    await makeValuesDisc(bench, name, given),
    await makeDisc(bench, { name: `${name}-xml`, label: 'DISPATCH', files: { 'ovf-env.xml': environment.text } }),
    await makeDisc(bench, {
      name: `${name}-cloud`,
      label: 'CIDATA',
      files: { 'user-data': cloud.text, 'meta-data': '' },
    }),
  ]
}

function checkFaults(round: BadRound, { status: { faults }, journal }: Testimony): void {
  const ofValues = faults.filter(fault => !tellsOfSecrets(fault))
  const differences = findDifferences(round, ofValues)
  expect(differences.length === 0, `${round.name}: ${differences.join('; ')}`)
  const untold = faults.filter(({ key, problem }) => !isTold(journal, key, problem))
  expect(untold.length === 0, `not in the journal: ${JSON.stringify(untold)}`)
}

/** As text, or as a string of JSON. */
const isTold = (journal: string, key: string, problem: string): boolean =>
  journal.split('\n').some(line => line.includes(key) && line.includes(JSON.stringify(problem).slice(1, -1)))

async function checkTold({ name, running }: Appliance, { status }: Testimony): Promise<void> {
  await waitFor(`${name}: the faults on the serial port`, async () => {
    const serial = await running.serial()
    return status.faults.every(({ key, problem }) => serial.includes(`${key}: ${problem}`))
  })
  await waitFor(`${name}: the faults on the screen`, async () => (await running.screen()).join().includes('Not taken'))
}

function checkSecrets({ secrets }: BadRound, { status, journal }: Testimony, serial: string): void {
  for (const secret of secrets)
    expect(![JSON.stringify(status), journal, serial].join('').includes(secret), `${secret} is told`)
}

/** DHCP, its own name, its own certificate, nobody who may log in. */
async function checkInstead({ ports }: Appliance, { status }: Testimony): Promise<void> {
  const { addresses, hostName, fingerprints, urls } = status
  expect(addresses.length > 0 && addresses.every(({ asked }) => asked === undefined), 'no address by DHCP')
  expect(hostName === 'dispatch', `the host name is ${hostName}`)
  expect((await readFingerprint(ports.https)) === fingerprints.tls, 'the set-up page shows another certificate')
  expect(!urls.some(({ name }) => name === 'SSH'), 'SSH is open')
}

async function proveRound(
  bench: Bench,
  round: BadRound,
  of: string | undefined,
): Promise<Testimony & { code: string }> {
  const discs = await makeDiscs(bench, round)
  const machine = await start(bench, { name: round.name, awaits: 'unclaimed', discs, ...(of !== undefined && { of }) })
  const [seconds, testimony] = await Promise.all([awaitSetupPage(machine), hear(machine)])
  checkFaults(round, testimony)
  await checkTold(machine, testimony)
  checkSecrets(round, testimony, await machine.running.serial())
  await checkInstead(machine, testimony)
  await checkClosed(machine)
  const code = await readCode(machine)
  bench.print(`ok  ${round.name}: ${testimony.status.faults.length} named, the set-up page answers after ${seconds}`)
  await machine.running.cutPower()
  return { ...testimony, code }
}

/** One machine, whose discs are changed while it is off; in the end they can all be used. */
export async function proveBadValues(bench: Bench): Promise<Identity> {
  const [first, ...others] = await createBadRounds(bench)
  const { identity, code } = await proveRound(bench, first, undefined)
  for (const round of others) await proveRound(bench, round, first.name)
  const given = await createGiven(bench, 'mended')
  const discs = [await makeValuesDisc(bench, 'mended', given.values)]
  const machine = await start(bench, { name: 'mended', awaits: 'unclaimed', of: first.name, discs })
  const [, testimony] = await Promise.all([awaitSetupPage(machine), hear(machine)])
  await checkGiven(machine, testimony, given)
  bench.print('ok  mended: taken at the next start; set-up page and API show the TLS pair, root is let in')
  await machine.running.cutPower()
  return { ...identity, 'setup code': code }
}
