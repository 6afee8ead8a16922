/** Owns `appliance ssh enable` and `appliance ssh disable`. */
import { askAgent } from '../appliance-agent.ts'
import { type Command, defineCommand, exactly } from '../command.ts'

const words = {
  enable: { enabled: true, description: 'Let those log in over SSH who have a key or a password.', done: 'SSH is on' },
  disable: {
    enabled: false,
    description: 'Close SSH, also after a restart. Logins that are open stay. The console is the way back.',
    done: 'SSH is off; logins that are open stay',
  },
} as const

export const createCommand = (verb: keyof typeof words): Command => {
  const { enabled, description, done } = words[verb]
  return defineCommand({
    usage: '',
    description,
    examples: [`dispatch appliance ssh ${verb}`],
    arity: exactly(0),
    flags: {},
    async run({ session, io }) {
      await askAgent(io, 'POST', '/v1/ssh', { enabled })
      session.report(done)
      return 0
    },
  })
}
