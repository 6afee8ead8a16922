/** Owns the ways in which a run of the CLI can fail on purpose; anything else that is thrown is a defect of the CLI. */
import { exitCodes } from './exit-codes.ts'

/**
 * One message for stderr; the run takes control characters out of it. `exitCode` is 1 except where a flag promises
 * another one.
 */
export class Failure extends Error {
  override readonly name: string = 'Failure'
  readonly exitCode: number

  constructor(message: string, exitCode: number = exitCodes.failure.code) {
    super(message)
    this.exitCode = exitCode
  }
}

/** The command line itself is wrong: `Error: <message>`, then how the command is used. */
export class UsageError extends Failure {
  override readonly name = 'UsageError'
}

/** The server answered with an error object; `code` is the body's, which for validation errors is not the HTTP status. */
export class ApiFailure extends Failure {
  override readonly name = 'ApiFailure'
  readonly code: string
  /** The server's own words. */
  readonly text: string

  constructor(code: string, text: string) {
    super(`[Code: ${code}] ${text}`)
    this.code = code
    this.text = text
  }
}

export const isNotFound = (thrown: unknown): boolean => thrown instanceof ApiFailure && thrown.code === '404'
export const isConflict = (thrown: unknown): boolean => thrown instanceof ApiFailure && thrown.code === '409'

/** `open FILE: no such file or directory`, the system's words without Node's decoration around them. */
export function describeFileError(thrown: unknown, verb: string, path: string): string {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : ''
  const texts: Record<string, string> = {
    ENOENT: 'no such file or directory',
    EACCES: 'permission denied',
    EISDIR: 'is a directory',
    ENOTDIR: 'not a directory',
    ENOSPC: 'no space left on device',
    EROFS: 'read-only file system',
  }
  return `${verb} ${path}: ${texts[code] ?? (thrown instanceof Error ? thrown.message : String(thrown))}`
}
