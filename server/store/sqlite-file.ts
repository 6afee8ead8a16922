/** The database file before SQLite opens it: who may read it, whether it is ours, and that one process alone uses it. */
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { messageOf } from '../core/errors.ts'
import { describeFailure } from './sqlite-errors.ts'

/** Little-endian uint32 at byte 16 of a Bolt file: its first meta page, after a page header of 16 bytes. */
const boltMagic = 0xed0cdaed
const boltMagicOffset = 16

/** Short enough that a second server gives up within a second. */
const lockTimeoutMs = 800

/**
 * Holds the file for this process until the returned function is called or the process ends, however it ends.
 * The lock is SQLite's own on a file beside it: the database itself stays readable for backups.
 */
export function lockDatabase(file: string): () => void {
  const lockFile = `${file}.lock`
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    // Never open a lock file that exists but through SQLite: closing it would drop the locks of this process.
    if (!existsSync(lockFile)) closeSync(openSync(lockFile, 'a', 0o600))
    const lock = new DatabaseSync(lockFile, { timeout: lockTimeoutMs })
    try {
      lock.exec('BEGIN EXCLUSIVE')
    } catch (thrown) {
      lock.close()
      throw thrown
    }
    return () => lock.close()
  } catch (thrown) {
    throw new Error(describeFailure(file, thrown), { cause: thrown })
  }
}

/** Whether another process holds the file. Other faults are found by whoever opens it. */
export function isDatabaseInUse(file: string): boolean {
  try {
    lockDatabase(file)()
    return false
  } catch (thrown) {
    return messageOf(thrown).includes('in use by another process')
  }
}

/** Creates the file if need be, for its owner alone. Call it only while holding the lock. */
export function prepareDatabaseFile(file: string): void {
  let isBolt: boolean
  try {
    closeSync(openSync(file, 'a', 0o600))
    isBolt = isBoltFile(file)
    if (!isBolt) chmodSync(file, 0o600)
  } catch (thrown) {
    throw new Error(`database ${file}: it cannot be created or protected: ${messageOf(thrown)}`, { cause: thrown })
  }
  if (!isBolt) return
  throw new Error(
    `database ${file}: it is a Bolt file of the original Dispatch, which is left untouched; ` +
      'choose another file with --db-file and create the resources again',
  )
}

function isBoltFile(file: string): boolean {
  const header = Buffer.alloc(boltMagicOffset + 4)
  const descriptor = openSync(file, 'r')
  try {
    return readSync(descriptor, header) === header.length && header.readUInt32LE(boltMagicOffset) === boltMagic
  } finally {
    closeSync(descriptor)
  }
}
