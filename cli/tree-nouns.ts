/** The commands that every kind of object has, made from its noun. */
import type { CommandNode } from './command.ts'
import type { Noun } from './nouns.ts'

type Pick = (noun: Noun) => Omit<CommandNode, 'name' | 'aliases'>
export const forEachNoun = (list: readonly Noun[], pick: Pick): CommandNode[] =>
  list.map(noun => ({ name: noun.name, aliases: noun.aliases, ...pick(noun) }))

/** By sound: a user begins as you does. */
const withArticle = (label: string) => `${/^[aeio]/.test(label) ? 'an' : 'a'} ${label}`
const inPlural = (label: string) => (label.endsWith('y') ? `${label.slice(0, -1)}ies` : `${label}s`)

export const creations: Pick = ({ resource, create }) => ({
  summary: `Create ${withArticle(resource.label)}`,
  load: async () => (await create()).command,
})

export const queries: Pick = ({ resource }) => ({
  summary: `Show ${inPlural(resource.label)}`,
  load: async () => (await import('./commands/get-resource.ts')).createGetCommand(resource),
})

export const deletions: Pick = ({ resource }) => ({
  summary: `Delete ${withArticle(resource.label)}`,
  load: async () => (await import('./commands/delete-resource.ts')).createDeleteCommand(resource),
})

export const edits: Pick = ({ resource }) => ({
  summary: `Edit ${withArticle(resource.label)}`,
  load: async () => (await import('./commands/edit-resource.ts')).createEditCommand(resource),
})

export const descriptions: Pick = ({ resource }) => ({
  summary: `Show everything about ${withArticle(resource.label)}`,
  load: async () => (await import('./commands/describe-resource.ts')).createDescribeCommand(resource),
})
