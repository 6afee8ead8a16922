/** Owns the tree of commands: every word that `dispatch` understands, and the file that each one is in. */
import type { CommandNode } from './command.ts'
import { credentialNouns, iamNouns } from './nouns.ts'
import { applianceNode } from './tree-appliance.ts'
import { creations, deletions, forEachNoun, queries } from './tree-nouns.ts'
import {
  applyNode,
  createNode,
  deleteNode,
  describeNode,
  editNode,
  getNode,
  retryNode,
  updateFileNode,
  updateNode,
} from './tree-objects.ts'

const changes = () => import('./commands/context-change.ts')

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

const allIamNouns = [...iamNouns, ...credentialNouns]

const iam: CommandNode = {
  name: 'iam',
  summary: 'Manage who may do what: policies, users, service accounts, organizations and tokens',
  children: [
    {
      name: 'bootstrap',
      summary: 'Let the first one in',
      load: async () => (await import('./commands/iam-bootstrap.ts')).command,
    },
    { name: 'create', summary: 'Create objects', children: forEachNoun(allIamNouns, creations) },
    { name: 'delete', summary: 'Delete objects', children: forEachNoun(allIamNouns, deletions) },
    { name: 'get', summary: 'Show objects', children: forEachNoun(allIamNouns, queries) },
    {
      name: 'rotate-keys',
      summary: 'Seal what is secret with a new key',
      load: async () => (await import('./commands/iam-rotate-keys.ts')).command,
    },
    {
      name: 'set-password',
      suggestFor: ['passwd', 'change-password'],
      summary: 'Set the password of a user',
      load: async () => (await import('./commands/iam-set-password.ts')).command,
    },
    updateFileNode,
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
    applianceNode,
    applyNode,
    {
      name: 'audit',
      summary: 'Check what the server has written down',
      children: [
        {
          name: 'verify',
          suggestFor: ['check'],
          summary: 'Check that no line of the audit log was changed or removed',
          load: async () => (await import('./commands/audit-verify.ts')).command,
        },
      ],
    },
    {
      name: 'completion',
      summary: 'Print a completion script for your shell',
      load: async () => (await import('./commands/completion.ts')).command,
    },
    context,
    createNode,
    deleteNode,
    describeNode,
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
    editNode,
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
    getNode,
    { name: 'help', summary: 'Help for any command', load: async () => (await import('./commands/help.ts')).command },
    iam,
    {
      name: 'image',
      aliases: ['images'],
      summary: 'Keep the Docker images of the server in order',
      children: [
        {
          name: 'prune',
          suggestFor: ['clean', 'gc', 'cleanup'],
          summary: 'Remove Docker images that nothing uses',
          load: async () => (await import('./commands/prune-images.ts')).command,
        },
      ],
    },
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
    retryNode,
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
    updateNode,
    {
      name: 'version',
      aliases: ['--version'],
      summary: 'Print the versions of client and server',
      load: async () => (await import('./commands/version.ts')).command,
    },
  ],
}
