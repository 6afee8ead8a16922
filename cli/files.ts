/** Owns the reading of files named on the command line, with the messages that scripts know. */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { describeFileError, Failure } from './failure.ts'
import { type Json, parseJson } from './format/json.ts'
import type { Io } from './io.ts'

export interface NamedFile {
  readonly cwd: string
  readonly path: string
}

/** Throws Failure `<problem>: open PATH: no such file or directory`, which is so for an empty path too. */
export async function loadBytes({ cwd, path }: NamedFile, problem: string): Promise<Buffer> {
  try {
    return await readFile(path && resolve(cwd, path))
  } catch (thrown) {
    throw new Failure(`${problem}: ${describeFileError(thrown, 'open', path)}`)
  }
}

/** Throws as `loadBytes` does. */
export const loadText = async (file: NamedFile, problem: string): Promise<string> =>
  (await loadBytes(file, problem)).toString('utf8')

/** Throws Failure also for an interruption. */
export const loadStandardInput = (io: Pick<Io, 'readInput' | 'interrupted'>): Promise<string> =>
  io.readInput().catch(thrown => {
    throw new Failure(io.interrupted.aborted ? 'interrupted' : describeFileError(thrown, 'read', 'standard input'))
  })

/** Numbers keep their text. The content itself never appears in a message. */
export function parseJsonText(text: string, problem: string): Json {
  try {
    return parseJson(text)
  } catch (thrown) {
    throw new Failure(`${problem}: ${thrown instanceof Error ? thrown.message : String(thrown)}`)
  }
}
