/** Owns how settings are written on the command line: KEY=VALUE, or KEY=@FILE for what is long or secret. */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { guestKey, properties } from '../ova/properties.ts'
import { describeFileError, Failure, UsageError } from './failure.ts'
import type { Io } from './io.ts'

/** Arguments are seen by everybody on the machine. */
const secretKeys = new Set(properties.filter(({ password }) => password).map(guestKey))

async function readSource(source: string, io: Io): Promise<string> {
  if (source === '-') return io.readInput()
  return readFile(resolve(io.cwd, source), 'utf8').catch(thrown => {
    throw new Failure(`error reading a setting: ${describeFileError(thrown, 'open', source)}`)
  })
}

async function parseValue(argument: string, io: Io): Promise<[key: string, value: string]> {
  const at = argument.indexOf('=')
  if (at < 1) throw new UsageError(`${argument} is no KEY=VALUE`)
  const [key, text] = [argument.slice(0, at), argument.slice(at + 1)]
  // The end of its line is the editor's, not the password's.
  if (text.startsWith('@')) return [key, (await readSource(text.slice(1), io)).replace(/\r?\n$/, '')]
  if (secretKeys.has(key) && text !== '')
    throw new UsageError(
      `${key} is secret, and arguments are seen by others: give it as ${key}=@FILE, or =@- for standard input`,
    )
  return [key, text]
}

export async function parseSettings(args: readonly string[], io: Io): Promise<Record<string, string>> {
  const values: Record<string, string> = {}
  for (const argument of args) {
    const [key, value] = await parseValue(argument, io)
    values[key] = value
  }
  return values
}
