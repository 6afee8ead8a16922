/** floor.worker: the same handler called over the worker's socket alone, by the engine's own connection code. */

import { randomUUID } from 'node:crypto'
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RuntimeImage } from '../../../server/core/execution.ts'
import { startContainer } from '../../../server/engine/container.ts'
import { defaultLimits } from '../../../server/engine/options.ts'
import { createClock } from '../../../server/system.ts'
import { createRealDocker } from '../../helpers/real-docker.ts'
import { greetingPath, type Language, runtimeImage } from '../functions.ts'
import { greeting, input } from '../rest.ts'
import type { Scope } from '../scope.ts'
import { median } from '../statistics.ts'

/** Calls once, and rejects when the answer is not the greeting. */
export type WorkerCall = () => Promise<void>

const silent = { info: () => undefined, warn: () => undefined }

/** A container of its own, with one worker in it. */
export async function openWorker(scope: Scope, language: Language): Promise<WorkerCall> {
  const docker = createRealDocker()
  const containersDir = await mkdtemp(join(tmpdir(), 'dispatch-floor-'))
  scope.defer(() => rm(containersDir, { recursive: true, force: true }))
  const image: RuntimeImage = { language, dockerImage: runtimeImage(language), contract: 'worker' }
  const container = await startContainer(image, 'none', {
    docker,
    clock: createClock(),
    log: silent,
    instanceId: randomUUID(),
    newContainerId: () => randomUUID().slice(0, 8),
    imageRegistry: 'dispatch',
    containersDir,
    nodePath: process.execPath,
    limits: defaultLimits,
    ending: new AbortController().signal,
    sweep: async () => undefined,
    expect: () => () => undefined,
    watchEnd: () => undefined,
    removeFromDocker: id => docker.removeContainer(id),
    removeDirectory: path => rm(path, { recursive: true, force: true }),
  })
  scope.defer(() => container.remove())
  const path = greetingPath(language)
  await copyFile(path, join(container.codeDir, path.slice(path.lastIndexOf('/'))))
  const worker = await container.load({ handler: '', concurrency: 1 })
  return async () => {
    const end = await worker.call({ contextJson: '{"secrets":{}}', payloadJson: JSON.stringify(input) })
    if (end.kind !== 'result' || !end.output.includes(greeting))
      throw new Error(`the worker did not answer: ${end.kind}`)
  }
}

/** Median of calls one after the other. */
export async function timeCalls(call: WorkerCall, durationMs: number): Promise<number> {
  const times: number[] = []
  for (const endMs = performance.now() + durationMs; performance.now() < endMs; ) {
    const startMs = performance.now()
    await call()
    times.push(performance.now() - startMs)
  }
  return median(times)
}
