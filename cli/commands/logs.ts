/** Owns `logs`: what runs have printed, and with --follow what they print. */
import { between, defineCommand } from '../command.ts'
import { Failure } from '../failure.ts'
import { createLogPrinter } from '../log-printer.ts'
import { type LogTarget, planFollowing } from '../log-request.ts'
import { followLogs, readLogs } from '../log-stream.ts'
import { isRunId } from '../runs.ts'

function parseTarget([first = '', second]: readonly string[]): LogTarget {
  if (second !== undefined) return { functionName: first, run: second }
  return isRunId(first) ? { functionName: '', run: first } : { functionName: first, run: undefined }
}

export const command = defineCommand({
  usage: '(FUNCTION_NAME [RUN_ID] | RUN_ID)',
  description:
    'Print what the last 100 runs of a function have printed, or a single run. What went to stderr goes to stderr.',
  examples: ['dispatch logs hello', 'dispatch logs hello --follow', 'dispatch logs hello --since 10m -o json'],
  arity: between(1, 2),
  completes: ['Function', 'runs'],
  waitsForever: true,
  flags: {
    follow: { kind: 'toggle', short: 'f', summary: 'go on printing until the run has ended, or until interrupted' },
    since: { kind: 'duration', value: 'DURATION', summary: 'of a function: only runs that ended within this time' },
  },
  async run({ args, flags, session, io }) {
    const target = parseTarget(args)
    const ofRun = target.run !== undefined
    if (ofRun && flags.since !== undefined) throw new Failure('--since is for the runs of a function, not for one run')
    const { output } = await session.settings()
    if (output === 'yaml') throw new Failure('logs are printed as lines, or with -o json')
    const client = await session.client()
    const printer = createLogPrinter({ io, asJson: output === 'json', withRun: !ofRun, note: session.note })
    const startedSeconds = BigInt(Math.floor(io.now().getTime() / 1000))
    const asked = flags.since === undefined ? undefined : startedSeconds - BigInt(Math.ceil(flags.since / 1000))
    const wish = { follow: flags.follow, since: asked }
    const plan = planFollowing({ target, printer, startedSeconds, wish })
    const stream = { client, printer, io, plan }
    if (flags.follow) await followLogs(stream, { untilEnd: ofRun, note: session.note })
    else await readLogs(stream)
    return 0
  },
})
