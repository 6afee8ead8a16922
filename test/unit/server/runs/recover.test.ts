/** Runs that a crash interrupted: reported as failed, with all else as it was. */
import test from 'ava'
import fc from 'fast-check'
import { planInterrupted, recoverInterrupted } from '../../../../server/runs/recover.ts'
import { createMemoryStore } from '../../../../server/store/memory.ts'
import type { RunRecord } from '../../../../server/store/port.ts'

const nowNs = 1_540_000_000_123_456_789n
const record = (body: string, fields: Partial<RunRecord> = {}): RunRecord => ({
  name: 'r',
  org: 'o',
  functionName: 'fn',
  functionId: 'f',
  status: 'CREATING',
  executedNs: 1_540_000_000_000_000_001n,
  modifiedNs: 1_540_000_000_000_000_001n,
  body,
  ...fields,
})

test('times of 19 digits and numbers of the input stay exact', t => {
  const { body, ...fields } = planInterrupted(
    record('{"executedTime":1540000000000000001,"input":{"a":1.0,"b":12345678901234567890},"status":"INITIALIZED"}'),
    nowNs,
  )
  t.true(body.includes('"executedTime":1540000000000000001'))
  t.true(body.includes('"finishedTime":1540000000123456789'))
  t.true(body.includes('"input":{"a":1.0,"b":12345678901234567890}'))
  t.like(fields, { status: 'ERROR', modifiedNs: nowNs, executedNs: 1_540_000_000_000_000_001n })
})

test('the run says what happened and that its outcome is unknown', t => {
  const run = JSON.parse(planInterrupted(record('{"status":"INITIALIZED","reason":null}'), nowNs).body)
  t.is(run.status, 'ERROR')
  t.is(run.error.type, 'SystemError')
  t.is(run.reason.length, 1)
  t.regex(run.reason[0], /^error running function: fn: the server stopped .* unknown$/)
})

test('what its HTTP caller has proven itself by is masked, as in every run that has ended', t => {
  const headers = { authorization: 'Bearer secret', host: 'h' }
  const { body } = planInterrupted(record(JSON.stringify({ httpContext: { method: 'GET', headers } })), nowNs)
  t.deepEqual(JSON.parse(body).httpContext, { method: 'GET', headers: { authorization: '********', host: 'h' } })
})

test('any input comes back as it was', t => {
  fc.assert(
    fc.property(fc.jsonValue(), input => {
      const before = JSON.stringify({ input, status: 'CREATING' })
      t.deepEqual(JSON.parse(planInterrupted(record(before), nowNs).body).input, JSON.parse(before).input)
    }),
  )
})

test('only what was begun is touched, of every organization, however many there are', async t => {
  const { runs } = createMemoryStore()
  const ended = record('{"status":"READY"}', { name: 'ended', status: 'READY' })
  const waiting = record('{"status":"INITIALIZED"}', { name: 'waiting', status: 'INITIALIZED' })
  await runs.put(ended)
  await runs.put(waiting)
  await runs.put(record('{}', { name: 'other', org: 'other' }))
  for (let index = 0; index < 120; index += 1) await runs.put(record('{}', { name: `begun-${index}` }))
  t.is(await recoverInterrupted(runs, { nowNs: () => nowNs }), 121)
  t.deepEqual(await runs.get('o', 'ended'), ended)
  t.deepEqual(await runs.get('o', 'waiting'), waiting)
  t.is((await runs.get('other', 'other'))?.status, 'ERROR')
  t.is(await recoverInterrupted(runs, { nowNs: () => nowNs }), 0)
})
