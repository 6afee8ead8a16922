/** Owns `run`: one run of a function for a person, or for the next program in a pipe. */
import type { ApiClient, ApiRequest } from '../client.ts'
import { between, defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { ApiFailure, Failure } from '../failure.ts'
import { type JsonObject, objectOf, renderJson, textOf, textsOf } from '../format/json.ts'
import { loadInput, planRun, renderFailedRun } from '../invocation.ts'
import type { Io } from '../io.ts'
import { createLogPrinter } from '../log-printer.ts'
import { planLogs, runLogs } from '../log-request.ts'
import { followLogs } from '../log-stream.ts'
import type { Session } from '../session.ts'

interface Follower {
  readonly client: ApiClient
  readonly session: Session
  readonly io: Io
  /** Of the run. */
  readonly item: ApiRequest
}

const pauseMs = 100

/** Prints on stderr what the run prints, both its streams. False where the server cannot tell now, or at all. */
async function followRun({ client, session, io, item }: Follower): Promise<boolean> {
  const streams = { stdout: io.stderr, stderr: io.stderr }
  const printer = createLogPrinter({ io: streams, asJson: false, withRun: false, note: () => undefined })
  const target = runLogs(item.path.at(-1) ?? '', item.query?.functionName ?? '')
  const request = planLogs(target, { follow: true })
  try {
    await followLogs({ client, printer, io, plan: () => request }, { untilEnd: true, note: session.note })
    return true
  } catch (thrown) {
    // Too many follow already, or a server without live logs.
    if (thrown instanceof ApiFailure && ['404', '429'].includes(thrown.code)) return false
    throw thrown
  }
}

async function waitForEnd({ client, session, io, item }: Follower): Promise<JsonObject> {
  while (!io.interrupted.aborted) {
    const run = objectOf(await client.request(item))
    const status = textOf(run.status)
    if (status === 'READY' || status === 'ERROR') return run
    await session.pauseFor(pauseMs, `run ${textOf(run.name)} is ${status}`)
  }
  throw new Failure(
    `interrupted; the run goes on: see "dispatch get run ${item.query?.functionName} ${item.path.at(-1)}"`,
  )
}

/** It runs, whoever may look at it: who is told of a refusal alone would start it again. */
async function awaitRun(follower: Follower): Promise<{ run: JsonObject; wasFollowed: boolean }> {
  try {
    const wasFollowed = await followRun(follower)
    return { run: await waitForEnd(follower), wasFollowed }
  } catch (thrown) {
    if (!(thrown instanceof ApiFailure && thrown.code === '403')) throw thrown
    const id = follower.item.path.at(-1)
    throw new Failure(
      `${thrown.message}\nthe function runs nevertheless, as run ${id}: "dispatch exec --wait" asks for no look`,
    )
  }
}

function printLogs({ logs }: JsonObject, io: Io): void {
  const { stdout, stderr } = objectOf(logs)
  for (const line of [...textsOf(stdout), ...textsOf(stderr)]) io.stderr.write(`${line}\n`)
}

const renderFailure = (run: JsonObject): string =>
  [renderFailedRun(run), ...textsOf(objectOf(run.error).stacktrace)].join('\n')

export const command = defineCommand({
  usage: 'FUNCTION_NAME [JSON|@FILE|-]',
  description:
    'Run a function and print its output as JSON. Its input is a JSON value, @FILE that holds one, or - for standard input. What it prints goes to stderr while it runs. A failed run ends with exit code 3.',
  examples: [`dispatch run hello '{"name": "Jon"}'`, 'dispatch run hello @input.json | jq -r .myField'],
  arity: between(1, 2),
  completes: ['Function'],
  waitsForever: true,
  flags: {
    secret: {
      kind: 'names',
      value: 'NAMES',
      completes: 'Secret',
      summary: 'further secrets for this run; repeatable or comma-separated',
    },
  },
  async run({ args: [functionName = '', word = '{}'], flags, session, io }) {
    const input = await loadInput(word, io)
    const request = planRun({ functionName, input, secrets: flags.secret, isBlocking: false })
    const { output: format } = await session.settings()
    const client = await session.client()
    const started = objectOf(await client.request(request))
    const item: ApiRequest = { method: 'GET', path: [...request.path, textOf(started.name)], query: { functionName } }
    const follower = { client, session, io, item }
    const { run, wasFollowed } = await awaitRun(follower)
    if (!wasFollowed) printLogs(run, io)
    if (textOf(run.status) === 'ERROR') throw new Failure(renderFailure(run), exitCodes.failedRun.code)
    const output = run.output ?? null
    if (format === 'yaml') io.stdout.write((await import('../format/yaml.ts')).renderYaml(output))
    else session.print(renderJson(output, 4))
    return 0
  },
})
