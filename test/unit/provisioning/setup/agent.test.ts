/** The agent over its socket: answers, refusals, and silence. */
import { rm } from 'node:fs/promises'
import test from 'ava'
import { AgentSilent, connectAgent } from '../../../../provisioning/setup/agent.ts'
import { claimed, code, present, Refused, startFakeAgent } from '../../../helpers/fake-agent.ts'

test('it is asked for its state, its settings and what would not be taken', async t => {
  const fake = await startFakeAgent(t)
  const fault = { key: 'network.gateway', problem: 'is not in the network', instead: 'DHCP is used' }
  fake.findFaults = values => (values['network.gateway'] ? [fault] : [])
  const agent = connectAgent({ socketPath: fake.socketPath })
  t.is((await agent.status()).state, 'unclaimed')
  t.deepEqual(await agent.settings(), { values: fake.values, present })
  t.deepEqual(await agent.check({ 'network.gateway': 'ü' }), [fault])
  t.deepEqual(fake.checks, [{ 'network.gateway': 'ü' }])
})

test('a claim is answered, or refused for a reason', async t => {
  const fake = await startFakeAgent(t)
  const agent = connectAgent({ socketPath: fake.socketPath })
  t.like(await agent.claim({ code: 'wrong', values: {} }), { refusal: { reason: 'wrong-code' } })
  t.like(await agent.confirm({ code }), { refusal: { reason: 'no-trial' } })
  t.deepEqual(await agent.claim({ code, values: {} }), { answer: claimed })
  t.like(await agent.claim({ code, values: {} }), { refusal: { reason: 'claimed' } })
})

test('a check for which the agent has no time stops nobody: the claim checks again', async t => {
  const fake = await startFakeAgent(t)
  const agent = connectAgent({ socketPath: fake.socketPath })
  fake.findFaults = () => {
    throw new Refused('too-many-checks')
  }
  t.deepEqual(await agent.check({ 'network.gateway': 'x' }), [])
  fake.findFaults = () => {
    throw new Refused('failed')
  }
  await t.throwsAsync(agent.check({ 'network.gateway': 'x' }), { instanceOf: AgentSilent })
})

test('an agent that is not there, says nothing, or hangs up is silent', async t => {
  const fake = await startFakeAgent(t)
  const agent = connectAgent({ socketPath: fake.socketPath, lookMs: 100, workMs: 100 })
  fake.isMute = true
  await t.throwsAsync(agent.status(), { instanceOf: AgentSilent })
  await t.throwsAsync(agent.claim({ code, values: {} }), { instanceOf: AgentSilent })
  await fake.close()
  await rm(fake.socketPath, { force: true })
  await t.throwsAsync(agent.settings(), { instanceOf: AgentSilent })
})
