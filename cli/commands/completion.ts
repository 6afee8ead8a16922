/** Owns `completion`: the script that a shell loads. */
import { atMost, defineCommand } from '../command.ts'
import { type Shell, scripts } from '../completion/scripts.ts'
import { Failure } from '../failure.ts'

const shells = Object.keys(scripts)
const isShell = (text: string): text is Shell => Object.hasOwn(scripts, text)

export const command = defineCommand({
  usage: '[bash|zsh|fish|powershell]',
  description:
    'Print a completion script: commands, flags, and names of what the server has. Without an argument for bash.',
  examples: ['source <(dispatch completion bash)', 'dispatch completion fish | source'],
  arity: atMost(1),
  completes: [shells],
  flags: {},
  async run({ args: [shell = 'bash'], io }) {
    if (!isShell(shell)) throw new Failure(`no completion for ${JSON.stringify(shell)}: use ${shells.join(', ')}`)
    io.stdout.write(scripts[shell])
    return 0
  },
})
