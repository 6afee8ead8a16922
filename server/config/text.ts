/** The texts that are made from the keys: help and the printed configuration. */
import { flagOf, type Key, keys } from './keys.ts'

const mask = '********'

const userInfo = /(:\/\/)[^/\s@]+@/g

/** URLs may hold a user and a password. */
const maskUserInfo = (value: unknown): unknown =>
  typeof value === 'string' ? value.replace(userInfo, `$1${mask}@`) : value

export function renderHelp(): string {
  const withFlag = keys.filter(key => key.hasFlag)
  const used = withFlag.filter(key => !key.withoutEffect)
  const unused = withFlag.filter(key => key.withoutEffect)
  const modes: Row[] = [
    ['--print-config', 'show every value and where it comes from'],
    ['--version', 'show the version'],
    ['-h, --help', 'show this text'],
  ]
  const width = Math.max(
    ...withFlag
      .map(rowOf)
      .concat(modes)
      .map(([left]) => left.length),
  )
  const lines = (rows: Row[]): string => rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n')
  return `Functions, images, secrets, HTTP APIs and events on one machine with Docker.

Usage: dispatch-server [flags]

Flags:
${lines(used.map(rowOf).concat(modes))}

Accepted for existing configurations, without effect:
${lines(unused.map(rowOf))}

Every flag can be given as DISPATCH_<FLAG> in the environment, with _ for -, or as a key of the config file.
The default gives way to the file, the file to the environment, the environment to the flag.
Durations look like 20s or 1m30s.
`
}

/** A flag and what it means. */
type Row = readonly [string, string]

function rowOf(key: Key): Row {
  const type = key.type === 'boolean' ? '' : ` ${key.type}`
  const fallback = key.secret ? '' : (key.defaultText ?? String(key.default))
  const shown = fallback === '' || key.default === false ? '' : ` (default ${fallback})`
  return [`${flagOf(key)}${type}`, `${key.description}${shown}`]
}

/** Every key with its value, in a form that can be used as a config file again, except for the masked secrets. */
export function renderConfig(values: Record<string, unknown>, origins: Record<string, string>): string {
  const lines = keys
    .filter(key => values[key.name] !== undefined)
    .map(key => {
      const value = JSON.stringify(key.secret ? mask : maskUserInfo(values[key.name]))
      const origin = origins[key.name]
      const meaning = origin === 'default' && key.defaultText ? `: ${key.defaultText}` : ''
      const note = key.withoutEffect ? '; no effect' : ''
      return `${key.fileKey}: ${value} # ${origin}${meaning}${note}`
    })
  return `${lines.join('\n')}\n`
}
