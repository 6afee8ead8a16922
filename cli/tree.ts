/** Owns the tree of commands: every word that `dispatch` understands, and the file that each one is in. */
import type { Command, CommandNode } from './command.ts'
import { type Resource, resources } from './resources.ts'

/** A kind of object as the command line names it, in singular and plural. */
interface Noun {
  readonly name: string
  readonly aliases: readonly string[]
  readonly plural: string
  readonly label: string
  readonly resource: Resource
  readonly create: () => Promise<{ command: Command }>
}

const nouns: readonly Noun[] = [
  {
    name: 'base-image',
    aliases: ['base-images'],
    plural: 'base-images',
    label: 'base image',
    resource: resources.baseImage,
    create: () => import('./commands/create-base-image.ts'),
  },
  {
    name: 'function',
    aliases: ['functions'],
    plural: 'functions',
    label: 'function',
    resource: resources.function,
    create: () => import('./commands/create-function.ts'),
  },
  {
    name: 'image',
    aliases: ['images'],
    plural: 'images',
    label: 'image',
    resource: resources.image,
    create: () => import('./commands/create-image.ts'),
  },
]

type Pick = (noun: Noun) => Omit<CommandNode, 'name' | 'aliases'>
const forEachNoun = (pick: Pick): CommandNode[] =>
  nouns.map(noun => ({ name: noun.name, aliases: noun.aliases, ...pick(noun) }))

const creations = forEachNoun(({ label, create }) => ({
  summary: `Create a${/^[aeiou]/.test(label) ? 'n' : ''} ${label}`,
  load: async () => (await create()).command,
}))

const queries = forEachNoun(({ label, plural, resource }) => ({
  summary: `Show ${label}s`,
  completes: plural,
  load: async () => (await import('./commands/get-resource.ts')).createGetCommand(resource),
}))

const deletions = forEachNoun(({ label, plural, resource }) => ({
  summary: `Delete a${/^[aeiou]/.test(label) ? 'n' : ''} ${label}`,
  completes: plural,
  load: async () => (await import('./commands/delete-resource.ts')).createDeleteCommand(resource),
}))

const edits = forEachNoun(({ label, plural, resource }) => ({
  summary: `Edit a${/^[aeiou]/.test(label) ? 'n' : ''} ${label}`,
  completes: plural,
  load: async () => (await import('./commands/edit-resource.ts')).createEditCommand(resource),
}))

const files = () => import('./commands/file.ts')
const seeds = () => import('./commands/seed-images.ts')
const changes = () => import('./commands/context-change.ts')
const seedNode = { name: 'seed-images', aliases: ['seed'] }

const context: CommandNode = {
  name: 'context',
  aliases: ['contexts'],
  summary: 'Show and change the contexts of the config file',
  load: async () => (await import('./commands/context.ts')).command,
  children: [
    { name: 'create', summary: 'Add a context', load: async () => (await changes()).createCommand },
    {
      name: 'current',
      summary: 'Show the current context',
      load: async () => (await import('./commands/context.ts')).currentCommand,
    },
    { name: 'delete', summary: 'Remove a context', load: async () => (await changes()).deleteCommand },
    {
      name: 'set',
      suggestFor: ['use'],
      summary: 'Make a context current',
      load: async () => (await changes()).setCommand,
    },
  ],
}

export const root: CommandNode = {
  name: 'dispatch',
  summary: 'Run functions on a Dispatch server: functions, images and what they need, from the command line.',
  examples: [
    'dispatch create seed-images',
    'dispatch create function hello server/runtimes/python3/example/hello.py --image python3 --wait',
    `dispatch exec hello --input '{"name": "Jon"}' --wait`,
  ],
  children: [
    {
      name: 'apply',
      summary: 'Create or update objects from a file',
      load: async () => (await files()).applyFile,
      children: [
        { ...seedNode, summary: 'Create or update the seed set', load: async () => (await seeds()).applySeed },
      ],
    },
    {
      name: 'completion',
      summary: 'Print a completion script for bash',
      load: async () => (await import('./commands/completion.ts')).command,
    },
    context,
    {
      name: 'create',
      suggestFor: ['new', 'add'],
      summary: 'Create objects',
      load: async () => (await files()).createFile,
      children: [
        ...creations,
        { ...seedNode, summary: 'Create the seed set of images', load: async () => (await seeds()).createSeed },
      ],
    },
    {
      name: 'delete',
      suggestFor: ['list', 'remove', 'rm'],
      summary: 'Delete objects',
      load: async () => (await files()).deleteFile,
      children: [
        ...deletions,
        { ...seedNode, summary: 'Delete the seed set of images', load: async () => (await seeds()).deleteSeed },
      ],
    },
    { name: 'edit', summary: 'Change an object in an editor', children: edits },
    {
      name: 'exec',
      suggestFor: ['run', 'invoke', 'call'],
      summary: 'Run a function',
      completes: 'functions',
      load: async () => (await import('./commands/exec.ts')).command,
    },
    {
      name: 'get',
      suggestFor: ['list', 'show', 'describe'],
      summary: 'Show objects and runs',
      examples: ['dispatch get functions', 'dispatch get function hello -o json', 'dispatch get runs hello'],
      children: [
        ...queries,
        {
          name: 'run',
          aliases: ['runs'],
          summary: 'Show runs of functions',
          completes: 'functions',
          load: async () => (await import('./commands/get-runs.ts')).command,
        },
      ],
    },
    { name: 'help', summary: 'Help for any command', load: async () => (await import('./commands/help.ts')).command },
    {
      name: 'logs',
      suggestFor: ['tail'],
      summary: 'Print what functions print',
      completes: 'functions',
      load: async () => (await import('./commands/logs.ts')).command,
    },
    { name: 'update', summary: 'Update objects from a file', load: async () => (await files()).updateFile },
    {
      name: 'version',
      aliases: ['--version'],
      summary: 'Print the versions of client and server',
      load: async () => (await import('./commands/version.ts')).command,
    },
  ],
}
