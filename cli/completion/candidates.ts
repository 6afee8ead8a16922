/** Owns which words fit where an unfinished command line ends. */
import type { CandidateSource, FlagTable } from '../flag.ts'
import type { Unfinished } from './words.ts'

export interface Candidate {
  readonly word: string
  readonly summary: string
}

/** Names that are known elsewhere: of objects of a kind, of contexts, of runs. `args` are those before. */
export type LoadNames = (source: string, args: readonly string[]) => Promise<readonly string[]>

const listFlags = (table: FlagTable): Candidate[] =>
  Object.entries(table)
    .filter(([, flag]) => !flag.hidden)
    .flatMap(([name, { short, summary }]) => {
      const long = { word: `--${name}`, summary }
      return short === undefined ? [long] : [long, { word: `-${short}`, summary }]
    })

/** A shell may expand what it gets: of the names of a server only those pass in which there is nothing to expand. */
const isPlain = (name: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)

async function listSource(
  source: CandidateSource | undefined,
  { args }: Unfinished,
  loadNames: LoadNames,
): Promise<Candidate[]> {
  if (!source) return []
  const words = typeof source === 'string' ? (await loadNames(source, args)).filter(isPlain) : source
  return words.map(word => ({ word, summary: '' }))
}

async function listAll(unfinished: Unfinished, loadNames: LoadNames): Promise<Candidate[]> {
  const { node, command, table, current, pending, args } = unfinished
  if (pending) return listSource(pending.completes, unfinished, loadNames)
  if (current.startsWith('-')) return listFlags(table)
  if (node.children !== undefined && args.length === 0)
    return node.children.filter(({ hidden }) => !hidden).map(({ name, summary }) => ({ word: name, summary }))
  return listSource(command?.completes?.[args.length], unfinished, loadNames)
}

/** In the order of their letters; none where nothing is known, such as for files. */
export async function listCandidates(unfinished: Unfinished, loadNames: LoadNames): Promise<Candidate[]> {
  const all = await listAll(unfinished, loadNames)
  const fitting = all.filter(({ word }) => word.startsWith(unfinished.current))
  return fitting.sort((left, right) => (left.word < right.word ? -1 : 1))
}
