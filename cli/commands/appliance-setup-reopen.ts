/** Owns `appliance setup reopen`: another setup code, and the time to use it. */
import { askAgent } from '../appliance-agent.ts'
import { defineCommand, exactly } from '../command.ts'

export const command = defineCommand({
  usage: '',
  description:
    'Open the set-up page of an appliance that nobody has claimed for another 30 minutes. The new code is on the console.',
  examples: ['dispatch appliance setup reopen'],
  arity: exactly(0),
  flags: {},
  async run({ session, io }) {
    await askAgent(io, 'POST', '/v1/setup/reopen', {})
    session.report('The set-up page is open for 30 minutes: the new code is on the console')
    return 0
  },
})
