/** What of the settings fails is told until it has succeeded, and not longer. */
import test from 'ava'
import { createKeeper } from '../../../../provisioning/appliance/keeper.ts'
import { createProblems } from '../../../../provisioning/appliance/problems.ts'
import type { StepFailure } from '../../../../provisioning/firstboot/apply.ts'
import { parseValues } from '../../../../provisioning/firstboot/parse/values.ts'
import { createFormerInMemory } from '../../../helpers/former.ts'

const noPassword: StepFailure = { step: 'chpasswd', problem: 'it exited with 1', password: 'admin' }
const noHosts: StepFailure = { step: '/etc/hosts', problem: 'no space left' }
const password = { 'dispatch.admin_pwd': 'winter is coming soon' }

function createStage() {
  const machine = { failures: [] as readonly StepFailure[] }
  const journal: string[] = []
  const problems = createProblems(line => void journal.push(line))
  const keeper = createKeeper({
    parse: values => parseValues(values, 0),
    apply: async () => machine.failures,
    store: async () => undefined,
    forgetCertificate: async () => undefined,
    former: createFormerInMemory(),
    schedule: () => ({ cancel: () => undefined }),
    nowMs: () => 0,
    tell: problems.tell,
  })
  return { machine, journal, problems, keeper }
}

test('a change names each step that failed, and the status all of them', async t => {
  const { machine, keeper, problems } = createStage()
  machine.failures = [noHosts, noPassword]
  const change = await keeper.change({ values: password })
  t.deepEqual(change, { outcome: 'changed', failures: [noHosts, noPassword] })
  t.deepEqual(problems.all(), ['/etc/hosts: no space left', 'chpasswd: it exited with 1'])
})

test('a step that has gone well since is told of no more, a password only once another is set', async t => {
  const { machine, keeper, problems } = createStage()
  machine.failures = [noHosts, noPassword]
  await keeper.change({ values: password })
  machine.failures = []
  t.like(await keeper.change({ values: { 'network.ntp': '10.0.0.1' } }), { failures: [] })
  t.deepEqual(problems.all(), ['chpasswd: it exited with 1'])
  await keeper.change({ values: password })
  t.deepEqual(problems.all(), [])
})

test('what the settings depend on has changed: they are applied anew, but not under a network that is tried', async t => {
  const { machine, keeper, problems } = createStage()
  machine.failures = [noHosts]
  await keeper.boot({})
  machine.failures = []
  await keeper.change({ values: { 'network.ip0': '10.0.0.5/24' } })
  await keeper.reapply()
  t.deepEqual(problems.all(), ['/etc/hosts: no space left'])
  await keeper.confirm()
  machine.failures = [noHosts]
  await keeper.reapply()
  machine.failures = []
  await keeper.reapply()
  t.deepEqual(problems.all(), [])
})

test('the journal has each problem once, for as long as it lasts', t => {
  const { journal, problems } = createStage()
  problems.tell('firewall', ['nft exited with 1'])
  problems.tell('status', ['no space left'])
  problems.tell('firewall', ['nft exited with 1'])
  t.deepEqual([journal, problems.all()], [['nft exited with 1', 'no space left'], journal])
  problems.tell('firewall', [])
  t.deepEqual(problems.all(), ['no space left'])
  problems.tell('firewall', ['nft exited with 1'])
  t.deepEqual(journal, ['nft exited with 1', 'no space left', 'nft exited with 1'])
})
