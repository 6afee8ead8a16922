/** One generic container and all that belongs to it: directories, socket, Docker container, processes inside. */
import { chmod, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { RuntimeImage } from '../core/execution.ts'
import { createInside, type Inside } from './inside.ts'
import type { EngineLimits, EngineOptions } from './options.ts'
import { type ContainerDirs, planContainer } from './plan-container.ts'
import { openPost } from './post.ts'
import type { Worker } from './worker.ts'

export interface RuntimeContainer {
  readonly id: string
  /** On this machine; mounted read-only inside. */
  readonly codeDir: string
  /** Resolves with the reason once the container is of no use any more; also after `remove`. */
  readonly lost: Promise<string>
  /** Both reject with FunctionLoadError when the code is at fault, with ContainerLostError when the container is. */
  load(handler: string): Promise<Worker>
  startWorker(): Promise<Worker>
  /** Ends everything inside and removes what is left of it; harmless when done already. */
  remove(): Promise<void>
}

export interface ContainerOptions extends EngineOptions {
  /** Calls the listener when Docker tells that the container has ended. */
  watchEnd(dockerId: string, listener: () => void): void
  /** Never rejects. */
  removeFromDocker(dockerId: string): Promise<void>
}

/** Resolves when the control process inside has reported; what was begun is undone when it does not. */
export async function startContainer(image: RuntimeImage, options: ContainerOptions): Promise<RuntimeContainer> {
  const id = options.newContainerId()
  const root = join(options.containersDir, id)
  const dirs: ContainerDirs = { socket: join(root, 'socket'), code: join(root, 'code') }
  const inside = createInside(options.limits)
  const undo: (() => void | Promise<void>)[] = []
  let removal: Promise<void> | undefined
  const remove = () => {
    inside.lose('it was removed')
    removal ??= inReverse(undo)
    return removal
  }
  try {
    undo.push(() => rm(root, { recursive: true, force: true }))
    await createCodeDir(dirs.code)
    undo.push(
      await openPost({ ...postLimits(options.limits), ...inside, socketDir: dirs.socket, onViolation: inside.lose }),
    )
    await startInDocker({ id, image, dirs }, inside, { ...options, undo })
  } catch (thrown) {
    await remove()
    throw thrown
  }
  const { load, startWorker } = inside.control
  return { id, codeDir: dirs.code, lost: inside.lost, load, startWorker, remove }
}

interface Request {
  id: string
  image: RuntimeImage
  dirs: ContainerDirs
}

type StartOptions = ContainerOptions & { undo: (() => void | Promise<void>)[] }

async function startInDocker(request: Request, inside: Inside, options: StartOptions): Promise<void> {
  const { docker, limits, undo } = options
  const found = await docker.findImage(request.image.dockerImage)
  const dockerId = await docker.createContainer(planContainer(request, found, options))
  undo.push(() => options.removeFromDocker(dockerId))
  options.watchEnd(dockerId, () => inside.lose('Docker says that it has ended'))
  await docker.startContainer(dockerId)
  const timer = setTimeout(
    inside.lose,
    limits.startTimeoutMs,
    `it did not report within ${limits.startTimeoutMs / 1000} s`,
  )
  await inside.reported.finally(() => clearTimeout(timer))
}

/** Room for each worker twice, while one ends and its successor starts, and for the control process. */
const postLimits = ({ maxWorkers, outputBytes, logBytes }: EngineLimits) => ({
  maxConnections: 2 * maxWorkers + 1,
  maxFrameBytes: outputBytes + 2 * (logBytes + 1) + headerBytes,
})

/** For what is beside output and lines: above all the message and the stack of an error. */
const headerBytes = 4 * 1024 * 1024

/** Whatever the umask of the server: the user inside is nobody. */
async function createCodeDir(path: string): Promise<void> {
  await mkdir(path, { recursive: true })
  await chmod(path, 0o755)
}

async function inReverse(steps: (() => void | Promise<void>)[]): Promise<void> {
  for (const step of steps.reverse()) await step()
}
