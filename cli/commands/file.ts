/** Owns `create|update|apply|delete -f FILE`: what a file of documents says, done. */
import { anyNumber, type Command, defineCommand } from '../command.ts'
import type { Verb } from '../documents/process.ts'
import type { CheckedDocument, Place } from '../documents/read.ts'
import type { Job } from '../documents/report.ts'
import { applicationFlag, type FlagTable, type FlagValues } from '../flag.ts'
import type { Io } from '../io.ts'
import type { Session } from '../session.ts'
import { goneFlags, startPatience, waitFlags } from '../wait.ts'
import { applicationTags } from './create-object.ts'

const fileFlags = {
  file: {
    kind: 'text',
    short: 'f',
    value: 'FILE',
    summary: 'YAML or JSON file with one or more objects, its URL, or - for standard input',
  },
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

export const applyFlags = {
  'dry-run': { kind: 'toggle', summary: 'only show what would be created or changed, and how' },
  summary: {
    kind: 'toggle',
    summary: 'close with how many objects were created, changed or the same, as on a terminal',
  },
} as const satisfies FlagTable

/** A preview, or the work itself with or without a summary. */
export async function performApply(job: Job, flags: FlagValues<typeof applyFlags>): Promise<number> {
  if (flags['dry-run']) return (await import('../documents/preview.ts')).previewJob(job)
  const { performJob } = await import('../documents/report.ts')
  const { session, io } = job
  return performJob({ ...job, tellsChanges: flags.summary || (io.stderrIsTerminal && !session.isQuiet) })
}

const descriptions: Readonly<Record<Verb, string>> = {
  create: 'Create an object, or with -f every object in a file.',
  update: 'Update a function, or with -f every object in a file.',
  apply: 'Create or update every object in a file.',
  delete: 'Delete an object, or with -f every object in a file.',
}

const flagsOf: Readonly<Record<Verb, FlagTable>> = {
  create: { ...fileFlags, ...applicationFlag, ...waitFlags },
  update: { ...fileFlags, ...waitFlags },
  apply: { ...fileFlags, ...applyFlags, ...waitFlags },
  delete: { ...fileFlags, ...ignoreNotFoundFlag, ...goneFlags },
}

async function loadDocuments(place: Place, session: Session, io: Io): Promise<readonly CheckedDocument[]> {
  const { checkDocuments, readDocuments } = await import('../documents/read.ts')
  if (place.file !== '-') return readDocuments(place, await session.client())
  const { loadStandardInput } = await import('../files.ts')
  return checkDocuments(await loadStandardInput(io), 'standard input')
}

/** All verbs share the flags of a file; only some can tag, preview, or forgive. */
function createFileCommand(verb: Verb): Command {
  return defineCommand({
    usage: '-f FILE',
    description: descriptions[verb],
    examples: ['dispatch create seed-images --output-file seed.yaml', `dispatch ${verb} -f seed.yaml`],
    arity: anyNumber,
    helpWithout: 'file',
    flags: flagsOf[verb],
    async run({ flags, session, io }) {
      const { performJob } = await import('../documents/report.ts')
      await session.settings()
      const place = { cwd: io.cwd, file: String(flags.file), workDir: String(flags['work-dir']) }
      const job: Job = {
        verb,
        session,
        io,
        place,
        documents: await loadDocuments(place, session, io),
        tags: applicationTags(typeof flags.application === 'string' ? flags.application : ''),
        ignoresMissing: flags['ignore-not-found'] === true,
        patience: startPatience(flags, io),
      }
      if (verb !== 'apply') return performJob(job)
      return performApply(job, { 'dry-run': flags['dry-run'] === true, summary: flags.summary === true })
    },
  })
}

export const createFile = createFileCommand('create')
export const updateFile = createFileCommand('update')
export const applyFile = createFileCommand('apply')
export const deleteFile = createFileCommand('delete')
