/** One generic container and all that belongs to it: directories, socket, Docker container, processes inside. */
import { chmod, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { NetworkKind, RuntimeImage } from '../core/execution.ts'
import type { ContainerUpdate } from '../docker/port.ts'
import type { LoadRequest } from './control.ts'
import { maxHeaderBytes } from './frames.ts'
import { createInside, type Inside } from './inside.ts'
import type { EngineLimits, EngineOptions } from './options.ts'
import { type ContainerDirs, type ContainerRequest, planContainer } from './plan-container.ts'
import { openPost } from './post.ts'
import { createUndo, type Undo } from './undo.ts'
import type { Worker } from './worker.ts'

/** What a function lives in, however it is spoken to. */
export interface FunctionContainer {
  readonly id: string
  /** Resolves with the reason once the container is of no use any more; also after `remove`. */
  readonly lost: Promise<string>
  /** Rejects with FunctionLoadError when the code is at fault, with ContainerLostError when the container is. */
  startWorker(): Promise<Worker>
  /** Bytes that all inside need now; see Docker.memoryOf. */
  memory(): Promise<number | undefined>
  /** Ends everything inside, calls for the reason given, and removes what is left of it; harmless when done already. */
  remove(reason?: string): Promise<void>
}

export interface RuntimeContainer extends FunctionContainer {
  /** On this machine; mounted read-only inside. */
  readonly codeDir: string
  /** What it was made with. */
  readonly limits: EngineLimits
  /** Of the first worker; rejects as `startWorker` does. */
  load(request: LoadRequest): Promise<Worker>
  /** Rejects when Docker refuses. */
  setLimits(limits: ContainerUpdate): Promise<void>
}

export interface ContainerOptions extends EngineOptions {
  /** Aborts when the engine ends: what is being started then is given up. */
  ending: AbortSignal
  /** Finds what a former life of the server left; comes before anything of this one is made. */
  sweep(): Promise<void>
  /** Before Docker is asked for the container of that name; to be ended when it is gone. */
  expect(name: string): () => void
  /** Calls the listener when Docker tells that the container has ended. */
  watchEnd(dockerId: string, listener: () => void): void
  /** Both never reject. */
  removeFromDocker(dockerId: string): Promise<void>
  removeDirectory(path: string): Promise<void>
}

/** Resolves when the control process inside has reported; what was begun is taken back when it does not. */
export async function startContainer(
  image: RuntimeImage,
  network: NetworkKind,
  options: ContainerOptions,
): Promise<RuntimeContainer> {
  const { containersDir, limits, docker, ending } = options
  ending.throwIfAborted()
  const id = options.newContainerId()
  const root = join(containersDir, id)
  const dirs: ContainerDirs = { root, socket: join(root, 'socket'), code: join(root, 'code') }
  const inside = createInside(limits)
  const undo = createUndo()
  const remove = (reason = 'it was removed') => {
    inside.lose(reason)
    return undo.run()
  }
  const giveUp = () => inside.lose('the server is being stopped')
  ending.addEventListener('abort', giveUp)
  const seconds = limits.startTimeoutMs / 1000
  const timer = setTimeout(inside.lose, limits.startTimeoutMs, `it did not report within ${seconds} s`)
  try {
    // Whatever hangs, Docker included: when the time is over, `reported` rejects.
    const built = build({ id, image, network, dirs }, { ...options, inside, undo })
    const dockerId = await Promise.race([built, rejectionOf(inside.reported)])
    await inside.reported
    const { load, startWorker } = inside.control
    const setLimits = (update: ContainerUpdate) => docker.updateContainer(dockerId, update)
    const memory = () => docker.memoryOf(dockerId)
    return { id, codeDir: dirs.code, limits, lost: inside.lost, load, startWorker, setLimits, memory, remove }
  } catch (thrown) {
    await remove()
    throw thrown
  } finally {
    clearTimeout(timer)
    ending.removeEventListener('abort', giveUp)
  }
}

type BuildOptions = ContainerOptions & { inside: Inside; undo: Undo }

async function build(request: ContainerRequest, options: BuildOptions): Promise<string> {
  const { docker, inside, undo, limits } = options
  const { root, socket, code } = request.dirs
  await options.sweep()
  await undo.add(() => options.removeDirectory(root))
  await createCodeDir(code)
  await undo.add(await openPost({ ...postLimits(limits), ...inside, socketDir: socket, onViolation: inside.lose }))
  const found = await docker.findImage(request.image.dockerImage)
  const spec = planContainer(request, found, options)
  const forget = options.expect(spec.name)
  await undo.add(async () => forget())
  const dockerId = await docker.createContainer(spec)
  await undo.add(() => options.removeFromDocker(dockerId))
  options.watchEnd(dockerId, () => inside.lose('Docker says that it has ended'))
  await docker.startContainer(dockerId)
  return dockerId
}

/** Settles only when the promise is rejected. */
function rejectionOf(promise: Promise<unknown>): Promise<never> {
  const { promise: never, reject } = Promise.withResolvers<never>()
  promise.catch(reject)
  return never
}

/** Each worker has one, and the control process; with more than the machine has workers, most can be none of them. */
const postLimits = ({ maxProcesses, maxWorkers, outputBytes, logBytes }: EngineLimits) => ({
  maxConnections: Math.max(maxProcesses, maxWorkers) + 1,
  maxFrameBytes: outputBytes + 2 * (logBytes + 1) + maxHeaderBytes,
})

/** Whatever the umask of the server: the user inside is nobody. */
async function createCodeDir(path: string): Promise<void> {
  await mkdir(path, { recursive: true })
  await chmod(path, 0o755)
}
