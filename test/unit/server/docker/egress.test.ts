/** When networks are made and closed, on a Docker that is played: what is not certainly closed is never handed out. */
import test from 'ava'
import { createEgress, type Network, type NetworkClient } from '../../../../server/docker/egress.ts'
import { driversLabel, instanceLabel, networkNameOf } from '../../../../server/docker/egress-rules.ts'

function createStage() {
  const asked: string[] = []
  const networks = new Map<string, Network>()
  const stage = { nowMs: 0, rulesFail: false, rulesImage: 'i' as string | undefined, asked, networks }
  const client: NetworkClient = {
    find: async name => networks.get(name),
    list: async () => [...networks.values()],
    create: async ({ Name, Labels, Options }) => {
      asked.push('create')
      networks.set(Name, { name: Name, labels: Labels, options: Options, gateway: '172.30.0.1' })
    },
    remove: async name => {
      asked.push('remove')
      networks.delete(name)
    },
    runRules: async ({ script }) => {
      const opening = /-d (\S+) -p tcp --dport (\d+)/.exec(script)
      const but = opening ? ` but ${opening[1]}:${opening[2]}` : ''
      asked.push(script.includes('iptables-restore') ? `close${but}` : 'open')
      if (stage.rulesFail) throw new Error('iptables: not found')
    },
    rulesImages: ['ours/a:1', 'ours/b:1'],
    findRulesImage: async () => stage.rulesImage,
  }
  return { ...createEgress({ client, nowMs: () => stage.nowMs }), stage }
}

const name = networkNameOf('one')

test('the first one is closed before it is made; those side by side wait for the same', async t => {
  const { ensure, stage } = createStage()
  t.deepEqual(await Promise.all([ensure('one', 'egress'), ensure('one', 'egress')]), [name, name])
  t.is(await ensure('one', 'egress'), name)
  t.deepEqual(stage.asked, ['close', 'create'])
})

test('rules that somebody may have flushed are set again after a while', async t => {
  const { ensure, stage } = createStage()
  await ensure('one', 'egress')
  stage.nowMs = 59_999
  await ensure('one', 'egress')
  t.deepEqual(stage.asked, ['close', 'create'])
  stage.nowMs = 60_000
  await ensure('one', 'egress')
  t.deepEqual(stage.asked, ['close', 'create', 'close'])
})

test('what cannot be closed is neither made nor handed out, and is tried again', async t => {
  const { ensure, stage } = createStage()
  stage.rulesFail = true
  for (const _ of [1, 2]) {
    await t.throwsAsync(ensure('one', 'egress'), {
      message: /cannot be closed .*: iptables: not found\. Docker needs iptables/,
    })
  }
  t.deepEqual(stage.asked, ['close', 'close'])
  stage.rulesFail = false
  t.is(await ensure('one', 'egress'), name)
})

test('a network of a former life is adopted; one that is planned otherwise by now is made anew', async t => {
  const { ensure, stage } = createStage()
  await ensure('one', 'egress')
  const other = createStage()
  const [found] = stage.networks.values()
  if (found) other.stage.networks.set(name, found)
  await other.ensure('one', 'egress')
  t.deepEqual(other.stage.asked, ['close'])
  if (found) other.stage.networks.set(name, { ...found, options: {} })
  await other.ensure('one', 'egress')
  t.deepEqual(other.stage.asked, ['close', 'remove', 'create'])
})

test("somebody else's network of that name is left alone, and nothing starts on it", async t => {
  const { ensure, stage } = createStage()
  stage.networks.set(name, { name, labels: {}, options: {}, gateway: undefined })
  await t.throwsAsync(ensure('one', 'egress'), { message: /is somebody else's: remove it \(docker network rm/ })
  t.deepEqual(stage.asked, ['close'])
})

test('the rules go after the network, if any image can run what takes them away', async t => {
  const { ensure, remove, stage } = createStage()
  await ensure('one', 'egress')
  await remove({ [instanceLabel]: 'one' })
  await ensure('one', 'egress')
  stage.rulesImage = undefined
  await remove({ [instanceLabel]: 'one' })
  t.deepEqual(stage.asked, ['close', 'create', 'remove', 'open', 'close', 'create', 'remove'])
})

test("the drivers' network is closed before it is made, then all but one port of this machine's address on it", async t => {
  const { ensure, openDrivers, remove, stage } = createStage()
  t.is(await openDrivers('one', 8082), '172.30.0.1')
  await openDrivers('one', 8082)
  t.deepEqual(stage.asked, ['close', 'create', 'close but 172.30.0.1/32:8082'])
  stage.nowMs = 60_000
  t.is(await ensure('one', 'driver'), networkNameOf('one', 'driver'))
  t.deepEqual(stage.asked.slice(3), ['close but 172.30.0.1/32:8082'])
  await openDrivers('one', 9000)
  t.deepEqual(stage.asked.slice(4), ['close but 172.30.0.1/32:9000'])
  await remove({ [driversLabel]: 'one' })
  await ensure('one', 'driver')
  t.deepEqual(stage.asked.slice(5), ['remove', 'open', 'close', 'create'])
})

test('without any image of a runtime nothing can be closed, so nothing starts', async t => {
  const { ensure, stage } = createStage()
  stage.rulesImage = undefined
  await t.throwsAsync(ensure('one', 'egress'), {
    message: /cannot be closed .*: no image of a runtime .*: load one \(ours\/a:1, ours\/b:1\)/,
  })
  t.deepEqual(stage.asked, [])
})
