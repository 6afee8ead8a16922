/** How large the runtime images are where they are shipped: those of all languages together, each shared layer once. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { pipeline } from 'node:stream/promises'
import { constants, createZstdCompress } from 'node:zlib'
import type { Figure, Group, Measurement } from '../figure.ts'
import { runtimeImage, type Speaker } from '../functions.ts'

const zstdLevel = 19
/** A minute of one core for each 50 MB that come out: Node's stream ends too early when zstd has workers. */
const params = { [constants.ZSTD_c_compressionLevel]: zstdLevel }

async function countCompressed(languages: readonly Speaker[]): Promise<number> {
  const save = spawn('docker', ['save', ...languages.map(runtimeImage)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(save, 'exit')
  let bytes = 0
  await pipeline(save.stdout, createZstdCompress({ params }), async compressed => {
    for await (const chunk of compressed) bytes += chunk.length
  })
  const [code] = await ended
  if (code !== 0) throw new Error(`docker save ended with ${code}`)
  return bytes
}

const megabyte = 1_000_000

const together = (languages: readonly Speaker[], name: string, atMost: number): Measurement => {
  const figure: Figure = {
    name,
    unit: 'MB',
    about: `runtime images ${languages.join(', ')}: docker save | zstd -${zstdLevel}`,
    bars: [{ atMost }],
  }
  return {
    figures: [figure],
    prepare: async () => async () => ({ [name]: (await countCompressed(languages)) / megabyte }),
  }
}

export const runtimeImages: Group = {
  name: 'runtime images',
  // They are the same each time.
  rounds: 1,
  measurements: [
    together(['nodejs', 'python3'], 'runtime.images.bytes', 90),
    together(['nodejs', 'python3', 'java'], 'runtime.images.bytes.java', 200),
  ],
}
