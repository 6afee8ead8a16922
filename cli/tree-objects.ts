/** The commands that work on objects of all kinds, with what each kind has of its own. */
import type { CommandNode } from './command.ts'
import { iamNouns, nouns } from './nouns.ts'
import { creations, deletions, descriptions, edits, forEachNoun, queries } from './tree-nouns.ts'

const files = () => import('./commands/file.ts')
const seeds = () => import('./commands/seed-images.ts')
/** Events are no resources: nobody creates or deletes them. */
const scheduleNode = { name: 'schedule', aliases: ['schedules'] }
const eventNode = { name: 'event', aliases: ['events'] }
const seedNode = { name: 'seed-images', aliases: ['seed'] }

export const applyNode: CommandNode = {
  name: 'apply',
  summary: 'Create or update objects from a file',
  load: async () => (await files()).applyFile,
  children: [{ ...seedNode, summary: 'Create or update the seed set', load: async () => (await seeds()).applySeed }],
}

export const createNode: CommandNode = {
  name: 'create',
  suggestFor: ['new', 'add'],
  summary: 'Create objects',
  load: async () => (await files()).createFile,
  children: [
    ...forEachNoun(nouns, creations),
    {
      ...scheduleNode,
      summary: 'Create a schedule',
      load: async () => (await import('./commands/create-schedule.ts')).command,
    },
    { ...seedNode, summary: 'Create the seed set of images', load: async () => (await seeds()).createSeed },
  ],
}

export const deleteNode: CommandNode = {
  name: 'delete',
  suggestFor: ['list', 'remove', 'rm'],
  summary: 'Delete objects',
  load: async () => (await files()).deleteFile,
  children: [
    ...forEachNoun(nouns, deletions),
    {
      ...scheduleNode,
      summary: 'Delete a schedule',
      load: async () => (await import('./commands/delete-schedule.ts')).command,
    },
    { ...seedNode, summary: 'Delete the seed set of images', load: async () => (await seeds()).deleteSeed },
  ],
}

export const describeNode: CommandNode = {
  name: 'describe',
  suggestFor: ['show', 'inspect'],
  summary: 'Show everything about an object',
  children: [
    ...forEachNoun(nouns, descriptions),
    {
      ...scheduleNode,
      summary: 'Show everything about a schedule',
      load: async () => (await import('./commands/describe-schedule.ts')).command,
    },
    {
      ...eventNode,
      summary: 'Show everything about an event',
      load: async () => (await import('./commands/describe-event.ts')).command,
    },
    ...forEachNoun(iamNouns, descriptions),
  ],
}

export const editNode: CommandNode = {
  name: 'edit',
  summary: 'Change an object in an editor',
  children: [...forEachNoun(nouns, edits), ...forEachNoun(iamNouns, edits)],
}

export const getNode: CommandNode = {
  name: 'get',
  suggestFor: ['list', 'show'],
  summary: 'Show objects and runs',
  examples: ['dispatch get functions', 'dispatch get function hello -o json', 'dispatch get runs hello'],
  children: [
    ...forEachNoun(nouns, queries),
    {
      ...scheduleNode,
      summary: 'Show schedules',
      load: async () => (await import('./commands/get-schedules.ts')).command,
    },
    {
      ...eventNode,
      summary: 'Show events, and whether they were delivered',
      load: async () => (await import('./commands/get-events.ts')).command,
    },
    {
      name: 'audit',
      summary: 'Show who asked the server for what',
      load: async () => (await import('./commands/get-audit.ts')).command,
    },
    {
      name: 'run',
      aliases: ['runs'],
      summary: 'Show runs of functions',
      load: async () => (await import('./commands/get-runs.ts')).command,
    },
  ],
}

export const retryNode: CommandNode = {
  name: 'retry',
  suggestFor: ['redeliver', 'resend'],
  summary: 'Try again what was given up',
  children: [
    {
      ...eventNode,
      summary: 'Deliver an event again where that failed',
      load: async () => (await import('./commands/retry-event.ts')).command,
    },
  ],
}

/** As `iam` has it too. */
export const updateFileNode: CommandNode = {
  name: 'update',
  summary: 'Update objects',
  load: async () => (await files()).updateFile,
}

export const updateNode: CommandNode = {
  ...updateFileNode,
  children: [
    {
      name: 'api',
      aliases: ['apis'],
      summary: 'Update the function or single values of an API',
      load: async () => (await import('./commands/update-api.ts')).command,
    },
    {
      name: 'function',
      aliases: ['functions'],
      summary: 'Update the code or single values of a function',
      load: async () => (await import('./commands/update-function.ts')).command,
    },
    {
      name: 'subscription',
      aliases: ['subscriptions'],
      summary: 'Update the function or single values of a subscription',
      load: async () => (await import('./commands/update-subscription.ts')).command,
    },
  ],
}
