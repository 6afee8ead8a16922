/** Owns `appliance console`: what the screen of the machine shows, in this terminal, until it is interrupted. */
import { askAgent } from '../appliance-agent.ts'
import { renderStatus } from '../appliance-status.ts'
import { defineCommand, exactly } from '../command.ts'

const pauseMs = 2000
const clear = '\u001b[H\u001b[2J'

export const command = defineCommand({
  usage: '',
  description:
    'Show what the console of the appliance shows, in this terminal, and again whenever it changes, until Ctrl-C. Its keys work on the console alone.',
  examples: ['dispatch appliance console'],
  arity: exactly(0),
  flags: {},
  async run({ io }) {
    let shown = ''
    do {
      const text = renderStatus(await askAgent(io, 'GET', '/v1/status'))
      if (text !== shown) io.stdout.write(`${io.stdoutIsTerminal ? clear : ''}${text}`)
      shown = text
      if (io.stdoutIsTerminal) await io.pause(pauseMs)
    } while (io.stdoutIsTerminal && !io.interrupted.aborted)
    return 0
  },
})
