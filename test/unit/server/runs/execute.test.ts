/** What becomes of one run: schemas, secrets, deadline, and the reason of each failure. */
import test from 'ava'
import { dispatchError } from '../../../../server/core/errors.ts'
import { createSchemaCache } from '../../../../server/core/json-schema.ts'
import type { CallableFunction } from '../../../../server/core/ports.ts'
import { type Callee, executeRun } from '../../../../server/runs/execute.ts'
import type { Run } from '../../../../server/runs/schema.ts'
import { answer, createFakeExecution, type Script } from '../../../helpers/fake-execution.ts'

const executedNs = 1_540_000_000_123_456_789n
const run: Run = {
  name: 'r',
  org: 'o',
  functionName: 'fn',
  functionId: 'f',
  faasId: 'v',
  blocking: true,
  status: 'INITIALIZED',
  inputJson: '{"n":1}',
  reason: null,
  secrets: null,
  executedNs,
  tags: null,
}
const callable: CallableFunction = {
  revision: {
    revisionId: 'v',
    functionId: 'f',
    org: 'o',
    name: 'fn',
    handler: '',
    placeCode: async () => undefined,
    dockerImage: 'd',
    language: 'l',
    contract: 'worker',
    limits: {},
  },
  secrets: [],
  timeoutMs: 0,
  schemaIn: null,
  schemaOut: null,
  release: () => undefined,
}
const logs = { stdout: ['line'], stderr: null }
const known: Record<string, Record<string, string>> = { a: { user: 'me' } }

async function execute(fields: Partial<Run>, function_: Partial<Callee> = {}, script?: Script) {
  const execution = createFakeExecution(script ? { fn: script } : {})
  const read = async (_: string, names: string[]) => {
    const missing = names.find(name => !known[name])
    if (missing) throw dispatchError('NOT_FOUND', { kind: 'secret', name: missing })
    return Object.assign({}, ...names.map(name => known[name]))
  }
  const deps = {
    execution,
    secrets: { read },
    clock: { nowNs: () => executedNs + 5n },
    schemaCheck: createSchemaCache(9),
  }
  const { finished: ended } = await executeRun(deps, { ...run, ...fields }, { ...callable, ...function_ })
  return { ended, invocations: execution.invocations }
}

const object = { type: 'object', properties: { n: { type: 'string' } } }

test('a run that succeeds keeps output, lines and time', async t => {
  const { ended } = await execute({}, {}, () => ({ ok: true, outputJson: '1.0', logs }))
  t.like(ended, { status: 'READY', outputJson: '1.0', logs, reason: null, finishedNs: executedNs + 5n })
})

test('a run without input hands null over', async t => {
  t.is((await execute({ inputJson: undefined })).invocations[0]?.payloadJson, 'null')
})

test('input against the schema is refused before the function is asked', async t => {
  const { ended, invocations } = await execute({}, { schemaIn: object })
  t.deepEqual(invocations, [])
  const message = 'Input invalid against schema: validation failure list:\nn in body must be of type string'
  t.like(ended, { status: 'ERROR', error: { type: 'InputError', stacktrace: null }, logs: { stdout: null } })
  t.true(ended.error?.message.startsWith(message))
  t.deepEqual(ended.reason, [`error running function: fn: ${ended.error?.message}`])
})

test('output against the schema is the fault of the function and keeps its lines', async t => {
  const { ended } = await execute({}, { schemaOut: object }, () => ({ ok: true, outputJson: '{"n":2}', logs }))
  t.like(ended, { status: 'ERROR', error: { type: 'FunctionError' }, logs })
  t.is(ended.outputJson, undefined)
})

test('pieces go to whoever asked for them, unless the output must fit a schema', async t => {
  const onPiece = async () => true
  t.is((await execute({}, { onPiece })).invocations[0]?.onPiece, onPiece)
  t.is((await execute({}, { onPiece, schemaOut: object })).invocations[0]?.onPiece, undefined)
})

test('secrets reach the function, and only there', async t => {
  const { ended, invocations } = await execute({ secrets: ['a'] })
  t.deepEqual(JSON.parse(invocations[0]?.contextJson ?? ''), { secrets: { user: 'me' } })
  t.false(JSON.stringify(ended, (_, value) => (typeof value === 'bigint' ? 0 : value)).includes('"me"'))
})

test('an event is told in both versions of CloudEvents, and the run keeps it as it was', async t => {
  const event = { eventType: 't', cloudEventsVersion: '0.1', source: 's', eventID: '1', data: null }
  const { ended, invocations } = await execute({ event, inputJson: '1.0' }, { timeoutMs: 1500 })
  const contextJson = invocations[0]?.contextJson ?? ''
  t.deepEqual(Object.keys(JSON.parse(contextJson)), ['secrets', 'deadline', 'event', 'cloudEvent'])
  t.true(contextJson.includes('"eventID":"1","data":1.0}'))
  t.true(contextJson.endsWith('"cloudEvent":{"specversion":"1.0","id":"1","source":"s","type":"t","data":1.0}}'))
  t.deepEqual(ended.event, event)
})

test('a missing secret is told in the words of the original, and the function is not asked', async t => {
  const { ended, invocations } = await execute({ secrets: ['a', 'gone'] })
  t.deepEqual(invocations, [])
  const cause = 'failed to get secrets from secret store: [Code: 404] secret gone not found'
  t.like(ended.error, { type: 'InputError', message: `error when retrieving secrets from secret store: ${cause}` })
})

test('the deadline is told to the nanosecond and kept in milliseconds', async t => {
  const [invocation] = (await execute({}, { timeoutMs: 1500 })).invocations
  t.is(invocation?.deadlineMs, 1_540_000_001_623)
  t.is(JSON.parse(invocation?.contextJson ?? '').deadline, '2018-10-20T01:46:41.623456789Z')
})

test('the time of a run that nobody waits for begins when it has a worker', async t => {
  const { invocations } = await execute({ blocking: false, begunNs: executedNs + 4n }, { timeoutMs: 1500 })
  t.is(JSON.parse(invocations[0]?.contextJson ?? '').deadline, '2018-10-20T01:46:41.623456794Z')
})

for (const timeoutMs of [0, -5, Number.MAX_SAFE_INTEGER, 1e300]) {
  test(`a timeout of ${timeoutMs} ms is no limit`, async t => {
    const { ended, invocations } = await execute({}, { timeoutMs }, ({ payloadJson }) => answer(payloadJson))
    t.is(ended.status, 'READY')
    t.deepEqual(invocations, [{ id: 'r', contextJson: '{"secrets":{}}', payloadJson: '{"n":1}' }])
  })
}
