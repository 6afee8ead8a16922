import test from 'ava'
import { createInForce } from '../../../../provisioning/appliance/enact.ts'

const ready = { state: 'ready', isSshOpen: true, needsHttp: false } as const
const unclaimed = { state: 'unclaimed', isSshOpen: false, needsHttp: false } as const

/** As `systemctl is-active` answers: of the set-up page first, then of SSH. */
const isInForce = (wanted: typeof ready | typeof unclaimed, setup: string, { ssh = 'active', nft = 0 } = {}) =>
  createInForce({
    sshUnit: () => 'ssh.service',
    run: async ([program, ...args]) => {
      if (program === 'nft') return { exitCode: nft, stdout: '', stderr: '' }
      if (args.join(' ') !== 'is-active dispatch-setup.service ssh.service') throw new Error(args.join(' '))
      return { exitCode: 3, stdout: `${setup}\n${ssh}\n`, stderr: '' }
    },
  })(wanted)

test('rules and units that are as they should be are left alone', async t => {
  t.true(await isInForce(ready, 'inactive'))
  t.true(await isInForce(unclaimed, 'active', { ssh: 'inactive' }))
  t.true(await isInForce(unclaimed, 'activating', { ssh: 'failed' }), 'what is on its way, and what is not wanted')
})

test('rules that were flushed, and units that were stopped, started or have failed, are seen', async t => {
  t.false(await isInForce(ready, 'inactive', { nft: 1 }))
  t.false(await isInForce(ready, 'active'))
  t.false(await isInForce(ready, 'inactive', { ssh: 'inactive' }))
  t.false(await isInForce(unclaimed, 'failed', { ssh: 'inactive' }))
  t.false(await isInForce(unclaimed, 'active'))
  t.false(await isInForce(ready, '', { ssh: '' }), 'a systemd that does not answer')
})
