/** Puts a revision into a generic container. */
import { FunctionLoadError, type FunctionRevision } from '../core/execution.ts'
import { copyCode } from './code.ts'
import type { RuntimeContainer } from './container.ts'
import { ContainerLostError } from './control.ts'
import type { Worker } from './worker.ts'

export interface Loaded {
  container: RuntimeContainer
  worker: Worker
}

/**
 * Rejects with FunctionLoadError when the code is at fault. A container that goes away is replaced once; when its successor goes
 * the same way, the code is what ends them.
 */
export async function loadRevision(revision: FunctionRevision, take: () => Promise<RuntimeContainer>): Promise<Loaded> {
  const first = await take()
  try {
    return await loadOnce(revision, first)
  } catch (thrown) {
    if (!(thrown instanceof ContainerLostError)) throw thrown
  }
  const second = await take()
  try {
    return await loadOnce(revision, second)
  } catch (thrown) {
    if (!(thrown instanceof ContainerLostError)) throw thrown
    const message = `Invalid function file or handler: importing it ended its container (${thrown.message})`
    throw new FunctionLoadError(message, { cause: thrown })
  }
}

async function loadOnce(revision: FunctionRevision, container: RuntimeContainer): Promise<Loaded> {
  try {
    await copyCode(revision.sourceDir, container.codeDir)
    return { container, worker: await container.load(revision.handler) }
  } catch (thrown) {
    await container.remove()
    throw thrown
  }
}
