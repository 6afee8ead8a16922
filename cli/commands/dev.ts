/** Owns `dev`: a function that follows its source, with what it prints beside it. */
import { resolve } from 'node:path'
import { defineCommand, exactly, type Invocation } from '../command.ts'
import { functionFile, readFunctionFile } from '../documents/function-file.ts'
import { performJob } from '../documents/report.ts'
import { Failure } from '../failure.ts'
import { createLogPrinter } from '../log-printer.ts'
import { functionLogs, planFollowing } from '../log-request.ts'
import { followLogs } from '../log-stream.ts'
import { takeFingerprint } from '../source/fingerprint.ts'
import { startPatience, waitFlags } from '../wait.ts'

/** A save is over when two looks in a row find the same. */
const periodMs = 300

interface Workshop {
  readonly invocation: Invocation
  readonly folder: string
  readonly file: string
}

/** The name of the function once it is READY. */
async function deploy({ invocation, folder, file }: Workshop): Promise<string> {
  const { session, io, flags } = invocation
  const place = { cwd: io.cwd, file, workDir: folder }
  const document = await readFunctionFile(place, await session.client())
  const patience = startPatience({ ...flags, wait: true }, io)
  // What is done is told beside the function's own output, not in it.
  const beside = { ...io, stdout: io.stderr }
  await performJob({ verb: 'apply', session, io: beside, place, documents: [document], patience })
  session.report(`function ${document.name} is READY`, io.stderr)
  return document.name
}

async function follow({ session, io }: Invocation, functionName: string): Promise<void> {
  const client = await session.client()
  const printer = createLogPrinter({ io, asJson: false, withRun: true, note: session.note })
  const startedSeconds = BigInt(Math.floor(io.now().getTime() / 1000))
  const target = functionLogs(functionName)
  const plan = planFollowing({ target, printer, startedSeconds, wish: { follow: true } })
  await followLogs({ client, printer, io, plan }, { untilEnd: false, note: session.note })
}

/** What cannot be deployed now can be corrected: it is told, and the next save tries again. */
async function attempt<T>({ io }: Invocation, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown
    if (!io.interrupted.aborted) io.stderr.write(`${thrown.message}\n`)
    return undefined
  }
}

async function watch(workshop: Workshop): Promise<void> {
  const { invocation, folder, file } = workshop
  const { io } = invocation
  const directory = resolve(io.cwd, folder)
  let following: Promise<void> | undefined
  let [seen, deployed]: (string | undefined)[] = []
  while (!io.interrupted.aborted) {
    const found = await takeFingerprint(directory, [file, '.dispatchignore'])
    if (found !== undefined && found === seen && found !== deployed) {
      deployed = found
      const name = await attempt(invocation, () => deploy(workshop))
      if (name !== undefined)
        following ??= attempt(invocation, () => follow(invocation, name)).then(() => {
          following = undefined
        })
    }
    seen = found
    await io.pause(periodMs)
  }
  await following
}

export const command = defineCommand({
  usage: 'DIR',
  description: `Create the function of a folder, update it whenever a file there is saved, and print what it prints, until Ctrl-C. The folder has a ${functionFile}, as "dispatch init" makes it.`,
  examples: ['dispatch init python3 hello', 'dispatch dev hello'],
  arity: exactly(1),
  waitsForever: true,
  flags: {
    file: { kind: 'text', short: 'f', value: 'FILE', fallback: functionFile, summary: 'document in DIR' },
    'wait-timeout': {
      ...waitFlags['wait-timeout'],
      summary: 'how long each update may take to be READY, 0 = for ever',
    },
  },
  async run(invocation) {
    const { args, flags, session, io } = invocation
    const [folder = ''] = args
    if ((await session.settings()).output !== 'table') throw new Failure('dev prints lines, and has no other format')
    await readFunctionFile({ cwd: io.cwd, file: flags.file, workDir: folder }, await session.client())
    await watch({ invocation, folder, file: flags.file })
    return 0
  },
})
