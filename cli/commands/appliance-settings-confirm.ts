/** Owns `appliance settings confirm`: keeps the network that is being tried. */
import { askAgent, expectApplied, reportClaimed } from '../appliance-agent.ts'
import { defineCommand, exactly } from '../command.ts'
import { objectOf } from '../format/json.ts'

export const command = defineCommand({
  usage: '',
  description:
    'Keep the network that is being tried. Whoever gets here over the new address has shown that it works. A claim that waited for it then counts.',
  examples: ['dispatch appliance settings confirm'],
  arity: exactly(0),
  flags: {},
  async run({ session, io }) {
    const answer = await askAgent(io, 'POST', '/v1/confirm', {})
    session.report('Kept the network')
    if (objectOf(answer).outcome === 'claimed') reportClaimed({ session, io }, answer)
    else expectApplied(answer)
    return 0
  },
})
