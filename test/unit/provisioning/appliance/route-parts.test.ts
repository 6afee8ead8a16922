import test from 'ava'
import { planRouteParts } from '../../../../provisioning/appliance/route-parts.ts'

type Asked = Parameters<typeof planRouteParts>[0]

function createParts(isClaimed: boolean) {
  let opened = 0
  const never = () => Promise.reject(new Error('not asked for here'))
  const mark = { isSet: () => isClaimed, set: never }
  const appliance: Asked = {
    keeper: {
      ...{
        boot: never,
        change: never,
        confirm: never,
        reapply: never,
        trying: () => undefined,
        isTakingBack: () => false,
        isClaiming: () => false,
      },
      judge: () => {
        throw new Error('not asked for here')
      },
      current: () => {
        throw new Error('not asked for here')
      },
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
      places: { networkClass: '/nowhere', nameServers: '/nowhere', routes: '/nowhere' },
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
