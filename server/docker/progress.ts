/** Reads how Docker gets on with images that it pulls or loads. It answers 200 before it starts, so an error is an object in the stream: it is thrown. */
import { readJsonLines } from './stream.ts'

type Chunks = AsyncIterable<Uint8Array | string>
type Said = Record<string, unknown>

const readProgress = (chunks: Chunks, listener: (said: Said) => void): Promise<void> =>
  readJsonLines(chunks, said => {
    if (typeof said.error === 'string') throw new Error(said.error)
    listener(said)
  })

/** Throws as soon as the layers that are to come have more bytes. */
export async function readPull(chunks: Chunks, maxBytes = Number.POSITIVE_INFINITY): Promise<void> {
  const layerBytes = new Map<unknown, number>()
  await readProgress(chunks, ({ id, status, progressDetail }) => {
    if (status !== 'Downloading') return
    layerBytes.set(id, totalOf(progressDetail))
    const bytes = [...layerBytes.values()].reduce((sum, layer) => sum + layer, 0)
    if (bytes > maxBytes) throw new Error(`it has ${bytes} bytes or more, and ${maxBytes} are allowed`)
  })
}

const totalOf = (detail: unknown): number =>
  typeof detail === 'object' && detail !== null && 'total' in detail && typeof detail.total === 'number'
    ? detail.total
    : 0

const loadedPattern = /^Loaded image(?: ID)?: (\S+)\s*$/

/** Resolves with names, or ids of what has none. */
export async function readLoad(chunks: Chunks): Promise<string[]> {
  const loaded: string[] = []
  await readProgress(chunks, ({ stream }) => {
    const [, reference] = (typeof stream === 'string' && loadedPattern.exec(stream)) || []
    if (reference !== undefined) loaded.push(reference)
  })
  return loaded
}
