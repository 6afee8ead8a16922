/** The main thread's side of the writing thread: hands writes over, settles each after its commit, never leaves one hanging. */
import { getAsset, isSea } from 'node:sea'
import { Worker } from 'node:worker_threads'
import { messageOf } from '../core/errors.ts'
import type { FromWorker, ToWorker } from './sqlite-worker.ts'
import type { Write, WriteResult } from './write.ts'

export interface Writer {
  /** Resolves after the commit. Rejects only when the thread is gone. */
  write(write: Write): Promise<WriteResult>
  /** Once the writes handed over so far are committed; nothing is written meanwhile. */
  scrub(): Promise<void>
  /** Commits what was accepted, then ends the thread. */
  close(): Promise<void>
}

interface WriterOptions {
  /** Sees each result in commit order, before the promise of its write settles. */
  onResult(write: Write, result: WriteResult): void
  onCommit(writes: number, seconds: number): void
  onFatal(error: Error): void
}

interface Pending {
  write: Write
  resolve(result: WriteResult): void
  reject(error: Error): void
}

/** Both the sources and the bundles have the thread's file beside this one. */
const workerFile = import.meta.url.endsWith('.ts') ? 'sqlite-worker.ts' : 'sqlite-worker.cjs'

/** The flags of the process, such as those of an inline script, are not meant for the thread. */
export function startWorker(file: string): Worker {
  const options = { workerData: { file }, name: 'sqlite', execArgv: [] }
  // A single executable has nothing beside it; it holds the thread's file.
  if (isSea()) return new Worker(getAsset(workerFile, 'utf8'), { ...options, eval: true })
  return new Worker(new URL(workerFile, import.meta.url), options)
}

/** Resolves once the worker has opened its database; rejects with the reason when it could not. */
export async function createWriter(worker: Worker, { onResult, onCommit, onFatal }: WriterOptions): Promise<Writer> {
  const pending: Pending[] = []
  const scrubs: PromiseWithResolvers<void>[] = []
  let unsent: Write[] = []
  let ended: Error | undefined
  let closing = false
  let isAtWork = false
  const exited = Promise.withResolvers<void>()
  const opened = Promise.withResolvers<void>()

  const end = (error: Error): void => {
    if (ended) return
    ended = error
    opened.reject(error)
    for (const { reject } of [...pending.splice(0), ...scrubs.splice(0)]) reject(error)
  }
  const fail = (error: Error): void => {
    if (ended) return
    end(error)
    onFatal(error)
  }
  const settle = (results: WriteResult[]): void => {
    for (const [index, { write, resolve }] of pending.splice(0, results.length).entries()) {
      const result = results[index]
      if (!result) continue
      onResult(write, result)
      resolve(result)
    }
  }
  const settleScrub = (message?: string): void => {
    const scrub = scrubs.shift()
    if (message === undefined) scrub?.resolve()
    else scrub?.reject(new Error(message))
  }
  const send = (message: ToWorker): void => worker.postMessage(message)
  /** One message at a time, with all that came while the last one was committed: handing over costs more than the write. */
  const flush = (): void => {
    isAtWork = unsent.length > 0
    if (isAtWork) send({ type: 'write', writes: unsent })
    unsent = []
  }

  worker.on('message', (message: FromWorker) => {
    if (message.type === 'opened') opened.resolve()
    else if (message.type === 'refused') end(new Error(message.message))
    else if (message.type === 'scrubbed') settleScrub(message.message)
    else {
      flush()
      settle(message.results)
      onCommit(message.results.length, message.seconds)
    }
  })
  worker.on('messageerror', fail)
  worker.on('error', thrown => fail(new Error(`the database thread failed: ${messageOf(thrown)}`, { cause: thrown })))
  worker.on('exit', code => {
    if (closing) end(new Error('the store is closed'))
    else fail(new Error(`the database thread ended with code ${code}`))
    exited.resolve()
  })

  await opened.promise
  return {
    write(write) {
      if (ended || closing) return Promise.reject(ended ?? new Error('the store is closed'))
      unsent.push(write)
      // What else this turn of the event loop writes goes along.
      if (!isAtWork) setImmediate(flush)
      isAtWork = true
      return new Promise((resolve, reject) => pending.push({ write, resolve, reject }))
    },
    scrub() {
      if (ended || closing) return Promise.reject(ended ?? new Error('the store is closed'))
      flush()
      send({ type: 'scrub' })
      const scrub = Promise.withResolvers<void>()
      scrubs.push(scrub)
      return scrub.promise
    },
    async close() {
      closing = true
      flush()
      send({ type: 'close' })
      await exited.promise
    },
  }
}
