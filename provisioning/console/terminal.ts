/** The terminals of the machine: tty1 to read keys from and paint on, a serial port to print to. */
import { closeSync, constants, openSync, writeSync } from 'node:fs'
import { ReadStream, WriteStream } from 'node:tty'
import type { Size } from './view.ts'

/** `gone`: nothing is there to write to, for now at least. */
export interface Output {
  /** How many characters of ASCII text were taken: less than all where the terminal has been stopped, by Scroll Lock say. */
  write(text: string): number | 'gone'
}

export interface Screen extends Output {
  size(): Size
}

/** What is needed of a terminal's stream of keys. */
export interface Keyboard {
  setRawMode(isRaw: boolean): unknown
  setEncoding(encoding: 'utf8'): unknown
  on(event: 'data', listener: (text: string) => void): unknown
  on(event: 'error' | 'close', listener: () => void): unknown
  destroy(): unknown
}

export interface Terminal {
  readonly input: Keyboard
  readonly output: Screen
  close(): void
}

/** Never the process's controlling terminal: a hang-up of it would end the process. */
const quietly = constants.O_NOCTTY | constants.O_NONBLOCK

const isFull = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'EAGAIN'

/**
 * Writes that never block: a terminal that was stopped must not stop the process. A hang-up, which every getty begins
 * with, takes away the open file alone, so a new one is opened.
 */
export function createTtyOutput(path: string): Output & { close(): void } {
  let fd: number | undefined
  const close = () => {
    if (fd !== undefined) closeSync(fd)
    fd = undefined
  }
  const tryWrite = (text: string): number | 'gone' => {
    try {
      fd ??= openSync(path, constants.O_WRONLY | quietly)
      return writeSync(fd, text)
    } catch (error) {
      if (isFull(error)) return 0
      close()
      return 'gone'
    }
  }
  const write = (text: string) => {
    const taken = tryWrite(text)
    return taken === 'gone' ? tryWrite(text) : taken
  }
  return { write, close }
}

const usualSize: Size = { columns: 80, rows: 25 }

/** Undefined where there is no such terminal. */
export function openTerminal(path: string): Terminal | undefined {
  // Asked for its size alone: what is written to a stream of Node would block.
  const sized = openStream(path, constants.O_WRONLY, fd => new WriteStream(fd))
  const input = sized && openStream(path, constants.O_RDWR, fd => new ReadStream(fd))
  if (!input) {
    sized?.destroy()
    return undefined
  }
  sized.on('error', () => {})
  const output = createTtyOutput(path)
  const close = () => {
    input.destroy()
    sized.destroy()
    output.close()
  }
  return { input, output: { write: output.write, size: () => sizeOf(sized) }, close }
}

function openStream<Stream>(path: string, mode: number, create: (fd: number) => Stream): Stream | undefined {
  let fd: number | undefined
  try {
    fd = openSync(path, mode | quietly)
    return create(fd)
  } catch {
    if (fd !== undefined) closeSync(fd)
    return undefined
  }
}

/** A line without a size, as a serial one, tells of no columns. */
export function sizeOf(stream: Pick<WriteStream, 'getWindowSize'>): Size {
  try {
    const [columns, rows] = stream.getWindowSize()
    return columns > 0 && rows > 0 ? { columns, rows } : usualSize
  } catch {
    return usualSize
  }
}
