/** Fills a server's data while it is stopped, by the product's own store: many functions, or many runs of one. */
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { FunctionEntity } from '../../server/functions/schema.ts'
import type { Store } from '../../server/store/port.ts'
import { openSqliteStore } from '../../server/store/sqlite.ts'
import { createIds } from '../../server/system.ts'
import { createFunction } from './functions.ts'
import { greet } from './rest.ts'
import { inScope, type Scope } from './scope.ts'
import { startBenchServer } from './server.ts'

const org = 'dispatch'
const batch = 1000

export async function createDirectory(scope: Scope): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'dispatch-bench-'))
  scope.defer(() => rm(directory, { recursive: true, force: true }))
  return directory
}

/** A directory as a stopped server leaves it that has images, and python3 functions that were called once. */
export async function createTemplate(scope: Scope, ...functionNames: string[]): Promise<string> {
  const directory = await createDirectory(scope)
  await inScope(async inner => {
    const { rest } = await startBenchServer(inner, { directory })
    for (const name of functionNames) {
      await createFunction(rest, { name, language: 'python3' })
      await greet(rest, name)
    }
  })
  return directory
}

async function withStore(directory: string, work: (store: Store) => Promise<void>): Promise<void> {
  const store = await openSqliteStore({ file: join(directory, 'dispatch.db') })
  try {
    await work(store)
  } finally {
    await store.close()
  }
}

/** Copies of the function, as if each had been created from the same code. */
export const addFunctions = (directory: string, functionName: string, count: number): Promise<void> =>
  withStore(directory, async store => {
    const functions = store.collection<FunctionEntity>('Function')
    const original = await functions.get(org, functionName)
    if (!original?.active) throw new Error(`${functionName} was not READY`)
    const { active, wanted } = original
    const addOne = async (name: string): Promise<void> => {
      const faasId = randomUUID()
      const changes = { wanted: { ...wanted, faasId }, active: { ...active, faasId } }
      await functions.create({ ...original, ...changes, id: randomUUID(), name })
    }
    for (let done = 0; done < count; done += batch)
      await Promise.all(Array.from({ length: Math.min(batch, count - done) }, (_, n) => addOne(`stored-${done + n}`)))
  })

/** Copies of the function's last run, a millisecond apart. */
export const addRuns = (directory: string, functionName: string, count: number): Promise<void> =>
  withStore(directory, async store => {
    const [original] = await store.runs.list({ org, functionName })
    if (!original) throw new Error(`${functionName} has no run`)
    const { runId } = createIds()
    const addOne = (number: number): Promise<void> => {
      const name = runId()
      const shiftNs = BigInt(count - number) * 1_000_000n
      const times = { executedNs: original.executedNs - shiftNs, modifiedNs: original.modifiedNs - shiftNs }
      const body = original.body
        .replace(original.name, name)
        .replaceAll(String(original.executedNs), String(times.executedNs))
        .replaceAll(String(original.modifiedNs), String(times.modifiedNs))
      return store.runs.put({ ...original, ...times, name, body })
    }
    for (let done = 0; done < count; done += batch)
      await Promise.all(Array.from({ length: Math.min(batch, count - done) }, (_, n) => addOne(done + n)))
  })

/** Whether runs of the function are in the database, also those that nobody sees any more. The server may be running. */
export function hasRows(directory: string, functionName: string): boolean {
  const database = new DatabaseSync(join(directory, 'dispatch.db'), { readOnly: true })
  try {
    const found = database.prepare('SELECT 1 FROM runs WHERE org = ? AND function_name = ? LIMIT 1')
    return found.get(org, functionName) !== undefined
  } finally {
    database.close()
  }
}
