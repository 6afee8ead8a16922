/** Owns the reference of the command line as a page of Markdown, made from the same data as parser and help. */
import type { Command, CommandNode } from '../command.ts'
import { fileOnlyKeys, keyOf, variableOf } from '../config/settings.ts'
import { exitCodes } from '../exit-codes.ts'
import type { Flag, FlagTable } from '../flag.ts'
import { type GlobalFlags, globalFlags } from '../parser/global-flags.ts'
import { renderFlag } from '../parser/help.ts'
import { environment } from './environment.ts'

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;')
const code = (text: string): string => `\`${text}\``

function renderTable(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [heads, heads.map(() => '---'), ...rows].map(cells => `| ${cells.map(cell).join(' | ')} |`)
  return lines.join('\n').replaceAll(/\| {2}(?=\|)/g, '| ')
}

const isShown = ([, flag]: readonly [string, Flag]): boolean => !flag.hidden

function renderFlags(table: FlagTable): string {
  const rows = Object.entries(table)
    .filter(isShown)
    .map(renderFlag)
    .map(([left, right]) => [code(left.trim()), right])
  return rows.length === 0 ? '' : renderTable(['Flag', 'Means'], rows)
}

const withoutSetting: readonly string[] = ['help']
const withoutKey: readonly string[] = ['config', 'quiet']

function renderGlobalFlags(): string {
  const names = Object.keys(globalFlags) as (keyof GlobalFlags)[]
  const rows = names.map(name => {
    const [left, meaning] = renderFlag([name, globalFlags[name]])
    const hasVariable = !withoutSetting.includes(name)
    const hasKey = hasVariable && !withoutKey.includes(name)
    return [code(left.trim()), hasVariable ? code(variableOf(name)) : '', hasKey ? code(keyOf(name)) : '', meaning]
  })
  return renderTable(['Flag', 'Environment', 'Key of a context', 'Means'], rows)
}

interface Topic {
  /** The words behind `dispatch`. */
  readonly words: readonly string[]
  readonly node: CommandNode
  readonly command: Command
}

async function listTopics(node: CommandNode, words: readonly string[]): Promise<Topic[]> {
  if (node.hidden) return []
  const command = await node.load?.()
  const own = command && words.length > 0 ? [{ words, node, command }] : []
  const children = await Promise.all((node.children ?? []).map(child => listTopics(child, [...words, child.name])))
  return [...own, ...children.flat()]
}

/** Commands that differ in the kind of object only are told of once. */
const shapeOf = ({ words, command: { usage, flags } }: Topic): string =>
  JSON.stringify([words.slice(0, -1), words.length > 1 ? [usage, flags] : words])

const renderAliases = ({ node }: Topic): string => (node.aliases ?? []).map(code).join(', ')

function renderExamples(topics: readonly Topic[]): string {
  const lines = topics.flatMap(({ node, command }) => node.examples ?? command.examples ?? [])
  return lines.length === 0 ? '' : `\`\`\`console\n${lines.map(line => `$ ${line}`).join('\n')}\n\`\`\``
}

const renderLine = (words: readonly string[], usage: string): string => ['dispatch', ...words, usage].join(' ').trim()

function renderSingle(topic: Topic): string[] {
  const { words, node, command } = topic
  return [
    `### ${renderLine(words, '')}`,
    code(renderLine(words, `${command.usage} [flags]`.trim())),
    command.description ?? `${node.summary}.`,
    node.aliases ? `Also: ${renderAliases(topic)}.` : '',
  ]
}

function renderKinds(topics: readonly Topic[], first: Topic): string[] {
  const line = [...first.words.slice(0, -1), 'WHAT']
  const rows = topics.map(topic => [code(topic.node.name), renderAliases(topic), topic.node.summary])
  return [
    `### ${renderLine(line, '')}`,
    code(renderLine(line, `${first.command.usage} [flags]`)),
    renderTable(['WHAT', 'Also', 'Does'], rows),
  ]
}

function renderTopics(topics: readonly Topic[]): string {
  const [first] = topics
  if (first === undefined) return ''
  const head = topics.length > 1 ? renderKinds(topics, first) : renderSingle(first)
  return [...head, renderFlags(first.command.flags), renderExamples(topics)].filter(Boolean).join('\n\n')
}

const renderPairs = (heads: readonly string[], pairs: Readonly<Record<string, string>>): string =>
  renderTable(
    heads,
    Object.entries(pairs).map(([name, meaning]) => [code(name), meaning]),
  )

export async function renderReference(root: CommandNode): Promise<string> {
  const shapes = Map.groupBy(await listTopics(root, []), shapeOf)
  const codes = Object.values(exitCodes).map(({ code: number, meaning }) => [String(number), meaning])
  const sections = [
    '# The command line',
    'Written by `npm run docs` from the commands themselves. What the commands are for: [the command line, day by day](../guides/command-line.md).',
    '## Exit codes',
    renderTable(['Code', 'Means'], codes),
    '## Flags of every command',
    'They may stand before or behind the command. A flag outranks the environment, that the current context of the config file, and that the default. An empty variable counts as unset.',
    renderGlobalFlags(),
    '## The config file',
    'JSON or YAML. `current` names one of the `contexts`; besides the keys above a context may have those below. Keys that are not known are kept.',
    '```json\n{\n    "current": "solo",\n    "contexts": {\n        "solo": {"host": "127.0.0.1", "port": 8080, "scheme": "http", "organization": "dispatch", "cookie": "cookie"}\n    }\n}\n```',
    renderPairs(['Key of a context', 'Means'], fileOnlyKeys),
    '## Other environment variables',
    renderPairs(['Variable', 'Means'], environment),
    '## Commands',
    ...[...shapes.values()].map(renderTopics),
  ]
  return `${sections.join('\n\n')}\n`
}
