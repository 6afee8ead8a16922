/** Owns the tree of commands: every word that `dispatch` understands, and the file that each one is in. */
import type { CommandNode } from './command.ts'
import { iamNouns, type Noun, nouns } from './nouns.ts'

type Pick = (noun: Noun) => Omit<CommandNode, 'name' | 'aliases'>
const forEachNoun = (list: readonly Noun[], pick: Pick): CommandNode[] =>
  list.map(noun => ({ name: noun.name, aliases: noun.aliases, ...pick(noun) }))

const withArticle = (label: string) => `${/^[aeiou]/.test(label) ? 'an' : 'a'} ${label}`
const inPlural = (label: string) => (label.endsWith('y') ? `${label.slice(0, -1)}ies` : `${label}s`)

const creations: Pick = ({ resource, create }) => ({
  summary: `Create ${withArticle(resource.label)}`,
  load: async () => (await create()).command,
})

const queries: Pick = ({ resource }) => ({
  summary: `Show ${inPlural(resource.label)}`,
  load: async () => (await import('./commands/get-resource.ts')).createGetCommand(resource),
})

const deletions: Pick = ({ resource }) => ({
  summary: `Delete ${withArticle(resource.label)}`,
  load: async () => (await import('./commands/delete-resource.ts')).createDeleteCommand(resource),
})

const edits: Pick = ({ resource }) => ({
  summary: `Edit ${withArticle(resource.label)}`,
  load: async () => (await import('./commands/edit-resource.ts')).createEditCommand(resource),
})

const descriptions: Pick = ({ resource }) => ({
  summary: `Show everything about ${withArticle(resource.label)}`,
  load: async () => (await import('./commands/describe-resource.ts')).createDescribeCommand(resource),
})

const files = () => import('./commands/file.ts')
const seeds = () => import('./commands/seed-images.ts')
const changes = () => import('./commands/context-change.ts')
/** Events are no resources: nobody creates or deletes them. */
const scheduleNode = { name: 'schedule', aliases: ['schedules'] }
const eventNode = { name: 'event', aliases: ['events'] }
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

const updateNode: CommandNode = {
  name: 'update',
  summary: 'Update objects',
  load: async () => (await files()).updateFile,
}

const updateChildren: readonly CommandNode[] = [
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
]

const iam: CommandNode = {
  name: 'iam',
  summary: 'Manage who may do what: policies, service accounts and organizations',
  children: [
    { name: 'create', summary: 'Create objects', children: forEachNoun(iamNouns, creations) },
    { name: 'delete', summary: 'Delete objects', children: forEachNoun(iamNouns, deletions) },
    { name: 'get', summary: 'Show objects', children: forEachNoun(iamNouns, queries) },
    updateNode,
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
      name: '__complete',
      hidden: true,
      summary: 'Tell which words fit',
      load: async () => (await import('./commands/complete-words.ts')).command,
    },
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
      summary: 'Print a completion script for your shell',
      load: async () => (await import('./commands/completion.ts')).command,
    },
    context,
    {
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
    },
    {
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
    },
    {
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
    },
    {
      name: 'dev',
      summary: 'Update a function whenever its code is saved',
      load: async () => (await import('./commands/dev.ts')).command,
    },
    {
      name: 'doctor',
      suggestFor: ['check', 'diagnose'],
      summary: 'Look for problems, and say what to do',
      load: async () => (await import('./commands/doctor.ts')).command,
    },
    {
      name: 'edit',
      summary: 'Change an object in an editor',
      children: [...forEachNoun(nouns, edits), ...forEachNoun(iamNouns, edits)],
    },
    {
      name: 'emit',
      suggestFor: ['send', 'publish'],
      summary: 'Emit an event',
      load: async () => (await import('./commands/emit.ts')).command,
    },
    {
      name: 'exec',
      suggestFor: ['invoke', 'call'],
      summary: 'Run a function',
      load: async () => (await import('./commands/exec.ts')).command,
    },
    {
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
          name: 'run',
          aliases: ['runs'],
          summary: 'Show runs of functions',
          load: async () => (await import('./commands/get-runs.ts')).command,
        },
      ],
    },
    { name: 'help', summary: 'Help for any command', load: async () => (await import('./commands/help.ts')).command },
    iam,
    {
      name: 'init',
      suggestFor: ['new'],
      summary: 'Make a folder with a new function',
      load: async () => (await import('./commands/init.ts')).command,
    },
    { name: 'login', summary: 'Log in', load: async () => (await import('./commands/login.ts')).command },
    { name: 'logout', summary: 'Log out', load: async () => (await import('./commands/logout.ts')).command },
    {
      name: 'logs',
      suggestFor: ['tail'],
      summary: 'Print what functions print',
      load: async () => (await import('./commands/logs.ts')).command,
    },
    {
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
    },
    {
      name: 'run',
      suggestFor: ['invoke', 'call'],
      summary: 'Run a function and print its output',
      load: async () => (await import('./commands/run-function.ts')).command,
    },
    {
      name: 'top',
      suggestFor: ['stats'],
      summary: 'Show how busy functions and server are',
      load: async () => (await import('./commands/top.ts')).command,
    },
    { ...updateNode, children: updateChildren },
    {
      name: 'version',
      aliases: ['--version'],
      summary: 'Print the versions of client and server',
      load: async () => (await import('./commands/version.ts')).command,
    },
  ],
}
