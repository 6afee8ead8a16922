/** Owns `exec`: one run of a function. */
import { defineCommand, exactly } from '../command.ts'
import { Failure } from '../failure.ts'
import { applicationFlag } from '../flag.ts'
import { type Json, type JsonObject, objectOf, parseJson, textOf } from '../format/json.ts'
import { run as runModel } from '../format/models.ts'
import { renderObject } from '../output.ts'

/** With --fail, of a run that ended in ERROR. */
const failedRun = 3

function parseInput(text: string): Json {
  try {
    return parseJson(text)
  } catch (thrown) {
    const cause = thrown instanceof Error ? thrown.message : String(thrown)
    throw new Failure(`Error when parsing function parameters ${text}\n${cause}`)
  }
}

function renderFailedRun(finished: JsonObject): string {
  const error = objectOf(finished.error)
  return `run ${textOf(finished.name)} failed: ${textOf(error.type)}: ${textOf(error.message)}`
}

export const command = defineCommand({
  usage: 'FUNCTION_NAME',
  description: 'Run a function. The run is printed as JSON; without --wait it has only just begun.',
  examples: [`dispatch exec hello --input '{"name": "Jon"}' --wait`],
  arity: exactly(1),
  waitsForever: true,
  flags: {
    ...applicationFlag,
    input: { kind: 'text', value: 'JSON', fallback: '{}', summary: 'input of the function, any JSON value' },
    wait: { kind: 'toggle', summary: 'return when the run has finished' },
    secret: { kind: 'names', value: 'NAMES', summary: 'further secrets for this run; repeatable or comma-separated' },
    all: { kind: 'toggle', summary: 'without effect; accepted for older scripts' },
    fail: { kind: 'toggle', summary: 'exit with code 3 when the run ended in ERROR' },
  },
  async run({ args: [functionName = ''], flags, session, io }) {
    const input = parseInput(flags.input)
    const body: JsonObject = {
      ...(flags.wait ? { blocking: true } : {}),
      ...(input === null ? {} : { input }),
      ...{ reason: null, secrets: [...flags.secret], services: null, tags: null },
    }
    if (functionName === '') throw new Failure('a name must not be empty')
    const { output } = await session.settings()
    const client = await session.client()
    const finished = objectOf(
      await client.request({ method: 'POST', path: ['v1', 'runs'], query: { functionName }, body }),
    )
    io.stdout.write(await renderObject(finished, runModel, output === 'table' ? 'json' : output))
    if (textOf(finished.status) !== 'ERROR') return 0
    session.note(renderFailedRun(finished))
    return flags.fail ? failedRun : 0
  },
})
