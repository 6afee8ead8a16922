import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { guestKey, properties } from '../../../../../ova/properties.ts'
import { createShell } from '../../../../../packer/shell.ts'
import { parseValues } from '../../../../../provisioning/firstboot/parse/values.ts'
import type { Fault } from '../../../../../provisioning/firstboot/settings.ts'
import { readCloudConfig } from '../../../../../provisioning/firstboot/sources/cloud-config.ts'
import { parseOvfEnvironment } from '../../../../../provisioning/firstboot/sources/ovf-environment.ts'
import { type BadRound, createBadRounds, findDifferences } from '../../../../boot/first-boot/bad-rounds.ts'
import { renderEnvironment } from '../../../../boot/first-boot/discs.ts'

const dir = await mkdtemp(join(tmpdir(), 'bad-rounds-'))
const shell = createShell({ logFile: join(dir, 'commands.log'), signal: new AbortController().signal })
const rounds = await createBadRounds({ shell, dir })
test.after.always(() => rm(dir, { recursive: true }))

/** As sources/discs.ts tells of one that cannot be read. */
function tellThrown(key: string, read: () => unknown): Fault[] {
  try {
    read()
    return []
  } catch (thrown) {
    return [{ key: `${key} in /dev/sr0`, problem: String(thrown), instead: '' }]
  }
}

function judge({ values, environment, cloud }: BadRound): readonly Fault[] {
  const xml = renderEnvironment(Object.fromEntries(values.map(({ key, value }) => [key, value])))
  const cloudFaults: Fault[] = []
  return [
    ...parseValues(parseOvfEnvironment(xml), Date.now()).faults,
    ...tellThrown('ovf-env.xml', () => parseOvfEnvironment(environment.text)),
    ...tellThrown('CIDATA', () => cloudFaults.push(...readCloudConfig(cloud.text, '').faults)),
    ...cloudFaults,
  ]
}

for (const round of rounds)
  test(`${round.name}: what the boot expects to be said is what is said, without secrets`, t => {
    const faults = judge(round)
    t.deepEqual(findDifferences(round, faults), [])
    for (const secret of round.secrets) t.false(JSON.stringify(faults).includes(secret), secret)
  })

test('what is not said, and what is said besides, is a difference', t => {
  const [first = rounds[0]] = rounds
  const faults = [...judge(first).slice(1), { key: 'vm.vmname', problem: 'it is odd', instead: '' }]
  t.deepEqual(findDifferences(first, faults), [
    'not named: network.gatway, there is no such setting',
    'named without a reason: vm.vmname, it is odd',
  ])
})

test('of every property that is looked at there is a value that cannot be used', t => {
  const bad = rounds.flatMap(({ values }) => values.filter(({ problems }) => problems.length > 0).map(({ key }) => key))
  const wanted = properties.filter(({ fixed }) => !fixed).map(guestKey)
  t.deepEqual(
    wanted.filter(key => !bad.includes(key)),
    [],
  )
})
