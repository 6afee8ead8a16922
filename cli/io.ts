/** Owns the CLI's view of the world: everything a run reads or writes besides files and sockets is passed in here. */
import type { RunProgram } from './program.ts'

export interface Writer {
  write(text: string): unknown
}

export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Absolute; relative paths of arguments start here. */
  readonly cwd: string
  readonly homeDir: string
  /** Where a server on this machine has its socket. */
  readonly socketPath: string
  /** For files that do not stay. */
  readonly tempDir: string
  /** All of standard input. Rejects when it cannot be read, or on an interruption. */
  readInput(): Promise<string>
  /** Whether there is a person at a terminal to ask. */
  readonly canAsk: () => boolean
  /** What was typed, unseen. Undefined: it was interrupted. */
  askSecret(question: string): Promise<string | undefined>
  readonly stdout: Writer
  readonly stderr: Writer
  readonly stdoutIsTerminal: boolean
  /** Whether a person sees stderr: notes that scripts must not get are written only then. */
  readonly stderrIsTerminal: boolean
  /** Width of the terminal. */
  readonly columns: number
  readonly platform: string
  /** IANA name for dates in tables; undefined = the system's zone. */
  readonly timeZone?: string | undefined
  readonly runProgram: RunProgram
  /** Rejects when none can be opened. */
  openBrowser(url: string): Promise<void>
  now(): Date
  /** Version 4. */
  uuid(): string
  /** Any of 0, 1, ... `count` - 1; for names, not for secrets. */
  randomBelow(count: number): number
  /** Resolves after the time, or at once when `interrupted` fires. */
  pause(durationMs: number): Promise<void>
  /** Fires on SIGINT and SIGTERM. */
  readonly interrupted: AbortSignal
}
