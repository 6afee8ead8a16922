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

/** The whole message for a word that is no command, hint included. */
export function renderUnknownCommand(path: readonly CommandNode[], word: string): string {
  const line = path.map(node => node.name).join(' ')
  const near = suggestCommands(path.at(-1) ?? { name: '', summary: '' }, word)
  const hint = near.length === 0 ? '' : `\nDid you mean this?\n${near.map(name => `\t${name}\n`).join('')}\n`
  return `Error: unknown command ${JSON.stringify(word)} for ${JSON.stringify(line)}\n${hint}Run '${line} --help' for usage.`
}
