/** Owns `exec`: one run of a function. */
import { defineCommand, exactly } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { applicationFlag } from '../flag.ts'
import { objectOf, textOf } from '../format/json.ts'
import { run as runModel } from '../format/models.ts'
import { loadInput, planRun, renderFailedRun } from '../invocation.ts'
import { renderObject } from '../output.ts'

export const command = defineCommand({
  usage: 'FUNCTION_NAME',
  description: 'Run a function. The run is printed as JSON; without --wait it has only just begun.',
  examples: [`dispatch exec hello --input '{"name": "Jon"}' --wait`],
  arity: exactly(1),
  completes: ['Function'],
  waitsForever: true,
  flags: {
    ...applicationFlag,
    input: {
      kind: 'text',
      value: 'JSON',
      fallback: '{}',
      summary: 'input of the function: any JSON value, @FILE that holds it, or - for standard input',
    },
    wait: { kind: 'toggle', summary: 'return when the run has finished' },
    secret: {
      kind: 'names',
      value: 'NAMES',
      completes: 'Secret',
      summary: 'further secrets for this run; repeatable or comma-separated',
    },
    all: { kind: 'toggle', summary: 'without effect; accepted for older scripts' },
    fail: { kind: 'toggle', summary: 'exit with code 3 when the run ended in ERROR' },
  },
  async run({ args: [functionName = ''], flags, session, io }) {
    const { wait, secret } = flags
    const input = await loadInput(flags.input, io)
    const request = planRun({ functionName, input, secrets: secret, isBlocking: wait })
    const { output } = await session.settings()
    const client = await session.client()
    const finished = objectOf(await client.request(request))
    io.stdout.write(await renderObject(finished, runModel, output === 'table' ? 'json' : output))
    if (textOf(finished.status) !== 'ERROR') return 0
    session.note(renderFailedRun(finished))
    return flags.fail ? exitCodes.failedRun.code : 0
  },
})
