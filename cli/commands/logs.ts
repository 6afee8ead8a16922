/** Owns `logs`: what runs and builds have printed, and with --follow what they print. */
import { atMost, between, defineCommand } from '../command.ts'
import { Failure, UsageError } from '../failure.ts'
import { createLogPrinter } from '../log-printer.ts'
import { functionLogs, imageLogs, type LogTarget, planFollowing, runLogs } from '../log-request.ts'
import { followLogs, readLogs } from '../log-stream.ts'
import { checkArity } from '../parser/arity.ts'
import { isRunId } from '../runs.ts'

function parseTarget(args: readonly string[], image: string): LogTarget {
  if (image !== '' && args.length > 0) throw new UsageError('--image is for the log of a build: it stands alone')
  if (image !== '') return imageLogs(image)
  checkArity(between(1, 2), args.length)
  const [first = '', second] = args
  if (second !== undefined) return runLogs(second, first)
  return isRunId(first) ? runLogs(first, '') : functionLogs(first)
}

export const command = defineCommand({
  usage: '(FUNCTION_NAME [RUN_ID] | RUN_ID | --image IMAGE_NAME)',
  description:
    'Print what the last 100 runs of a function have printed, a single run, or the last build of an image. What went to stderr goes to stderr.',
  examples: [
    'dispatch logs hello',
    'dispatch logs hello --follow',
    'dispatch logs hello --since 10m -o json',
    'dispatch logs --image my-pandas',
  ],
  arity: atMost(2),
  completes: ['Function', 'runs'],
  waitsForever: true,
  flags: {
    follow: { kind: 'toggle', short: 'f', summary: 'go on printing until the run or the build has ended' },
    image: { kind: 'text', value: 'IMAGE', completes: 'Image', summary: 'the last build of this image instead' },
    since: { kind: 'duration', value: 'DURATION', summary: 'of a function: only runs that ended within this time' },
  },
  async run({ args, flags, session, io }) {
    const target = parseTarget(args, flags.image)
    const { isSingle } = target
    if (isSingle && flags.since !== undefined)
      throw new Failure('--since is for the runs of a function, not for one run or a build')
    const { output } = await session.settings()
    if (output === 'yaml') throw new Failure('logs are printed as lines, or with -o json')
    const client = await session.client()
    const printer = createLogPrinter({ io, asJson: output === 'json', withRun: !isSingle, note: session.note })
    const startedSeconds = BigInt(Math.floor(io.now().getTime() / 1000))
    const asked = flags.since === undefined ? undefined : startedSeconds - BigInt(Math.ceil(flags.since / 1000))
    const wish = { follow: flags.follow, since: asked }
    const plan = planFollowing({ target, printer, startedSeconds, wish })
    const stream = { client, printer, io, plan }
    if (flags.follow) await followLogs(stream, { untilEnd: isSingle, note: session.note })
    else await readLogs(stream)
    return 0
  },
})
