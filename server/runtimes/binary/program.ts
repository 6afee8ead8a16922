/** Finds the program that a revision's handler names, and sees whether it can be run at all. */
import { accessSync, closeSync, constants, existsSync, openSync, readdirSync, readSync, statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'

/** Throws with the text that is shown as the reason of the function's ERROR status. */
export function findProgram(handler: string, directory: string): string {
  const path = resolve(directory, handler === '' ? defaultHandler(directory) : handler)
  const fault = findFault(path)
  if (fault !== undefined) throw new Error(`Invalid function file or handler: ${basename(path)} ${fault}`)
  return path
}

/** The only program; or else the only file, so that the reason says what is wrong with it. */
function defaultHandler(directory: string): string {
  const files = readdirSync(directory).filter(name => statSync(join(directory, name)).isFile())
  const programs = files.filter(name => isExecutable(join(directory, name)))
  const [only, ...others] = programs.length > 0 ? programs : files
  if (only === undefined || others.length > 0) throw new Error('Exactly 1 source file needed when HANDLER is empty')
  return only
}

function findFault(path: string): string | undefined {
  if (!existsSync(path)) return 'is not there'
  if (!statSync(path).isFile()) return 'is no file'
  if (!isExecutable(path)) return 'is not executable: chmod +x it'
  const start = readBeginning(path)
  if (start.startsWith('\u007fELF')) return undefined
  const [, interpreter] = /^#! *(\S+)/.exec(start) ?? []
  if (interpreter === undefined) return 'is no program: it begins neither with #! nor as an ELF file'
  return existsSync(interpreter) ? undefined : `needs ${interpreter}, which the image does not have`
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** The kernel looks for an interpreter in so many bytes. */
function readBeginning(path: string): string {
  const start = Buffer.alloc(256)
  const fd = openSync(path, 'r')
  try {
    return start.toString('latin1', 0, readSync(fd, start))
  } finally {
    closeSync(fd)
  }
}
