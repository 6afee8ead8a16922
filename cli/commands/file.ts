/** Owns `create|update|apply|delete -f FILE`: what a file of documents says, done. */
import { anyNumber, type Command, defineCommand } from '../command.ts'
import type { Verb } from '../documents/process.ts'
import { applicationFlag, type FlagTable } from '../flag.ts'
import { startPatience, waitFlags } from '../wait.ts'
import { applicationTags } from './create-object.ts'

const fileFlags = {
  file: { kind: 'text', short: 'f', value: 'FILE', summary: 'YAML or JSON file, or its URL, with one or more objects' },
  'work-dir': {
    kind: 'text',
    short: 'w',
    value: 'DIR',
    summary: 'directory that FILE and paths in it are relative to',
  },
} as const satisfies FlagTable

export const ignoreNotFoundFlag = {
  'ignore-not-found': { kind: 'toggle', summary: 'exit with code 0 when something was not there' },
} as const satisfies FlagTable

const descriptions: Readonly<Record<Verb, string>> = {
  create: 'Create an object, or with -f every object in a file.',
  update: 'Update every object in a file.',
  apply: 'Create or update every object in a file.',
  delete: 'Delete an object, or with -f every object in a file.',
}

/** All verbs share the flags of a file; only some can wait, tag, or forgive. */
function createFileCommand(verb: Verb): Command {
  const table: FlagTable = {
    ...fileFlags,
    ...(verb === 'create' ? applicationFlag : {}),
    ...(verb === 'delete' ? ignoreNotFoundFlag : waitFlags),
  }
  return defineCommand({
    usage: '-f FILE',
    description: descriptions[verb],
    examples: ['dispatch create seed-images --output-file seed.yaml', `dispatch ${verb} -f seed.yaml`],
    arity: anyNumber,
    helpWithout: 'file',
    flags: table,
    async run({ flags, session, io }) {
      const { performJob } = await import('../documents/report.ts')
      const { readDocuments } = await import('../documents/read.ts')
      await session.settings()
      const place = { cwd: io.cwd, file: String(flags.file), workDir: String(flags['work-dir']) }
      const documents = await readDocuments(place, await session.client())
      return performJob({
        verb,
        session,
        io,
        place,
        documents,
        tags: applicationTags(typeof flags.application === 'string' ? flags.application : ''),
        ignoresMissing: flags['ignore-not-found'] === true,
        patience: startPatience(flags, io),
      })
    },
  })
}

export const createFile = createFileCommand('create')
export const updateFile = createFileCommand('update')
export const applyFile = createFileCommand('apply')
export const deleteFile = createFileCommand('delete')
