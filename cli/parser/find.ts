/** Owns the way from a command line to its command: which words lead down the tree, which are left for the flag parser. */
import type { CommandNode } from '../command.ts'
import type { FlagTable } from '../flag.ts'

export interface Found {
  /** From the root to the command. */
  readonly path: readonly [CommandNode, ...CommandNode[]]
  readonly node: CommandNode
  /** The command line without the words that lead to the command. */
  readonly rest: readonly string[]
}

const childNamed = (node: CommandNode, word: string): CommandNode | undefined =>
  node.children?.find(child => child.name === word || child.aliases?.includes(word))

/** Whether the next word is the value of this flag: true, false, or unknown for a flag of a command not reached yet. */
function takesNext(word: string, table: FlagTable): boolean | undefined {
  if (word.includes('=')) return false
  const isLong = word.startsWith('--')
  const flag = isLong
    ? table[word.slice(2)]
    : Object.values(table).find(candidate => candidate.short === word.slice(1, 2))
  if (flag === undefined) return undefined
  return flag.kind !== 'toggle' && (isLong || word.length === 2)
}

/**
 * Flags may stand before the command that owns them. The word after a flag not known yet is a command if the tree
 * has one of that name, and otherwise taken for its value; the command's own parser has the last word.
 */
export async function findCommand(root: CommandNode, words: readonly string[], globals: FlagTable): Promise<Found> {
  const path: [CommandNode, ...CommandNode[]] = [root]
  const rest: string[] = []
  let node = root
  let table = globals
  let expects: boolean | undefined = false
  for (const [index, word] of words.entries()) {
    if (word === '--' && expects !== true) return { path, node, rest: [...rest, ...words.slice(index)] }
    const child: CommandNode | undefined = expects === true ? undefined : childNamed(node, word)
    if (child !== undefined) {
      path.push(child)
      node = child
      if (node.children === undefined) return { path, node, rest: [...rest, ...words.slice(index + 1)] }
      table = { ...globals, ...(await node.load?.())?.flags }
      expects = false
      continue
    }
    rest.push(word)
    const isArgument = expects === false && !(word.startsWith('-') && word !== '-')
    if (isArgument) return { path, node, rest: [...rest, ...words.slice(index + 1)] }
    expects = expects !== true && word.startsWith('-') && word !== '-' ? takesNext(word, table) : false
  }
  return { path, node, rest }
}
