/** Owns `help COMMAND...`. */
import { anyNumber, defineCommand } from '../command.ts'
import { findCommand } from '../parser/find.ts'
import { globalFlags } from '../parser/global-flags.ts'
import { renderHelp, renderUsage } from '../parser/help.ts'

export const command = defineCommand({
  usage: '[COMMAND...]',
  description: 'Help for any command.',
  examples: ['dispatch help create function'],
  arity: anyNumber,
  flags: {},
  async run({ args, io, root }) {
    const found = await findCommand(root, args, globalFlags)
    const topic = { path: found.path, command: await found.node.load?.() }
    const unknown = found.node.children === undefined ? undefined : found.rest[0]
    if (unknown === undefined) io.stdout.write(renderHelp(topic))
    else {
      const words = args.map(word => `\`${word}\``).join(' ')
      io.stderr.write(`Unknown help topic [${words}]\n${renderUsage({ path: [root], command: undefined })}`)
    }
    return 0
  },
})
