import test from 'ava'
import { createAgent, inForceMs, type Wanted } from '../../../../provisioning/appliance/agent.ts'
import { createProblems } from '../../../../provisioning/appliance/problems.ts'
import { startingLimitMs } from '../../../../provisioning/appliance/state.ts'
import type { Health } from '../../../../provisioning/appliance/status.ts'

const well: readonly Health[] = [
  { name: 'docker', ok: true, text: 'running' },
  { name: 'server', ok: true, text: 'running' },
]
const withoutDocker = well.map(each => (each.name === 'docker' ? { ...each, ok: false, text: 'down' } : each))

function createStage() {
  const machine = { health: well, isClaimed: true, uptimeMs: 1000, fails: false, needsHttp: false, isClaiming: false }
  const others = { haveChanged: false, looks: 0 }
  const enacted: Wanted[] = []
  const problems = createProblems(() => undefined)
  let shown = 0
  const agent = createAgent({
    readHealth: async () => machine.health,
    isClaimed: () => machine.isClaimed,
    maySsh: () => true,
    isClaiming: () => machine.isClaiming,
    needsHttp: async () => machine.needsHttp,
    enact: async wanted => {
      if (machine.fails) throw new Error('nft exited with 1')
      enacted.push(wanted)
      others.haveChanged = false
    },
    isInForce: async () => {
      others.looks += 1
      return !others.haveChanged
    },
    followPasswords: async () => undefined,
    refreshCertificate: async () => undefined,
    show: async () => {
      shown += 1
    },
    uptimeMs: () => machine.uptimeMs,
    tell: problems.tell,
  })
  return { machine, others, agent, enacted, problems, shown: () => shown }
}

test('while Docker starts with the machine nothing is let in', async t => {
  const { machine, agent, enacted } = createStage()
  machine.health = withoutDocker
  agent.begin()
  await agent.look()
  t.deepEqual(enacted, [{ state: 'booting', isSshOpen: false, needsHttp: false }])
  machine.health = well
  await agent.look()
  t.deepEqual(enacted.at(-1), { state: 'ready', isSshOpen: true, needsHttp: false })
})

test('an agent that is restarted while Docker is down does not close the network', async t => {
  const { machine, agent, enacted } = createStage()
  Object.assign(machine, { health: withoutDocker, uptimeMs: startingLimitMs })
  agent.begin()
  await agent.look()
  t.deepEqual(enacted, [{ state: 'degraded', isSshOpen: true, needsHttp: false }])
})

test('a Docker that has failed at boot is told at once, and found when somebody starts it', async t => {
  const { machine, agent, enacted } = createStage()
  machine.health = withoutDocker.map(each => (each.ok ? each : { ...each, isGivenUp: true }))
  agent.begin()
  await agent.look()
  t.deepEqual(agent.state(), { name: 'degraded', reasons: ['docker: down'] })
  machine.health = withoutDocker
  await agent.look()
  t.is(agent.state().name, 'degraded', 'who has been let in is not shut out while it starts')
  machine.health = well
  await agent.look()
  t.deepEqual(enacted.at(-1), { state: 'ready', isSshOpen: true, needsHttp: false })
})

test('what fails is told, keeps nothing else from being done, and is done at the next look', async t => {
  const { machine, agent, enacted, problems, shown } = createStage()
  machine.fails = true
  agent.begin()
  await agent.look()
  t.deepEqual([problems.all(), shown()], [['firewall and units: nft exited with 1'], 1])
  machine.fails = false
  await agent.look()
  t.is(enacted.length, 1)
  t.deepEqual(problems.all(), [], 'what has succeeded since is no problem')
  await agent.look()
  t.is(enacted.length, 1, 'what is so already is not done again')
})

test('what failed half-way is done again, though the state went back to what it was', async t => {
  const { machine, agent, enacted } = createStage()
  agent.begin()
  await agent.look()
  Object.assign(machine, { health: withoutDocker, fails: true })
  await agent.look()
  Object.assign(machine, { health: well, fails: false })
  await agent.look()
  t.deepEqual(
    enacted.map(({ state }) => state),
    ['ready', 'ready'],
  )
})

test('port 80 follows the configuration of the server, without a restart of the agent', async t => {
  const { machine, agent, enacted } = createStage()
  agent.begin()
  for (const needsHttp of [false, true, true, false]) {
    machine.needsHttp = needsHttp
    await agent.look()
  }
  t.deepEqual(
    enacted.map(({ needsHttp }) => needsHttp),
    [false, true, false],
  )
})

test('while a claim is applied nothing is opened, nor closed: it may still fail', async t => {
  const { machine, agent, enacted } = createStage()
  Object.assign(machine, { isClaimed: false, isClaiming: true })
  agent.begin()
  await agent.look()
  t.deepEqual(enacted, [])
  Object.assign(machine, { isClaimed: true, isClaiming: false })
  await agent.look()
  t.deepEqual(enacted, [{ state: 'ready', isSshOpen: true, needsHttp: false }])
})

test('what others have undone is done again, within a minute and without a look at it each time', async t => {
  const { machine, others, agent, enacted } = createStage()
  agent.begin()
  await agent.look()
  others.haveChanged = true
  await agent.look()
  t.deepEqual([enacted.length, others.looks], [1, 0])
  machine.uptimeMs += inForceMs
  await agent.look()
  t.deepEqual(enacted, Array(2).fill({ state: 'ready', isSshOpen: true, needsHttp: false }))
  machine.uptimeMs += inForceMs
  for (const _ of [1, 2, 3]) await agent.look()
  t.deepEqual([enacted.length, others.looks], [2, 2])
})
