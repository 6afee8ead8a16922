/** Reads certificates and keys as files, with errors that say what they are for. */
import { readFile } from 'node:fs/promises'
import { messageOf } from '../../core/errors.ts'
import { readIfThere } from '../../disk/files.ts'

const fail = (thrown: unknown): never => {
  throw new Error(`TLS: ${messageOf(thrown)}`, { cause: thrown })
}

/** undefined when it is not there. */
export const readPemIfThere = (file: string): Promise<string | undefined> => readIfThere(file).catch(fail)

export const readPem = (file: string): Promise<string> => readFile(file, 'utf8').catch(fail)
