/** Reads settings from flags, environment and file, each into a map from the name of the key to what was given. */
import { extname } from 'node:path'
import { parse as parseYaml } from 'yaml'
import { messageOf } from '../core/errors.ts'
import { ConfigError } from './error.ts'
import { flagOf, type Key, keys, variableOf } from './keys.ts'
import { editDistance, nearest } from './nearest.ts'
import type { Setting } from './values.ts'

export type Settings = Map<string, Setting>
export type Environment = Record<string, string | undefined>
export type Mode = 'run' | 'help' | 'version' | 'print-config'

const flags = new Map(keys.filter(key => key.hasFlag).map(key => [flagOf(key), key]))
const fileKeys = new Map(keys.map(key => [key.fileKey, key]))
const modes = new Map<string, Mode>([
  ['--help', 'help'],
  ['-h', 'help'],
  ['--version', 'version'],
  ['--print-config', 'print-config'],
])

/** `local` was the name of a subcommand once and is still passed by scripts. */
export function parseFlags(argv: string[]): { settings: Settings; mode: Mode } {
  const settings: Settings = new Map()
  let mode: Mode = 'run'
  const rest = [...argv]
  for (let argument = rest.shift(); argument !== undefined; argument = rest.shift()) {
    const [flag = '', ...values] = argument.startsWith('-') ? argument.split('=') : []
    const key = flags.get(flag)
    const asked = modes.get(argument)
    if (asked) mode = mode === 'help' ? mode : asked
    else if (key) settings.set(key.name, { value: valueOfFlag(key, values, rest), origin: `flag ${flag}` })
    else if (argument !== 'local') throw unknownArgument(flag, argument)
  }
  return { settings, mode }
}

function valueOfFlag(key: Key, values: string[], rest: string[]): string {
  if (values.length > 0) return values.join('=')
  if (key.type === 'boolean') return 'true'
  const next = rest.shift()
  if (next === undefined) throw new ConfigError(`flag ${flagOf(key)} needs a value`)
  return next
}

function unknownArgument(flag: string, argument: string): ConfigError {
  if (!argument.startsWith('-')) return new ConfigError(`unexpected argument "${argument}"; see --help`)
  const known = [...flags.keys(), ...modes.keys()]
  return new ConfigError(`unknown flag ${flag}; the nearest is ${nearest(flag, known)} (see --help)`)
}

/** An empty variable counts as unset, as in the original. */
export function readEnvironment(env: Environment): Settings {
  const given = [...flags.values()].flatMap(key => {
    const value = env[variableOf(key)]
    return value ? [[key.name, { value, origin: `environment ${variableOf(key)}` }] as const] : []
  })
  return new Map(given)
}

/** Variables that are most likely misspelt. Others are left alone: the CLI reads DISPATCH_* too. */
export function findMisspelt(env: Environment): string[] {
  const known = [...flags.values()].map(variableOf)
  return Object.keys(env)
    .filter(name => name.startsWith('DISPATCH_') && !known.includes(name))
    .flatMap(name => {
      const near = nearest(name, known)
      return near && editDistance(name, near) <= 2 ? [`${name} is not known; did you mean ${near}?`] : []
    })
}

/** Top-level keys of the CLI's config file, which the same variable names. */
const cliKeys = new Set(['current', 'contexts'])

export function readConfigFile(path: string, readFile: (path: string) => string): Settings {
  const given = flatten(parseConfigFile(path, readFile), '')
  const settings = given.map(([name, value]) => {
    const key = fileKeys.get(name)
    if (key) return [key.name, { value, origin: `file ${path}` }] as const
    if (cliKeys.has(name.split('.')[0] ?? ''))
      throw new ConfigError(
        `${path} is a config file of the dispatch command, not of the server: unset DISPATCH_CONFIG`,
      )
    throw new ConfigError(`unknown key ${name} in ${path}; the nearest is ${nearest(name, [...fileKeys.keys()])}`)
  })
  return new Map(settings)
}

/** Names in lower case with a dot for each level; sections end where a key begins. A key without a value counts as unset. */
const flatten = (section: object, prefix: string): [name: string, value: unknown][] =>
  Object.entries(section).flatMap(([part, value]) => {
    const name = prefix + part.toLowerCase()
    if (isMapping(value) && isSection(name)) return flatten(value, `${name}.`)
    return value === null && fileKeys.has(name) ? [] : [[name, value]]
  })

const isSection = (path: string): boolean => [...fileKeys.keys()].some(known => known.startsWith(`${path}.`))

const isMapping = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function parseConfigFile(path: string, readFile: (path: string) => string): object {
  try {
    const content = parseByExtension(extname(path).toLowerCase(), readFile(path)) ?? {}
    if (!isMapping(content)) throw new Error('it does not hold keys with values')
    return content
  } catch (thrown) {
    throw new ConfigError(`Unable to read the config file: ${path}: ${messageOf(thrown)}`, { cause: thrown })
  }
}

function parseByExtension(extension: string, text: string): unknown {
  switch (extension) {
    case '.yaml':
    case '.yml':
      return parseQuietly(() => parseYaml(text, { logLevel: 'error' }), /^[^\n:]*(?: at line \d+, column \d+)/)
    case '.json':
      return parseQuietly(() => JSON.parse(text), /position \d+/)
    case '.toml':
      throw new Error('toml is not supported by this version; write the same keys as yaml')
    default:
      throw new Error('its name must end in .yaml, .yml or .json')
  }
}

/** Parsers quote the text around an error, which may be a password: keeps the part of their message that says where it is. */
function parseQuietly(parse: () => unknown, place: RegExp): unknown {
  try {
    return parse()
  } catch (thrown) {
    throw new Error(`it is not well-formed: ${place.exec(messageOf(thrown))?.[0] ?? 'check its syntax'}`)
  }
}
