/** Puts a revision into a generic container. */
import { messageOf } from '../core/errors.ts'
import { FunctionLoadError, type FunctionRevision } from '../core/execution.ts'
import { unlessAborted } from '../core/unless-aborted.ts'
import type { ContainerUpdate } from '../docker/port.ts'
import type { FunctionContainer, RuntimeContainer } from './container.ts'
import { ContainerLostError } from './control.ts'
import { planUpdate } from './plan-limits.ts'
import type { Worker } from './worker.ts'

export interface Loaded {
  container: FunctionContainer
  worker: Worker
}

export interface LoadOptions {
  takeContainer(): Promise<RuntimeContainer>
  /** The function's own. */
  concurrency: number
  /** Aborts when nobody needs the function any more. */
  signal: AbortSignal
}

/**
 * Rejects with FunctionLoadError when the code is at fault, and with the reason of the signal. A container that goes away is replaced
 * once; when its successor goes the same way, the code is what ends them.
 */
export async function loadRevision(revision: FunctionRevision, options: LoadOptions): Promise<Loaded> {
  const first = await take(options)
  try {
    return await loadOnce(revision, first, options)
  } catch (thrown) {
    if (!(thrown instanceof ContainerLostError)) throw thrown
  }
  const second = await take(options)
  try {
    return await loadOnce(revision, second, options)
  } catch (thrown) {
    if (!(thrown instanceof ContainerLostError)) throw thrown
    const message = `Invalid function file or handler: importing it ended its container (${thrown.message})`
    throw new FunctionLoadError(message, { cause: thrown })
  }
}

/** One that comes when nobody waits for it any more is given back. */
async function take({ takeContainer, signal }: LoadOptions): Promise<RuntimeContainer> {
  signal.throwIfAborted()
  const taking = takeContainer()
  return await unlessAborted(signal, taking).catch(thrown => {
    taking.then(
      container => container.remove(),
      () => undefined,
    )
    throw thrown
  })
}

async function loadOnce(
  revision: FunctionRevision,
  container: RuntimeContainer,
  { concurrency, signal }: LoadOptions,
): Promise<Loaded> {
  const { handler, limits } = revision
  const update = planUpdate(limits, concurrency, container.limits)
  try {
    // Both, whichever fails: what is under way must have ended when the container is removed.
    const done = await Promise.allSettled([revision.placeCode(container.codeDir), applyUpdate(container, update)])
    for (const each of done) if (each.status === 'rejected') throw each.reason
    return { container, worker: await unlessAborted(signal, container.load({ handler, concurrency })) }
  } catch (thrown) {
    await container.remove()
    throw thrown
  }
}

/** Generic containers have the engine's limits. A container that is gone by now is lost, whatever Docker says of it. */
async function applyUpdate(container: RuntimeContainer, update: ContainerUpdate): Promise<void> {
  if (Object.keys(update).length === 0) return
  try {
    await container.setLimits(update)
  } catch (thrown) {
    const reason = await lossOf(container, messageOf(thrown))
    if (reason !== undefined) throw new ContainerLostError(reason, { cause: thrown })
    throw new Error(`Docker refused its limits (${textOf(update)}): ${messageOf(thrown)}`, { cause: thrown })
  }
}

const textOf = ({ memoryBytes, cpus, maxProcesses }: ContainerUpdate): string =>
  [
    memoryBytes !== undefined && `${memoryBytes} bytes of memory`,
    cpus !== undefined && `${cpus} cpus`,
    maxProcesses !== undefined && `${maxProcesses} processes`,
  ]
    .filter(Boolean)
    .join(', ')

/** Docker may refuse for no other reason than that the container is gone, before or after its end is heard of. */
function lossOf({ lost }: RuntimeContainer, refusal: string): Promise<string | undefined> {
  return Promise.race([lost, Promise.resolve(isGone.test(refusal) ? refusal : undefined)])
}

/** In Docker's words, which also has "Docker at ... is not running". */
const isGone = /no such container|container \S+ is not running|marked for removal/i
