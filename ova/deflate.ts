/** Compresses grains on all cores, in order, with memory that is taken once. */
import type { TransformOptions } from 'node:stream'
import { constants, createDeflate, type ZlibOptions } from 'node:zlib'
import type { RawGrain } from './grains.ts'
import { grainBytes } from './vmdk-layout.ts'
import type { DeflatedGrain } from './vmdk-stream.ts'

/** More than libuv has threads, so that none waits for this one. */
const laneCount = 8

/** Of this content level 9 saves a quarter of a percent, and takes twice as long. */
export const deflateLevel = 7

/** A chunk has room for a grain that does not compress. Below the high-water mark the stream never waits for a reader. */
const chunkSize = grainBytes + 1024
const streamOptions: ZlibOptions & TransformOptions = {
  level: deflateLevel,
  chunkSize,
  highWaterMark: 4 * chunkSize,
}

interface Lane {
  /** Takes a copy of `raw` and gives one zlib stream; the one before must be finished. */
  deflate(raw: Buffer): Promise<Buffer>
  close(): void
}

/** One compressor used again and again: `zlib.deflate` would take and drop 400 KiB for every grain. */
function createLane(): Lane {
  const stream = createDeflate(streamOptions)
  const slot = Buffer.alloc(grainBytes)
  return {
    deflate: raw =>
      new Promise((resolve, reject) => {
        raw.copy(slot)
        stream.once('error', reject)
        stream.write(slot)
        stream.flush(constants.Z_FINISH, () => {
          stream.off('error', reject)
          const deflated: unknown = stream.read()
          stream.reset()
          if (Buffer.isBuffer(deflated)) resolve(deflated)
          else reject(new Error('zlib gave no data for a grain: this Node is broken, install it again'))
        })
      }),
    close: () => stream.close(),
  }
}

/** Keeps a window of grains in libuv's thread pool and hands them on in the order in which they came. */
export async function* deflateGrains(grains: AsyncIterable<RawGrain>): AsyncGenerator<DeflatedGrain> {
  const lanes = Array.from({ length: laneCount }, () => createLane())
  const window: Promise<DeflatedGrain>[] = []
  const start = async (lane: Lane, { index, raw }: RawGrain) => ({ index, deflated: await lane.deflate(raw) })
  let started = 0
  try {
    for await (const grain of grains) {
      const first = window.length === laneCount ? await window.shift() : undefined
      if (first) yield first
      // The window is as long as the lanes are many: whoever used this one before has been awaited.
      const lane = lanes[started % laneCount] ?? createLane()
      started += 1
      window.push(start(lane, grain))
    }
    for (let first = window.shift(); first; first = window.shift()) yield await first
  } finally {
    // A reader that stops early must not leave work behind that fails unobserved.
    await Promise.allSettled(window)
    for (const lane of lanes) lane.close()
  }
}
