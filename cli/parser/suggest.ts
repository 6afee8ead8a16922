/** Owns "Did you mean this?": the commands that a mistyped word may have meant. */
import type { CommandNode } from '../command.ts'
import { editDistance } from './edit-distance.ts'

/** Names within two edits, names that the word begins, and names that declare the word. */
export const suggestCommands = (node: CommandNode, word: string): string[] =>
  (node.children ?? [])
    .filter(({ hidden }) => !hidden)
    .filter(
      child =>
        editDistance(word, child.name) <= 2 ||
        child.name.toLowerCase().startsWith(word.toLowerCase()) ||
        child.suggestFor?.includes(word),
    )
    .map(child => child.name)

const render = (path: readonly CommandNode[]): string => path.map(({ name }) => name).join(' ')

const answersTo = ({ name, aliases }: CommandNode, word: string): boolean =>
  name === word || aliases?.includes(word) === true

/** Every way down the tree to what people know by that word. */
const findPaths = (path: readonly CommandNode[], word: string): (readonly CommandNode[])[] =>
  (path.at(-1)?.children ?? [])
    .filter(({ hidden }) => !hidden)
    .map(child => [...path, child])
    .flatMap(way => [
      ...(answersTo(way.at(-1) ?? { name: '', summary: '' }, word) ? [way] : []),
      ...findPaths(way, word),
    ])

/** The same word elsewhere: below the same verb where it is, as `iam get user` for `get user`. */
function suggestElsewhere([root, ...way]: readonly CommandNode[], word: string): string[] {
  const found = root ? findPaths([root], word) : []
  const verb = way.at(-1)?.name
  const alike = found.filter(path => path.at(-2)?.name === verb)
  return (alike.length > 0 ? alike : found).map(render)
}

/** The whole message for a word that is no command, hint included. */
export function renderUnknownCommand(path: readonly CommandNode[], word: string): string {
  const line = render(path)
  const near = suggestCommands(path.at(-1) ?? { name: '', summary: '' }, word)
  const likely = near.length > 0 ? near : suggestElsewhere(path, word)
  const hint = likely.length === 0 ? '' : `\nDid you mean this?\n${likely.map(text => `\t${text}\n`).join('')}\n`
  return `Error: unknown command ${JSON.stringify(word)} for ${JSON.stringify(line)}\n${hint}Run '${line} --help' for usage.`
}
