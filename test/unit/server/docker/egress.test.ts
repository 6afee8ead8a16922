/** When networks are made and closed, on a Docker that is played: what is not certainly closed is never handed out. */
import test from 'ava'
import { createEgress, type Network, type NetworkClient } from '../../../../server/docker/egress.ts'
import { instanceLabel, networkNameOf } from '../../../../server/docker/egress-rules.ts'

function createStage() {
  const asked: string[] = []
  const networks = new Map<string, Network>()
  const stage = { nowMs: 0, rulesFail: false, runtimeImage: 'i' as string | undefined, asked, networks }
  const client: NetworkClient = {
    find: async name => networks.get(name),
    list: async () => [...networks.values()],
    create: async ({ Name, Labels, Options }) => {
      asked.push('create')
      networks.set(Name, { name: Name, labels: Labels, options: Options })
    },
    remove: async name => {
      asked.push('remove')
      networks.delete(name)
    },
    runRules: async ({ script }) => {
      asked.push(script.includes('iptables-restore') ? 'close' : 'open')
      if (stage.rulesFail) throw new Error('iptables: not found')
    },
    findRuntimeImage: async () => stage.runtimeImage,
  }
  return { ...createEgress({ client, nowMs: () => stage.nowMs }), stage }
}

const name = networkNameOf('one')

test('the first one is closed before it is made; those side by side wait for the same', async t => {
  const { ensure, stage } = createStage()
  t.deepEqual(await Promise.all([ensure('one', 'i'), ensure('one', 'i')]), [name, name])
  t.is(await ensure('one', 'i'), name)
  t.deepEqual(stage.asked, ['close', 'create'])
})

test('rules that somebody may have flushed are set again after a while', async t => {
  const { ensure, stage } = createStage()
  await ensure('one', 'i')
  stage.nowMs = 59_999
  await ensure('one', 'i')
  t.deepEqual(stage.asked, ['close', 'create'])
  stage.nowMs = 60_000
  await ensure('one', 'i')
  t.deepEqual(stage.asked, ['close', 'create', 'close'])
})

test('what cannot be closed is neither made nor handed out, and is tried again', async t => {
  const { ensure, stage } = createStage()
  stage.rulesFail = true
  for (const _ of [1, 2]) {
    await t.throwsAsync(ensure('one', 'i'), {
      message: /cannot be closed .*: iptables: not found\. Docker needs iptables/,
    })
  }
  t.deepEqual(stage.asked, ['close', 'close'])
  stage.rulesFail = false
  t.is(await ensure('one', 'i'), name)
})

test('a network of a former life is adopted; one that is planned otherwise by now is made anew', async t => {
  const { ensure, stage } = createStage()
  await ensure('one', 'i')
  const other = createStage()
  const [found] = stage.networks.values()
  if (found) other.stage.networks.set(name, found)
  await other.ensure('one', 'i')
  t.deepEqual(other.stage.asked, ['close'])
  if (found) other.stage.networks.set(name, { ...found, options: {} })
  await other.ensure('one', 'i')
  t.deepEqual(other.stage.asked, ['close', 'remove', 'create'])
})

test("somebody else's network of that name is left alone, and nothing starts on it", async t => {
  const { ensure, stage } = createStage()
  stage.networks.set(name, { name, labels: {}, options: {} })
  await t.throwsAsync(ensure('one', 'i'), { message: /is somebody else's: remove it \(docker network rm/ })
  t.deepEqual(stage.asked, ['close'])
})

test('the rules go after the network, if any image can run what takes them away', async t => {
  const { ensure, remove, stage } = createStage()
  await ensure('one', 'i')
  await remove({ [instanceLabel]: 'one' })
  await ensure('one', 'i')
  stage.runtimeImage = undefined
  await remove({ [instanceLabel]: 'one' })
  t.deepEqual(stage.asked, ['close', 'create', 'remove', 'open', 'close', 'create', 'remove'])
})
