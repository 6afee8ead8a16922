/** Bounds what a container may write into its own files, which Docker does not. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Docker } from '../../docker/port.ts'
import { type EngineLimits, mebibyte } from '../options.ts'
import type { Place } from './place.ts'

export interface DiskOptions {
  docker: Pick<Docker, 'writableBytes'>
  dockerId: string
  place: Pick<Place, 'lose' | 'lost'>
  limits: Pick<EngineLimits, 'diskBytes' | 'diskCheckMs'>
}

/** Docker counts all its files each time: at most a twentieth of the time is spent so. */
const maxShare = 20

/** Loses a container that has written more. Never rejects; ends with the container. */
export async function boundDisk({ docker, dockerId, place, limits }: DiskOptions): Promise<void> {
  const lost = new AbortController()
  void place.lost.then(() => lost.abort())
  const { diskBytes, diskCheckMs } = limits
  for (let pauseMs = diskCheckMs; ; ) {
    await pause(pauseMs, undefined, { signal: lost.signal }).catch(() => undefined)
    if (lost.signal.aborted) return
    const begunMs = performance.now()
    // Whoever cannot tell is asked again.
    const bytes = await docker.writableBytes(dockerId).catch(() => 0)
    if ((bytes ?? 0) > diskBytes)
      place.lose(`it wrote more than the ${Math.round(diskBytes / mebibyte)} MiB of function-disk`)
    pauseMs = Math.max(diskCheckMs, maxShare * (performance.now() - begunMs))
  }
}
