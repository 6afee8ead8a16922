/**
 * The program behind floor.http: what answering a durable run over HTTP costs without an engine. One fastify route with the
 * body schema of runs, which stores one row of a run's size by the product's own store and answers with it.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fastify from 'fastify'
import { type RunBody, runBody } from '../../../server/runs/schema.ts'
import { openSqliteStore } from '../../../server/store/sqlite.ts'
import { createClock, createIds } from '../../../server/system.ts'
import { greeting } from '../rest.ts'

const directory = mkdtempSync(join(tmpdir(), 'dispatch-floor-'))
const store = await openSqliteStore({ file: join(directory, 'floor.db') })
const { runId, uuid } = createIds()
const clock = createClock()
const [faasId, functionId] = [uuid(), uuid()]
const functionName = 'bench-python3'
const never = { reason: null, secrets: null, services: null, tags: [] }

const app = fastify({ ajv: { customOptions: { strict: false, keywords: ['patternText'] } } })
app.post<{ Body: RunBody }>('/v1/runs', { schema: { body: runBody } }, async ({ body: { blocking, input } }, reply) => {
  const name = runId()
  const executedNs = clock.nowNs()
  const times = { executedTime: Number(executedNs), finishedTime: Number(executedNs) }
  const said = { logs: { stdout: null, stderr: null }, output: { myField: greeting } }
  const run = { blocking, ...times, faasId, functionId, functionName, input, ...said, name, status: 'READY', ...never }
  const json = JSON.stringify(run)
  const record = { name, org: 'dispatch', functionName, functionId, executedNs, modifiedNs: executedNs, body: json }
  await store.runs.put({ ...record, status: 'READY' })
  return reply.header('content-type', 'application/json').send(json)
})
const address = await app.listen({ host: '127.0.0.1', port: 0 })
process.send?.(Number(new URL(address).port))
process.once('disconnect', async () => {
  await app.close()
  await store.close()
  rmSync(directory, { recursive: true, force: true })
  process.exit(0)
})
