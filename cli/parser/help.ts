/** Owns how help and usage look. */
import type { Command, CommandNode } from '../command.ts'
import type { Flag, FlagTable } from '../flag.ts'
import { globalFlags } from './global-flags.ts'

const kindWords: Readonly<Record<Flag['kind'], string>> = {
  text: 'string',
  toggle: '',
  integer: 'int',
  number: 'float',
  duration: 'duration',
  names: 'strings',
  texts: 'stringArray',
}

export function renderFlag([name, flag]: readonly [string, Flag]): readonly [string, string] {
  const value = flag.kind === 'toggle' ? '' : ` ${flag.value ?? kindWords[flag.kind]}`
  const short = flag.short === undefined ? '    ' : `-${flag.short}, `
  const fallback = flag.fallback === undefined ? '' : ` (default ${flag.fallback})`
  return [`${short}--${name}${value}`, `${flag.summary}${flag.required ? ' (required)' : ''}${fallback}`]
}

function renderColumns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length))
  return rows.map(([left, right]) => `  ${left.padEnd(width)}   ${right}`.trimEnd()).join('\n')
}

const renderFlags = (table: FlagTable): string =>
  renderColumns(
    Object.entries(table)
      .filter(([, flag]) => !flag.hidden)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(renderFlag),
  )

export interface Topic {
  readonly path: readonly [CommandNode, ...CommandNode[]]
  readonly command: Command | undefined
}

const section = (title: string, body: string | undefined): string => (body ? `${title}:\n${body}\n` : '')

function renderUsageLines({ path, command }: Topic): string {
  const line = path.map(node => node.name).join(' ')
  const own = command && `  ${[line, command.usage, '[flags]'].filter(Boolean).join(' ')}`
  const group = path.at(-1)?.children && `  ${line} [command]`
  return [own, group].filter(Boolean).join('\n')
}

/** From `Usage:` on; what a usage error shows too. */
export function renderUsage(topic: Topic): string {
  const { path, command } = topic
  const node = path.at(-1) ?? path[0]
  const line = path.map(step => step.name).join(' ')
  const children = (node.children ?? [])
    .filter(({ hidden }) => !hidden)
    .sort((left, right) => (left.name < right.name ? -1 : 1))
  const { help, ...globals } = globalFlags
  const sections = [
    section('Usage', renderUsageLines(topic)),
    section('Aliases', node.aliases && `  ${[node.name, ...node.aliases].join(', ')}`),
    section('Examples', (node.examples ?? command?.examples)?.map(example => `  ${example}`).join('\n')),
    section(
      'Available Commands',
      children.length > 0 ? renderColumns(children.map(child => [child.name, child.summary] as const)) : undefined,
    ),
    section('Flags', renderFlags({ ...command?.flags, help })),
    section('Global Flags', renderFlags(globals)),
    children.length > 0 ? `Use "${line} [command] --help" for more information about a command.\n` : '',
  ]
  return sections.filter(Boolean).join('\n')
}

export function renderHelp(topic: Topic): string {
  const node = topic.path.at(-1) ?? topic.path[0]
  return `${topic.command?.description ?? node.summary}\n\n${renderUsage(topic)}`
}
