/** Owns how the scripts of this repository take arguments: `--help` prints the usage, what is not known is refused in a line. */
import { resolve } from 'node:path'
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'

export interface Script<Options extends ParseArgsOptionsConfig> {
  /** The usage line first, then what it does and a line for each option. */
  readonly help: string
  readonly options: Options
  readonly maxPositionals: number
}

const helpOption = { help: { type: 'boolean', short: 'h' } } as const

function refuse(message: string): never {
  console.error(`${message} (see --help)`)
  process.exit(2)
}

/** The choice that an option's value names; ends the process with 2 where it names none. */
export function chooseOption<Choice>(option: string, name: string, choices: Readonly<Record<string, Choice>>): Choice {
  const choice = Object.hasOwn(choices, name) ? choices[name] : undefined
  return choice ?? refuse(`--${option} takes one of ${Object.keys(choices).join(', ')}, not '${name}'`)
}

/** Ends the process with 2 for what is no whole number, or none below 2^32. */
export function parseWholeNumber(option: string, text: string): number {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN
  return number < 2 ** 32 ? number : refuse(`--${option} takes a whole number, not '${text}'`)
}

/** A path as it was typed: npm runs scripts in the folder of the checkout, whatever folder the person is in. */
export const givenPath = (path: string): string => resolve(process.env.INIT_CWD ?? '.', path)

/** Ends the process with 0 after `--help` and with 2 where the arguments do not fit: nothing was begun then. */
export function parseScriptArguments<const Options extends ParseArgsOptionsConfig>(
  argv: string[],
  { help, options, maxPositionals }: Script<Options>,
) {
  const parse = () => {
    try {
      return parseArgs({ args: argv, options: { ...options, ...helpOption }, allowPositionals: true })
    } catch (thrown) {
      const message = thrown instanceof Error ? thrown.message : String(thrown)
      // What follows the first sentence of Node's message is advice on positional arguments.
      return refuse(message.split(/[.\n]/)[0] ?? message)
    }
  }
  if (argv.some(word => word === '--help' || word === '-h')) {
    console.log(help)
    process.exit(0)
  }
  const { values, positionals } = parse()
  const excess = positionals[maxPositionals]
  if (excess !== undefined) refuse(`Unexpected argument '${excess}'`)
  return { values, positionals }
}
