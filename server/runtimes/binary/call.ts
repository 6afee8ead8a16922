/** Runs the program once: JSON in on standard input, JSON out on standard output, and how it ended in the words of the result frame. */
import { spawn } from 'node:child_process'
import { closeSync, fstatSync, writeSync } from 'node:fs'
import { openNameless, ownCapture, readStart } from '../launcher/capture.ts'
import { shorten } from '../launcher/shorten.ts'

interface Result {
  header: { ok: true } | { ok: false; error: { type: string; message: string; stacktrace: string[] | null } }
  output: Buffer
}

export interface ProgramResult extends Result {
  /** On standard output by a call that failed, and so has no output. */
  printed: Buffer
}

export interface Program {
  path: string
  directory: string
  outputBytes: number
  logBytes: number
}

/** EX_DATAERR of sysexits.h: the input was at fault. */
const dataErrorCode = 65
const shownLines = 10
/** The program opens it by this name, in whatever language. */
const contextPath = '/dev/fd/3'
const nothing = Buffer.alloc(0)

export async function runProgram(
  program: Program,
  [context = nothing, payload = nothing]: Buffer[],
): Promise<ProgramResult> {
  const opened: number[] = []
  try {
    // Files rather than pipes: /dev/stdin and /dev/stdout can be opened again, and nobody waits for the other.
    const input = hold(payload, opened)
    const output = hold(nothing, opened)
    const given = hold(context, opened)
    const fault = await run(program, [input, output, ownCapture.stderr, given])
    const result = fault === undefined ? succeed(output, program.outputBytes) : fail(fault, program.logBytes)
    return { ...result, printed: result.header.ok ? nothing : readStart(output, program.logBytes + 1) }
  } catch (thrown) {
    // Without room in /tmp, for example.
    return { ...failure('FunctionError', `it cannot be called: ${messageOf(thrown)}`), printed: nothing }
  } finally {
    for (const fd of opened) closeSync(fd)
  }
}

/** Adds the file to those that are opened as soon as it is. */
function hold(bytes: Buffer, opened: number[]): number {
  const fd = openNameless(`call-${process.pid}-${process.hrtime.bigint()}`)
  opened.push(fd)
  // At a place of its own: whoever inherits the file begins at its start.
  for (let written = 0; written < bytes.length; )
    written += writeSync(fd, bytes, written, bytes.length - written, written)
  return fd
}

interface Fault {
  type: string
  /** What there is to say when the program itself did not. */
  message: string
}

/** Resolves with nothing when the program ended well. */
function run({ path, directory }: Program, stdio: number[]): Promise<Fault | undefined> {
  const { promise, resolve } = Promise.withResolvers<Fault | undefined>()
  const child = spawn(path, [], { cwd: directory, stdio, env: { ...process.env, DISPATCH_CONTEXT: contextPath } })
  child.once('error', ({ message }) => resolve({ type: 'FunctionError', message: `it cannot be started: ${message}` }))
  child.once('exit', (code, signal) => {
    // Killed, by the kernel for want of memory or by itself: the launcher finds out, and tells it as of any other language.
    if (signal === 'SIGKILL') return process.kill(process.pid, signal)
    const how = signal === null ? `exited with code ${code}` : `was killed by ${signal}`
    const message = `The process of the function ${how} before it returned a result`
    resolve(code === 0 ? undefined : { type: code === dataErrorCode ? 'InputError' : 'FunctionError', message })
  })
  return promise
}

/** No output at all is null. */
function succeed(fd: number, limitBytes: number): Result {
  const { size } = fstatSync(fd)
  const unable = 'Unable to return response payload'
  if (size > limitBytes)
    return failure('FunctionError', `${unable}: ${size} bytes exceed the limit of ${limitBytes} bytes`)
  const json = readStart(fd, limitBytes).toString().trim() || 'null'
  try {
    JSON.parse(json)
    return { header: { ok: true }, output: Buffer.from(json) }
  } catch (thrown) {
    const why = `standard output is no JSON: ${messageOf(thrown)}`
    return failure('FunctionError', `Unable to serialize response payload: ${why}`)
  }
}

const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown))

/** Programs say on standard error why they fail, most of them in the last line. */
function fail({ type, message }: Fault, logBytes: number): Result {
  const lines = readStart(ownCapture.stderr, logBytes)
    .toString()
    .split('\n')
    .filter(line => line.trim() !== '')
  const shown = shorten(lines.slice(-shownLines).join('\n')).split('\n')
  return failure(type, shorten(lines.at(-1) ?? message), lines.length > 0 ? shown : null)
}

const failure = (type: string, message: string, stacktrace: string[] | null = null): Result => ({
  header: { ok: false, error: { type, message, stacktrace } },
  output: nothing,
})
