/** What `npm run deploy` takes: a target, the machine's sizes, and the flags that are the target's own. */
import { givenPath } from '../script.ts'
import { proxmox } from './proxmox.ts'
import { qemu } from './qemu.ts'
import { DeployRefused, type Target, type Wishes } from './target.ts'
import { virtualbox } from './virtualbox.ts'
import { vsphere } from './vsphere.ts'

export const targets: Readonly<Record<string, Target>> = { vsphere, virtualbox, proxmox, qemu }

const text = { type: 'string' } as const
const toggle = { type: 'boolean', default: false } as const
const common = {
  ...{ target: text, ova: text, name: text, cpus: text, memory: text, 'disk-size': text },
  ...{ start: toggle, 'dry-run': toggle },
}
const own = Object.values(targets).flatMap(({ flags }) => Object.keys(flags))
export const scriptOptions = { ...Object.fromEntries(own.map(name => [name, text])), ...common }

type Values = Readonly<Record<string, string | boolean | undefined>>

const renderFlag = (flag: string, help: string) => `  ${flag.padEnd(22)} ${help}`

export function renderHelp(): string {
  const parts = Object.entries(targets).flatMap(([name, { tool, flags }]) => [
    `\n--target ${name}, by ${tool}:`,
    ...Object.entries(flags).map(([flag, { value, help, optional }]) =>
      renderFlag(`--${flag} ${value}`, optional ? help : `${help}; must be given`),
    ),
  ])
  return [
    `Usage: npm run deploy -- --target ${Object.keys(targets).join('|')} [--ova FILE] [--name NAME] ...\n`,
    'Makes a machine of an .ova, the newest of build/ova where none is named, with the tool of its hypervisor.\n',
    renderFlag('--ova FILE', 'the .ova'),
    renderFlag('--name NAME', 'name of the machine, dispatch-solo without it'),
    renderFlag('--cpus N', 'instead of what the .ova proposes'),
    renderFlag('--memory MIB', 'instead of what the .ova proposes'),
    renderFlag('--disk-size GIB', 'grows its disk'),
    renderFlag('--start', 'also powers it on'),
    renderFlag('--dry-run', 'prints the commands, to be pasted into a shell, and runs none of them'),
    ...parts,
  ].join('\n')
}

function parseCount(values: Values, flag: string): number | undefined {
  const value = values[flag]
  if (value === undefined) return undefined
  const count = /^[1-9]\d{0,6}$/.test(String(value)) ? Number(value) : undefined
  if (count === undefined) throw new DeployRefused(`--${flag} takes a whole number above zero, not ${value}`)
  return count
}

/** A name that no tool takes for a flag or a path. */
function parseName(value: unknown): string {
  const name = typeof value === 'string' ? value : 'dispatch-solo'
  if (/^[A-Za-z0-9][A-Za-z0-9.-]{0,62}$/.test(name)) return name
  throw new DeployRefused(`--name takes letters, digits, dots and dashes, 63 at most, not ${name}`)
}

function parseFlags(values: Values, targetName: string, target: Target): Record<string, string> {
  const given = own.filter(name => values[name] !== undefined)
  const foreign = given.find(name => target.flags[name] === undefined)
  if (foreign !== undefined) {
    const known = Object.keys(target.flags).map(name => `--${name}`)
    throw new DeployRefused(`--${foreign} is not for ${targetName}, which takes ${known.join(', ')}`)
  }
  const missing = Object.entries(target.flags).find(([name, { optional }]) => !optional && values[name] === undefined)
  if (missing) throw new DeployRefused(`${targetName} takes --${missing[0]} ${missing[1].value}: ${missing[1].help}`)
  const pairs = [...new Set(given)].map(name => {
    const value = String(values[name])
    if (value === '' || value.startsWith('-')) throw new DeployRefused(`--${name} takes a value, not "${value}"`)
    if (target.flags[name]?.isCount) parseCount(values, name)
    return [name, target.flags[name]?.isPath ? givenPath(value) : value]
  })
  return Object.fromEntries(pairs)
}

export type Asked = Pick<Wishes, 'name' | 'cpus' | 'memoryMib' | 'diskGib' | 'start' | 'flags'> & {
  readonly target: Target
}

export function parseAsked(values: Values): Asked {
  const name = String(values.target ?? '')
  const target = Object.hasOwn(targets, name) ? targets[name] : undefined
  if (!target) throw new DeployRefused(`--target takes one of ${Object.keys(targets).join(', ')}`)
  const [cpus, memoryMib] = [parseCount(values, 'cpus'), parseCount(values, 'memory')]
  const diskGib = parseCount(values, 'disk-size')
  return {
    target,
    name: parseName(values.name),
    ...(cpus === undefined ? {} : { cpus }),
    ...(memoryMib === undefined ? {} : { memoryMib }),
    ...(diskGib === undefined ? {} : { diskGib }),
    start: values.start === true,
    flags: parseFlags(values, name, target),
  }
}
