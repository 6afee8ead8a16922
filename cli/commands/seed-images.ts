/** Owns `create|apply|delete seed-images`. */
import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type Command, defineCommand, exactly, type Invocation } from '../command.ts'
import type { Job } from '../documents/report.ts'
import { describeFileError, Failure } from '../failure.ts'
import type { FlagTable } from '../flag.ts'
import { goneFlags, startPatience, waitFlags } from '../wait.ts'
import { applyFlags, ignoreNotFoundFlag, performApply } from './file.ts'

const outputFlag = {
  'output-file': { kind: 'text', short: 'O', value: 'FILE', summary: 'only write the YAML of the seed set to FILE' },
} as const satisfies FlagTable

type Part = Pick<Job, 'verb' | 'session' | 'io'> & Partial<Job>

async function planJob(part: Part): Promise<Job> {
  const { seedImages } = await import('../documents/seed-images.ts')
  const { checkDocuments } = await import('../documents/read.ts')
  const documents = checkDocuments(seedImages, 'the seed set')
  const place = { cwd: part.io.cwd, file: '', workDir: '' }
  return { place, documents: part.verb === 'delete' ? documents.reverse() : documents, ...part }
}

async function perform(part: Part): Promise<number> {
  const { performJob } = await import('../documents/report.ts')
  return performJob(await planJob(part))
}

async function writeSeed({ io }: Pick<Invocation, 'io'>, file: string): Promise<number> {
  const { seedImages } = await import('../documents/seed-images.ts')
  await writeFile(resolve(io.cwd, file), seedImages, { mode: 0o644 }).catch(thrown => {
    throw new Failure(`error writing images YAML to '${file}': ${describeFileError(thrown, 'open', file)}`)
  })
  return 0
}

const description = 'The base images and images to start with: nodejs, python3, powershell and java.'

export const createSeed: Command = defineCommand({
  usage: '',
  description: `${description} What is there already and says the same stays as it is.`,
  arity: exactly(0),
  flags: { ...outputFlag, ...waitFlags },
  run: ({ flags, session, io }) =>
    flags['output-file'] === ''
      ? perform({ verb: 'create', session, io, acceptsUnchanged: true, patience: startPatience(flags, io) })
      : writeSeed({ io }, flags['output-file']),
})

export const applySeed: Command = defineCommand({
  usage: '',
  description: `${description} What is there already is updated, which builds it anew.`,
  arity: exactly(0),
  flags: { ...outputFlag, ...applyFlags, ...waitFlags },
  async run({ flags, session, io }) {
    if (flags['output-file'] !== '') return writeSeed({ io }, flags['output-file'])
    const job = await planJob({ verb: 'apply', session, io, patience: startPatience(flags, io) })
    return performApply(job, flags)
  },
})

export const deleteSeed: Command = defineCommand({
  usage: '',
  description: `${description} Images go before the base images they stand on.`,
  arity: exactly(0),
  flags: { ...ignoreNotFoundFlag, ...goneFlags },
  run: ({ flags, session, io }) => {
    const ignoresMissing = flags['ignore-not-found']
    return perform({ verb: 'delete', session, io, ignoresMissing, patience: startPatience(flags, io) })
  },
})
