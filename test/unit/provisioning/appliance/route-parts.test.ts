import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { planRouteParts } from '../../../../provisioning/appliance/route-parts.ts'
import { parseValues } from '../../../../provisioning/firstboot/parse/values.ts'

type Asked = Parameters<typeof planRouteParts>[0]

const told = { 'network.ntp': 'time.example.com', 'dispatch.admin_pwd': 'winter is coming soon' }
const nowhere = { networkClass: '/nowhere', nameServers: '/nowhere', routes: '/nowhere' }

function createParts(isClaimed: boolean, places = nowhere) {
  let opened = 0
  const never = () => Promise.reject(new Error('not asked for here'))
  const mark = { isSet: () => isClaimed, set: never }
  const appliance: Asked = {
    keeper: {
      ...{
        boot: never,
        change: never,
        confirm: never,
        grant: never,
        reapply: never,
        trying: () => undefined,
        isTakingBack: () => false,
        isClaiming: () => false,
      },
      judge: () => {
        throw new Error('not asked for here')
      },
      current: () => ({ values: told, ...parseValues(told, 0) }),
    },
    claims: { claim: never, confirm: never, claimBy: never },
    ...{ claimed: mark, sshOff: mark, status: never },
    window: {
      code: () => undefined,
      judge: () => ({ kind: 'over' }),
      reopen: () => {
        opened += 1
      },
      ...{ leftMs: () => 0, pauseMs: () => 0, openUntilMs: () => 0, pausedUntilMs: () => 0, hold: () => undefined },
    },
  }
  const run = async () => ({ exitCode: 0, stdout: '', stderr: '' })
  return {
    parts: planRouteParts(appliance, {
      run,
      places,
      nudge: () => undefined,
    }),
    opened: () => opened,
  }
}

test('the set-up is opened again while nobody has claimed', t => {
  const { parts, opened } = createParts(false)
  parts.reopenSetup()
  t.is(opened(), 1)
})

test('once claimed there is no set-up to open, and who asks is told so', t => {
  const { parts, opened } = createParts(true)
  t.throws(() => parts.reopenSetup(), { message: /is claimed/ })
  t.is(opened(), 0)
})

test('what was set is told without secrets, and apart from it what is there', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'route-parts-'))
  t.teardown(() => rm(folder, { recursive: true }))
  const nameServers = join(folder, 'resolv.conf')
  await writeFile(nameServers, 'nameserver 10.0.2.3\n')
  const { values, present } = createParts(false, { ...nowhere, nameServers }).parts.runningValues()
  t.is(values['network.ntp'], 'time.example.com')
  t.false(JSON.stringify(values).includes('winter'))
  t.deepEqual(present, { 'network.fqdn': hostname(), 'network.DNS': '10.0.2.3' })
})
