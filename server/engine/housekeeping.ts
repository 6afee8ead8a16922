/**
 * Keeps Docker free of containers that nobody needs: those of a former life of this server, those that are given up, and those
 * that Docker made without telling, since it died or its answer was lost.
 */
import { chmod, mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf } from '../core/errors.ts'
import type { EngineOptions } from './options.ts'
import { instanceLabel } from './plan-container.ts'
import { createRemovals } from './removals.ts'

export interface Housekeeping {
  /**
   * Finds what a former life left behind, and begins to remove it; begun already. To be awaited before each start, which would add to
   * what is found: tried again after a failure.
   */
  sweep(): Promise<void>
  /** To be called before Docker is asked for a container of that name: any other with our label is removed. Returns the end of it. */
  expect(name: string): () => void
  watchEnd(dockerId: string, listener: () => void): void
  /** Both never reject: what fails is tried again later. */
  removeFromDocker(dockerId: string): Promise<void>
  removeDirectory(path: string): Promise<void>
  /** The last attempt for whatever is still to be removed. Never rejects. */
  close(): Promise<void>
}

export function createHousekeeping({ docker, log, instanceId, containersDir, limits }: EngineOptions): Housekeeping {
  const labels = { [instanceLabel]: instanceId }
  const endListeners = new Map<string, () => void>()
  const stopWatching = docker.onContainerEnd(labels, id => endListeners.get(id)?.())
  const expected = new Set<string>()
  const removals = createRemovals(log)
  let swept: Promise<void> | undefined
  let closed = false

  function removeFromDocker(dockerId: string): Promise<void> {
    endListeners.delete(dockerId)
    return removals.begin(`container ${dockerId}`, () => docker.removeContainer(dockerId))
  }

  const removeDirectory = (path: string): Promise<void> =>
    removals.begin(path, () => rm(path, { recursive: true, force: true }))

  /** Nobody waits for their end: a single one that stays would keep all functions from starting. */
  async function removeStrangers(): Promise<void> {
    const found = await docker.listContainers(labels)
    // Asked after the list is there: whatever is in it was expected before it was made.
    const strangers = found.filter(({ name }) => !expected.has(name))
    for (const { id } of strangers) void removeFromDocker(id)
    if (strangers.length > 0) log.info({ count: strangers.length }, 'removing containers that nobody knows')
  }

  async function sweepNow(): Promise<void> {
    await removeStrangers()
    // What is in it can be read by everybody, for the sake of the user inside: so nobody else gets in.
    await mkdir(containersDir, { recursive: true })
    await chmod(containersDir, 0o700)
    for (const name of await readdir(containersDir)) void removeDirectory(join(containersDir, name))
  }

  function sweep(): Promise<void> {
    swept ??= sweepNow().catch(thrown => {
      swept = undefined
      throw thrown
    })
    return swept
  }

  const sweepUnasked = () =>
    sweep().catch(thrown => {
      log.warn({ cause: messageOf(thrown) }, 'could not remove what a former life left behind; trying again later')
    })

  /** Not while Docker is still busy with the last time: it may take long to answer. */
  function compareLater(): NodeJS.Timeout {
    const compare = () =>
      removeStrangers()
        .catch(thrown => log.warn({ cause: messageOf(thrown) }, 'could not look for containers that nobody knows'))
        .finally(() => {
          if (!closed) comparing = compareLater()
        })
    return setTimeout(compare, limits.compareMs).unref()
  }

  let comparing = compareLater()
  void sweepUnasked()
  return {
    sweep,
    expect: name => {
      expected.add(name)
      return () => void expected.delete(name)
    },
    watchEnd: (dockerId, listener) => endListeners.set(dockerId, listener),
    removeFromDocker,
    removeDirectory,
    close: async () => {
      closed = true
      clearTimeout(comparing)
      stopWatching()
      await sweepUnasked()
      await removals.close()
      await docker.removeNetworks(labels).catch(thrown => {
        log.warn({ cause: messageOf(thrown) }, 'could not remove the network of this server; the next start uses it')
      })
    },
  }
}
