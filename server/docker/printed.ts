/** Reads what containers print, as Docker sends it: frames of eight bytes, the first the stream, the last four the length, and the text. */
import type { OutputListener, OutputStream } from './port.ts'

const headerBytes = 8
const stderrByte = 2
const blank = 0x20
/** Of a line, in characters; what is beyond is left out. */
const maxLineLength = 8192

type FrameListener = (stream: OutputStream, bytes: Uint8Array) => void

export async function readFrames(
  chunks: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>,
  listener: FrameListener,
): Promise<void> {
  let rest = Buffer.alloc(0)
  for await (const chunk of chunks) {
    rest = Buffer.concat([rest, typeof chunk === 'string' ? Buffer.from(chunk) : chunk])
    for (let end = frameEnd(rest); end <= rest.length; end = frameEnd(rest)) {
      listener(rest[0] === stderrByte ? 'stderr' : 'stdout', rest.subarray(headerBytes, end))
      rest = rest.subarray(end)
    }
  }
}

const frameEnd = (bytes: Buffer): number =>
  bytes.length < headerBytes ? Number.POSITIVE_INFINITY : headerBytes + bytes.readUInt32BE(4)

export async function readPrinted(chunks: AsyncIterable<Uint8Array | string>): Promise<string> {
  const texts: Uint8Array[] = []
  await readFrames(chunks, (_, bytes) => texts.push(bytes))
  return Buffer.concat(texts).toString()
}

/**
 * Takes off the time that each frame begins with: of a fixed length, `2026-11-28T22:26:40.478000000Z `. `first` passes on everything,
 * `rest` what is later than all that its stream has told.
 */
export function createTimedWriters(write: FrameListener): { first: FrameListener; rest: FrameListener } {
  const told = { stdout: '', stderr: '' }
  const writeAfter =
    (isNew: (time: string, last: string) => boolean): FrameListener =>
    (stream, bytes) => {
      const cut = bytes.indexOf(blank)
      const time = Buffer.from(bytes.subarray(0, cut)).toString()
      if (!isNew(time, told[stream])) return
      told[stream] = time
      write(stream, bytes.subarray(cut + 1))
    }
  // The parts of a long line have one time.
  return { first: writeAfter(() => true), rest: writeAfter((time, last) => time > last) }
}

/** Makes lines of what is written, each stream for itself; `end` tells the last ones, which nothing ended. */
export function createLineSplitter(onLine: OutputListener): { write: FrameListener; end(): void } {
  const streams = {
    stdout: createLines(line => onLine('stdout', line)),
    stderr: createLines(line => onLine('stderr', line)),
  }
  return {
    write: (stream, bytes) => streams[stream].write(bytes),
    end: () => {
      for (const lines of Object.values(streams)) lines.end()
    },
  }
}

/** `end` tells the last line, which nothing ended. */
export function createLines(onLine: (line: string) => void) {
  const decoder = new TextDecoder()
  let rest = ''
  const tell = (line: string) => onLine(line.slice(0, maxLineLength).replace(/\r$/, ''))
  const write = (text: string) => {
    const lines = (rest + text).split('\n')
    rest = (lines.pop() ?? '').slice(0, maxLineLength)
    for (const line of lines) tell(line)
  }
  return {
    write: (bytes: Uint8Array) => write(decoder.decode(bytes, { stream: true })),
    end: () => {
      write(decoder.decode())
      if (rest !== '') tell(rest)
    },
  }
}
