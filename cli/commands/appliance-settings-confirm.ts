/** Owns `appliance settings confirm`: keeps the network that is being tried. */
import { askAgent, expectApplied } from '../appliance-agent.ts'
import { defineCommand, exactly } from '../command.ts'

export const command = defineCommand({
  usage: '',
  description: 'Keep the network that is being tried. Whoever gets here over the new address has shown that it works.',
  examples: ['dispatch appliance settings confirm'],
  arity: exactly(0),
  flags: {},
  async run({ session, io }) {
    const answer = await askAgent(io, 'POST', '/v1/confirm', {})
    session.report('Kept the network')
    expectApplied(answer)
    return 0
  },
})
