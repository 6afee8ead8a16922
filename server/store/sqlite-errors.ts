/** Says in plain words what a failure of SQLite means for the database file and what to do about it. */
import { dispatchError, messageOf } from '../core/errors.ts'

/** Primary result codes, https://sqlite.org/rescode.html */
const codes = { busy: 5, locked: 6, readOnly: 8, ioError: 10, corrupt: 11, full: 13, cannotOpen: 14, notDatabase: 26 }

const advice = new Map<number, string>([
  [codes.busy, 'it is in use by another process; stop that one, or choose another file with --db-file'],
  [codes.locked, 'it is in use by another process; stop that one, or choose another file with --db-file'],
  [codes.readOnly, 'it cannot be written; check the owner and mode of the file and of its directory'],
  [codes.ioError, 'reading or writing it failed; check the disk and the kernel log'],
  [codes.corrupt, 'it is damaged; restore it from a backup, or move it away to start with an empty one'],
  [codes.full, 'the disk is full; free some space'],
  [codes.cannotOpen, 'it cannot be opened; check the owner and mode of the file and of its directory'],
  [
    codes.notDatabase,
    'it is not a database of Dispatch or is damaged; choose another file with --db-file, or move it away',
  ],
])

function primaryCode(thrown: unknown): number | undefined {
  if (!(thrown instanceof Error) || !('errcode' in thrown) || typeof thrown.errcode !== 'number') return undefined
  return thrown.errcode & 0xff
}

export function describeFailure(file: string, thrown: unknown): string {
  const code = primaryCode(thrown)
  const words = code === undefined ? undefined : advice.get(code)
  return words ? `database ${file}: ${words} (${messageOf(thrown)})` : `database ${file}: ${messageOf(thrown)}`
}

/** After a failed write or sync the state of the file's pages is unknown: repeating the write could lie about success. */
export const isIoError = (thrown: unknown): boolean => primaryCode(thrown) === codes.ioError

export const isDiskFull = (thrown: unknown): boolean => primaryCode(thrown) === codes.full

/** What a write that failed means to the caller. */
export const failureOf = (result: { message: string; isDiskFull?: boolean }, kind: string, name: string): Error =>
  dispatchError(result.isDiskFull ? 'DISK_FULL' : 'INTERNAL', { kind, name }, new Error(result.message))

/** Runs a read; its failure says which file and what to do. */
export function translated<T>(file: string, read: () => T): T {
  try {
    return read()
  } catch (thrown) {
    throw new Error(describeFailure(file, thrown), { cause: thrown })
  }
}
